/* bound.c: ends of windows. */
#include "compiler/bound.h"

#include "row/time.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DAY_US     INT64_C(86400000000)
#define STEPS_MAX  16
#define BOUND_CURE "%s > now() - interval '...', or %s >= date_trunc('day', now())"

static enum bound_match form_refuse(const struct bound_scope *scope, const struct ast_expr *expr)
{
    struct resolver *resolver = scope->resolver;
    *diagnostics_error(
        resolver->diagnostics, expr->start,
        "now() in %s is for comparing the event time (%s) with the bound of a window; "
        "anything else cannot be evaluated incrementally",
        scope->where, scope->event_time) =
        nt_arena_printf(resolver->arena, BOUND_CURE, scope->event_time, scope->event_time);
    return BOUND_REFUSED;
}

static bool is_event_time(const struct bound_scope *scope, const struct ast_expr *expr)
{
    return expr->kind == AST_COLUMN && strcmp(expr->name, scope->event_time) == 0 &&
           (!expr->qualifier || strcmp(expr->qualifier, scope->alias) == 0);
}

static bool is_operator(const struct ast_expr *expr, const char *name)
{
    return expr->kind == AST_OPERATOR && expr->argument_count == 2 && strcmp(expr->name, name) == 0;
}

static bool step_add(const struct bound_scope *scope, const struct ast_expr *expr,
                     struct nt_bound_step step, struct ir_bound *bound)
{
    struct nt_bound_step *last = bound->step_count ? &bound->steps[bound->step_count - 1] : NULL;
    if (step.kind == NT_BOUND_MINUS && last && last->kind == NT_BOUND_MINUS) {
        if (__builtin_add_overflow(last->us, step.us, &last->us))
            return bound_refuse(scope, expr, "intervals that overflow", "a shorter interval");
        if (last->us == 0) bound->step_count--;
        return true;
    }
    if (step.kind == NT_BOUND_MINUS && step.us == 0) return true;
    if (bound->step_count == STEPS_MAX)
        return bound_refuse(scope, expr, "too many date_trunc", "one date_trunc");
    bound->steps =
        array_more(scope->resolver->arena, bound->steps, bound->step_count, sizeof *bound->steps);
    bound->steps[bound->step_count++] = step;
    return true;
}

static bool is_call(const struct ast_expr *expr, const char *name, int argument_count)
{
    return expr->kind == AST_CALL && expr->argument_count == argument_count &&
           strcmp(expr->name, name) == 0;
}

/* x::date or date(x) */
static bool is_to_date(const struct ast_expr *expr)
{
    return (expr->kind == AST_CAST && expr->type == NT_DATE) || is_call(expr, "date", 1);
}

/* Of type date, to which days may be added as a number: a date, or one and such a number. */
static bool is_date(const struct ast_expr *expr)
{
    if (is_to_date(expr)) return true;
    if (!is_operator(expr, "+") && !is_operator(expr, "-")) return false;
    int days = ast_reads_now(expr->arguments[0]) ? 1 : 0;
    return expr->arguments[days]->kind == AST_INTEGER && is_date(expr->arguments[1 - days]);
}

/* sign -1: minus the interval; +1: plus it. */
static bool step_add_interval(const struct bound_scope *scope, const struct ast_expr *interval,
                              bool may_be_days, int sign, struct ir_bound *bound)
{
    int64_t us = 0;
    if (may_be_days ? !bound_days(scope, interval, &us) : !bound_interval(scope, interval, &us))
        return false;
    if (us == INT64_MIN) return bound_refuse(scope, interval, "too long a one", "a shorter one");
    return step_add(scope, interval,
                    (struct nt_bound_step){.kind = NT_BOUND_MINUS, .us = sign < 0 ? us : -us},
                    bound);
}

static bool bound_read(const struct bound_scope *scope, const struct ast_expr *expr,
                       struct ir_bound *bound);

static bool bound_read_trunc(const struct bound_scope *scope, const struct ast_expr *expr,
                             struct ir_bound *bound)
{
    struct diagnostics *diagnostics = scope->resolver->diagnostics;
    if (expr->argument_count != 2 || expr->arguments[0]->kind != AST_STRING) {
        *diagnostics_error(diagnostics, expr->offset,
                           "date_trunc in a window bound takes a constant unit and a time") =
            "date_trunc('day', now())";
        return false;
    }
    const char *unit = expr->arguments[0]->name;
    int field = time_field(unit, strlen(unit));
    if (field < NT_FIELD_MICROSECONDS || field > NT_FIELD_YEAR) {
        *diagnostics_error(diagnostics, expr->arguments[0]->offset,
                           "date_trunc in a window bound does not know the unit \"%s\"", unit) =
            "second, minute, hour, day, week, month, quarter or year";
        return false;
    }
    return bound_read(scope, expr->arguments[1], bound) &&
           step_add(scope, expr,
                    (struct nt_bound_step){.kind = NT_BOUND_TRUNC, .field = (uint8_t)field}, bound);
}

/* Multiples of the stride from the origin are those from 0, moved by the origin and back. */
static bool bound_read_bin(const struct bound_scope *scope, const struct ast_expr *expr,
                           struct ir_bound *bound)
{
    int64_t stride_us, origin_us;
    if (!bound_bin(scope, expr, &stride_us, &origin_us)) return false;
    const struct nt_bound_step steps[] = {{.kind = NT_BOUND_MINUS, .us = origin_us},
                                          {.kind = NT_BOUND_BIN, .us = stride_us},
                                          {.kind = NT_BOUND_MINUS, .us = -origin_us}};
    bool is_right = bound_read(scope, expr->arguments[1], bound);
    for (int i = 0; is_right && i < 3; i++) is_right = step_add(scope, expr, steps[i], bound);
    return is_right;
}

/* now(), a bound plus or minus a constant interval, or date_trunc of a bound. */
static bool bound_read(const struct bound_scope *scope, const struct ast_expr *expr,
                       struct ir_bound *bound)
{
    if (expr->kind == AST_NOW) return true;
    if (expr->kind == AST_CALL && strcmp(expr->name, "date_trunc") == 0)
        return bound_read_trunc(scope, expr, bound);
    if (is_call(expr, "date_bin", 3)) return bound_read_bin(scope, expr, bound);
    if (expr->kind == AST_CAST && expr->type == NT_TIMESTAMPTZ)
        return bound_read(scope, expr->arguments[0], bound);
    if (is_to_date(expr))
        return bound_read(scope, expr->arguments[0], bound) &&
               step_add(scope, expr,
                        (struct nt_bound_step){.kind = NT_BOUND_TRUNC, .field = NT_FIELD_DAY},
                        bound);
    if (is_operator(expr, "-") && ast_reads_now(expr->arguments[0]) &&
        !ast_reads_now(expr->arguments[1]))
        return bound_read(scope, expr->arguments[0], bound) &&
               step_add_interval(scope, expr->arguments[1], is_date(expr->arguments[0]), -1, bound);
    if (is_operator(expr, "+") &&
        ast_reads_now(expr->arguments[0]) != ast_reads_now(expr->arguments[1])) {
        int time = ast_reads_now(expr->arguments[0]) ? 0 : 1;
        return bound_read(scope, expr->arguments[time], bound) &&
               step_add_interval(scope, expr->arguments[1 - time], is_date(expr->arguments[time]),
                                 1, bound);
    }
    *diagnostics_error(scope->resolver->diagnostics, expr->start,
                       "window bound must be now(), now() minus a constant interval, or date_trunc "
                       "or date_bin of such") = "now() - interval '7 days'";
    return false;
}

/* How far a bound is before what its steps up to first lead to, at least and at most; exact where
 * nothing is truncated. */
struct bound_reach {
    __int128 least_us, most_us;
};

static struct bound_reach bound_reach(const struct ir_bound *bound, int first)
{
    static const int64_t longest_us[] = {
        [NT_FIELD_MICROSECONDS] = 1,      [NT_FIELD_MILLISECONDS] = 1000,
        [NT_FIELD_SECOND] = 1000000,      [NT_FIELD_MINUTE] = 60000000,
        [NT_FIELD_HOUR] = 3600000000,     [NT_FIELD_DAY] = DAY_US,
        [NT_FIELD_WEEK] = 7 * DAY_US,     [NT_FIELD_MONTH] = 31 * DAY_US,
        [NT_FIELD_QUARTER] = 92 * DAY_US, [NT_FIELD_YEAR] = 366 * DAY_US,
    };
    struct bound_reach reach = {0, 0};
    for (int i = first; i < bound->step_count; i++) {
        const struct nt_bound_step *step = &bound->steps[i];
        if (step->kind == NT_BOUND_MINUS) {
            reach.least_us += step->us;
            reach.most_us += step->us;
        } else if (step->kind == NT_BOUND_BIN) {
            reach.most_us += step->us - 1;
        } else {
            reach.most_us += longest_us[step->field] - 1;
        }
    }
    return reach;
}

int64_t bound_reach_us(const struct ir_bound *bound)
{
    __int128 most_us = bound_reach(bound, 0).most_us;
    return most_us > INT64_MAX ? INT64_MAX : most_us < INT64_MIN ? INT64_MIN : (int64_t)most_us;
}

enum bound_order { ORDER_SAME, ORDER_BEFORE, ORDER_AFTER, ORDER_UP_TO, ORDER_FROM, ORDER_UNKNOWN };

/* Steps of one shape, none of a's longer: a is never before b, for each step never falls. */
static bool steps_are_from(const struct ir_bound *a, const struct ir_bound *b)
{
    if (a->step_count != b->step_count) return false;
    for (int i = 0; i < a->step_count; i++)
        if (a->steps[i].kind != b->steps[i].kind || a->steps[i].field != b->steps[i].field ||
            a->steps[i].us > b->steps[i].us ||
            (a->steps[i].kind == NT_BOUND_BIN && a->steps[i].us != b->steps[i].us))
            return false;
    return true;
}

/* How many steps both begin with: the rest of both starts from one time. */
static int steps_common(const struct ir_bound *a, const struct ir_bound *b)
{
    int count = 0;
    while (count < a->step_count && count < b->step_count &&
           a->steps[count].kind == b->steps[count].kind &&
           a->steps[count].field == b->steps[count].field &&
           a->steps[count].us == b->steps[count].us)
        count++;
    return count;
}

/* Where a is, seen from b, at every now(). */
static enum bound_order bound_compare(const struct ir_bound *a, const struct ir_bound *b)
{
    int first = steps_common(a, b);
    struct bound_reach reach_a = bound_reach(a, first), reach_b = bound_reach(b, first);
    bool is_from = steps_are_from(a, b), is_up_to = steps_are_from(b, a);
    if (is_from && is_up_to) return ORDER_SAME;
    if (reach_a.most_us < reach_b.least_us) return ORDER_AFTER;
    if (reach_a.least_us > reach_b.most_us) return ORDER_BEFORE;
    if (is_from || reach_a.most_us == reach_b.least_us) return ORDER_FROM;
    if (is_up_to || reach_a.least_us == reach_b.most_us) return ORDER_UP_TO;
    return ORDER_UNKNOWN;
}

/* Keeps in *bound the tighter of the two ends. False: that depends on now(). */
static bool bound_narrow(struct ir_bound *bound, const struct ir_bound *other, bool is_lower)
{
    if (!other->is_set) return true;
    if (!bound->is_set) {
        *bound = *other;
        return true;
    }
    enum bound_order order = bound_compare(other, bound);
    enum bound_order tighter = is_lower ? ORDER_AFTER : ORDER_BEFORE;
    enum bound_order tighter_or_same = is_lower ? ORDER_FROM : ORDER_UP_TO;
    enum bound_order looser = is_lower ? ORDER_BEFORE : ORDER_AFTER;
    enum bound_order looser_or_same = is_lower ? ORDER_UP_TO : ORDER_FROM;
    if (order == ORDER_UNKNOWN) return false;
    if (order == ORDER_SAME)
        bound->is_inclusive &= other->is_inclusive;
    else if (order == tighter ||
             (order == tighter_or_same && (!other->is_inclusive || bound->is_inclusive)))
        *bound = *other;
    else
        return order == looser ||
               (order == looser_or_same && (!bound->is_inclusive || other->is_inclusive));
    return true;
}

/* An upper end that no event known at now() can pass says nothing. */
static void upper_drop_idle(struct ir_window *window)
{
    struct bound_reach reach = bound_reach(&window->upper, 0);
    if (window->upper.is_set &&
        (reach.most_us < 0 || (reach.most_us == 0 && window->upper.is_inclusive)))
        window->upper = (struct ir_bound){0};
}

static bool order_refuse(const struct bound_scope *scope, int offset, bool is_lower)
{
    *diagnostics_error(scope->resolver->diagnostics, offset,
                       "which of two %s bounds of %s is tighter depends on now()",
                       is_lower ? "lower" : "upper", scope->event_time) =
        "one of the two, or a longer interval in WHERE";
    return false;
}

static enum bound_match window_narrow(const struct bound_scope *scope, const struct ast_expr *expr,
                                      const struct ir_bound *bound, bool is_lower,
                                      struct ir_window *window)
{
    struct ir_bound *end = is_lower ? &window->lower : &window->upper;
    if (!bound_narrow(end, bound, is_lower)) {
        order_refuse(scope, expr->start, is_lower);
        return BOUND_REFUSED;
    }
    upper_drop_idle(window);
    return BOUND_TAKEN;
}

/* Always a midnight: cut to a day or more, and then moved by whole days. */
static bool bound_is_midnight(const struct ir_bound *bound)
{
    for (int i = bound->step_count - 1; i >= 0; i--) {
        const struct nt_bound_step *step = &bound->steps[i];
        if (step->kind == NT_BOUND_TRUNC) return step->field >= NT_FIELD_DAY;
        if (step->kind == NT_BOUND_BIN || step->us % DAY_US != 0) return false;
    }
    return false;
}

/* event_time::date, or date_trunc('day', event_time) */
static bool is_event_day(const struct bound_scope *scope, const struct ast_expr *expr)
{
    if (is_to_date(expr)) return is_event_time(scope, expr->arguments[0]);
    return is_call(expr, "date_trunc", 2) && expr->arguments[0]->kind == AST_STRING &&
           strcasecmp(expr->arguments[0]->name, "day") == 0 &&
           is_event_time(scope, expr->arguments[1]);
}

static const char *operator_flip(const char *name)
{
    if (name[0] == '<') return name[1] ? ">=" : ">";
    return name[1] ? "<=" : "<";
}

/* event_time OP bound, after moving an interval from the side of the event time:
 *   event_time + i OP b   ->   event_time OP b - i
 *   b - event_time OP i   ->   event_time FLIP(OP) b - i
 * False: the left side is none of these. */
struct bound_sides {
    const char *operator;
    const struct ast_expr *bound;
    const struct ast_expr *interval; /* NULL: none to move */
    int sign;
    bool is_day; /* the left side is the day of the event time */
};

static bool sides_find(const struct bound_scope *scope, const char *operator,
                       const struct ast_expr * left, const struct ast_expr *right,
                       struct bound_sides *sides)
{
    *sides = (struct bound_sides){.operator= operator, .bound = right, .sign = -1};
    if (is_event_time(scope, left)) return true;
    sides->is_day = is_event_day(scope, left);
    if (sides->is_day) return true;
    if (!is_operator(left, "+") && !is_operator(left, "-")) return false;
    const struct ast_expr *first = left->arguments[0], *second = left->arguments[1];
    bool is_plus = left->name[0] == '+';
    if (is_event_time(scope, first) && !ast_reads_now(second)) {
        sides->interval = second;
        sides->sign = is_plus ? -1 : 1;
        return true;
    }
    if (is_plus && is_event_time(scope, second) && !ast_reads_now(first)) {
        sides->interval = first;
        return true;
    }
    if (!is_plus && is_event_time(scope, second) && ast_reads_now(first) && !ast_reads_now(right)) {
        *sides = (struct bound_sides){operator_flip(operator), first, right, -1, false};
        return true;
    }
    return false;
}

/* The day of an event against a midnight: day > midnight is event time >= midnight + 1 day, and so
 * on. */
static bool bound_set_day(const struct bound_scope *scope, const struct ast_expr *conjunct,
                          const char *operator, struct ir_bound * bound)
{
    bool is_lower = operator[0] == '>', is_next = is_lower != bound->is_inclusive;
    if (!bound_is_midnight(bound)) {
        *diagnostics_error(scope->resolver->diagnostics, conjunct->start,
                           "the day of %s is compared with a time of day, and not with a day",
                           scope->event_time) =
            nt_arena_printf(scope->resolver->arena, "%s >= now() - interval '7 days'",
                            scope->event_time);
        return false;
    }
    bound->is_inclusive = is_lower;
    return !is_next ||
           step_add(scope, conjunct, (struct nt_bound_step){.kind = NT_BOUND_MINUS, .us = -DAY_US},
                    bound);
}

static enum bound_match comparison_take(const struct bound_scope *scope, const char *operator,
                                        const struct ast_expr * left, const struct ast_expr *right,
                                        const struct ast_expr *conjunct, struct ir_window *window)
{
    struct bound_sides sides;
    bound_age(scope, &left, &right);
    bound_age(scope, &right, &left);
    if (!sides_find(scope, operator, left, right, &sides) &&
        !sides_find(scope, operator_flip(operator), right, left, &sides))
        return form_refuse(scope, conjunct);
    struct ir_bound bound = {.is_set = true, .is_inclusive = sides.operator[1] == '=' };
    if (!bound_read(scope, sides.bound, &bound)) return BOUND_REFUSED;
    if (sides.interval && !step_add_interval(scope, sides.interval, false, sides.sign, &bound))
        return BOUND_REFUSED;
    if (sides.is_day && !bound_set_day(scope, conjunct, sides.operator, & bound))
        return BOUND_REFUSED;
    return window_narrow(scope, conjunct, &bound, sides.operator[0] == '>', window);
}

enum bound_match bound_take(const struct bound_scope *scope, const struct ast_expr *conjunct,
                            struct ir_window *window)
{
    if (!ast_reads_now(conjunct)) return BOUND_NONE;
    struct ast_expr *const *arguments = conjunct->arguments;
    if (conjunct->kind == AST_BETWEEN) {
        for (int i = 1; i <= 2; i++) {
            enum bound_match match = comparison_take(scope, i == 1 ? ">=" : "<=", arguments[0],
                                                     arguments[i], conjunct, window);
            if (match != BOUND_TAKEN) return match;
        }
        return BOUND_TAKEN;
    }
    if (is_operator(conjunct, "=") &&
        (is_event_day(scope, arguments[0]) || is_event_day(scope, arguments[1]))) {
        enum bound_match from =
            comparison_take(scope, ">=", arguments[0], arguments[1], conjunct, window);
        return from == BOUND_TAKEN
                   ? comparison_take(scope, "<=", arguments[0], arguments[1], conjunct, window)
                   : from;
    }
    bool is_comparison = is_operator(conjunct, "<") || is_operator(conjunct, "<=") ||
                         is_operator(conjunct, ">") || is_operator(conjunct, ">=");
    if (!is_comparison) return form_refuse(scope, conjunct);
    return comparison_take(scope, conjunct->name, arguments[0], arguments[1], conjunct, window);
}

bool window_intersect(const struct bound_scope *scope, const struct ir_window *outer,
                      const struct ir_window *inner, int offset, struct ir_window *out,
                      bool *is_outlived)
{
    *out = *inner;
    out->has_frame = outer->has_frame;
    out->frame_us = outer->frame_us;
    *is_outlived = outer->lower.is_set && inner->lower.is_set &&
                   bound_compare(&inner->lower, &outer->lower) == ORDER_BEFORE;
    if (!bound_narrow(&out->lower, &outer->lower, true)) return order_refuse(scope, offset, true);
    if (!bound_narrow(&out->upper, &outer->upper, false)) return order_refuse(scope, offset, false);
    return true;
}

static bool bound_is_same(const struct ir_bound *a, const struct ir_bound *b)
{
    if (a->is_set != b->is_set) return false;
    return !a->is_set || (a->is_inclusive == b->is_inclusive && bound_compare(a, b) == ORDER_SAME);
}

bool window_is_same(const struct ir_window *a, const struct ir_window *b)
{
    if (a->has_frame != b->has_frame || a->frame_us != b->frame_us) return false;
    return bound_is_same(&a->lower, &b->lower) && bound_is_same(&a->upper, &b->upper);
}

bool window_is_empty(const struct ir_window *window)
{
    static const struct ir_bound now = {.is_set = true, .is_inclusive = true};
    const struct ir_bound *upper = window->upper.is_set ? &window->upper : &now;
    if (!window->lower.is_set) return false;
    enum bound_order order = bound_compare(&window->lower, upper);
    bool is_closed = window->lower.is_inclusive && upper->is_inclusive;
    return order == ORDER_AFTER || ((order == ORDER_SAME || order == ORDER_FROM) && !is_closed);
}
