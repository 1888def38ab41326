/* functions.c: the tables of functions.def and arrays.def as the compiler reads them, in order. */
#include "compiler/ir.h"

#define IR_KIND_OPERATOR   IR_OPERATOR
#define IR_KIND_FUNCTION   IR_FUNCTION
#define IR_KIND_IMPLICIT   IR_CAST_IMPLICIT
#define IR_KIND_ASSIGNMENT IR_CAST_ASSIGNMENT
#define IR_KIND_EXPLICIT   IR_CAST_EXPLICIT
#define IR_KIND_TYPMOD     IR_TYPMOD
#define IR_KIND_INTERNAL   IR_INTERNAL

const struct ir_function ir_functions[] = {
#define NT_FUNCTION0(symbol, kind, sql, result)                                                    \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 0, {0}, false, false},
#define NT_FUNCTION1(symbol, kind, sql, result, a)                                                 \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 1, {NT_##a}, false, false},
#define NT_FUNCTION2(symbol, kind, sql, result, a, b)                                              \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 2, {NT_##a, NT_##b}, false, false},
#define NT_FUNCTION3(symbol, kind, sql, result, a, b, c)                                           \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 3, {NT_##a, NT_##b, NT_##c}, false, false},
#define NT_FUNCTION4(symbol, kind, sql, result, a, b, c, d)                                        \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 4, {NT_##a, NT_##b, NT_##c, NT_##d}, false, false},
#define NT_FUNCTIONS(symbol, kind, sql, result, a)                                                 \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 0, {NT_##a}, true, false},
#include "nowthen/functions.def"
#define NT_ARRAY_FUNCTION1(symbol, kind, sql, result, a)                                           \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 1, {NT_##a}, false, true},
#define NT_ARRAY_FUNCTION2(symbol, kind, sql, result, a, b)                                        \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 2, {NT_##a, NT_##b}, false, true},
#define NT_ARRAY_FUNCTION3(symbol, kind, sql, result, a, b, c)                                     \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 3, {NT_##a, NT_##b, NT_##c}, false, true},
#include "nowthen/arrays.def"
};

const int ir_function_count = sizeof ir_functions / sizeof ir_functions[0];

enum nt_type ir_function_argument(const struct ir_function *function, int index)
{
    return function->arguments[function->is_variadic ? 0 : index];
}

enum nt_type ir_array_type(enum nt_type type, enum nt_type element)
{
    if (type == NT_ANYARRAY || type == NT_ANYCOMPATIBLEARRAY) return NT_ARRAY_OF(element);
    return type == NT_ANYELEMENT || type == NT_ANYCOMPATIBLE ? element : type;
}

enum nt_type ir_call_element(const struct ir_expr *call)
{
    const struct ir_function *function = &ir_functions[call->function];
    for (int i = 0; i < call->argument_count; i++)
        if (nt_type_is_array(function->arguments[i]))
            return nt_type_element(call->arguments[i]->type);
    return nt_type_element(call->type);
}
