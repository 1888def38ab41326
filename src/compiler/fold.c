/* fold.c: constants and calls of constants. */
#include "compiler/fold.h"

typedef struct nt_value (*function1)(struct nt_eval *e, struct nt_value x);
typedef struct nt_value (*function2)(struct nt_eval *e, struct nt_value x, struct nt_value y);

/* In the order of functions.def, as ir_functions is. */
static const struct {
    function1 one;
    function2 two;
} bodies[] = {
#define NT_FUNCTION1(symbol, kind, sql, result, a)    {nt_##symbol, NULL},
#define NT_FUNCTION2(symbol, kind, sql, result, a, b) {NULL, nt_##symbol},
#include "nowthen/functions.def"
#undef NT_FUNCTION1
#undef NT_FUNCTION2
};

static bool fold(const struct ir_expr *expr, struct nt_eval *eval, struct nt_value *value)
{
    struct nt_value arguments[2];
    if (expr->op == IR_CONST) {
        *value = expr->value;
        return true;
    }
    if (expr->op != IR_CALL) return false;
    for (int i = 0; i < expr->argument_count; i++)
        if (!fold(expr->arguments[i], eval, &arguments[i])) return false;
    *value = bodies[expr->function].one
                 ? bodies[expr->function].one(eval, arguments[0])
                 : bodies[expr->function].two(eval, arguments[0], arguments[1]);
    return true;
}

bool expr_fold(const struct ir_expr *expr, struct nt_arena *arena, struct nt_value *value,
               const char **message)
{
    struct nt_eval eval = {.arena = arena};
    bool is_constant = fold(expr, &eval, value);
    *message = eval.error;
    return is_constant;
}
