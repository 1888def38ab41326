/* bind_array.c: arrays that are written out, and parts of arrays. */
#include "compiler/bind.h"

static struct ir_expr **elements_bind(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct ir_expr **elements = nt_arena_zalloc(
        scope->resolver->arena, ((size_t)expr->argument_count + 1) * sizeof *elements);
    bool is_right = true;
    for (int i = 0; i < expr->argument_count; i++) {
        elements[i] = bind_expr(scope, expr->arguments[i]);
        is_right &= elements[i] != NULL;
        if (!elements[i] || !nt_type_is_array(elements[i]->type)) continue;
        *diagnostics_error(scope->resolver->diagnostics, elements[i]->place.offset,
                           "arrays have one dimension, and %s is an array already",
                           expr_type_name(scope->resolver, elements[i])) =
            "x || y, which joins two arrays";
        is_right = false;
    }
    return is_right ? elements : NULL;
}

static struct ir_expr *array_of(const struct bind_scope *scope, const struct ast_expr *expr,
                                struct ir_expr **elements, enum nt_type type)
{
    struct ir_expr *out = expr_make(scope->resolver->arena, IR_ARRAY, NT_ARRAY_OF(type),
                                    expr->offset, expr->argument_count);
    for (int i = 0; i < expr->argument_count; i++) out->arguments[i] = elements[i];
    return out;
}

bool array_check(const struct bind_scope *scope, enum nt_type element, int offset)
{
    if (element != NT_JSONB) return true;
    *diagnostics_error(scope->resolver->diagnostics, offset,
                       "an array of jsonb is not part of the definition language") =
        "the array that is a jsonb: payload->'items'->0";
    return false;
}

struct ir_expr *bind_array(const struct bind_scope *scope, const struct ast_expr *expr)
{
    enum nt_type type;
    if (expr->argument_count == 0) {
        *diagnostics_error(scope->resolver->diagnostics, expr->offset,
                           "cannot determine type of empty array") = "ARRAY[]::integer[]";
        return NULL;
    }
    struct ir_expr **elements = elements_bind(scope, expr);
    if (!elements ||
        !coerce_common(scope->resolver, elements, expr->argument_count, "ARRAY", &type) ||
        !array_check(scope, type, expr->offset))
        return NULL;
    return array_of(scope, expr, elements, type);
}

struct ir_expr *bind_array_as(const struct bind_scope *scope, const struct ast_expr *expr,
                              enum nt_type type)
{
    enum nt_type element = nt_type_element(type);
    struct ir_expr **elements = elements_bind(scope, expr);
    for (int i = 0; elements && i < expr->argument_count; i++) {
        elements[i] =
            coerce_explicit(scope->resolver, elements[i], element, expr->arguments[i]->offset);
        if (!elements[i]) return NULL;
    }
    return elements ? array_of(scope, expr, elements, element) : NULL;
}

struct ir_expr *bind_subscript(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct resolver *resolver = scope->resolver;
    struct ir_expr *arguments[3] = {bind_value(scope, expr->arguments[0]), NULL, NULL};
    bool is_right = arguments[0] != NULL;
    if (is_right && !nt_type_is_array(arguments[0]->type)) {
        *diagnostics_error(
            resolver->diagnostics, expr->offset, "cannot subscript type %s because it is no array",
            expr_type_name(resolver, arguments[0])) = "substring(text FROM 1 FOR 1) of a text";
        is_right = false;
    }
    for (int i = 1; i < expr->argument_count; i++) {
        arguments[i] = coerce_assignment(resolver, bind_expr(scope, expr->arguments[i]), NT_INT4,
                                         "array subscript");
        is_right &= arguments[i] != NULL;
    }
    if (!is_right) return NULL;
    return call_of(resolver, expr->kind == AST_INDEX ? "array_index" : "array_slice", arguments,
                   expr->argument_count, expr->offset);
}
