/*
 * bound.h: windows. A conjunct of WHERE or FILTER that compares the event time with an expression
 * of now() is the end of a window; this file recognises it, brings it to the form of nt_bound and
 * intersects ends of the same side.
 */
#ifndef COMPILER_BOUND_H
#define COMPILER_BOUND_H

#include "compiler/ast.h"
#include "compiler/resolve.h"

struct bound_scope {
    struct resolver *resolver;
    const char *event_time; /* the column */
    const char *alias;      /* of the source in FROM */
    const char *where;      /* "WHERE" or "FILTER" */
};

enum bound_match { BOUND_NONE, BOUND_TAKEN, BOUND_REFUSED };

/* Narrows *window by the conjunct. BOUND_NONE: it does not read now(), so it is a plain condition.
 */
enum bound_match bound_take(const struct bound_scope *scope, const struct ast_expr *conjunct,
                            struct ir_window *window);
/* "window bound must be a constant interval of days or smaller, got ..."; false. */
bool bound_refuse(const struct bound_scope *scope, const struct ast_expr *expr, const char *got,
                  const char *cure);
/* bound_interval.c: a constant interval, in microseconds. False: reported. */
bool bound_interval(const struct bound_scope *scope, const struct ast_expr *expr, int64_t *us);
/* date_bin(stride, ..., origin): the origin as it is after a multiple of the stride. */
bool bound_bin(const struct bound_scope *scope, const struct ast_expr *call, int64_t *stride_us,
               int64_t *origin_us);
/* A literal that stands where an interval is meant. */
const struct ast_expr *bound_literal(const struct bound_scope *scope, const struct ast_expr *expr);
/* now() - ts against a literal, and extract(epoch FROM now() - ts) [/ n] against a number, as now()
 * - ts against an interval. Others as they are. */
void bound_age(const struct bound_scope *scope, const struct ast_expr **age,
               const struct ast_expr **span);
/* The same of what is added to a date: whole days, or an interval. */
bool bound_days(const struct bound_scope *scope, const struct ast_expr *expr, int64_t *us);
/* The window that is inside both. False: the order of two ends depends on now() (reported at
 * offset). *is_outlived is set when the inner window's lower end is before the outer's always. */
bool window_intersect(const struct bound_scope *scope, const struct ir_window *outer,
                      const struct ir_window *inner, int offset, struct ir_window *out,
                      bool *is_outlived);
bool window_is_same(const struct ir_window *a, const struct ir_window *b);
/* How far before now() the bound can be, at most. */
int64_t bound_reach_us(const struct ir_bound *bound);
/* No event can be inside, whatever now() is. */
bool window_is_empty(const struct ir_window *window);

#endif
