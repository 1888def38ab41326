/* lower_star.c: * and alias.* of a service as the columns that PostgreSQL makes of them. */
#include "compiler/lower.h"

#include <string.h>

struct columns {
    struct lower *lower;
    const struct ast_view *syntax;
    const struct ir_service *service;
    const struct ast_item *star;
    int count;
    struct ast_item *items;
};

static void column_add(struct columns *columns, const char *alias, const char *name)
{
    struct nt_arena *arena = columns->lower->arena;
    struct ast_expr *expr = nt_arena_zalloc(arena, sizeof *expr);
    *expr = (struct ast_expr){.kind = AST_COLUMN,
                              .offset = columns->star->start,
                              .start = columns->star->start,
                              .name = name,
                              .qualifier = alias};
    columns->items = array_more(arena, columns->items, columns->count, sizeof *columns->items);
    columns->items[columns->count++] =
        (struct ast_item){.name = {name, columns->star->start},
                          .expr = expr,
                          .sql = nt_arena_printf(arena, "%s.%s", alias, name),
                          .start = columns->star->start};
}

static void request_add(struct columns *columns)
{
    for (int i = 0; i < columns->service->column_count; i++)
        column_add(columns, columns->syntax->from.alias.text, columns->service->columns[i].name);
}

static bool is_merged(const struct ast_from *from, const char *name)
{
    for (int i = 0; i < from->using_count; i++)
        if (strcmp(from->using_names[i].text, name) == 0) return true;
    return false;
}

/* One that is broken was reported, and has no columns. */
static void view_add(struct columns *columns, const struct ast_from *from, bool with_merged)
{
    const struct relation *relation = relation_find(columns->lower, from->name.text);
    if (!relation || relation->is_broken || relation->kind != RELATION_VIEW) return;
    const struct ir_view *view = &columns->lower->program->views[relation->index];
    for (int i = 0; i < view->feature_count; i++)
        if (with_merged || !is_merged(from, view->features[i].name))
            column_add(columns, from->alias.text, view->features[i].name);
}

/* Of USING the merged columns lead, which are the request's; then what is left on either side. */
static void merged_lead(struct columns *columns, const struct ast_from *from)
{
    struct columns all = *columns;
    columns->items = NULL;
    columns->count = 0;
    for (int i = 0; i < from->using_count; i++)
        column_add(columns, columns->syntax->from.alias.text, from->using_names[i].text);
    for (int i = 0; i < all.count; i++) {
        if (is_merged(from, all.items[i].name.text)) continue;
        columns->items = array_more(columns->lower->arena, columns->items, columns->count,
                                    sizeof *columns->items);
        columns->items[columns->count++] = all.items[i];
    }
}

static void all_add(struct columns *columns)
{
    struct columns own = *columns;
    own.items = NULL;
    own.count = 0;
    request_add(&own);
    for (int i = 0; i < columns->syntax->join_count; i++) {
        const struct ast_from *from = &columns->syntax->joins[i];
        if (from->using_count) merged_lead(&own, from);
        view_add(&own, from, false);
    }
    for (int i = 0; i < own.count; i++) {
        columns->items = array_more(columns->lower->arena, columns->items, columns->count,
                                    sizeof *columns->items);
        columns->items[columns->count++] = own.items[i];
    }
}

static void alias_add(struct columns *columns, const char *alias)
{
    if (strcmp(alias, columns->syntax->from.alias.text) == 0) {
        request_add(columns);
        return;
    }
    for (int i = 0; i < columns->syntax->join_count; i++) {
        if (strcmp(alias, columns->syntax->joins[i].alias.text) != 0) continue;
        view_add(columns, &columns->syntax->joins[i], true);
        return;
    }
    *diagnostics_error(columns->lower->diagnostics, columns->star->start,
                       "missing FROM-clause entry for table \"%s\"", alias) =
        "the alias of the request or of a joined view";
    column_add(columns, alias, "*");
    columns->items[columns->count - 1].expr = NULL;
}

struct ast_view service_columns(struct lower *lower, const struct ast_view *syntax,
                                const struct ir_service *service)
{
    struct columns columns = {.lower = lower, .syntax = syntax, .service = service};
    for (int i = 0; i < syntax->item_count; i++) {
        const struct ast_item *item = &syntax->items[i];
        columns.star = item;
        if (item->is_star && item->star_of) {
            alias_add(&columns, item->star_of);
        } else if (item->is_star) {
            all_add(&columns);
        } else {
            columns.items =
                array_more(lower->arena, columns.items, columns.count, sizeof *columns.items);
            columns.items[columns.count++] = *item;
        }
    }
    struct ast_view expanded = *syntax;
    expanded.items = columns.items;
    expanded.item_count = columns.count;
    return expanded;
}
