/*
 * lower_event_key.c: PRIMARY KEY of a source: of accepted events with equal keys one counts.
 *
 * Where the event time is among its columns, and so are the entity keys of a view, equal events
 * meet in one timeline at one microsecond, whatever the order in which they come, and settling
 * which of them counts (timeline_unique.c) needs no memory beside the timeline. That one is the
 * greater row, by the whole row, before WHERE is asked: a row that WHERE drops may still beat
 * another. So WHERE becomes a condition of every measure, and all rows are kept.
 *
 * Any other view is told of repeats by those who keep a list of keys (runtime/repeats.h).
 */
#include "compiler/bound.h"
#include "compiler/view_builder.h"

#include <string.h>

/* ---- of a source ---- */

static bool key_column_lower(struct lower *lower, const struct ast_table *table, int index,
                             struct ir_source *source)
{
    const struct ast_name *name = &table->key[index];
    int column = column_find(source->columns, source->column_count, name->text);
    if (column < 0) {
        diagnostics_error(lower->diagnostics, name->offset,
                          "column \"%s\" named in key does not exist", name->text);
        return false;
    }
    for (int i = 0; i < index; i++) {
        if (strcmp(table->key[i].text, name->text) != 0) continue;
        diagnostics_error(lower->diagnostics, name->offset,
                          "column \"%s\" appears twice in primary key constraint", name->text);
        return false;
    }
    source->columns[column].is_not_null = true;
    source->key[index] = column;
    return true;
}

/* Which of two equal events is the greater row takes an order of all its columns. */
static bool has_order(struct lower *lower, const struct ast_table *table,
                      const struct ir_source *source)
{
    for (int i = 0; i < source->column_count; i++) {
        if (source->columns[i].type != NT_JSONB) continue;
        *diagnostics_error(lower->diagnostics, table->columns[i].name.offset,
                           "jsonb is not ordered here: of events with one PRIMARY KEY the greater "
                           "row counts") =
            nt_arena_printf(lower->arena, "%s text; a view of events casts it, %s::jsonb",
                            source->columns[i].name, source->columns[i].name);
        return false;
    }
    return true;
}

bool lower_event_key(struct lower *lower, const struct ast_table *table, struct ir_source *source)
{
    bool is_right = true;
    source->key_count = table->key_count;
    source->key =
        nt_arena_zalloc(lower->arena, ((size_t)table->key_count + 1) * sizeof *source->key);
    for (int i = 0; i < table->key_count && is_right; i++)
        is_right = key_column_lower(lower, table, i, source);
    return is_right && (table->key_count == 0 || has_order(lower, table, source));
}

/* ---- of a view ---- */

static bool is_of_key(const struct ir_source *source, int column)
{
    for (int i = 0; i < source->key_count; i++)
        if (source->key[i] == column) return true;
    return false;
}

/* Are equal events of one microsecond and of one entity? */
static bool feed_is_settled(const struct view_builder *builder, const struct ir_feed *feed)
{
    const struct ir_source *source = &builder->lower->program->sources[feed->source];
    bool is_settled = is_of_key(source, source->event_time);
    for (int i = 0; i < builder->view->key_count; i++)
        is_settled &= feed->key_columns[i] >= 0 && is_of_key(source, feed->key_columns[i]);
    return is_settled;
}

static struct ir_expr *column_make(struct nt_arena *arena, const struct ir_source *source,
                                   int column)
{
    struct ir_expr *expr = expr_make(arena, IR_COLUMN, source->columns[column].type, -1, 0);
    expr->index = column;
    return expr;
}

/* Bytes that are equal where the key is, or that are the greater the greater the row is otherwise,
 * NULL least. The feed tells apart what UNION ALL makes two events of. */
static struct ir_expr *order_make(struct nt_arena *arena, const struct ir_source *source, int feed,
                                  bool is_key)
{
    struct ir_expr *expr = expr_make(arena, IR_ROW_ORDER, NT_TEXT, -1, source->column_count + 1);
    struct nt_order *orders =
        nt_arena_zalloc(arena, ((size_t)source->column_count + 1) * sizeof *orders);
    expr->argument_count = 0;
    expr->index = is_key;
    if (is_key) {
        expr->arguments[0] = expr_const(arena, NT_INT4, nt_integer(feed), -1);
        orders[expr->argument_count++] = (struct nt_order){NT_INT4, true, false};
    }
    for (int i = 0; i < source->column_count; i++) {
        if (is_key != is_of_key(source, i)) continue;
        expr->arguments[expr->argument_count] = column_make(arena, source, i);
        orders[expr->argument_count++] = (struct nt_order){source->columns[i].type, true, false};
    }
    expr->orders = orders;
    return expr->argument_count ? expr : expr_const(arena, NT_TEXT, nt_text("", 0), -1);
}

/* A new last argument of the view; each feed sets its own expression. */
static int argument_add(struct view_builder *builder, const char *sql, struct ir_expr *expr)
{
    struct ir_view *view = builder->view;
    struct nt_arena *arena = builder->lower->arena;
    int index = view->argument_count++;
    view->arguments = array_more(arena, view->arguments, index, sizeof *view->arguments);
    view->arguments[index] = (struct ir_argument){.expr = expr, .sql = sql};
    for (int i = 0; i < view->feed_count; i++) {
        struct ir_feed *feed = &view->feeds[i];
        struct ir_expr **arguments =
            nt_arena_zalloc(arena, ((size_t)index + 1) * sizeof *arguments);
        memcpy(arguments, feed->arguments, (size_t)index * sizeof *arguments);
        arguments[index] = expr;
        feed->arguments = arguments;
    }
    return index;
}

static struct ir_expr *filter_make(struct nt_arena *arena, struct ir_expr *where,
                                   struct ir_expr *filter)
{
    struct ir_expr *expr = expr_make(arena, IR_CASE, NT_BOOL, where->place.offset, 3);
    expr->arguments[0] = where;
    expr->arguments[1] = filter;
    expr->arguments[2] = expr_const(arena, NT_BOOL, nt_bool(false), -1);
    return expr;
}

static bool is_keyed(const struct view_builder *builder, const struct ir_feed *feed)
{
    return builder->lower->program->sources[feed->source].key_count > 0;
}

/* WHERE of the feeds with a key into an argument that every measure without a FILTER has for one,
 * and into the FILTERs of the others. */
static void where_move(struct view_builder *builder)
{
    struct ir_view *view = builder->view;
    struct nt_arena *arena = builder->lower->arena;
    struct ir_expr *always = expr_const(arena, NT_BOOL, nt_bool(true), -1);
    int where = argument_add(builder, builder->syntax->where_sql, always);
    uint8_t *is_moved = nt_arena_zalloc(arena, (size_t)view->argument_count);
    is_moved[where] = 1;
    for (int i = 0; i < view->feed_count; i++)
        if (is_keyed(builder, &view->feeds[i]) && view->feeds[i].where)
            view->feeds[i].arguments[where] = view->feeds[i].where;
    for (int m = 0; m < view->measure_count; m++) {
        struct ir_measure *measure = &view->measures[m];
        if (measure->filter < 0) measure->filter = where;
        if (is_moved[measure->filter]) continue;
        is_moved[measure->filter] = 1;
        for (int i = 0; i < view->feed_count; i++) {
            struct ir_expr **arguments = view->feeds[i].arguments;
            arguments[measure->filter] =
                filter_make(arena, arguments[where], arguments[measure->filter]);
        }
    }
    for (int i = 0; i < view->feed_count; i++)
        if (is_keyed(builder, &view->feeds[i])) view->feeds[i].where = NULL;
}

/* ---- what of it the timeline settles ---- */

static bool has_frame(const struct ir_view *view)
{
    for (int i = 0; i < view->window_count; i++)
        if (view->windows[i].has_frame) return true;
    return false;
}

/* How far back the view looks: an event so old is seen no more, one a microsecond younger may be.
 * So it never sees a key twice. */
static int64_t view_reach_us(const struct ir_view *view)
{
    int64_t reach = 0;
    for (int i = 0; i < view->window_count; i++) {
        const struct ir_bound *lower = &view->windows[i].lower;
        int64_t us = lower->is_set ? bound_reach_us(lower) : INT64_MAX;
        if (us == INT64_MAX) return NT_REPEATS_FOREVER;
        if (us + lower->is_inclusive > reach) reach = us + lower->is_inclusive;
    }
    return reach;
}

static void repeats_lower(struct view_builder *builder)
{
    struct ir_view *view = builder->view;
    view->has_repeats = true;
    view->repeats_us = view_reach_us(view);
    if (view->repeats_us < NT_REPEATS_FOREVER) return;
    *diagnostics_warn(
        builder->lower->diagnostics, builder->syntax->name.offset,
        "view \"%s\" reads a source with PRIMARY KEY and has no bound on now() in WHERE: its "
        "events, and the keys of all that come, are kept for ever",
        view->name) =
        nt_arena_printf(builder->lower->arena, "WHERE %s > now() - interval '30 days'",
                        rows_event_time(builder->rows));
}

static void timeline_lower(struct view_builder *builder)
{
    struct ir_view *view = builder->view;
    struct nt_arena *arena = builder->lower->arena;
    struct ir_expr *none = expr_const(arena, NT_TEXT, NT_NULL, -1);
    int key = argument_add(builder, "the event key", none);
    int rank = argument_add(builder, "the rest of the row", none);
    view->has_event_key = true;
    for (int i = 0; i < view->feed_count; i++) {
        const struct ir_source *source = &builder->lower->program->sources[view->feeds[i].source];
        if (!source->key_count) continue;
        view->feeds[i].arguments[key] = order_make(arena, source, i, true);
        view->feeds[i].arguments[rank] = order_make(arena, source, i, false);
    }
}

/* A frame begins at the newest event that WHERE lets in, so WHERE stays what it is there. */
void view_event_key_lower(struct view_builder *builder)
{
    struct ir_view *view = builder->view;
    bool has_key = false, has_where = false, is_settled = true;
    for (int i = 0; i < view->feed_count; i++) {
        if (!is_keyed(builder, &view->feeds[i])) continue;
        has_key = true;
        has_where |= view->feeds[i].where != NULL;
        is_settled &= feed_is_settled(builder, &view->feeds[i]);
    }
    if (!has_key) return;
    if (!is_settled || (has_where && has_frame(view))) {
        repeats_lower(builder);
        return;
    }
    if (has_where) where_move(builder);
    timeline_lower(builder);
}
