/* resolve_enum.c: enums, and arrays of them, as texts and from texts. */
#include "compiler/resolve.h"

const struct ir_enum *resolver_enum(const struct resolver *resolver, enum nt_type type)
{
    return &resolver->program->enums[nt_type_element(type) - NT_TYPE_COUNT];
}

struct ir_expr *enum_to_text(struct nt_arena *arena, struct ir_expr *expr)
{
    bool is_array = nt_type_is_array(expr->type);
    return expr_internal(arena, is_array ? "enum_array_to_text" : "enum_to_text", expr, NULL,
                         expr->place.offset);
}

struct ir_expr *enum_of_text(struct nt_arena *arena, struct ir_expr *text,
                             const struct ir_enum *enumeration, int offset)
{
    bool is_array = nt_type_is_array(text->type);
    return expr_internal(arena, is_array ? "enum_array_of_text" : "enum_of_text", text,
                         expr_const(arena, NT_TEXT, enumeration->labels, offset), offset);
}

struct ir_expr *enum_cast(struct resolver *resolver, struct ir_expr *expr, enum nt_type type,
                          enum ir_function_kind kind, int offset)
{
    if (type_has_enum(expr->type) && type == type_seen(expr->type) && kind >= IR_CAST_ASSIGNMENT)
        return enum_to_text(resolver->arena, expr);
    if (!type_has_enum(type) || expr->type != type_seen(type) || kind < IR_CAST_EXPLICIT)
        return NULL;
    struct ir_expr *cast =
        enum_of_text(resolver->arena, expr, resolver_enum(resolver, type), offset);
    cast->type = type;
    return cast;
}
