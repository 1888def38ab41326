/* bound_interval.c: the constant intervals of windows. */
#include "compiler/bound.h"

#include "compiler/bind.h"
#include "compiler/fold.h"
#include "row/calendar.h"
#include "row/time.h"
#include "row/value_text.h"

#define DAY_US INT64_C(86400000000)

static struct ir_expr *constant_column(const struct bind_scope *scope, const struct ast_expr *expr)
{
    *diagnostics_error(scope->resolver->diagnostics, expr->offset,
                       "window bound must be a constant interval of days or smaller, got column %s",
                       expr->name) = "interval '7 days'";
    return NULL;
}

bool bound_refuse(const struct bound_scope *scope, const struct ast_expr *expr, const char *got,
                  const char *cure)
{
    *diagnostics_error(scope->resolver->diagnostics, expr->start,
                       "window bound must be a constant interval of days or smaller, got %s", got) =
        cure;
    return false;
}

/* The interval as it is written, where it is a literal; else as PostgreSQL prints it. */
static const char *interval_describe(const struct bound_scope *scope, const struct ast_expr *expr,
                                     struct nt_interval interval)
{
    struct nt_arena *arena = scope->resolver->arena;
    if (expr->kind == AST_CAST && expr->arguments[0]->kind == AST_STRING)
        return nt_arena_printf(arena, "interval '%s'", expr->arguments[0]->name);
    struct buffer text = {0};
    interval_append_text(interval, &text);
    const char *described = nt_arena_printf(arena, "interval '%s'", buffer_text(&text));
    buffer_deinit(&text);
    return described;
}

static bool interval_to_us(const struct bound_scope *scope, const struct ast_expr *expr,
                           struct nt_interval interval, int64_t *us)
{
    const char *got = interval_describe(scope, expr, interval);
    if (interval.months != 0) {
        int64_t days = (int64_t)interval.months * 30 + interval.days;
        return bound_refuse(
            scope, expr, got,
            nt_arena_printf(scope->resolver->arena, "interval '%lld days'", (long long)days));
    }
    if (__builtin_mul_overflow((int64_t)interval.days, DAY_US, us) ||
        __builtin_add_overflow(*us, interval.us, us))
        return bound_refuse(scope, expr, got, "a shorter interval");
    return true;
}

bool bound_interval(const struct bound_scope *scope, const struct ast_expr *expr, int64_t *us)
{
    const struct bind_scope constant = {.resolver = scope->resolver,
                                        .where = "the interval of a window bound",
                                        .now_cure = "a constant, such as interval '7 days'",
                                        .column = constant_column};
    struct ir_expr *bound = bind_expr(&constant, expr);
    struct nt_value value;
    const char *message = NULL;
    if (!bound) return false;
    if (bound->is_unknown_literal && !bound->value.is_null)
        return bound_refuse(
            scope, expr, "a literal without a type",
            nt_arena_printf(scope->resolver->arena, "interval '%s'", bound->value.text));
    if (bound->type != NT_INTERVAL)
        return bound_refuse(scope, expr, expr_type_name(scope->resolver, bound),
                            "interval '7 days'");
    if (!expr_fold(bound, scope->resolver->arena, &value, &message) || value.is_null)
        return bound_refuse(scope, expr, message ? message : "no constant", "interval '7 days'");
    return interval_to_us(scope, expr, *value.interval, us);
}

bool bound_days(const struct bound_scope *scope, const struct ast_expr *expr, int64_t *us)
{
    struct resolver *resolver = scope->resolver;
    const struct bind_scope constant = {.resolver = resolver,
                                        .where = "the days of a window bound",
                                        .now_cure = "a constant, such as 7",
                                        .column = constant_column};
    struct ir_expr *bound = bind_expr(&constant, expr);
    struct nt_value value;
    const char *message = NULL;
    if (!bound) return false;
    if (bound->is_unknown_literal || (bound->type != NT_INT4 && bound->type != NT_INT2))
        return bound_interval(scope, expr, us);
    if (!expr_fold(bound, resolver->arena, &value, &message) || value.is_null)
        return bound_refuse(scope, expr, message ? message : "no constant", "7");
    if (__builtin_mul_overflow(value.integer, DAY_US, us))
        return bound_refuse(scope, expr, "too many days", "fewer days");
    return true;
}

/* A constant of that type; an unknown literal becomes one. */
static bool constant_fold(const struct bound_scope *scope, const struct ast_expr *expr,
                          enum nt_type type, struct nt_value *value)
{
    struct resolver *resolver = scope->resolver;
    const struct bind_scope constant = {.resolver = resolver,
                                        .where = "date_bin of a window bound",
                                        .now_cure = "date_bin(interval '15 minutes', now(), "
                                                    "timestamptz '2001-01-01')",
                                        .column = constant_column};
    const char *message = NULL;
    struct ir_expr *bound =
        coerce_implicit(resolver, bind_expr(&constant, expr), type, "argument of date_bin");
    if (!bound) return false;
    if (expr_fold(bound, resolver->arena, value, &message) && !value->is_null) return true;
    return bound_refuse(scope, expr, message ? message : "no constant",
                        "date_bin(interval '15 minutes', now(), timestamptz '2001-01-01')");
}

bool bound_bin(const struct bound_scope *scope, const struct ast_expr *call, int64_t *stride_us,
               int64_t *origin_us)
{
    struct nt_value stride, origin;
    if (!constant_fold(scope, call->arguments[0], NT_INTERVAL, &stride) ||
        !constant_fold(scope, call->arguments[2], NT_TIMESTAMPTZ, &origin) ||
        !interval_to_us(scope, call->arguments[0], *stride.interval, stride_us))
        return false;
    const char *message = *stride_us <= 0                ? "stride must be greater than zero"
                          : !time_is_finite(origin.time) ? "origin out of range"
                                                         : NULL;
    if (message) {
        *diagnostics_error(scope->resolver->diagnostics, call->offset, "%s", message) =
            "date_bin(interval '15 minutes', now(), timestamptz '2001-01-01')";
        return false;
    }
    *origin_us = origin.time.us % *stride_us;
    if (*origin_us < 0) *origin_us += *stride_us;
    return true;
}
