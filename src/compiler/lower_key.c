/* lower_key.c: GROUP BY or DISTINCT ON to the entity key: columns of the event or expressions over
 * them. */
#include "compiler/view_builder.h"

#include <string.h>

/* The select item at a place that is written as a number. */
static const struct ast_expr *item_at(struct view_builder *builder, const struct ast_expr *key,
                                      const char *clause)
{
    size_t place = 0;
    for (const char *digit = key->name; *digit >= '0' && *digit <= '9' && place < 10000; digit++)
        place = place * 10 + (size_t)(*digit - '0');
    if (place >= 1 && place <= (size_t)builder->syntax->item_count)
        return builder->syntax->items[place - 1].expr;
    diagnostics_error(builder->lower->diagnostics, key->offset,
                      "%s position %s is not in select list", clause, key->name);
    return NULL;
}

static const struct ast_expr *item_named(struct view_builder *builder, const struct ast_expr *key)
{
    const struct ast_view *syntax = builder->syntax;
    for (int i = 0; i < syntax->item_count; i++)
        if (syntax->items[i].name.text && strcmp(syntax->items[i].name.text, key->name) == 0)
            return syntax->items[i].expr;
    return key;
}

/* findTargetlistEntrySQL92: a bare name is a name of the select list, in GROUP BY only where FROM
 * has no such column; a number is a place in the list. What is meant, or NULL after reporting. */
static const struct ast_expr *key_resolve(struct view_builder *builder, const struct ast_expr *key,
                                          const char *clause)
{
    const struct event_rows *source = builder->rows;
    if (key->kind == AST_INTEGER) return item_at(builder, key, clause);
    if (key->kind == AST_STRING || key->kind == AST_DECIMAL || key->kind == AST_NULL ||
        key->kind == AST_BOOLEAN) {
        *diagnostics_error(builder->lower->diagnostics, key->offset, "non-integer constant in %s",
                           clause) =
            nt_arena_printf(builder->lower->arena, "%s column, ...", clause);
        return NULL;
    }
    bool is_name = key->kind == AST_COLUMN && !key->qualifier;
    if (is_name && strcmp(clause, "GROUP BY") == 0)
        is_name = column_find(source->columns, source->column_count, key->name) < 0;
    return is_name ? item_named(builder, key) : key;
}

struct ir_expr *view_key_bind(struct view_builder *builder, const struct ast_expr *key,
                              const char *clause)
{
    struct bind_scope scope = view_event_scope(builder, clause);
    scope.now_cure = "a column of the event: an entity's key cannot change with time";
    const struct ast_expr *meant = key_resolve(builder, key, clause);
    struct ir_expr *expr = meant ? bind_value(&scope, meant) : NULL;
    return expr_check_size(builder->lower, expr) ? expr : NULL;
}

int view_key_find(const struct ir_view *view, const struct ir_expr *expr)
{
    for (int i = 0; i < view->key_count; i++)
        if (expr_is_same(view->key_exprs[i], expr)) return i;
    return -1;
}

static bool key_add(struct view_builder *builder, int index)
{
    struct ir_view *view = builder->view;
    const struct ast_expr *key = builder->syntax->group[index];
    const char *clause = builder->syntax->is_distinct ? "DISTINCT ON" : "GROUP BY";
    struct ir_expr *expr = view_key_bind(builder, key, clause);
    if (!expr || json_refuse(&builder->lower->resolver, expr, "a key")) return false;
    if (view_key_find(view, expr) >= 0) {
        *diagnostics_error(
            builder->lower->diagnostics, key->start,
            expr->op == IR_COLUMN ? "column \"%s\" is in %s twice" : "%s is in %s twice",
            expr->op == IR_COLUMN ? builder->rows->columns[expr->index].name
                                  : builder->syntax->group_sql[index],
            clause) = nt_arena_printf(builder->lower->arena, "%s with each column once", clause);
        return false;
    }
    if (view->key_count == NT_KEY_COLUMNS_MAX) {
        diagnostics_error(builder->lower->diagnostics, key->start,
                          "an entity key has at most %d columns", NT_KEY_COLUMNS_MAX);
        return false;
    }
    bool is_column = expr->op == IR_COLUMN;
    view->keys[view->key_count] = (struct ir_column){
        .type = expr->type,
        .is_not_null = is_column && builder->rows->columns[expr->index].is_not_null};
    view->key_exprs[view->key_count++] = expr;
    return true;
}

static bool no_key_report(struct view_builder *builder)
{
    const struct ast_view *syntax = builder->syntax;
    bool has_over = false;
    for (int i = 0; i < syntax->item_count; i++) has_over |= ast_has_over(syntax->items[i].expr);
    *diagnostics_error(builder->lower->diagnostics, syntax->name.offset,
                       "feature view \"%s\" has no GROUP BY: its columns are the entity key",
                       syntax->name.text) =
        has_over ? "SELECT DISTINCT ON (key) ... ORDER BY key, event_time DESC, for what is OVER "
                   "the frame of the latest event"
                 : "GROUP BY the key at the end of the SELECT";
    return false;
}

bool view_keys_lower(struct view_builder *builder)
{
    const struct ast_view *syntax = builder->syntax;
    bool is_right = true;
    bool is_whole = true; /* a refused item may have hidden what was meant */
    for (int i = 0; i < syntax->item_count; i++)
        is_whole &= syntax->items[i].expr != NULL || syntax->items[i].is_star;
    if (syntax->group_count == 0 && !is_whole) return false;
    if (syntax->group_count == 0) return no_key_report(builder);
    for (int i = 0; i < syntax->group_count; i++) is_right &= key_add(builder, i);
    return is_right;
}

static bool column_report(struct view_builder *builder, const struct ir_expr *column)
{
    const struct event_rows *source = builder->rows;
    const char *name = source->columns[column->index].name;
    *diagnostics_error(builder->lower->diagnostics, column->place.offset,
                       "column \"%s.%s\" must appear in the GROUP BY clause or be used in an "
                       "aggregate function",
                       builder->columns.alias, name) =
        nt_arena_printf(builder->lower->arena, "last(%s, %s)", name, rows_event_time(source));
    return false;
}

/* check_ungrouped_columns: from the top, so that the largest expression that is a key is taken. */
bool view_keys_replace(struct view_builder *builder, struct ir_expr **expr)
{
    struct ir_expr *old = *expr;
    int key = view_key_find(builder->view, old);
    if (key >= 0) {
        *expr = expr_make(builder->lower->arena, IR_KEY, old->type, old->place.offset, 0);
        (*expr)->index = key;
        return true;
    }
    if (old->op == IR_COLUMN && !builder->row_order) return column_report(builder, old);
    if (old->op == IR_COLUMN) {
        *expr = view_latest_column(builder, old);
        return true;
    }
    bool is_right = true;
    for (int i = 0; i < old->argument_count; i++)
        is_right &= view_keys_replace(builder, &old->arguments[i]);
    return is_right;
}

static bool key_report(struct view_builder *builder, int key)
{
    const struct ir_view *view = builder->view;
    struct nt_arena *arena = builder->lower->arena;
    bool is_column = view->key_exprs[key]->op == IR_COLUMN;
    const char *name = is_column ? builder->rows->columns[view->key_exprs[key]->index].name
                                 : builder->syntax->group_sql[key];
    *diagnostics_error(builder->lower->diagnostics, builder->syntax->items[0].start,
                       is_column ? "key column \"%s\" of %s is not in the select list"
                                 : "key %s of %s is not in the select list",
                       name, builder->syntax->is_distinct ? "DISTINCT ON" : "GROUP BY") =
        nt_arena_printf(arena, is_column ? "SELECT %s, ..." : "SELECT %s AS name, ...", name);
    return false;
}

bool view_keys_name(struct view_builder *builder)
{
    struct ir_view *view = builder->view;
    bool is_right = true;
    for (int i = view->feature_count - 1; i >= 0; i--)
        if (view->features[i].key >= 0)
            view->keys[view->features[i].key].name = view->features[i].name;
    for (int i = 0; i < view->key_count; i++)
        if (!view->keys[i].name) is_right = key_report(builder, i);
    return is_right;
}
