/*
 * lower.h: statements, bound and checked, to the tables of ir.h. One lowering is one file; what a
 * statement defines is known to those after it, as in PostgreSQL.
 */
#ifndef COMPILER_LOWER_H
#define COMPILER_LOWER_H

#include "compiler/ast.h"
#include "compiler/bind.h"
#include "compiler/resolve.h"

enum relation_kind {
    RELATION_SOURCE,
    RELATION_REQUEST,
    RELATION_EVENTS, /* a view of events, row by row */
    RELATION_VIEW,
    RELATION_SERVICE,
};

/* What a name in FROM, COMMENT and GRANT stands for. */
struct relation {
    const char *name;
    enum relation_kind kind;
    int index;      /* in the program's sources, views or services; in lower.requests or rows */
    bool is_broken; /* refused: what uses it is not reported again */
};

struct request {
    const char *name;
    int column_count;
    struct ir_column *columns; /* shared with the services that read it */
};

/* Rows of one source, with columns of their own. */
struct event_arm {
    int source;
    struct ir_expr **columns; /* over the source's */
    struct ir_expr *where;    /* without bounds on now(); NULL: all of them */
    const char *where_sql;
};

/* The rows that a feature view reads: those of one or more arms (UNION ALL), which have columns of
 * the same types. */
struct event_rows {
    int column_count;
    struct ir_column *columns;
    int event_time;          /* the first column that is the event time in every arm; -1: none */
    struct ir_window window; /* of every arm */
    int arm_count;
    struct event_arm *arms;
};

/* The columns of rows where an event is read. */
struct event_columns {
    const char *alias;
    const char *name;
    int column_count;
    const struct ir_column *columns;
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
    int rows_count;
    const struct event_rows **rows; /* of views of events; NULL where one is broken */
    int relation_count;
    struct relation *relations;
};

/* The file's statements, in order, into program. */
void lower_file(const struct ast_file *file, struct nt_arena *arena,
                struct diagnostics *diagnostics, struct ir_program *program);

/* enums.c: enums to what is kept of them, once all is bound: texts at the leaves, in keys, features
 * and outputs, and ordered bytes between. No type is an enum's from here on. */
void enums_settle(struct ir_program *program, struct nt_arena *arena);

/* lower_source.c, lower_view.c, lower_service.c: true, and the last element of the program's
 * array is it; false: reported. */
bool lower_server(struct lower *lower, const struct ast_table *table, bool is_refused);
bool lower_source(struct lower *lower, const struct ast_table *table);
/* lower_event_key.c: its PRIMARY KEY, once the event time is known. */
bool lower_event_key(struct lower *lower, const struct ast_table *table, struct ir_source *source);
/* lower_made.c: its columns' DEFAULT and GENERATED ALWAYS AS. */
bool lower_made(struct lower *lower, const struct ast_table *table, struct ir_source *source);
bool lower_request(struct lower *lower, const struct ast_table *table);
bool lower_view(struct lower *lower, const struct ast_view *view);
bool lower_service(struct lower *lower, const struct ast_view *view);
/* lower_star.c: the SELECT with columns for each * and alias.*. */
struct ast_view service_columns(struct lower *lower, const struct ast_view *syntax,
                                const struct ir_service *service);

/* lower_rows.c: CREATE VIEW of events, as opposed to a service. */
bool view_is_of_events(struct lower *lower, const struct ast_view *syntax);
bool lower_events(struct lower *lower, const struct ast_view *syntax);
/* The rows that FROM stands for; the rows that a SELECT makes. NULL after reporting, or silently
 * where FROM is broken. */
const struct event_rows *rows_find(struct lower *lower, const struct ast_view *syntax);
const struct event_rows *rows_lower(struct lower *lower, const struct ast_view *syntax);
/* The columns of rows under the alias of FROM. */
struct event_columns rows_columns(const struct event_rows *rows, const struct ast_from *from);
/* The name of their event time, for a message where they have none. */
const char *rows_event_time(const struct event_rows *rows);
/* The window of the rows within WHERE, and what is left of WHERE as a condition (NULL: nothing). */
bool rows_where(struct lower *lower, const struct event_rows *rows, const struct ast_view *syntax,
                struct ir_window *window, struct ir_expr **condition);
/* Sorts the conjuncts of WHERE or FILTER (where) into *window and a condition. */
bool rows_condition(struct lower *lower, const struct event_rows *rows,
                    const struct event_columns *columns, const struct ast_expr *syntax,
                    const char *where, struct ir_window *window, struct ir_expr **condition);
/* The expression with other expressions for its columns. */
struct ir_expr *expr_substitute(struct nt_arena *arena, struct ir_expr *expr,
                                struct ir_expr *const *columns);

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
/* A column of an event; scope->self is a struct event_columns. */
struct ir_expr *event_column(const struct bind_scope *scope, const struct ast_expr *expr);

/* check.c: rules of names. */
bool check_columns(struct lower *lower, const struct ast_table *table);
bool check_source_columns(struct lower *lower, const struct ast_table *table);
/* Names of select items, checked and put into names[item_count]. */
bool check_items(struct lower *lower, const struct ast_view *view, const char **names);
bool check_name(struct lower *lower, struct ast_name name, const char *what);
/* FROM a ASOF JOIN b and the like, which PostgreSQL's grammar reads as an alias. */
void check_alias(struct lower *lower, const struct ast_from *from);

#endif
