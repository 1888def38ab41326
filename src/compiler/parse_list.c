/* parse_list.c: (array_agg(x ORDER BY y))[i:n] as a call of three arguments: x, the order and n. */
#include "compiler/parse.h"

#include <string.h>

bool parse_list_order(struct parser *parser, const PgQuery__FuncCall *call, struct ast_expr *list)
{
    bool is_sorted = call->n_agg_order > 0, is_right = true;
    size_t count = is_sorted ? call->n_agg_order : 1;
    if (list->argument_count != 1 || (!is_sorted && !call->agg_distinct)) return true;
    struct ast_expr *order = nt_arena_zalloc(parser->arena, sizeof *order);
    order->kind = AST_ORDER;
    order->offset = order->start = list->offset;
    order->sorts = nt_arena_zalloc(parser->arena, count * sizeof *order->sorts);
    order->arguments = nt_arena_zalloc(parser->arena, count * sizeof *order->arguments);
    if (!is_sorted) order->sorts[0].expr = list->arguments[0];
    for (size_t i = 0; i < call->n_agg_order; i++)
        is_right &= parse_sort(parser, call->agg_order[i], &order->sorts[i]);
    for (size_t i = 0; i < count; i++)
        order->arguments[order->argument_count++] = order->sorts[i].expr;
    list->arguments[list->argument_count++] = order;
    return is_right;
}

void parse_list_bound(struct ast_expr *array, struct ast_expr *bound)
{
    if (array->kind != AST_CALL || strcmp(array->name, "array_agg") != 0) return;
    array->arguments[array->argument_count++] = bound;
    array->direct_count++;
}
