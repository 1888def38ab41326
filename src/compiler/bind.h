/*
 * bind.h: expressions from syntax to meaning. What a column, an aggregate or now() is depends on
 * where the expression stands, which a scope says.
 */
#ifndef COMPILER_BIND_H
#define COMPILER_BIND_H

#include "compiler/ast.h"
#include "compiler/resolve.h"

struct bind_scope {
    struct resolver *resolver;
    const char *where;    /* "WHERE", "FILTER", "CHECK", for messages */
    bool is_in_aggregate; /* the expression is an aggregate's argument */
    bool allows_now;
    bool wants_over;        /* aggregates have OVER here, elsewhere none */
    const char *now_reason; /* what is wrong with now() here; NULL: it cannot be incremental */
    const char *now_cure;   /* what to write instead of now() here */
    void *self;
    /* Each reports what it refuses and gives NULL. aggregate is NULL where none may stand. */
    struct ir_expr *(*column)(const struct bind_scope *scope, const struct ast_expr *expr);
    struct ir_expr *(*aggregate)(const struct bind_scope *scope, const struct ast_expr *expr);
};

/* The expression, which may still be an unknown literal. */
struct ir_expr *bind_expr(const struct bind_scope *scope, const struct ast_expr *expr);
/* The same with a type. */
struct ir_expr *bind_value(const struct bind_scope *scope, const struct ast_expr *expr);
/* A boolean; what: "argument of WHERE". */
struct ir_expr *bind_condition(const struct bind_scope *scope, const struct ast_expr *expr,
                               const char *what);
/* bind_call.c: a function or an aggregate. */
struct ir_expr *bind_call(const struct bind_scope *scope, const struct ast_expr *expr);
/* ORDER BY within array_agg: the place of the event in it. */
struct ir_expr *bind_order(const struct bind_scope *scope, const struct ast_expr *expr);
/* bind_time.c: those that take the name of a field, and make_interval. NULL and *is_other: it is
 * none of them. */
struct ir_expr *bind_time_call(const struct bind_scope *scope, const struct ast_expr *expr,
                               bool *is_other);
/* bind_any.c: x operator ANY or ALL (array). */
struct ir_expr *bind_any(const struct bind_scope *scope, const struct ast_expr *expr);
/* bind_array.c: ARRAY[...], a[i], a[i:j]. */
struct ir_expr *bind_array(const struct bind_scope *scope, const struct ast_expr *expr);
/* Are there arrays of that type? Not of jsonb. */
bool array_check(const struct bind_scope *scope, enum nt_type element, int offset);
struct ir_expr *bind_subscript(const struct bind_scope *scope, const struct ast_expr *expr);
/* CAST(ARRAY[...] AS type[]), which casts each element by itself. */
struct ir_expr *bind_array_as(const struct bind_scope *scope, const struct ast_expr *expr,
                              enum nt_type type);
/* Nodes of the expression as a tree, counted up to max: shared parts count wherever they stand. */
int expr_size(const struct ir_expr *expr, int max);
/* The same expression, but for its places? */
bool expr_is_same(const struct ir_expr *a, const struct ir_expr *b);
/* Is it the name of an aggregate of aggregates.def? */
bool aggregate_is_known(const char *name);

#endif
