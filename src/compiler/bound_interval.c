/* bound_interval.c: the constant intervals of windows. */
#include "compiler/bound.h"

#include "compiler/bind.h"
#include "compiler/fold.h"
#include "row/calendar.h"
#include "row/time.h"
#include "row/value_text.h"

#include <string.h>
#include <strings.h>

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

static struct ast_expr *interval_literal(struct nt_arena *arena, const struct ast_expr *at,
                                         const char *text)
{
    struct ast_expr *nodes = nt_arena_zalloc(arena, 2 * sizeof *nodes);
    nodes[0] = (struct ast_expr){.kind = AST_CAST,
                                 .offset = at->offset,
                                 .start = at->start,
                                 .name = "interval",
                                 .type = NT_INTERVAL,
                                 .argument_count = 1,
                                 .arguments = nt_arena_zalloc(arena, sizeof *nodes[0].arguments)};
    nodes[1] = (struct ast_expr){
        .kind = AST_STRING, .offset = at->offset, .start = at->start, .name = text};
    nodes[0].arguments[0] = &nodes[1];
    return nodes;
}

const struct ast_expr *bound_literal(const struct bound_scope *scope, const struct ast_expr *expr)
{
    if (!expr || expr->kind != AST_STRING) return expr;
    return interval_literal(scope->resolver->arena, expr, expr->name);
}

static bool is_age(const struct ast_expr *expr)
{
    return expr->kind == AST_OPERATOR && expr->argument_count == 2 && expr->name[0] == '-' &&
           ast_reads_now(expr->arguments[0]) && !ast_reads_now(expr->arguments[1]);
}

/* now() - ts of extract(epoch FROM now() - ts); NULL: not that. */
static const struct ast_expr *age_in_seconds(const struct ast_expr *expr)
{
    bool is_seconds =
        expr->kind == AST_CALL && expr->argument_count == 2 &&
        (strcmp(expr->name, "extract") == 0 || strcmp(expr->name, "date_part") == 0) &&
        expr->arguments[0]->kind == AST_STRING &&
        strcasecmp(expr->arguments[0]->name, "epoch") == 0 && is_age(expr->arguments[1]);
    return is_seconds ? expr->arguments[1] : NULL;
}

/* Whole microseconds, whatever whole number of seconds it is multiplied by. */
static bool is_exact_number(const struct ast_expr *expr)
{
    const char *point = expr->kind == AST_DECIMAL ? strchr(expr->name, '.') : NULL;
    if (expr->kind != AST_INTEGER && expr->kind != AST_DECIMAL) return false;
    return strspn(expr->name, "-0123456789.") == strlen(expr->name) &&
           (!point || strlen(point + 1) <= 6);
}

void bound_age(const struct bound_scope *scope, const struct ast_expr **age,
               const struct ast_expr **span)
{
    struct nt_arena *arena = scope->resolver->arena;
    const struct ast_expr *seconds = *age;
    const char *unit = "1";
    if (is_age(*age)) *span = bound_literal(scope, *span);
    if (seconds->kind == AST_OPERATOR && strcmp(seconds->name, "/") == 0 &&
        seconds->argument_count == 2 && seconds->arguments[1]->kind == AST_INTEGER &&
        seconds->arguments[1]->name[0] != '-') {
        unit = seconds->arguments[1]->name;
        seconds = seconds->arguments[0];
    }
    const struct ast_expr *inner = age_in_seconds(seconds);
    if (!inner || !is_exact_number(*span)) return;
    struct ast_expr *product = nt_arena_copy(arena, *span, sizeof **span);
    product->kind = AST_OPERATOR;
    product->name = "*";
    product->argument_count = 2;
    product->arguments = nt_arena_zalloc(arena, 2 * sizeof *product->arguments);
    product->arguments[0] =
        interval_literal(arena, *span, nt_arena_printf(arena, "%s seconds", unit));
    product->arguments[1] = nt_arena_copy(arena, *span, sizeof **span);
    *age = inner;
    *span = product;
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
