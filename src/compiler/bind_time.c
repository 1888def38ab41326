/* bind_time.c: extract, date_part and date_trunc, whose fields are constants that are checked here,
 * and make_interval, whose arguments have names. */
#include "compiler/bind.h"

#include "row/time.h"
#include "row/value_text.h"

#include <string.h>

static bool field_is_zone(int field)
{
    return field == NT_FIELD_TIMEZONE || field == NT_FIELD_TIMEZONE_HOUR ||
           field == NT_FIELD_TIMEZONE_MINUTE;
}

/* interval_part and timestamptz_part refuse these at run time; we know sooner. */
static bool extract_fits(int field, enum nt_type type)
{
    if (type == NT_TIMESTAMPTZ) return true;
    if (type == NT_DATE) return field > NT_FIELD_HOUR && !field_is_zone(field);
    return field != NT_FIELD_WEEK && field != NT_FIELD_DOW && field != NT_FIELD_DOY &&
           field != NT_FIELD_ISODOW && field != NT_FIELD_ISOYEAR && field != NT_FIELD_JULIAN &&
           !field_is_zone(field);
}

static bool trunc_fits(int field, enum nt_type type)
{
    return field <= NT_FIELD_MILLENNIUM && (type != NT_INTERVAL || field != NT_FIELD_WEEK);
}

/* date_part of a date is that of its midnight, without a zone. */
static bool field_fits(const char *name, int field, enum nt_type type)
{
    if (field < 0) return false;
    if (strcmp(name, "date_trunc") == 0) return trunc_fits(field, type);
    if (strcmp(name, "date_part") == 0 && type == NT_DATE) return !field_is_zone(field);
    return extract_fits(field, type);
}

/* What is read: extract has a line for dates, the others take them for times. */
static struct ir_expr *field_value(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct ir_expr *value = bind_expr(scope, expr->arguments[1]);
    if (!value) return NULL;
    if (!value->is_unknown_literal &&
        (value->type == NT_TIMESTAMPTZ || value->type == NT_DATE || value->type == NT_INTERVAL))
        return value;
    *diagnostics_error(scope->resolver->diagnostics, value->place.offset,
                       "%s reads a timestamp with time zone, a date or an interval, not %s",
                       expr->name, expr_type_name(scope->resolver, value)) =
        "CAST(... AS timestamptz)";
    return NULL;
}

static struct ir_expr *field_call(const struct bind_scope *scope, const struct ast_expr *expr,
                                  int field, struct ir_expr *value)
{
    struct resolver *resolver = scope->resolver;
    if (value->type == NT_DATE && strcmp(expr->name, "extract") != 0)
        value = coerce_implicit(resolver, value, NT_TIMESTAMPTZ, expr->name);
    struct ir_expr *arguments[2] = {
        expr_const(resolver->arena, NT_INT4, nt_integer(field), expr->arguments[0]->offset), value};
    return resolve_function(resolver, expr->name, arguments, 2, expr->offset);
}

static struct ir_expr *bind_field(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct diagnostics *diagnostics = scope->resolver->diagnostics;
    if (expr->argument_count != 2 || expr->arguments[0]->kind != AST_STRING) {
        *diagnostics_error(diagnostics, expr->offset, "%s needs a field that is a constant",
                           expr->name) =
            strcmp(expr->name, "extract") == 0
                ? "extract(hour FROM ...)"
                : nt_arena_printf(scope->resolver->arena, "%s('hour', ...)", expr->name);
        return NULL;
    }
    const char *name = expr->arguments[0]->name;
    int field = time_field(name, strlen(name));
    struct ir_expr *value = field_value(scope, expr);
    if (!value) return NULL;
    if (field_fits(expr->name, field, value->type)) return field_call(scope, expr, field, value);
    *diagnostics_error(diagnostics, expr->arguments[0]->offset, "unit \"%s\" %s for type %s", name,
                       field < 0 ? "not recognized" : "not supported",
                       resolver_type_name(scope->resolver, value->type)) =
        strcmp(expr->name, "date_trunc") == 0
            ? "second, minute, hour, day, week (of a time), month, quarter or year"
            : "second, minute, hour, day, month, year or epoch";
    return NULL;
}

static const char *const interval_names[] = {"years", "months", "weeks", "days",
                                             "hours", "mins",   "secs"};
#define INTERVAL_PARTS (int)(sizeof interval_names / sizeof interval_names[0])

/* The part that an argument is; -1: none, or one that is there already. */
static int interval_part(const struct ast_expr *argument, int place, struct ir_expr *const *parts)
{
    int part = argument->kind == AST_NAMED || place >= INTERVAL_PARTS ? -1 : place;
    for (int i = 0; argument->kind == AST_NAMED && i < INTERVAL_PARTS; i++)
        if (strcmp(interval_names[i], argument->name) == 0) part = i;
    return part >= 0 && !parts[part] ? part : -1;
}

static struct ir_expr *bind_make_interval(const struct bind_scope *scope,
                                          const struct ast_expr *expr)
{
    struct resolver *resolver = scope->resolver;
    struct ir_expr *parts[INTERVAL_PARTS] = {NULL};
    for (int i = 0; i < expr->argument_count; i++) {
        const struct ast_expr *argument = expr->arguments[i];
        int part = interval_part(argument, i, parts);
        if (part < 0) {
            *diagnostics_error(resolver->diagnostics, argument->offset,
                               "make_interval has no such argument") =
                "years, months, weeks, days, hours, mins and secs, each once: "
                "make_interval(days => 3)";
            return NULL;
        }
        if (argument->kind == AST_NAMED) argument = argument->arguments[0];
        parts[part] = coerce_implicit(resolver, bind_expr(scope, argument),
                                      part == INTERVAL_PARTS - 1 ? NT_FLOAT8 : NT_INT4,
                                      "argument of make_interval");
        if (!parts[part]) return NULL;
    }
    for (int i = 0; i < INTERVAL_PARTS; i++)
        if (!parts[i])
            parts[i] = expr_const(resolver->arena, NT_FLOAT8, nt_float8(0), expr->offset);
    return resolve_function(resolver, expr->name, parts, INTERVAL_PARTS, expr->offset);
}

struct ir_expr *bind_time_call(const struct bind_scope *scope, const struct ast_expr *expr,
                               bool *is_other)
{
    *is_other = false;
    if (strcmp(expr->name, "extract") == 0 || strcmp(expr->name, "date_part") == 0 ||
        strcmp(expr->name, "date_trunc") == 0)
        return bind_field(scope, expr);
    if (strcmp(expr->name, "make_interval") == 0) return bind_make_interval(scope, expr);
    *is_other = true;
    return NULL;
}
