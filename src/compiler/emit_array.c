/* emit_array.c: arrays of expressions as C, and what is done with each element of one. */
#include "compiler/emit.h"

/* ARRAY[...] */
static const char *array_value(struct emit_function *function, const struct ir_expr *expr)
{
    const char *type = emit_type(nt_type_element(expr->type));
    if (expr->argument_count == 0)
        return nt_arena_printf(function->arena, "nt_array(e, %s, 0, NULL)", type);
    const char **values = emit_arguments(function, expr);
    const char *list = values[0];
    for (int i = 1; i < expr->argument_count; i++)
        list = nt_arena_printf(function->arena, "%s, %s", list, values[i]);
    return nt_arena_printf(function->arena, "nt_array(e, %s, %d, (const struct nt_value[]){%s})",
                           type, expr->argument_count, list);
}

static const char *cast_value(struct emit_function *function, const struct ir_expr *expr)
{
    const struct ir_expr *array = expr->arguments[0];
    const char *value = emit_value(function, array);
    return nt_arena_printf(function->arena, "nt_array_cast(e, %s, %s, nt_%s, %s)",
                           emit_type(nt_type_element(array->type)),
                           emit_type(nt_type_element(expr->type)),
                           ir_functions[expr->function].symbol, value);
}

static const char *any_value(struct emit_function *function, const struct ir_expr *expr)
{
    const char **values = emit_arguments(function, expr);
    return nt_arena_printf(function->arena, "nt_array_%s(e, %s, nt_%s, %s, %s)",
                           expr->op == IR_ANY ? "any" : "all",
                           emit_type(nt_type_element(expr->arguments[1]->type)),
                           ir_functions[expr->function].symbol, values[0], values[1]);
}

const char *emit_array(struct emit_function *function, const struct ir_expr *expr)
{
    switch (expr->op) {
    case IR_ARRAY:
        return array_value(function, expr);
    case IR_ARRAY_CAST:
        return cast_value(function, expr);
    default:
        return any_value(function, expr);
    }
}
