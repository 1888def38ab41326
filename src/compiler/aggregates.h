/*
 * aggregates.h: which line of nowthen/aggregates.def a call means, and its parameters.
 */
#ifndef COMPILER_AGGREGATES_H
#define COMPILER_AGGREGATES_H

#include "compiler/ast.h"
#include "compiler/resolve.h"

/* Types of aggregates.def besides NT_TYPES. */
enum {
    AGGREGATE_ANY = NT_TYPE_COUNT,
    AGGREGATE_SCALAR,
    AGGREGATE_ORDERED,
    AGGREGATE_SAME,
    AGGREGATE_DECAYED,
    AGGREGATE_ARRAY,
    AGGREGATE_BOUND,
    AGGREGATE_ORDER
};

#define AGGREGATE_ARGUMENTS_MAX 4 /* as written: those of the event and constants */

struct aggregate_shape {
    const char *symbol, *name;
    int result; /* enum nt_type, AGGREGATE_SAME, ..._DECAYED or ..._ARRAY */
    int count;  /* of arguments as written, those of WITHIN GROUP last */
    int types[AGGREGATE_ARGUMENTS_MAX];
    bool is_constant[AGGREGATE_ARGUMENTS_MAX];
    int direct_count; /* those in the call's own parentheses */
    bool is_distinct; /* a line for DISTINCT alone */
};

/* The first line that takes the arguments as they are, else the first that takes them with implicit
 * casts. False: none. */
bool aggregate_find(const struct ast_expr *call, struct ir_expr *const *arguments,
                    struct aggregate_shape *shape);
/* lower_case.c: what aggregate(CASE WHEN window THEN x END) is with FILTER; NULL: it is none. */
struct ast_expr *aggregate_of_case(struct nt_arena *arena, const struct ast_expr *call);
/* Does it find the same with and without DISTINCT: min, bool_and, ...? */
bool aggregate_ignores_copies(const struct aggregate_shape *shape);
/* A constant argument into the measure's parameters. False: reported. */
bool aggregate_add_parameter(struct resolver *resolver, const struct aggregate_shape *shape,
                             struct ir_expr *argument, enum nt_type type,
                             struct ir_measure *measure);

/* The arguments of histogram(x, low, high, n): n a parameter, the others the bucket of x, which is
 * what the aggregate counts. NULL: reported. */
struct ir_expr *aggregate_take_histogram(struct resolver *resolver,
                                         const struct aggregate_shape *shape,
                                         struct ir_expr *const *arguments,
                                         struct ir_measure *measure);

#endif
