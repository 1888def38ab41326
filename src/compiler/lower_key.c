/* lower_key.c: GROUP BY to the entity key: columns of the event or expressions over them. */
#include "compiler/view_builder.h"

#include <string.h>

/* The select item at a place that is written as a number. */
static const struct ast_expr *item_at(struct view_builder *builder, const struct ast_expr *key)
{
    size_t place = 0;
    for (const char *digit = key->name; *digit >= '0' && *digit <= '9' && place < 10000; digit++)
        place = place * 10 + (size_t)(*digit - '0');
    if (place >= 1 && place <= (size_t)builder->syntax->item_count)
        return builder->syntax->items[place - 1].expr;
    diagnostics_error(builder->lower->diagnostics, key->offset,
                      "GROUP BY position %s is not in select list", key->name);
    return NULL;
}

/* findTargetlistEntrySQL92: a bare name is a column of FROM, else a name of the select list; a
 * number is a place in it. What is meant, or NULL after reporting. */
static const struct ast_expr *key_resolve(struct view_builder *builder, const struct ast_expr *key)
{
    const struct ast_view *syntax = builder->syntax;
    const struct ir_source *source = builder->source;
    if (key->kind == AST_INTEGER) return item_at(builder, key);
    if (key->kind == AST_STRING || key->kind == AST_DECIMAL || key->kind == AST_NULL ||
        key->kind == AST_BOOLEAN) {
        *diagnostics_error(builder->lower->diagnostics, key->offset,
                           "non-integer constant in GROUP BY") = "GROUP BY column, ...";
        return NULL;
    }
    if (key->kind != AST_COLUMN || key->qualifier ||
        column_find(source->columns, source->column_count, key->name) >= 0)
        return key;
    for (int i = 0; i < syntax->item_count; i++)
        if (syntax->items[i].name.text && strcmp(syntax->items[i].name.text, key->name) == 0)
            return syntax->items[i].expr;
    return key;
}

/* NULL after reporting. */
static struct ir_expr *key_bind(struct view_builder *builder, const struct ast_expr *key)
{
    struct bind_scope scope = view_event_scope(builder, "GROUP BY");
    scope.now_cure = "a column of the event: an entity's key cannot change with time";
    const struct ast_expr *meant = key_resolve(builder, key);
    struct ir_expr *expr = meant ? bind_value(&scope, meant) : NULL;
    return expr_check_size(builder->lower, expr) ? expr : NULL;
}

static int key_find(const struct ir_view *view, const struct ir_expr *expr)
{
    for (int i = 0; i < view->key_count; i++)
        if (expr_is_same(view->key_exprs[i], expr)) return i;
    return -1;
}

static bool key_add(struct view_builder *builder, int index)
{
    struct ir_view *view = builder->view;
    const struct ast_expr *key = builder->syntax->group[index];
    struct ir_expr *expr = key_bind(builder, key);
    if (!expr) return false;
    if (key_find(view, expr) >= 0) {
        *diagnostics_error(builder->lower->diagnostics, key->start,
                           expr->op == IR_COLUMN ? "column \"%s\" is in GROUP BY twice"
                                                 : "%s is in GROUP BY twice",
                           expr->op == IR_COLUMN ? builder->source->columns[expr->index].name
                                                 : builder->syntax->group_sql[index]) =
            "GROUP BY with each column once";
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
        .is_not_null = is_column && builder->source->columns[expr->index].is_not_null};
    view->key_columns[view->key_count] = is_column ? expr->index : -1;
    view->key_exprs[view->key_count++] = expr;
    return true;
}

bool view_keys_lower(struct view_builder *builder)
{
    const struct ast_view *syntax = builder->syntax;
    bool is_right = true;
    if (syntax->group_count == 0) {
        *diagnostics_error(builder->lower->diagnostics, syntax->name.offset,
                           "feature view \"%s\" has no GROUP BY: its columns are the entity key",
                           syntax->name.text) = "GROUP BY the key at the end of the SELECT";
        return false;
    }
    for (int i = 0; i < syntax->group_count; i++) is_right &= key_add(builder, i);
    return is_right;
}

static bool column_report(struct view_builder *builder, const struct ir_expr *column)
{
    const struct ir_source *source = builder->source;
    const char *name = source->columns[column->index].name;
    *diagnostics_error(builder->lower->diagnostics, column->place.offset,
                       "column \"%s.%s\" must appear in the GROUP BY clause or be used in an "
                       "aggregate function",
                       builder->columns.alias, name) =
        nt_arena_printf(builder->lower->arena, "last(%s, %s)", name,
                        source->columns[source->event_time].name);
    return false;
}

/* check_ungrouped_columns: from the top, so that the largest expression that is a key is taken. */
bool view_keys_replace(struct view_builder *builder, struct ir_expr **expr)
{
    struct ir_expr *old = *expr;
    int key = key_find(builder->view, old);
    if (key >= 0) {
        *expr = expr_make(builder->lower->arena, IR_KEY, old->type, old->place.offset, 0);
        (*expr)->index = key;
        return true;
    }
    if (old->op == IR_COLUMN) return column_report(builder, old);
    bool is_right = true;
    for (int i = 0; i < old->argument_count; i++)
        is_right &= view_keys_replace(builder, &old->arguments[i]);
    return is_right;
}

static bool key_report(struct view_builder *builder, int key)
{
    const struct ir_view *view = builder->view;
    struct nt_arena *arena = builder->lower->arena;
    bool is_column = view->key_columns[key] >= 0;
    const char *name = is_column ? builder->source->columns[view->key_columns[key]].name
                                 : builder->syntax->group_sql[key];
    *diagnostics_error(builder->lower->diagnostics, builder->syntax->items[0].start,
                       is_column ? "key column \"%s\" of GROUP BY is not in the select list"
                                 : "key %s of GROUP BY is not in the select list",
                       name) =
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
