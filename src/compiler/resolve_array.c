/* resolve_array.c: which line of arrays.def a call means, and what its elements are: the
 * polymorphic types of PostgreSQL 15, enforce_generic_type_consistency of parse_coerce.c. */
#include "compiler/resolve.h"

#include <string.h>

/* What prints elements gets those of an enum as texts. */
static struct ir_expr *array_printed(struct resolver *resolver, struct ir_expr *array)
{
    return type_has_enum(array->type) ? enum_to_text(resolver->arena, array) : array;
}

struct ir_expr *array_cast(struct resolver *resolver, struct ir_expr *expr, enum nt_type type,
                           enum ir_function_kind kind, int offset)
{
    if (nt_type_is_array(expr->type) && type == NT_TEXT && kind >= IR_CAST_ASSIGNMENT) {
        struct ir_expr *printed = array_printed(resolver, expr);
        return call_of(resolver, "array_to_text", &printed, 1, offset);
    }
    if (expr->type != NT_TEXT || !nt_type_is_array(type) || kind < IR_CAST_EXPLICIT) return NULL;
    struct ir_expr *out = call_of(resolver, "text_to_array", &expr, 1, offset);
    out->type = type_seen(type);
    return out->type == type ? out : enum_cast(resolver, out, type, kind, offset);
}

static bool is_array(const struct ir_expr *expr)
{
    return !expr->is_unknown_literal && nt_type_is_array(expr->type);
}

bool arrays_are_meant(enum ir_function_kind kind, const char *name,
                      struct ir_expr *const *arguments, int count)
{
    bool is_one = false;
    for (int i = 0; i < count; i++)
        if (is_array(arguments[i])) return true;
    for (int i = 0; i < ir_function_count; i++) {
        const struct ir_function *line = &ir_functions[i];
        if (line->kind != kind || strcmp(line->name, name) != 0) continue;
        if (!line->is_of_arrays) return false;
        is_one = true;
    }
    return is_one;
}

/* Are the arrays where the line has them? */
static bool line_fits(const struct ir_function *line, enum ir_function_kind kind, const char *name,
                      struct ir_expr *const *arguments, int count)
{
    bool fits = line->is_of_arrays && line->kind == kind && line->argument_count == count &&
                strcmp(line->name, name) == 0;
    for (int i = 0; fits && i < count; i++)
        fits = arguments[i]->is_unknown_literal ||
               nt_type_is_array(line->arguments[i]) == is_array(arguments[i]);
    return fits;
}

/* ANYARRAY, all of one type, which is the first's. */
static int element_of_any(const struct ir_function *line, struct ir_expr *const *arguments)
{
    int element = -1;
    for (int i = 0; i < line->argument_count; i++) {
        if (!is_array(arguments[i])) continue;
        int type = (int)nt_type_element(arguments[i]->type);
        if (element >= 0 && type != element) return -1;
        element = type;
    }
    return element;
}

/* ANYCOMPATIBLE: the common type of all elements. */
static int element_of_compatible(struct resolver *resolver, const struct ir_function *line,
                                 struct ir_expr *const *arguments)
{
    struct ir_expr *elements[IR_ARGUMENTS_MAX];
    int count = 0;
    for (int i = 0; i < line->argument_count; i++) {
        if (nt_type_element(line->arguments[i]) != NT_ANYCOMPATIBLE) continue;
        struct ir_expr *argument = arguments[i];
        elements[count++] = is_array(argument)
                                ? expr_const(resolver->arena, nt_type_element(argument->type),
                                             NT_NULL, argument->place.offset)
                                : argument;
    }
    return common_type_find(elements, count);
}

struct ir_expr *resolve_array(struct resolver *resolver, enum ir_function_kind kind,
                              const char *name, struct ir_expr *const *arguments, int count,
                              int offset, bool *is_reported)
{
    int index = 0;
    *is_reported = false;
    while (index < ir_function_count &&
           !line_fits(&ir_functions[index], kind, name, arguments, count))
        index++;
    if (index == ir_function_count) return NULL;
    const struct ir_function *line = &ir_functions[index];
    int element = nt_type_element(line->arguments[0]) == NT_ANYCOMPATIBLE
                      ? element_of_compatible(resolver, line, arguments)
                      : element_of_any(line, arguments);
    if (element < 0) return NULL;
    struct ir_expr *cast[IR_ARGUMENTS_MAX];
    for (int i = 0; i < count; i++) {
        enum nt_type type = ir_array_type(line->arguments[i], (enum nt_type)element);
        if (!coerce_is_implicit(arguments[i], type)) return NULL;
        cast[i] = coerce_implicit(resolver, arguments[i], type, "argument");
        *is_reported = !cast[i];
        if (!cast[i]) return NULL;
        if (line->result == NT_TEXT) cast[i] = array_printed(resolver, cast[i]);
    }
    return call_of(resolver, line->symbol, cast, count, offset);
}
