/* fold.c: constants and calls of constants. */
#include "compiler/fold.h"

typedef struct nt_value function0(struct nt_eval *e);
typedef struct nt_value function1(struct nt_eval *e, struct nt_value x);
typedef struct nt_value function2(struct nt_eval *e, struct nt_value x, struct nt_value y);
typedef struct nt_value function3(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                  struct nt_value z);
typedef struct nt_value function4(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                  struct nt_value z, struct nt_value w);
typedef struct nt_value functions(struct nt_eval *e, int count, const struct nt_value *list);

/* In the order of functions.def, as ir_functions begins. */
static const union {
    function0 *none;
    function1 *one;
    function2 *two;
    function3 *three;
    function4 *four;
    functions *many;
} bodies[] = {
#define NT_FUNCTION0(symbol, kind, sql, result)             {.none = nt_##symbol},
#define NT_FUNCTION1(symbol, kind, sql, result, a)          {.one = nt_##symbol},
#define NT_FUNCTION2(symbol, kind, sql, result, a, b)       {.two = nt_##symbol},
#define NT_FUNCTION3(symbol, kind, sql, result, a, b, c)    {.three = nt_##symbol},
#define NT_FUNCTION4(symbol, kind, sql, result, a, b, c, d) {.four = nt_##symbol},
#define NT_FUNCTIONS(symbol, kind, sql, result, a)          {.many = nt_##symbol},
#include "nowthen/functions.def"
};

static struct nt_value call(int function, struct nt_eval *e, int count, const struct nt_value *list)
{
    if (ir_functions[function].is_variadic) return bodies[function].many(e, count, list);
    switch (count) {
    case 0:
        return bodies[function].none(e);
    case 1:
        return bodies[function].one(e, list[0]);
    case 2:
        return bodies[function].two(e, list[0], list[1]);
    case 3:
        return bodies[function].three(e, list[0], list[1], list[2]);
    default:
        return bodies[function].four(e, list[0], list[1], list[2], list[3]);
    }
}

static bool fold(const struct ir_expr *expr, struct nt_eval *eval, struct nt_value *value)
{
    if (expr->op == IR_CONST) {
        *value = expr->value;
        return true;
    }
    if (expr->op != IR_CALL || ir_functions[expr->function].is_of_arrays) return false;
    int count = expr->argument_count;
    struct nt_value *arguments = nt_arena_alloc(eval->arena, (size_t)count * sizeof *arguments);
    for (int i = 0; i < count; i++)
        if (!fold(expr->arguments[i], eval, &arguments[i])) return false;
    *value = call(expr->function, eval, count, arguments);
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
