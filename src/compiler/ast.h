/*
 * ast.h: what of PostgreSQL's grammar a definition file may use, and nothing else. parse.c makes it
 * from libpg_query's tree and refuses every node that has no place here; bind.c gives it meaning.
 *
 * Names point into the compile arena. An offset is in bytes from the start of the file.
 */
#ifndef COMPILER_AST_H
#define COMPILER_AST_H

#include "nowthen/value.h"

enum ast_kind {
    AST_NULL,
    AST_INTEGER,  /* name: its digits, with a sign; int4 */
    AST_DECIMAL,  /* name: as written; int8 or numeric by its form */
    AST_STRING,   /* name: the text */
    AST_BOOLEAN,  /* name: "true" or "false" */
    AST_COLUMN,   /* name, qualifier or NULL */
    AST_NOW,      /* name: "now" or "current_timestamp" */
    AST_OPERATOR, /* name; one or two arguments */
    AST_AND,      /* two or more arguments */
    AST_OR,
    AST_NOT,
    AST_IS_NULL,
    AST_IS_TRUE,
    AST_IS_FALSE,
    AST_IS_UNKNOWN,
    AST_DISTINCT, /* IS DISTINCT FROM */
    AST_BETWEEN,  /* value, low, high */
    AST_IN,       /* value, then the list */
    AST_CASE,     /* has_subject: the subject first; condition, result, ..., else (NULL: none) */
    AST_COALESCE,
    AST_NULLIF,
    AST_GREATEST,
    AST_LEAST,
    AST_CAST,  /* name: the type as written, type; one argument */
    AST_CALL,  /* name; arguments; is_star for count(*); filter or NULL. (array_agg(x ORDER BY
                * y))[i:n] is the slice of a call whose arguments are x, the AST_ORDER and n */
    AST_ANY,   /* name: the operator; the value, then the array; is_all */
    AST_ARRAY, /* ARRAY[...] */
    AST_INDEX, /* array, index */
    AST_SLICE, /* array, first, last; a bound that is left out is an AST_INTEGER */
    AST_NAMED, /* name => value, an argument of a call */
    AST_ORDER, /* ORDER BY within array_agg, its second argument: sorts, arguments their exprs */
};

struct ast_expr {
    enum ast_kind kind;
    int offset; /* where PostgreSQL points for it: an operator's sign, a function's name */
    int start;  /* of its first character */
    const char *name;
    const char *qualifier;
    enum nt_type type;
    int32_t typmod; /* AST_CAST: row/typmod.h */
    bool is_star;
    bool is_all;
    bool is_distinct; /* AST_CALL: of DISTINCT arguments */
    int direct_count; /* AST_CALL: arguments before those of WITHIN GROUP */
    bool has_subject;
    int argument_count;
    struct ast_expr **arguments;
    struct ast_expr *filter;
    struct ast_over *over;  /* AST_CALL: OVER, or NULL */
    struct ast_sort *sorts; /* AST_ORDER */
    const char *sql;        /* AST_CALL: the call as written, with its FILTER */
    const char *filter_sql; /* the condition within FILTER */
};

/* Why FROM of a feature view names one relation. A row of another one that stands beside an event
 * would be of the event's time, and change whenever that one's events come late. */
#define AST_JOIN_REASON                                                                            \
    "a feature view reads one source: events cannot be joined, for what stood beside one when it " \
    "happened would change with every late event of the other"
#define AST_JOIN_CURE                                                                              \
    "a materialized view for each source and CREATE VIEW to join them, UNION ALL for one "         \
    "timeline, or what is needed as columns of the event"

struct ast_name {
    const char *text;
    int offset;
};

struct ast_option {
    struct ast_name name;
    const char *value;
};

/* CREATE TYPE ... AS ENUM; the i-th of a file is the type NT_TYPE_COUNT + i (ir.h). */
struct ast_enum {
    struct ast_name name;
    const char *sql;
    struct nt_value labels; /* row/enumeration.h */
};

struct ast_column {
    struct ast_name name;
    enum nt_type type;
    int32_t typmod; /* row/typmod.h */
    bool is_not_null;
    int not_null_offset;
    struct ast_expr *made; /* DEFAULT, or GENERATED ALWAYS AS; NULL: neither */
    const char *made_sql;
    int made_offset;
    bool is_generated;
};

struct ast_check {
    const char *name; /* NULL: PostgreSQL would choose one */
    const char *sql;
    struct ast_expr *condition;
    int offset;
};

/* CREATE SERVER and CREATE FOREIGN TABLE. */
struct ast_table {
    struct ast_name name;
    const char *server; /* of a table: its server; of a server: its wrapper */
    int option_count;
    struct ast_option *options;
    int column_count;
    struct ast_column *columns;
    int check_count;
    struct ast_check *checks;
    int key_count; /* PRIMARY KEY; 0: none */
    struct ast_name *key;
    int key_offset;
};

struct ast_item {
    struct ast_name name;  /* text NULL: no AS */
    struct ast_expr *expr; /* NULL: refused already */
    const char *sql;
    int start;
    bool is_star;        /* all columns; expr is NULL */
    const char *star_of; /* alias.*; NULL: of all of FROM */
};

/* A table of FROM, or a subquery. */
struct ast_from {
    struct ast_name name;
    struct ast_view *select; /* of a subquery or a query of WITH; else NULL */
    struct ast_name alias;   /* the name where no alias is written */
    int using_count;         /* a joined view: USING (names), or on */
    struct ast_name *using_names;
    struct ast_expr *on;
};

/* An item of ORDER BY. */
struct ast_sort {
    struct ast_expr *expr;
    bool is_descending, is_null_first;
};

/* The rows that an aggregate OVER reads for each row: those of its partition from a start, which
 * without ORDER BY does not matter, up to those of the row's own place in the order. */
struct ast_over {
    int offset;
    int partition_count;
    struct ast_expr **partition;
    int sort_count;
    struct ast_sort *sorts;
    bool is_whole;              /* all of the partition */
    bool is_from_row;           /* those of the row's own place alone */
    struct ast_expr *preceding; /* how far before it the first is; NULL: from the first of all */
};

/* CREATE MATERIALIZED VIEW and CREATE VIEW, and a subquery of FROM. */
struct ast_view {
    struct ast_name name;
    const char *sql; /* the SELECT */
    int arm_count;   /* of UNION ALL: its SELECTs, and nothing below */
    struct ast_view *arms;
    int item_count;
    struct ast_item *items;
    struct ast_from from;
    int join_count;
    struct ast_from *joins;
    struct ast_expr *where;
    const char *where_sql;
    int group_count;
    struct ast_expr **group;
    const char **group_sql;
    bool is_distinct; /* DISTINCT ON (group) ORDER BY sorts */
    int sort_count;
    struct ast_sort *sorts;
    const char *sort_sql;
    struct ast_expr *having;
    const char *having_sql;
};

enum ast_object { AST_ON_TABLE, AST_ON_VIEW, AST_ON_MATERIALIZED_VIEW, AST_ON_COLUMN };

struct ast_comment {
    enum ast_object object;
    struct ast_name relation;
    const char *column;
    const char *text; /* NULL: IS NULL */
};

struct ast_grant {
    int relation_count;
    struct ast_name *relations;
    int role_count;
    const char **roles;
};

enum ast_statement_kind {
    AST_CREATE_ENUM,
    AST_CREATE_SERVER,
    AST_CREATE_FOREIGN_TABLE,
    AST_CREATE_MATERIALIZED_VIEW,
    AST_CREATE_VIEW,
    AST_COMMENT,
    AST_GRANT,
};

struct ast_statement {
    enum ast_statement_kind kind;
    bool is_refused; /* reported; kept for its name, so that what uses it is not reported too */
    union {
        struct ast_enum enumeration;
        struct ast_table table;
        struct ast_view view;
        struct ast_comment comment;
        struct ast_grant grant;
    };
};

struct ast_file {
    int statement_count;
    struct ast_statement *statements;
};

/* Does it read now() anywhere, the FILTER of a call included? */
bool ast_reads_now(const struct ast_expr *expr);
/* Is there an aggregate OVER a window in it? */
bool ast_has_over(const struct ast_expr *expr);
/* The name PostgreSQL gives a select item without AS; NULL where that is ?column?. */
const char *ast_item_name(const struct ast_expr *expr);

#endif
