/*
 * lower_event_key.c: PRIMARY KEY of a source: of accepted events with equal keys one counts.
 *
 * The event time is among the columns, and so are the entity keys of every view: then equal events
 * meet in one timeline at one microsecond, whatever the order in which they come, and settling
 * which of them counts (timeline_unique.c) needs no memory beside the timeline. That one is the
 * greater row, by the whole row, before WHERE is asked: a row that WHERE drops may still beat
 * another. So WHERE becomes a condition of every measure, and all rows are kept.
 */
#include "compiler/view_builder.h"

#include <string.h>

/* ---- of a source ---- */

static bool key_refuse_time(struct lower *lower, const struct ast_table *table,
                            const struct ir_source *source)
{
    const char *columns = table->key[0].text;
    for (int i = 1; i < table->key_count; i++)
        columns = nt_arena_printf(lower->arena, "%s, %s", columns, table->key[i].text);
    *diagnostics_error(lower->diagnostics, table->key_offset,
                       "an event key holds the event time: a repeated event has the time of the "
                       "first, and two of different times could only be told apart for ever") =
        nt_arena_printf(lower->arena, "PRIMARY KEY (%s, %s)", columns,
                        source->columns[source->event_time].name);
    return false;
}

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
    bool is_right = true, has_time = false;
    source->key_count = table->key_count;
    source->key =
        nt_arena_zalloc(lower->arena, ((size_t)table->key_count + 1) * sizeof *source->key);
    for (int i = 0; i < table->key_count && is_right; i++) {
        is_right = key_column_lower(lower, table, i, source);
        has_time |= is_right && source->key[i] == source->event_time;
    }
    if (!is_right || table->key_count == 0) return is_right;
    if (!has_time) return key_refuse_time(lower, table, source);
    return has_order(lower, table, source);
}

/* ---- of a view ---- */

static bool is_of_key(const struct ir_source *source, int column)
{
    for (int i = 0; i < source->key_count; i++)
        if (source->key[i] == column) return true;
    return false;
}

static bool entity_check(struct view_builder *builder, const struct ir_feed *feed)
{
    struct lower *lower = builder->lower;
    const struct ir_source *source = &lower->program->sources[feed->source];
    const struct ast_view *syntax = builder->syntax;
    const char *columns = source->columns[source->key[0]].name;
    for (int i = 1; i < source->key_count; i++)
        columns =
            nt_arena_printf(lower->arena, "%s, %s", columns, source->columns[source->key[i]].name);
    for (int i = 0; i < builder->view->key_count; i++) {
        if (feed->key_columns[i] >= 0 && is_of_key(source, feed->key_columns[i])) continue;
        *diagnostics_error(lower->diagnostics, syntax->group[i]->start,
                           "an entity key over \"%s\" is of columns of its PRIMARY KEY (%s): equal "
                           "events must be of one entity",
                           source->name, columns) =
            feed->key_columns[i] < 0
                ? nt_arena_printf(lower->arena, "one of %s", columns)
                : nt_arena_printf(lower->arena, "PRIMARY KEY (%s, %s) in the source",
                                  source->columns[feed->key_columns[i]].name, columns);
        return false;
    }
    return true;
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

static bool frames_check(struct view_builder *builder)
{
    for (int i = 0; i < builder->view->window_count; i++) {
        if (!builder->view->windows[i].has_frame) continue;
        *diagnostics_error(builder->lower->diagnostics, builder->syntax->where->start,
                           "OVER over a source with PRIMARY KEY takes no condition in WHERE but "
                           "bounds on now(): what it drops may still be the latest of an entity") =
            "the condition in a CHECK of the source, or aggregates with GROUP BY";
        return false;
    }
    return true;
}

bool view_event_key_lower(struct view_builder *builder)
{
    struct ir_view *view = builder->view;
    struct nt_arena *arena = builder->lower->arena;
    bool has_where = false;
    for (int i = 0; i < view->feed_count; i++) {
        if (!is_keyed(builder, &view->feeds[i])) continue;
        view->has_event_key = true;
        has_where |= view->feeds[i].where != NULL;
        if (!entity_check(builder, &view->feeds[i])) return false;
    }
    if (!view->has_event_key) return true;
    if (has_where && !frames_check(builder)) return false;
    if (has_where) where_move(builder);
    struct ir_expr *none = expr_const(arena, NT_TEXT, NT_NULL, -1);
    int key = argument_add(builder, "the event key", none);
    int rank = argument_add(builder, "the rest of the row", none);
    for (int i = 0; i < view->feed_count; i++) {
        const struct ir_source *source = &builder->lower->program->sources[view->feeds[i].source];
        if (!source->key_count) continue;
        view->feeds[i].arguments[key] = order_make(arena, source, i, true);
        view->feeds[i].arguments[rank] = order_make(arena, source, i, false);
    }
    return true;
}
