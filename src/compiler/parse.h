/*
 * parse.h: libpg_query's tree to our own. Inside the parser only; compile.h has what others call.
 *
 * Every function reports what it refuses, at its place, and then gives NULL or false.
 */
#ifndef COMPILER_PARSE_H
#define COMPILER_PARSE_H

#include "compiler/ast.h"
#include "compiler/diagnostics.h"
#include "compiler/tokens.h"

#include <pg_query/pg_query.pb-c.h>

/* A query that WITH names. */
struct named_query {
    struct ast_view *select;
    bool is_refused;
};

struct parser {
    struct nt_arena *arena;
    struct diagnostics *diagnostics;
    const struct tokens *tokens;
    int place;                         /* offset for nodes that carry none */
    int depth;                         /* of the expression that is being read */
    bool is_feature_view;              /* which has no joins */
    const PgQuery__SelectStmt *select; /* that is being read, for its WINDOW clause */
    int query_count;
    struct named_query *queries; /* what WITH names here, the innermost last */
    int enum_count;              /* types of the file so far */
    const struct ast_enum **enums;
};

/* What must hold before PostgreSQL's parser sees the text: valid UTF-8 without zero bytes, of a
 * size and nesting that it can bear. Sets diagnostics->text (a zero terminated copy) and *tokens.
 * False: reported. */
bool parse_prepare(struct bytes definitions, struct diagnostics *diagnostics,
                   struct tokens *tokens);

/* The whole file. NULL: it does not parse (reported). Statements that are refused are
 * marked so. */
struct ast_file *parse_file(struct bytes text, const struct tokens *tokens, struct nt_arena *arena,
                            struct diagnostics *diagnostics);

/* parse_syntax.c: the tree of the whole file, which the caller frees, but for the statements that
 * do not parse (reported; what they would have made is in *broken, refused). NULL: nothing can be
 * read. The tree is the protobuf one: libpg_query's JSON loses negative integers. */
PgQuery__ParseResult *parse_syntax(struct bytes text, const struct tokens *tokens,
                                   struct nt_arena *arena, struct diagnostics *diagnostics,
                                   struct ast_file *broken);

/* parse_expr.c: NULL in, NULL out. */
struct ast_expr *parse_expr(struct parser *parser, const PgQuery__Node *node);
bool parse_type(struct parser *parser, const PgQuery__TypeName *name, enum nt_type *type,
                int32_t *typmod);
/* Is it the name of a type that every definition file knows? */
bool parse_type_is_known(const char *name);
/* The unit that interval's fields name (interval '1' day); NULL: there are none, or several. */
const char *parse_interval_unit(const PgQuery__TypeName *type);

/* parse_select.c: the SELECT of a view; its name and text are set by the caller. */
bool parse_select(struct parser *parser, const PgQuery__SelectStmt *select, struct ast_view *view);

/* The SELECT of CREATE VIEW and of a subquery, which may be a chain of UNION ALL. */
bool parse_rows(struct parser *parser, const PgQuery__SelectStmt *select, struct ast_view *view);

/* parse_with.c: the names of WITH, added to parser->queries, whose count the caller restores;
 * parser->place is then that of the SELECT behind them. */
bool parse_with(struct parser *parser, const PgQuery__SelectStmt *select);
/* NULL: no WITH gives it that name. */
const struct named_query *parse_named_find(const struct parser *parser,
                                           const PgQuery__RangeVar *range);

/* An item of ORDER BY. False: refused. */
bool parse_sort(struct parser *parser, const PgQuery__Node *node, struct ast_sort *sort);

/* parse_list.c: the order of array_agg, of DISTINCT values without ORDER BY that of the values, as
 * PostgreSQL sorts them, an argument more; false: refused. The greatest subscript of an array that
 * is an array_agg, another. */
bool parse_list_order(struct parser *parser, const PgQuery__FuncCall *call, struct ast_expr *list);
void parse_list_bound(struct ast_expr *array, struct ast_expr *bound);

/* parse_utc.c: what AT TIME ZONE 'UTC' is of, where only the time without its zone is read; and a
 * call whose arguments, or which itself, is such. */
struct ast_expr *parse_utc(struct parser *parser, struct ast_expr *expr);
struct ast_expr *parse_utc_call(struct parser *parser, struct ast_expr *call);

/* parse_over.c: OVER of the call at an offset; NULL: refused. */
struct ast_over *parse_over(struct parser *parser, const PgQuery__WindowDef *window, int offset);

/* parse_from.c: FROM of the SELECT at parser->place. */
bool parse_from(struct parser *parser, const PgQuery__Node *node, struct ast_view *view);
/* Events are joined with others: reports that and gives false. */
bool parse_join_refuse(struct parser *parser, int place);

/* parse_table.c */
bool parse_server(struct parser *parser, const PgQuery__CreateForeignServerStmt *statement,
                  struct ast_table *table);
bool parse_table(struct parser *parser, const PgQuery__CreateForeignTableStmt *statement,
                 struct ast_table *table);

/* parse_enum.c: CREATE TYPE ... AS ENUM, which parse_type knows from here on. */
bool parse_enum(struct parser *parser, const PgQuery__CreateEnumStmt *statement,
                struct ast_enum *enumeration);
/* The file's type of that name so far; -1: none. */
int parse_enum_find(const struct parser *parser, const char *name);

/* parse_node.c: what all of them need. */
char *parse_copy(struct parser *parser, const char *text);
/* A relation's name without schema; false: refused. */
bool parse_relation(struct parser *parser, const PgQuery__RangeVar *range, struct ast_name *name);
/* The text of a String node, or "". */
const char *parse_string(const PgQuery__Node *node);
/* The offset that a node carries or, where it carries none, the first of its children; else
 * parser->place. */
int parse_place(const struct parser *parser, const PgQuery__Node *node);
/* What a node is called in a message. */
const char *parse_describe(const PgQuery__Node *node);

#endif
