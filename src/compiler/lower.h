/*
 * lower.h: statements, bound and checked, to the tables of ir.h. One lowering is one file; what a
 * statement defines is known to those after it, as in PostgreSQL.
 */
#ifndef COMPILER_LOWER_H
#define COMPILER_LOWER_H

#include "compiler/ast.h"
#include "compiler/bind.h"
#include "compiler/resolve.h"

enum relation_kind { RELATION_SOURCE, RELATION_REQUEST, RELATION_VIEW, RELATION_SERVICE };

/* What a name in FROM, COMMENT and GRANT stands for. */
struct relation {
    const char *name;
    enum relation_kind kind;
    int index;      /* in the program's sources, views or services; in lower.requests */
    bool is_broken; /* refused: what uses it is not reported again */
};

struct request {
    const char *name;
    int column_count;
    struct ir_column *columns; /* shared with the services that read it */
};

struct lower {
    struct nt_arena *arena;
    struct diagnostics *diagnostics;
    struct resolver resolver;
    struct ir_program *program;
    int server_count;
    struct ast_table *servers;
    int request_count;
    struct request *requests;
    int relation_count;
    struct relation *relations;
};

/* The file's statements, in order, into program. */
void lower_file(const struct ast_file *file, struct nt_arena *arena,
                struct diagnostics *diagnostics, struct ir_program *program);

/* lower_source.c, lower_view.c, lower_service.c: true, and the last element of the program's
 * array is it; false: reported. */
bool lower_server(struct lower *lower, const struct ast_table *table, bool is_refused);
bool lower_source(struct lower *lower, const struct ast_table *table);
bool lower_request(struct lower *lower, const struct ast_table *table);
bool lower_view(struct lower *lower, const struct ast_view *view);
bool lower_service(struct lower *lower, const struct ast_view *view);

/* NULL: none of that name. */
struct relation *relation_find(struct lower *lower, const char *name);
/* "a, b and c", the names of columns for a message; at most a line of them. */
const char *names_of_columns(struct nt_arena *arena, const struct ir_column *columns, int count);
int column_find(const struct ir_column *columns, int count, const char *name);
/* The conjuncts of a condition, nested ANDs opened up. */
struct conjuncts {
    int count;
    const struct ast_expr **list;
};
void conjuncts_add(struct nt_arena *arena, const struct ast_expr *expr,
                   struct conjuncts *conjuncts);
/* Refuses an expression that is too large for the passes behind; NULL in, false out. */
bool expr_check_size(struct lower *lower, const struct ir_expr *expr);
/* The columns of a source where an event is read; scope->self is a struct event_columns. */
struct event_columns {
    const char *alias;
    const char *name;
    int column_count;
    const struct ir_column *columns;
};
struct ir_expr *event_column(const struct bind_scope *scope, const struct ast_expr *expr);

/* check.c: rules of names. */
bool check_columns(struct lower *lower, const struct ast_table *table);
/* Names of select items, checked and put into names[item_count]. */
bool check_items(struct lower *lower, const struct ast_view *view, const char **names);
bool check_name(struct lower *lower, struct ast_name name, const char *what);
/* FROM a ASOF JOIN b and the like, which PostgreSQL's grammar reads as an alias. */
void check_alias(struct lower *lower, const struct ast_from *from);

#endif
