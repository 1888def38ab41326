/* lower_view.c: CREATE MATERIALIZED VIEW to a feature view: its key, the arguments its aggregates
 * read, and windows, measures and terms, each once. */
#include "compiler/aggregates.h"
#include "compiler/bound.h"
#include "compiler/view_builder.h"

#include "row/tuple.h"
#include "row/value_text.h"

#include <string.h>

#define TERMS_MAX 32767 /* the program counts in 16 bits, and -1 is none */

static bool is_bookend(const char *name)
{
    return strcmp(name, "first") == 0 || strcmp(name, "last") == 0 || strcmp(name, "min_by") == 0 ||
           strcmp(name, "max_by") == 0;
}

static void aggregate_report(struct view_builder *builder, const struct ast_expr *call,
                             struct ir_expr *const *arguments, int count)
{
    struct nt_arena *arena = builder->lower->arena;
    const char *types = call->is_star ? "*" : "";
    for (int i = 0; i < count && arguments[i]->op != IR_ROW_ORDER; i++)
        types = nt_arena_printf(arena, "%s%s%s", types, i ? ", " : "",
                                expr_type_name(&builder->lower->resolver, arguments[i]));
    if (call->direct_count < call->argument_count)
        types = nt_arena_printf(arena, "%s within group", types);
    static const char *const cures[][2] = {
        {"count", "count(*) or count(column)"},
        {"mode", "mode() WITHIN GROUP (ORDER BY column)"},
        {"approx_percentile", "approx_percentile(0.5, column)"},
        {"approx_count_distinct", "approx_count_distinct(CAST(column AS text))"},
        {"decayed_sum", "decayed_sum(column, event_time, interval '1 day')"},
        {"decayed_count", "decayed_count(event_time, interval '1 day')"},
        {"last_n", "last_n(column, event_time, 10)"},
        {"top_k", "top_k(column, 10)"},
        {"histogram", "histogram(column, 0, 100, 10)"},
        {"array_agg", "(array_agg(CAST(column AS text) ORDER BY event_time DESC))[1:10]"},
    };
    const char *cure = "an argument of another type, by CAST(... AS ...)";
    if (count != 1) cure = nt_arena_printf(arena, "%s(column)", call->name);
    if (is_bookend(call->name))
        cure = nt_arena_printf(arena, "%s(column, %s)", call->name, rows_event_time(builder->rows));
    if (strncmp(call->name, "percentile_", 11) == 0)
        cure = nt_arena_printf(arena, "%s(0.5) WITHIN GROUP (ORDER BY column)", call->name);
    for (size_t i = 0; i < sizeof cures / sizeof *cures; i++)
        if (strcmp(call->name, cures[i][0]) == 0) cure = cures[i][1];
    *diagnostics_error(builder->lower->diagnostics, call->offset, "function %s(%s) does not exist",
                       call->name, types) = cure;
}

int view_argument_get(struct view_builder *builder, struct ir_expr *expr, const char *sql)
{
    struct ir_view *view = builder->view;
    for (int i = 0; i < view->argument_count; i++)
        if (expr_is_same(view->arguments[i].expr, expr)) return i;
    view->arguments = array_more(builder->lower->arena, view->arguments, view->argument_count,
                                 sizeof *view->arguments);
    view->arguments[view->argument_count] = (struct ir_argument){.expr = expr, .sql = sql};
    return view->argument_count++;
}

static int window_get(struct view_builder *builder, const struct ir_window *window)
{
    struct ir_view *view = builder->view;
    for (int i = 0; i < view->window_count; i++)
        if (window_is_same(&view->windows[i], window)) return i;
    view->windows =
        array_more(builder->lower->arena, view->windows, view->window_count, sizeof *view->windows);
    view->windows[view->window_count] = *window;
    return view->window_count++;
}

static int measure_get(struct view_builder *builder, const struct ir_measure *measure)
{
    struct ir_view *view = builder->view;
    for (int i = 0; i < view->measure_count; i++) {
        const struct ir_measure *old = &view->measures[i];
        bool is_same = strcmp(old->aggregate, measure->aggregate) == 0 &&
                       old->is_distinct == measure->is_distinct && old->filter == measure->filter;
        for (int j = 0; is_same && j < measure->argument_count; j++)
            is_same = old->arguments[j] == measure->arguments[j];
        for (int j = 0; is_same && j < measure->parameter_count; j++)
            is_same = value_is_same(measure->parameter_types[j], old->parameters[j],
                                    measure->parameters[j]);
        if (is_same) return i;
    }
    view->measures = array_more(builder->lower->arena, view->measures, view->measure_count,
                                sizeof *view->measures);
    view->measures[view->measure_count] = *measure;
    return view->measure_count++;
}

static int term_get(struct view_builder *builder, int measure, int window)
{
    struct ir_view *view = builder->view;
    for (int i = 0; i < view->term_count; i++)
        if (view->terms[i].measure == measure && view->terms[i].window == window) return i;
    view->terms =
        array_more(builder->lower->arena, view->terms, view->term_count, sizeof *view->terms);
    view->terms[view->term_count] = (struct ir_term){measure, window};
    return view->term_count++;
}

int view_term_get(struct view_builder *builder, const struct ir_measure *measure)
{
    return term_get(builder, measure_get(builder, measure), 0);
}

struct bind_scope view_event_scope(struct view_builder *builder, const char *where)
{
    return (struct bind_scope){.resolver = &builder->lower->resolver,
                               .where = where,
                               .now_cure = "now() around the aggregate: now() - max(event_time)",
                               .self = &builder->columns,
                               .column = event_column};
}

static void outlived_warn(struct view_builder *builder, const struct ast_expr *call)
{
    *diagnostics_warn(
        builder->lower->diagnostics, call->filter->start,
        "this window is longer than the WHERE of the view, which drops events sooner: "
        "%s counts the shorter one",
        call->name) = "a longer interval in WHERE, or a shorter one here";
}

/* What is newest in a frame depends on no FILTER, and so a bound of one would not be a bound. */
static bool frame_check(struct view_builder *builder, const struct ast_expr *call,
                        const struct ir_window *own)
{
    if (!call->over || (!own->lower.is_set && !own->upper.is_set)) return true;
    *diagnostics_error(builder->lower->diagnostics, call->filter->start,
                       "an aggregate has a window of now() by FILTER or one of the latest event by "
                       "OVER, and not both") =
        "FILTER without now(), or the aggregate without OVER";
    return false;
}

/* The window of an aggregate: that of WHERE or OVER, within that of its FILTER. */
static bool aggregate_filter(struct view_builder *builder, const struct ast_expr *call,
                             struct ir_window *window, int *filter)
{
    struct ir_window own = {.sql = call->filter_sql};
    struct ir_expr *condition;
    bool is_outlived;
    struct ir_window outer = builder->view->windows[0];
    if (call->over && !view_over_window(builder, call, &outer)) return false;
    *window = outer;
    *filter = -1;
    if (!call->filter) return true;
    const struct bound_scope scope = {&builder->lower->resolver, rows_event_time(builder->rows),
                                      builder->columns.alias, "FILTER"};
    if (!rows_condition(builder->lower, builder->rows, &builder->columns, call->filter, "FILTER",
                        &own, &condition))
        return false;
    if (!frame_check(builder, call, &own) ||
        !window_intersect(&scope, &outer, &own, call->filter->start, window, &is_outlived))
        return false;
    if (is_outlived) outlived_warn(builder, call);
    if (window_is_empty(window))
        *diagnostics_warn(builder->lower->diagnostics, call->filter->start,
                          "no event can ever be in this window: its start is not before its end") =
            "the earlier bound with >, the later with <=";
    if (condition) *filter = view_argument_get(builder, condition, call->filter_sql);
    return true;
}

static void argument_add(struct view_builder *builder, const struct ast_expr *call,
                         struct ir_expr *argument, struct ir_measure *measure)
{
    int place = measure->argument_count++;
    measure->types[place] = argument->type;
    measure->arguments[place] = view_argument_get(builder, argument, call->sql);
}

/* The latest first is an order by the event time alone, which is never NULL. */
static struct ir_expr *argument_order(struct view_builder *builder, struct ir_expr *order)
{
    bool is_by_time = order->argument_count == 1 && order->orders[0].is_descending &&
                      view_is_event_time(builder, order->arguments[0]);
    return is_by_time ? order->arguments[0] : order;
}

/* Of equal values PostgreSQL finds those that stand side by side. */
static bool distinct_is_ordered(struct view_builder *builder, const struct ir_expr *value,
                                const struct ir_expr *order)
{
    for (int i = 0; i < order->argument_count; i++) {
        if (expr_is_same(order->arguments[i], value)) continue;
        *diagnostics_error(builder->lower->diagnostics, order->arguments[i]->place.offset,
                           "in an aggregate with DISTINCT, ORDER BY expressions must appear in "
                           "argument list") = "ORDER BY the value, or no DISTINCT";
        return false;
    }
    return true;
}

/* The arguments of the event and the parameters, each cast to what the line wants. */
static bool aggregate_take_arguments(struct view_builder *builder, const struct ast_expr *call,
                                     const struct aggregate_shape *shape,
                                     struct ir_expr *const *arguments, struct ir_measure *measure)
{
    struct resolver *resolver = &builder->lower->resolver;
    if (strcmp(shape->name, "histogram") == 0) {
        struct ir_expr *bucket = aggregate_take_histogram(resolver, shape, arguments, measure);
        if (bucket) argument_add(builder, call, bucket, measure);
        return bucket != NULL;
    }
    for (int i = 0; i < shape->count; i++) {
        int type = shape->types[i];
        if (shape->is_constant[i]) {
            if (!aggregate_add_parameter(resolver, shape, arguments[i], (enum nt_type)type,
                                         measure))
                return false;
            continue;
        }
        struct ir_expr *argument = type < NT_TYPE_COUNT
                                       ? coerce_implicit(resolver, arguments[i], (enum nt_type)type,
                                                         "argument of an aggregate")
                                       : coerce_known(resolver, arguments[i]);
        /* Hashed as text, as schemas/pg does. */
        if (argument && type_is_enum(argument->type) &&
            strcmp(shape->name, "approx_count_distinct") == 0)
            argument = coerce_explicit(resolver, argument, NT_TEXT, argument->place.offset);
        if (!argument) return false;
        if (type == AGGREGATE_ORDER && shape->is_distinct &&
            !distinct_is_ordered(builder, arguments[0], argument))
            return false;
        if (type == AGGREGATE_ORDER && !shape->is_distinct)
            argument = argument_order(builder, argument);
        argument_add(builder, call, argument, measure);
    }
    return true;
}

/* DISTINCT is of one argument; what keeps every value is better not kept for ever. */
static bool aggregate_check_copies(struct view_builder *builder, const struct ast_expr *call,
                                   const struct aggregate_shape *shape,
                                   const struct ir_window *window, struct ir_measure *measure)
{
    struct diagnostics *diagnostics = builder->lower->diagnostics;
    measure->is_distinct =
        call->is_distinct && !shape->is_distinct && !aggregate_ignores_copies(shape);
    bool is_histogram = strcmp(shape->name, "histogram") == 0; /* its argument is the bucket */
    if (measure->is_distinct && (measure->argument_count != 1 || is_histogram)) {
        *diagnostics_error(diagnostics, call->offset,
                           "DISTINCT within %s of several arguments is not part of the definition "
                           "language",
                           call->name) =
            nt_arena_printf(builder->lower->arena, "%s without DISTINCT", call->name);
        return false;
    }
    bool keeps_values = measure->is_distinct || shape->direct_count < shape->count ||
                        strcmp(call->name, "median") == 0 || strcmp(call->name, "top_k") == 0;
    if (keeps_values && !window->lower.is_set)
        *diagnostics_warn(diagnostics, call->offset,
                          "%s%s without a window keeps every value of an entity for ever",
                          call->name, measure->is_distinct ? "(DISTINCT)" : "") =
            "FILTER (WHERE event_time > now() - interval '30 days'), approx_count_distinct or "
            "approx_percentile";
    return true;
}

static enum nt_type measure_result(const struct aggregate_shape *shape,
                                   const struct ir_measure *measure)
{
    if (shape->result == AGGREGATE_SAME) return measure->types[0];
    if (shape->result == AGGREGATE_ARRAY) return NT_ARRAY_OF(measure->types[0]);
    return shape->result == AGGREGATE_DECAYED ? NT_BYTEA : (enum nt_type)shape->result;
}

static struct ir_expr *aggregate_bind(const struct bind_scope *outer, const struct ast_expr *call)
{
    struct view_builder *builder = outer->self;
    struct lower *lower = builder->lower;
    const struct ast_expr *filtered = aggregate_of_case(lower->arena, call);
    if (filtered) return bind_expr(outer, filtered);
    struct bind_scope scope = view_event_scope(builder, "the argument of an aggregate");
    scope.is_in_aggregate = true;
    scope.now_cure = "FILTER (WHERE event_time > now() - interval '...') behind the aggregate, or "
                     "now() around it: now() - max(event_time)";
    struct ir_expr *arguments[AGGREGATE_ARGUMENTS_MAX] = {NULL};
    int count = call->argument_count;
    bool is_right = true;
    for (int i = 0; i < count && i < AGGREGATE_ARGUMENTS_MAX; i++) {
        arguments[i] = bind_expr(&scope, call->arguments[i]);
        is_right &= expr_check_size(lower, arguments[i]) &&
                    !json_refuse(&lower->resolver, arguments[i], "an argument of an aggregate");
    }
    struct ir_window window;
    struct ir_measure measure = {.sql = call->sql};
    is_right &= aggregate_filter(builder, call, &window, &measure.filter);
    if (!is_right) return NULL;
    struct aggregate_shape shape;
    if (count > AGGREGATE_ARGUMENTS_MAX || !aggregate_find(call, arguments, &shape)) {
        aggregate_report(builder, call, arguments,
                         count < AGGREGATE_ARGUMENTS_MAX ? count : AGGREGATE_ARGUMENTS_MAX);
        return NULL;
    }
    if (!aggregate_take_arguments(builder, call, &shape, arguments, &measure) ||
        !aggregate_check_copies(builder, call, &shape, &window, &measure))
        return NULL;
    measure.aggregate = shape.symbol;
    measure.result = measure_result(&shape, &measure);
    struct ir_expr *out = expr_make(lower->arena, IR_TERM, measure.result, call->offset, 0);
    out->index = term_get(builder, measure_get(builder, &measure), window_get(builder, &window));
    return shape.result == AGGREGATE_DECAYED ? decay_make(&lower->resolver, out) : out;
}

/* A column in a feature: what is not part of the key is reported once all is bound. */
static struct ir_expr *feature_column(const struct bind_scope *scope, const struct ast_expr *expr)
{
    const struct bind_scope event = view_event_scope(scope->self, scope->where);
    return event_column(&event, expr);
}

/* Marks the terms that the expression reads; says whether it reads the clock. */
static bool terms_mark(const struct ir_expr *expr, bool *is_read)
{
    bool reads_clock = expr->op == IR_NOW;
    if (expr->op == IR_TERM) is_read[expr->index] = true;
    for (int i = 0; i < expr->argument_count; i++)
        reads_clock |= terms_mark(expr->arguments[i], is_read);
    return reads_clock;
}

static void feature_set_terms(struct view_builder *builder, struct ir_feature *feature)
{
    struct nt_arena *arena = builder->lower->arena;
    int count = builder->view->term_count;
    bool *is_read = nt_arena_zalloc(arena, (size_t)count + 1);
    feature->reads_clock = terms_mark(feature->expr, is_read);
    feature->terms = nt_arena_zalloc(arena, ((size_t)count + 1) * sizeof *feature->terms);
    for (int i = 0; i < count; i++)
        if (is_read[i]) feature->terms[feature->term_count++] = i;
}

static struct bind_scope feature_scope(struct view_builder *builder, const char *where)
{
    return (struct bind_scope){.resolver = &builder->lower->resolver,
                               .where = builder->row_order ? "a view of latest rows" : where,
                               .allows_now = true,
                               .self = builder,
                               .column = feature_column,
                               .aggregate = aggregate_bind,
                               .wants_over = builder->row_order != NULL};
}

static bool feature_lower(struct view_builder *builder, const struct ast_item *item,
                          const char *name)
{
    const struct bind_scope scope = feature_scope(builder, "a feature");
    if (!item->expr) return false;
    struct ir_expr *expr = bind_value(&scope, item->expr);
    if (!expr_check_size(builder->lower, expr) ||
        json_refuse(&builder->lower->resolver, expr, "a feature") ||
        !view_keys_replace(builder, &expr))
        return false;
    struct ir_feature *feature = &builder->view->features[builder->view->feature_count++];
    feature->name = name;
    feature->sql = item->sql;
    feature->type = expr->type;
    feature->expr = expr;
    feature->key = expr->op == IR_KEY ? expr->index : -1;
    feature_set_terms(builder, feature);
    return true;
}

/* Where it reads the clock a row comes and goes without an event, so every feature does too. */
static bool having_lower(struct view_builder *builder)
{
    struct ir_view *view = builder->view;
    const struct ast_view *syntax = builder->syntax;
    const struct bind_scope scope = feature_scope(builder, "HAVING");
    if (!syntax->having) return true;
    struct ir_expr *expr = bind_condition(&scope, syntax->having, "argument of HAVING");
    if (!expr_check_size(builder->lower, expr) || !view_keys_replace(builder, &expr)) return false;
    view->having = nt_arena_zalloc(builder->lower->arena, sizeof *view->having);
    *view->having =
        (struct ir_feature){.sql = syntax->having_sql, .type = NT_BOOL, .key = -1, .expr = expr};
    feature_set_terms(builder, view->having);
    for (int i = 0; i < view->feature_count; i++)
        if (view->features[i].key < 0) view->features[i].reads_clock |= view->having->reads_clock;
    return true;
}

/* windows[0] and terms[0]: the WHERE window and how many events are in it. */
static bool where_lower(struct view_builder *builder)
{
    const struct ast_view *syntax = builder->syntax;
    struct ir_window window;
    bool is_right = rows_where(builder->lower, builder->rows, syntax, &window, &builder->where);
    if (is_right && window_is_empty(&window))
        *diagnostics_warn(builder->lower->diagnostics,
                          syntax->where ? syntax->where->start : syntax->from.name.offset,
                          "no event can ever be in this window: its start is not before its end") =
            "the earlier bound with >, the later with <=";
    const struct ir_measure count = {
        .aggregate = "count_star", .result = NT_INT8, .filter = -1, .sql = "count(*)"};
    term_get(builder, measure_get(builder, &count), window_get(builder, &window));
    return is_right;
}

static bool feed_make(struct view_builder *builder, const struct event_arm *arm,
                      struct ir_feed *feed)
{
    struct lower *lower = builder->lower;
    const struct ir_view *view = builder->view;
    struct ir_expr *own =
        builder->where ? expr_substitute(lower->arena, builder->where, arm->columns) : NULL;
    feed->source = arm->source;
    feed->where = own && arm->where
                      ? expr_pair(lower->arena, IR_AND, arm->where, own, own->place.offset)
                  : own ? own
                        : arm->where;
    feed->where_sql = builder->syntax->where_sql ? builder->syntax->where_sql : arm->where_sql;
    if (own && arm->where)
        feed->where_sql =
            nt_arena_printf(lower->arena, "%s AND %s", arm->where_sql, builder->syntax->where_sql);
    feed->arguments =
        nt_arena_zalloc(lower->arena, ((size_t)view->argument_count + 1) * sizeof *feed->arguments);
    bool is_right = !feed->where || expr_check_size(lower, feed->where);
    for (int i = 0; i < view->key_count; i++) {
        feed->keys[i] = expr_substitute(lower->arena, view->key_exprs[i], arm->columns);
        feed->key_columns[i] = feed->keys[i]->op == IR_COLUMN ? feed->keys[i]->index : -1;
        is_right &= expr_check_size(lower, feed->keys[i]);
    }
    for (int i = 0; i < view->argument_count; i++) {
        feed->arguments[i] = expr_substitute(lower->arena, view->arguments[i].expr, arm->columns);
        is_right &= expr_check_size(lower, feed->arguments[i]);
    }
    return is_right;
}

static bool feeds_make(struct view_builder *builder)
{
    const struct event_rows *rows = builder->rows;
    struct ir_view *view = builder->view;
    view->feed_count = rows->arm_count;
    view->feeds =
        nt_arena_zalloc(builder->lower->arena, (size_t)rows->arm_count * sizeof *view->feeds);
    for (int i = 0; i < rows->arm_count; i++)
        if (!feed_make(builder, &rows->arms[i], &view->feeds[i])) return false;
    return true;
}

static bool features_lower(struct view_builder *builder)
{
    const struct ast_view *syntax = builder->syntax;
    struct lower *lower = builder->lower;
    size_t count = (size_t)syntax->item_count;
    const char **names = nt_arena_zalloc(lower->arena, (count + 1) * sizeof *names);
    builder->view->features =
        nt_arena_zalloc(lower->arena, (count + 1) * sizeof *builder->view->features);
    bool is_right = check_items(lower, syntax, names);
    bool is_whole = true;
    if (syntax->item_count > NT_COLUMNS_MAX) return false;
    for (int i = 0; i < syntax->item_count; i++)
        is_whole &= feature_lower(builder, &syntax->items[i], names[i]);
    is_whole &= having_lower(builder);
    if (builder->view->term_count > TERMS_MAX || builder->view->argument_count > TERMS_MAX) {
        diagnostics_error(lower->diagnostics, syntax->name.offset,
                          "view \"%s\" has more than %d different aggregates", syntax->name.text,
                          TERMS_MAX);
        return false;
    }
    return is_whole && view_keys_name(builder) && is_right;
}

bool lower_view(struct lower *lower, const struct ast_view *syntax)
{
    struct ir_program *program = lower->program;
    program->views =
        array_more(lower->arena, program->views, program->view_count, sizeof *program->views);
    struct ir_view *view = &program->views[program->view_count++];
    bool is_right = check_name(lower, syntax->name, "view");
    view->name = syntax->name.text;
    view->sql = syntax->sql;
    check_alias(lower, &syntax->from);
    const struct event_rows *rows = rows_find(lower, syntax);
    if (!rows) return false;
    struct view_builder builder = {.lower = lower,
                                   .syntax = syntax,
                                   .view = view,
                                   .rows = rows,
                                   .columns = rows_columns(rows, &syntax->from)};
    bool has_keys = view_keys_lower(&builder);
    if (syntax->is_distinct) has_keys = has_keys && view_order_lower(&builder);
    is_right &= where_lower(&builder);
    if (!has_keys || !features_lower(&builder) || !is_right || !feeds_make(&builder)) return false;
    view_event_key_lower(&builder);
    return true;
}
