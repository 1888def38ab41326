/* bind.c: names, operators, functions and types of expressions. */
#include "compiler/bind.h"

#include "row/time.h"
#include "row/tuple.h"
#include "row/value_text.h"

#include <math.h>
#include <string.h>

int expr_size(const struct ir_expr *expr, int max)
{
    int size = 1;
    for (int i = 0; i < expr->argument_count && size < max; i++)
        size += expr_size(expr->arguments[i], max - size);
    return size;
}

bool expr_is_same(const struct ir_expr *a, const struct ir_expr *b)
{
    if (a == b) return true;
    if (a->op != b->op || a->type != b->type || a->argument_count != b->argument_count)
        return false;
    if (a->op == IR_CONST && !value_is_same(type_kept(a->type), a->value, b->value)) return false;
    if (ir_op_calls(a->op) ? a->function != b->function : a->index != b->index) return false;
    for (int i = 0; a->op == IR_ROW_ORDER && i < a->argument_count; i++)
        if (a->orders[i].is_descending != b->orders[i].is_descending ||
            a->orders[i].is_null_first != b->orders[i].is_null_first)
            return false;
    for (int i = 0; i < a->argument_count; i++)
        if (!expr_is_same(a->arguments[i], b->arguments[i])) return false;
    return true;
}

/* make_const of parse_node.c: the smallest of int4, int8 and numeric that holds it. */
static struct ir_expr *bind_number(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct nt_eval eval = {.arena = scope->resolver->arena};
    static const enum nt_type types[] = {NT_INT4, NT_INT8, NT_NUMERIC};
    size_t size = strlen(expr->name);
    bool is_integer = strspn(expr->name, "-0123456789") == size;
    for (int i = is_integer ? 0 : 2; i < 3; i++) {
        struct nt_value value;
        eval.error = NULL;
        if (value_parse(&eval, types[i], expr->name, size, &value))
            return expr_const(scope->resolver->arena, types[i], value, expr->offset);
    }
    *diagnostics_error(scope->resolver->diagnostics, expr->offset,
                       "number has more than 1000 digits, in all or after the point, got %.60s",
                       expr->name) = "a float8: CAST('...' AS float8)";
    return NULL;
}

static struct ir_expr *bind_now(const struct bind_scope *scope, const struct ast_expr *expr)
{
    if (scope->allows_now)
        return expr_make(scope->resolver->arena, IR_NOW, NT_TIMESTAMPTZ, expr->offset, 0);
    *diagnostics_error(scope->resolver->diagnostics, expr->offset, "now() in %s %s", scope->where,
                       scope->now_reason ? scope->now_reason
                                         : "cannot be evaluated incrementally") = scope->now_cure;
    return NULL;
}

/* A float that need not be a whole number. */
static bool expr_is_inexact(const struct ir_expr *expr)
{
    if (expr->type != NT_FLOAT8 && expr->type != NT_FLOAT4) return false;
    while (expr->op == IR_CALL && expr->argument_count == 1) expr = expr->arguments[0];
    bool is_float = expr->type == NT_FLOAT8 || expr->type == NT_FLOAT4;
    if (expr->op != IR_CONST) return is_float || expr->type == NT_NUMERIC;
    if (expr->value.is_null) return false;
    if (expr->type == NT_NUMERIC) return expr->value.numeric->scale > 0;
    return is_float && expr->value.float8 != trunc(expr->value.float8);
}

static struct ir_expr *bind_operator(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct ir_expr *arguments[2] = {NULL, NULL};
    for (int i = 0; i < expr->argument_count; i++)
        arguments[i] = bind_expr(scope, expr->arguments[i]);
    struct ir_expr *out = resolve_operator(scope->resolver, expr->name, arguments,
                                           expr->argument_count, expr->offset);
    bool is_equality = strcmp(expr->name, "=") == 0 || strcmp(expr->name, "<>") == 0;
    if (out && is_equality && expr_is_inexact(out->arguments[0]) &&
        expr_is_inexact(out->arguments[1]))
        *diagnostics_warn(scope->resolver->diagnostics, expr->offset,
                          "two floats are equal only where every bit of them is") =
            "a range, x BETWEEN low AND high, or a column of type numeric";
    return out;
}

/* AND, OR, NOT and the tests of truth: all arguments boolean. */
static struct ir_expr *bind_logic(const struct bind_scope *scope, const struct ast_expr *expr,
                                  enum ir_op op, const char *what)
{
    struct ir_expr *out =
        expr_make(scope->resolver->arena, op, NT_BOOL, expr->offset, expr->argument_count);
    bool is_right = true;
    for (int i = 0; i < expr->argument_count; i++) {
        out->arguments[i] = bind_condition(scope, expr->arguments[i], what);
        is_right &= out->arguments[i] != NULL;
    }
    return is_right ? out : NULL;
}

static struct ir_expr *bind_is_null(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct ir_expr *argument = bind_value(scope, expr->arguments[0]);
    if (!argument) return NULL;
    struct ir_expr *out = expr_make(scope->resolver->arena, IR_IS_NULL, NT_BOOL, expr->offset, 1);
    out->arguments[0] = argument;
    return out;
}

static struct ir_expr *expr_test(struct nt_arena *arena, enum ir_op op, struct ir_expr *of)
{
    struct ir_expr *out = expr_make(arena, op, NT_BOOL, of->place.offset, 1);
    out->arguments[0] = of;
    return out;
}

/* NOT (x = y IS TRUE OR (x IS NULL AND y IS NULL)) */
static struct ir_expr *expr_distinct_mixed(struct nt_arena *arena, struct ir_expr *equal,
                                           int offset)
{
    struct ir_expr *nulls =
        expr_pair(arena, IR_AND, expr_test(arena, IR_IS_NULL, equal->arguments[0]),
                  expr_test(arena, IR_IS_NULL, equal->arguments[1]), offset);
    return expr_not_of(arena,
                       expr_pair(arena, IR_OR, expr_test(arena, IR_IS_TRUE, equal), nulls, offset));
}

/* IS DISTINCT FROM compares by "=". Where that takes two types: x = y IS NOT TRUE, but for two
 * NULLs. */
static struct ir_expr *bind_distinct(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct ir_expr *arguments[2] = {bind_expr(scope, expr->arguments[0]),
                                    bind_expr(scope, expr->arguments[1])};
    struct ir_expr *equal = resolve_operator(scope->resolver, "=", arguments, 2, expr->offset);
    if (!equal) return NULL;
    struct ir_expr **operands = equal->arguments;
    if (operands[0]->type == operands[1]->type)
        return expr_pair(scope->resolver->arena, IR_DISTINCT, operands[0], operands[1],
                         expr->offset);
    return expr_distinct_mixed(scope->resolver->arena, equal, expr->offset);
}

/* PostgreSQL has an "=" of its own for these two types; ours casts the first to the second. */
static bool types_have_cross_equal(enum nt_type first, enum nt_type second)
{
    switch (first) {
    case NT_INT2:
        return second == NT_INT4 || second == NT_INT8;
    case NT_INT4:
        return second == NT_INT8;
    default:
        return false;
    }
}

/* NULLIF gives its first operand as "=" takes it. Where our "=" casts it and PostgreSQL's would
 * not, or takes two types, it is CASE WHEN x = y THEN NULL ELSE x END. */
static struct ir_expr *bind_nullif(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct nt_arena *arena = scope->resolver->arena;
    struct ir_expr *arguments[2] = {bind_expr(scope, expr->arguments[0]),
                                    bind_expr(scope, expr->arguments[1])};
    struct ir_expr *equal = resolve_operator(scope->resolver, "=", arguments, 2, expr->offset);
    if (!equal) return NULL;
    struct ir_expr **operands = equal->arguments, *first = operands[0];
    if (!arguments[0]->is_unknown_literal && !arguments[1]->is_unknown_literal &&
        types_have_cross_equal(arguments[0]->type, arguments[1]->type))
        first = arguments[0];
    if (first->type == operands[1]->type) {
        struct ir_expr *out = expr_pair(arena, IR_NULLIF, operands[0], operands[1], expr->offset);
        out->type = first->type;
        return out;
    }
    struct ir_expr *out = expr_make(arena, IR_CASE, first->type, expr->offset, 3);
    out->arguments[0] = equal;
    out->arguments[1] = expr_const(arena, first->type, NT_NULL, expr->offset);
    out->arguments[2] = first;
    return out;
}

static struct ir_expr *bind_between(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct resolver *resolver = scope->resolver;
    struct ir_expr *value = bind_expr(scope, expr->arguments[0]);
    struct ir_expr *low[2] = {value, bind_expr(scope, expr->arguments[1])};
    struct ir_expr *high[2] = {value, bind_expr(scope, expr->arguments[2])};
    struct ir_expr *above = resolve_operator(resolver, ">=", low, 2, expr->offset);
    struct ir_expr *below = resolve_operator(resolver, "<=", high, 2, expr->offset);
    if (!above || !below) return NULL;
    return expr_pair(resolver->arena, IR_AND, above, below, expr->offset);
}

static bool ast_reads_column(const struct ast_expr *expr)
{
    if (expr->kind == AST_COLUMN) return true;
    for (int i = 0; i < expr->argument_count; i++)
        if (ast_reads_column(expr->arguments[i])) return true;
    return false;
}

/* transformAExprIn: the value and the members that read no column are brought to a common type
 * where they have one; else each is compared by itself. */
static bool bind_in_common(const struct bind_scope *scope, const struct ast_expr *expr,
                           struct ir_expr **arguments)
{
    struct ir_expr **fixed =
        nt_arena_zalloc(scope->resolver->arena, (size_t)expr->argument_count * sizeof *fixed);
    int count = 0;
    fixed[count++] = arguments[0];
    for (int i = 1; i < expr->argument_count; i++)
        if (!ast_reads_column(expr->arguments[i])) fixed[count++] = arguments[i];
    if (count < 3) return true;
    int type = common_type_find(fixed, count);
    if (type < 0) return true;
    for (int i = 0; i < count; i++)
        if (!coerce_is_implicit(fixed[i], (enum nt_type)type)) return true;
    for (int i = 1; i < expr->argument_count; i++) {
        if (ast_reads_column(expr->arguments[i])) continue;
        arguments[i] = coerce_implicit(scope->resolver, arguments[i], (enum nt_type)type, "IN");
        if (!arguments[i]) return false;
    }
    return true;
}

static struct ir_expr *bind_in(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct nt_arena *arena = scope->resolver->arena;
    int count = expr->argument_count;
    struct ir_expr **arguments = nt_arena_zalloc(arena, (size_t)count * sizeof *arguments);
    bool is_right = true;
    for (int i = 0; i < count; i++) {
        arguments[i] = bind_expr(scope, expr->arguments[i]);
        is_right &= arguments[i] != NULL;
    }
    if (!is_right || !bind_in_common(scope, expr, arguments)) return NULL;
    struct ir_expr *out = expr_make(arena, IR_OR, NT_BOOL, expr->offset, count - 1);
    for (int i = 1; i < count; i++) {
        struct ir_expr *pair[2] = {arguments[0], arguments[i]};
        out->arguments[i - 1] = resolve_operator(scope->resolver, "=", pair, 2, expr->offset);
        if (!out->arguments[i - 1]) return NULL;
    }
    return count == 2 ? out->arguments[0] : out;
}

/* The condition of a WHEN; with a subject, the subject's equality with it. */
static struct ir_expr *bind_when(const struct bind_scope *scope, struct ir_expr *subject,
                                 const struct ast_expr *when)
{
    if (!subject) return bind_condition(scope, when, "argument of CASE/WHEN");
    struct ir_expr *pair[2] = {subject, bind_expr(scope, when)};
    return resolve_operator(scope->resolver, "=", pair, 2, when->offset);
}

static struct ir_expr *bind_case(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct nt_arena *arena = scope->resolver->arena;
    int first = expr->has_subject ? 1 : 0;
    struct ir_expr *subject = first ? bind_value(scope, expr->arguments[0]) : NULL;
    if (first && !subject) return NULL;
    int count = expr->argument_count - first, pairs = count / 2;
    struct ir_expr *out = expr_make(arena, IR_CASE, NT_TEXT, expr->offset, count);
    struct ir_expr **results = nt_arena_zalloc(arena, (size_t)(pairs + 1) * sizeof *results);
    bool is_right = true;
    for (int i = 0; i < pairs; i++) {
        out->arguments[2 * i] = bind_when(scope, subject, expr->arguments[first + 2 * i]);
        is_right &= out->arguments[2 * i] != NULL;
        results[i + 1] = bind_expr(scope, expr->arguments[first + 2 * i + 1]);
    }
    results[0] = bind_expr(scope, expr->arguments[expr->argument_count - 1]); /* ELSE leads */
    is_right &= coerce_common(scope->resolver, results, pairs + 1, "CASE", &out->type);
    for (int i = 0; i < pairs; i++) out->arguments[2 * i + 1] = results[i + 1];
    out->arguments[count - 1] = results[0];
    return is_right ? out : NULL;
}

static struct ir_expr *bind_common(const struct bind_scope *scope, const struct ast_expr *expr,
                                   enum ir_op op, const char *what)
{
    struct ir_expr *out =
        expr_make(scope->resolver->arena, op, NT_TEXT, expr->offset, expr->argument_count);
    for (int i = 0; i < expr->argument_count; i++)
        out->arguments[i] = bind_expr(scope, expr->arguments[i]);
    if (!coerce_common(scope->resolver, out->arguments, out->argument_count, what, &out->type))
        return NULL;
    bool is_ordered = op == IR_GREATEST || op == IR_LEAST;
    return is_ordered && json_refuse(scope->resolver, out, "an argument of GREATEST or LEAST")
               ? NULL
               : out;
}

/* IS UNKNOWN is IS NULL of a boolean. */
static struct ir_expr *bind_test(const struct bind_scope *scope, const struct ast_expr *expr)
{
    switch (expr->kind) {
    case AST_IS_TRUE:
        return bind_logic(scope, expr, IR_IS_TRUE, "argument of IS TRUE");
    case AST_IS_FALSE:
        return bind_logic(scope, expr, IR_IS_FALSE, "argument of IS FALSE");
    case AST_IS_UNKNOWN:
        return bind_logic(scope, expr, IR_IS_NULL, "argument of IS UNKNOWN");
    default:
        return bind_is_null(scope, expr);
    }
}

static struct ir_expr *bind_cast(const struct bind_scope *scope, const struct ast_expr *expr)
{
    const struct ast_expr *argument = expr->arguments[0];
    if (argument->kind == AST_ARRAY && nt_type_is_array(expr->type))
        return bind_array_as(scope, argument, expr->type);
    struct ir_expr *cast =
        coerce_explicit(scope->resolver, bind_expr(scope, argument), expr->type, expr->offset);
    return coerce_typmod(scope->resolver, cast, expr->typmod, expr->offset);
}

struct ir_expr *bind_expr(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct nt_arena *arena = scope->resolver->arena;
    switch (expr->kind) {
    case AST_NULL:
        return expr_unknown(arena, NULL, expr->offset);
    case AST_STRING:
        return expr_unknown(arena, expr->name, expr->offset);
    case AST_INTEGER:
    case AST_DECIMAL:
        return bind_number(scope, expr);
    case AST_BOOLEAN:
        return expr_const(arena, NT_BOOL, nt_bool(expr->name[0] == 't'), expr->offset);
    case AST_COLUMN:
        return scope->column(scope, expr);
    case AST_NOW:
        return bind_now(scope, expr);
    case AST_OPERATOR:
        return bind_operator(scope, expr);
    case AST_AND:
        return bind_logic(scope, expr, IR_AND, "argument of AND");
    case AST_OR:
        return bind_logic(scope, expr, IR_OR, "argument of OR");
    case AST_NOT:
        return bind_logic(scope, expr, IR_NOT, "argument of NOT");
    case AST_IS_NULL:
    case AST_IS_TRUE:
    case AST_IS_FALSE:
    case AST_IS_UNKNOWN:
        return bind_test(scope, expr);
    case AST_DISTINCT:
        return bind_distinct(scope, expr);
    case AST_NULLIF:
        return bind_nullif(scope, expr);
    case AST_BETWEEN:
        return bind_between(scope, expr);
    case AST_IN:
        return bind_in(scope, expr);
    case AST_CASE:
        return bind_case(scope, expr);
    case AST_COALESCE:
        return bind_common(scope, expr, IR_COALESCE, "COALESCE");
    case AST_GREATEST:
        return bind_common(scope, expr, IR_GREATEST, "GREATEST");
    case AST_LEAST:
        return bind_common(scope, expr, IR_LEAST, "LEAST");
    case AST_CAST:
        return bind_cast(scope, expr);
    case AST_ANY:
        return bind_any(scope, expr);
    case AST_ARRAY:
        return bind_array(scope, expr);
    case AST_INDEX:
    case AST_SLICE:
        return bind_subscript(scope, expr);
    case AST_NAMED:
        *diagnostics_error(scope->resolver->diagnostics, expr->offset,
                           "arguments are named in calls of make_interval only, got %s",
                           expr->name) = "the argument by its place";
        return NULL;
    case AST_ORDER:
        return bind_order(scope, expr);
    case AST_CALL:
        return bind_call(scope, expr);
    }
    return NULL;
}

struct ir_expr *bind_value(const struct bind_scope *scope, const struct ast_expr *expr)
{
    return coerce_known(scope->resolver, bind_expr(scope, expr));
}

struct ir_expr *bind_condition(const struct bind_scope *scope, const struct ast_expr *expr,
                               const char *what)
{
    return coerce_implicit(scope->resolver, bind_expr(scope, expr), NT_BOOL, what);
}
