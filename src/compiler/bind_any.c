/* bind_any.c: x = ANY (ARRAY[...]) and its like, which are comparisons joined by OR or AND. */
#include "compiler/bind.h"

#include "compiler/fold.h"

/* PostgreSQL computes every element before it compares the first, so an error in one is an error
 * of the whole; comparisons joined by OR would not reach it. */
static bool element_check(const struct bind_scope *scope, const struct ir_expr *element)
{
    struct nt_value value;
    const char *message;
    bool is_leaf = element->op >= IR_COLUMN && element->op <= IR_INPUT;
    if (is_leaf || (expr_fold(element, scope->resolver->arena, &value, &message) && !message))
        return true;
    *diagnostics_error(scope->resolver->diagnostics, element->place.offset,
                       "an element of ARRAY[...] must be a constant or a column") =
        "x = value OR x = value";
    return false;
}

static struct ir_expr **elements_bind(const struct bind_scope *scope, const struct ast_expr *array)
{
    struct resolver *resolver = scope->resolver;
    int count = array->argument_count;
    struct ir_expr **elements = nt_arena_zalloc(resolver->arena, (size_t)count * sizeof *elements);
    for (int i = 0; i < count; i++) elements[i] = bind_expr(scope, array->arguments[i]);
    enum nt_type type;
    if (!coerce_common(resolver, elements, count, "ARRAY", &type)) return NULL;
    for (int i = 0; i < count; i++)
        if (!element_check(scope, elements[i])) return NULL;
    return elements;
}

static bool array_check(const struct bind_scope *scope, const struct ast_expr *expr)
{
    const struct ast_expr *array = expr->arguments[1];
    bool is_listed = array->kind == AST_ARRAY && array->argument_count > 0;
    if (!is_listed)
        *diagnostics_error(scope->resolver->diagnostics, array->offset,
                           "%s reads a list of values that is written out",
                           expr->is_all ? "ALL" : "ANY") =
            nt_arena_printf(scope->resolver->arena, "%s %s (ARRAY[value, ...])", expr->name,
                            expr->is_all ? "ALL" : "ANY");
    return is_listed;
}

struct ir_expr *bind_any(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct resolver *resolver = scope->resolver;
    struct ir_expr *value = bind_expr(scope, expr->arguments[0]);
    if (!array_check(scope, expr)) return NULL;
    int count = expr->arguments[1]->argument_count;
    struct ir_expr **elements = elements_bind(scope, expr->arguments[1]);
    if (!value || !elements) return NULL;
    struct ir_expr *out =
        expr_make(resolver->arena, expr->is_all ? IR_AND : IR_OR, NT_BOOL, expr->offset, count);
    for (int i = 0; i < count; i++) {
        struct ir_expr *pair[2] = {value, elements[i]};
        out->arguments[i] = resolve_operator(resolver, expr->name, pair, 2, expr->offset);
        if (!out->arguments[i]) return NULL;
        if (out->arguments[i]->type == NT_BOOL) continue;
        *diagnostics_error(resolver->diagnostics, expr->offset,
                           "ANY and ALL need an operator that gives a boolean, got %s",
                           expr->name) = "one of = <> < <= > >= LIKE";
        return NULL;
    }
    return count == 1 ? out->arguments[0] : out;
}
