/*
 * lower_latest.c: SELECT DISTINCT ON (key) ... ORDER BY key, ts DESC: a view of each entity's first
 * row.
 *
 * Each column that the select list reads is last(column, place), place being an argument that
 * orders whole rows: by the rest of ORDER BY, then, where that leaves a tie, by every column of the
 * source, the greater value first, NULL last, a jsonb by its text. So all columns come from one
 * row, whatever the order in which events arrived.
 */
#include "compiler/view_builder.h"

static bool order_refuse(struct view_builder *builder, int offset, const char *reason)
{
    const struct ast_view *syntax = builder->syntax;
    const char *keys = syntax->group_sql[0];
    for (int i = 1; i < syntax->group_count; i++)
        keys = nt_arena_printf(builder->lower->arena, "%s, %s", keys, syntax->group_sql[i]);
    *diagnostics_error(builder->lower->diagnostics, offset, "%s", reason) = nt_arena_printf(
        builder->lower->arena, "ORDER BY %s, %s DESC", keys, rows_event_time(builder->rows));
    return false;
}

/* The leading items of ORDER BY are the keys, in any order. */
static bool keys_lead(struct view_builder *builder, struct ir_expr **sorts)
{
    const struct ast_view *syntax = builder->syntax;
    bool is_seen[NT_KEY_COLUMNS_MAX] = {false};
    for (int i = 0; i < builder->view->key_count; i++) {
        int key = i < syntax->sort_count ? view_key_find(builder->view, sorts[i]) : -1;
        if (key < 0 || is_seen[key])
            return order_refuse(builder, syntax->group[0]->start,
                                "SELECT DISTINCT ON expressions must match initial ORDER BY "
                                "expressions");
        is_seen[key] = true;
    }
    if (syntax->sort_count > builder->view->key_count) return true;
    return order_refuse(builder, syntax->group[0]->start,
                        "ORDER BY does not say which row of an entity is the latest");
}

bool view_is_event_time(const struct view_builder *builder, const struct ir_expr *expr)
{
    return expr->op == IR_COLUMN && expr->index == builder->rows->event_time;
}

static struct ir_expr *row_order_make(struct view_builder *builder, struct ir_expr *const *sorts)
{
    struct nt_arena *arena = builder->lower->arena;
    const struct ast_view *syntax = builder->syntax;
    const struct event_rows *source = builder->rows;
    int key_count = builder->view->key_count;
    int count = syntax->sort_count - key_count + source->column_count, at = 0;
    struct ir_expr *out = expr_make(arena, IR_ROW_ORDER, NT_TEXT, syntax->group[0]->start, count);
    struct nt_order *orders = nt_arena_zalloc(arena, (size_t)count * sizeof *orders);
    for (int i = key_count; i < syntax->sort_count; i++, at++) {
        out->arguments[at] = sorts[i];
        orders[at] = (struct nt_order){sorts[i]->type, syntax->sorts[i].is_descending,
                                       syntax->sorts[i].is_null_first};
    }
    for (int i = 0; i < source->column_count; i++, at++) {
        struct ir_expr *column =
            expr_make(arena, IR_COLUMN, source->columns[i].type, out->place.offset, 0);
        column->index = i;
        if (column->type == NT_JSONB)
            column = coerce_explicit(&builder->lower->resolver, column, NT_TEXT, out->place.offset);
        out->arguments[at] = column;
        orders[at] = (struct nt_order){column->type, true, false};
    }
    out->orders = orders;
    return out;
}

bool view_order_lower(struct view_builder *builder)
{
    const struct ast_view *syntax = builder->syntax;
    struct ir_expr **sorts =
        nt_arena_zalloc(builder->lower->arena, ((size_t)syntax->sort_count + 1) * sizeof *sorts);
    bool is_right = true;
    for (int i = 0; i < syntax->sort_count; i++) {
        sorts[i] = view_key_bind(builder, syntax->sorts[i].expr, "ORDER BY");
        is_right &= sorts[i] != NULL;
    }
    if (!is_right || !keys_lead(builder, sorts)) return false;
    builder->row_order = row_order_make(builder, sorts);
    builder->is_latest_first = syntax->sorts[builder->view->key_count].is_descending &&
                               view_is_event_time(builder, sorts[builder->view->key_count]);
    return expr_check_size(builder->lower, builder->row_order);
}

struct ir_expr *view_latest_column(struct view_builder *builder, const struct ir_expr *column)
{
    struct nt_arena *arena = builder->lower->arena;
    const char *name = builder->rows->columns[column->index].name;
    struct ir_expr *argument = expr_make(arena, IR_COLUMN, column->type, column->place.offset, 0);
    argument->index = column->index;
    const struct ir_measure measure = {
        .aggregate = "last",
        .argument_count = 2,
        .arguments = {view_argument_get(builder, argument, name),
                      view_argument_get(
                          builder, builder->row_order,
                          nt_arena_printf(arena, "ORDER BY %s", builder->syntax->sort_sql))},
        .types = {column->type, NT_TEXT},
        .result = column->type,
        .filter = -1,
        .sql = nt_arena_printf(arena, "%s of the latest row", name)};
    struct ir_expr *term = expr_make(arena, IR_TERM, column->type, column->place.offset, 0);
    term->index = view_term_get(builder, &measure);
    return term;
}
