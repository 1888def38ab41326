/*
 * lower_over.c: aggregate OVER (PARTITION BY key ORDER BY event_time RANGE ...) in a view of latest
 * rows. PostgreSQL gives each row the aggregate over its frame, and DISTINCT ON picks the latest
 * row, so the value is that of the frame which ends at the entity's newest event: a window whose
 * ends do not move with now() alone.
 */
#include "compiler/bound.h"
#include "compiler/view_builder.h"

static bool over_refuse(struct view_builder *builder, const struct ast_over *over,
                        const char *reason)
{
    const struct ast_view *syntax = builder->syntax;
    struct nt_arena *arena = builder->lower->arena;
    const char *keys = syntax->group_sql[0], *time = rows_event_time(builder->rows);
    for (int i = 1; i < syntax->group_count; i++)
        keys = nt_arena_printf(arena, "%s, %s", keys, syntax->group_sql[i]);
    *diagnostics_error(builder->lower->diagnostics, over->offset, "%s", reason) =
        nt_arena_printf(arena,
                        "OVER (PARTITION BY %s ORDER BY %s RANGE BETWEEN interval '7 days' "
                        "PRECEDING AND CURRENT ROW), with ORDER BY %s, %s DESC at the end",
                        keys, time, keys, time);
    return false;
}

/* False: reported, or not the key; then *is_bound says which. */
static bool partition_is_key(struct view_builder *builder, const struct ast_over *over,
                             bool *is_bound)
{
    bool is_seen[NT_KEY_COLUMNS_MAX] = {false};
    const struct bind_scope scope = view_event_scope(builder, "PARTITION BY");
    int seen = 0;
    *is_bound = true;
    for (int i = 0; i < over->partition_count; i++) {
        struct ir_expr *expr = bind_value(&scope, over->partition[i]);
        *is_bound &= expr != NULL;
        int key = expr ? view_key_find(builder->view, expr) : -1;
        if (key < 0) return false;
        seen += !is_seen[key];
        is_seen[key] = true;
    }
    return seen == builder->view->key_count;
}

static bool is_by_time(struct view_builder *builder, const struct ast_over *over, bool *is_bound)
{
    const struct bind_scope scope = view_event_scope(builder, "ORDER BY");
    if (over->sort_count != 1 || over->sorts[0].is_descending) return false;
    struct ir_expr *expr = bind_value(&scope, over->sorts[0].expr);
    *is_bound = expr != NULL;
    return expr && view_is_event_time(builder, expr);
}

static void forever_warn(struct view_builder *builder, const struct ast_expr *call)
{
    *diagnostics_warn(builder->lower->diagnostics, call->offset,
                      "%s over a frame of the latest event keeps every event of an entity for "
                      "ever: the latest may be of any age",
                      call->name) =
        nt_arena_printf(builder->lower->arena, "WHERE %s > now() - interval '30 days'",
                        rows_event_time(builder->rows));
}

static bool frame_set(struct view_builder *builder, const struct ast_expr *call,
                      struct ir_window *window)
{
    const struct ast_over *over = call->over;
    const struct bound_scope scope = {&builder->lower->resolver, rows_event_time(builder->rows),
                                      builder->columns.alias, "RANGE"};
    window->has_frame = over->is_from_row || over->preceding;
    if (!window->has_frame) return true;
    if (over->preceding &&
        !bound_interval(&scope, bound_literal(&scope, over->preceding), &window->frame_us))
        return false;
    if (window->frame_us < 0) {
        *diagnostics_error(builder->lower->diagnostics, over->preceding->start,
                           "invalid preceding or following size in window function") =
            "an interval that is not negative";
        return false;
    }
    if (!window->lower.is_set) forever_warn(builder, call);
    return true;
}

bool view_over_window(struct view_builder *builder, const struct ast_expr *call,
                      struct ir_window *window)
{
    const struct ast_over *over = call->over;
    bool is_bound = true;
    if (!partition_is_key(builder, over, &is_bound))
        return is_bound && over_refuse(builder, over,
                                       "the partition of a window is the key of the view: the "
                                       "events of other entities are not at hand");
    if (over->is_whole || (over->sort_count == 0 && !over->preceding)) return true;
    if (!is_by_time(builder, over, &is_bound) || !builder->is_latest_first)
        return is_bound && over_refuse(builder, over,
                                       "a frame goes by the event time, up to the event that "
                                       "ORDER BY of the view puts first: the latest");
    return frame_set(builder, call, window);
}
