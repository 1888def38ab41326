/* bind_any.c: x = ANY (array) and its like; of constants and columns that are written out they are
 * comparisons joined by OR or AND. */
#include "compiler/bind.h"

#include "compiler/fold.h"

/* PostgreSQL computes every element before it compares the first, so an error in one is an error
 * of the whole; comparisons joined by OR would not reach it. */
static bool element_is_sure(const struct bind_scope *scope, const struct ir_expr *element)
{
    struct nt_value value;
    const char *message;
    bool is_leaf = element->op >= IR_COLUMN && element->op <= IR_INPUT;
    return is_leaf || (expr_fold(element, scope->resolver->arena, &value, &message) && !message);
}

static bool elements_are_sure(const struct bind_scope *scope, const struct ir_expr *array)
{
    for (int i = 0; i < array->argument_count; i++)
        if (!element_is_sure(scope, array->arguments[i])) return false;
    return array->op == IR_ARRAY && array->argument_count > 0;
}

/* x operator element. NULL: reported. */
static struct ir_expr *compare_one(const struct bind_scope *scope, const struct ast_expr *expr,
                                   struct ir_expr *value, struct ir_expr *element)
{
    struct resolver *resolver = scope->resolver;
    struct ir_expr *pair[2] = {value, element};
    struct ir_expr *out = resolve_operator(resolver, expr->name, pair, 2, expr->offset);
    if (!out || out->type == NT_BOOL) return out;
    *diagnostics_error(resolver->diagnostics, expr->offset,
                       "ANY and ALL need an operator that gives a boolean, got %s", expr->name) =
        "one of = <> < <= > >= LIKE";
    return NULL;
}

static struct ir_expr *compare_listed(const struct bind_scope *scope, const struct ast_expr *expr,
                                      struct ir_expr *value, const struct ir_expr *array)
{
    int count = array->argument_count;
    struct ir_expr *out = expr_make(scope->resolver->arena, expr->is_all ? IR_AND : IR_OR, NT_BOOL,
                                    expr->offset, count);
    for (int i = 0; i < count; i++) {
        out->arguments[i] = compare_one(scope, expr, value, array->arguments[i]);
        if (!out->arguments[i]) return NULL;
    }
    return count == 1 ? out->arguments[0] : out;
}

/* The operator is that of x and one element, to whose type the array is cast. */
static struct ir_expr *compare_array(const struct bind_scope *scope, const struct ast_expr *expr,
                                     struct ir_expr *value, struct ir_expr *array)
{
    struct resolver *resolver = scope->resolver;
    struct ir_expr *element =
        array->is_unknown_literal
            ? expr_unknown(resolver->arena, NULL, expr->offset)
            : expr_const(resolver->arena, nt_type_element(array->type), NT_NULL, expr->offset);
    struct ir_expr *out = compare_one(scope, expr, value, element);
    if (!out || !array_check(scope, out->arguments[1]->type, array->place.offset)) return NULL;
    out->arguments[1] = coerce_implicit(resolver, array, NT_ARRAY_OF(out->arguments[1]->type),
                                        expr->is_all ? "ALL" : "ANY");
    out->op = expr->is_all ? IR_ALL : IR_ANY;
    return out->arguments[1] ? out : NULL;
}

struct ir_expr *bind_any(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct ir_expr *value = bind_expr(scope, expr->arguments[0]);
    struct ir_expr *array = bind_expr(scope, expr->arguments[1]);
    if (!value || !array) return NULL;
    if (!array->is_unknown_literal && !nt_type_is_array(array->type)) {
        *diagnostics_error(scope->resolver->diagnostics, array->place.offset,
                           "%s needs an array on its right, not %s", expr->is_all ? "ALL" : "ANY",
                           expr_type_name(scope->resolver, array)) =
            nt_arena_printf(scope->resolver->arena, "%s %s (ARRAY[value, ...])", expr->name,
                            expr->is_all ? "ALL" : "ANY");
        return NULL;
    }
    return elements_are_sure(scope, array) ? compare_listed(scope, expr, value, array)
                                           : compare_array(scope, expr, value, array);
}
