/* functions.c: the table of functions.def as the compiler reads it, in the order of the file. */
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
    {#symbol, IR_KIND_##kind, sql, NT_##result, 0, {0}, false},
#define NT_FUNCTION1(symbol, kind, sql, result, a)                                                 \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 1, {NT_##a}, false},
#define NT_FUNCTION2(symbol, kind, sql, result, a, b)                                              \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 2, {NT_##a, NT_##b}, false},
#define NT_FUNCTION3(symbol, kind, sql, result, a, b, c)                                           \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 3, {NT_##a, NT_##b, NT_##c}, false},
#define NT_FUNCTION4(symbol, kind, sql, result, a, b, c, d)                                        \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 4, {NT_##a, NT_##b, NT_##c, NT_##d}, false},
#define NT_FUNCTIONS(symbol, kind, sql, result, a)                                                 \
    {#symbol, IR_KIND_##kind, sql, NT_##result, 0, {NT_##a}, true},
#include "nowthen/functions.def"
};

const int ir_function_count = sizeof ir_functions / sizeof ir_functions[0];

enum nt_type ir_function_argument(const struct ir_function *function, int index)
{
    return function->arguments[function->is_variadic ? 0 : index];
}
