/*
 * emit_expr.c: an expression of the IR as C.
 *
 * A strict expression becomes nested calls. Where SQL is lazy (AND, OR, CASE, COALESCE) and a part
 * can fail, the parts become statements under if, before the expression that reads their result, so
 * an error in a branch not taken does not occur. C leaves the order of arguments open, SQL goes
 * left to right, so where two arguments can fail the earlier gets a variable of its own: the first
 * error in SQL's order is the one that is reported.
 */
#include "compiler/emit.h"

#include "row/numeric.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const field_enumerators[] = {
#define FIELD_ENUMERATOR(name, sql) #name,
    NT_FIELDS(FIELD_ENUMERATOR)
#undef FIELD_ENUMERATOR
};

static bool expr_is_leaf(const struct ir_expr *expr)
{
    return expr->op >= IR_COLUMN && expr->op <= IR_INPUT;
}

/* Calls that cannot fail: comparisons and the casts that widen. */
static bool call_can_fail(int function)
{
    static const char *const total[] = {"=", "<>", "<", "<=", ">", ">="};
    for (size_t i = 0; i < sizeof total / sizeof total[0]; i++)
        if (!strcmp(ir_functions[function].name, total[i])) return false;
    static const char *const widening[] = {
        "int2_to_int4",   "int2_to_int8",      "int2_to_float4",    "int2_to_float8",
        "int4_to_int8",   "int4_to_float4",    "int4_to_float8",    "int8_to_float4",
        "int8_to_float8", "float4_to_float8",  "numeric_to_float8", "timestamptz_to_date",
        "enum_to_text",   "enum_array_to_text"};
    for (size_t i = 0; i < sizeof widening / sizeof widening[0]; i++)
        if (!strcmp(ir_functions[function].symbol, widening[i])) return false;
    return true;
}

bool emit_can_fail(const struct ir_expr *expr)
{
    if (ir_op_calls(expr->op) && call_can_fail(expr->function)) return true;
    for (int i = 0; i < expr->argument_count; i++)
        if (emit_can_fail(expr->arguments[i])) return true;
    return false;
}

struct emit_leaf emit_leaf_make(struct nt_arena *arena, int count)
{
    size_t size = (size_t)count * sizeof(const char *);
    return (struct emit_leaf){count, nt_arena_zalloc(arena, size), nt_arena_zalloc(arena, size),
                              nt_arena_zalloc(arena, size), nt_arena_zalloc(arena, size)};
}

static void leaves_mark(const struct ir_expr *expr, enum ir_op op, bool *is_read)
{
    if (expr->op == op) is_read[expr->index] = true;
    for (int i = 0; i < expr->argument_count; i++) leaves_mark(expr->arguments[i], op, is_read);
}

static void leaf_declare(struct emit_function *function, struct emit_leaf *leaf, int index)
{
    if (leaf->names[index]) return;
    leaf->names[index] = emit_name(&function->names, function->arena, leaf->wanted[index]);
    if (leaf->comment[index]) emit_comment(function->c, function->indent, leaf->comment[index]);
    emit_line(function->c, function->indent, "const struct nt_value %s = %s;", leaf->names[index],
              leaf->access[index]);
}

void emit_leaves_declare(struct emit_function *function, const struct ir_expr *expr)
{
    if (expr_is_leaf(expr)) return;
    for (int kind = 0; kind < EMIT_LEAVES; kind++) {
        struct emit_leaf *leaf = &function->leaves[kind];
        bool *is_read = nt_arena_zalloc(function->arena, (size_t)leaf->count + 1);
        leaves_mark(expr, (enum ir_op)(IR_COLUMN + kind), is_read);
        for (int i = 0; i < leaf->count; i++)
            if (is_read[i]) leaf_declare(function, leaf, i);
    }
}

static const char *leaf_value(const struct emit_function *function, const struct ir_expr *expr)
{
    const struct emit_leaf *leaf = &function->leaves[expr->op - IR_COLUMN];
    return leaf->names[expr->index] ? leaf->names[expr->index] : leaf->access[expr->index];
}

/* The shortest decimal that reads back as the same double, for the comment. */
static const char *double_text(struct nt_arena *arena, double x)
{
    if (x == rint(x) && fabs(x) < 1e15) return nt_arena_printf(arena, "%.0f", x);
    for (int digits = 1; digits < 17; digits++) {
        const char *text = nt_arena_printf(arena, "%.*g", digits, x);
        if (strtod(text, NULL) == x) return text;
    }
    return nt_arena_printf(arena, "%.17g", x);
}

static const char *double_value(struct nt_arena *arena, double x)
{
    if (isnan(x)) return "nt_float8(__builtin_nan(\"\"))";
    if (isinf(x)) return x > 0 ? "nt_float8(__builtin_inf())" : "nt_float8(-__builtin_inf())";
    return nt_arena_printf(arena, "nt_float8(%a /* %s */)", x, double_text(arena, x));
}

static const char *integer_literal(struct nt_arena *arena, int64_t x)
{
    if (x == INT64_MIN) return "INT64_MIN";
    bool is_int = x > INT32_MIN && x <= INT32_MAX;
    return nt_arena_printf(arena, is_int ? "%" PRId64 : "INT64_C(%" PRId64 ")", x);
}

/* The digits of a number of more than 38. */
static const char *limbs_name(struct emit_function *function, const struct nt_numeric *numeric)
{
    struct nt_arena *arena = function->arena;
    const char *list = "";
    for (int i = 0; i < numeric->limb_count; i++)
        list = nt_arena_printf(arena, "%s%sUINT64_C(0x%" PRIx64 ")", list, i ? ", " : "",
                               numeric->limbs[i]);
    const char *name = emit_name(&function->names, arena, "digits");
    emit_line(function->c, function->indent, "static const uint64_t %s[] = {%s};", name, list);
    return name;
}

/* Values behind a pointer are static, because a result may outlive the function. */
static const char *numeric_value(struct emit_function *function, const struct nt_numeric *numeric)
{
    static const char *const kinds[] = {"NT_NUMERIC_FINITE", "NT_NUMERIC_NAN",
                                        "NT_NUMERIC_INFINITY", "NT_NUMERIC_MINUS_INFINITY"};
    struct nt_arena *arena = function->arena;
    __int128 x = numeric->coefficient;
    const char *coefficient;
    if (x >= INT64_MIN && x <= INT64_MAX) {
        coefficient = integer_literal(arena, (int64_t)x);
    } else {
        unsigned __int128 bits = (unsigned __int128)x;
        coefficient = nt_arena_printf(arena,
                                      "(__int128)((unsigned __int128)UINT64_C(0x%" PRIx64
                                      ") << 64 | UINT64_C(0x%" PRIx64 "))",
                                      (uint64_t)(bits >> 64), (uint64_t)bits);
    }
    const char *limbs = "";
    if (numeric->limb_count > 0)
        limbs = nt_arena_printf(arena, ".limbs = %s, .limb_count = %u, ",
                                limbs_name(function, numeric), numeric->limb_count);
    const char *name = emit_name(&function->names, arena, "number");
    emit_line(function->c, function->indent,
              "static const struct nt_numeric %s = {.coefficient = %s, %s.scale = %u, .kind = %s};",
              name, coefficient, limbs, numeric->scale, kinds[numeric->kind]);
    return nt_arena_printf(arena, "(struct nt_value){.numeric = &%s}", name);
}

static const char *interval_value(struct emit_function *function,
                                  const struct nt_interval *interval)
{
    struct nt_arena *arena = function->arena;
    const char *name = emit_name(&function->names, arena, "span");
    emit_line(function->c, function->indent,
              "static const struct nt_interval %s = {.us = %s, .days = %s, .months = %s};", name,
              integer_literal(arena, interval->us), integer_literal(arena, interval->days),
              integer_literal(arena, interval->months));
    return nt_arena_printf(arena, "(struct nt_value){.interval = &%s}", name);
}

static const char *constant_value(struct emit_function *function, const struct ir_expr *expr)
{
    struct nt_arena *arena = function->arena;
    struct nt_value value = expr->value;
    if (value.is_null) return "NT_NULL";
    if (nt_type_is_array(expr->type))
        return nt_arena_printf(arena, "nt_text(%s, %u)",
                               emit_literal(arena, value.text, value.size), value.size);
    switch (expr->type) {
    case NT_BOOL:
        return value.boolean ? "nt_bool(true)" : "nt_bool(false)";
    case NT_INT2:
    case NT_INT4:
    case NT_DATE:
    case NT_INT8:
        return nt_arena_printf(arena, "nt_integer(%s)", integer_literal(arena, value.integer));
    case NT_FLOAT4:
    case NT_FLOAT8:
        return double_value(arena, value.float8);
    case NT_NUMERIC:
        return numeric_value(function, value.numeric);
    case NT_TEXT:
    case NT_UUID:
    case NT_BYTEA:
    case NT_JSONB:
        return nt_arena_printf(arena, "nt_text(%s, %u)",
                               emit_literal(arena, value.text, value.size), value.size);
    case NT_TIMESTAMPTZ:
        return nt_arena_printf(arena, "nt_timestamptz(%s)", integer_literal(arena, value.time.us));
    case NT_INTERVAL:
        return interval_value(function, value.interval);
    case NT_TYPE_COUNT:
        break;
    }
    return "NT_NULL";
}

static const char *call_noun(const struct ir_expr *expr)
{
    static const struct {
        const char *sql, *noun;
    } nouns[] = {{"+", "sum"},        {"-", "difference"},  {"*", "product"},
                 {"/", "quotient"},   {"%", "remainder"},   {"=", "is_equal"},
                 {"<>", "differs"},   {"<", "is_less"},     {"<=", "is_less"},
                 {">", "is_greater"}, {">=", "is_greater"}, {"cast", "converted"},
                 {"extract", "field"}};
    const char *sql = ir_functions[expr->function].name;
    for (size_t i = 0; i < sizeof nouns / sizeof nouns[0]; i++)
        if (!strcmp(nouns[i].sql, sql)) return nouns[i].noun;
    return "result";
}

static const char *expr_noun(const struct ir_expr *expr)
{
    switch (expr->op) {
    case IR_CALL:
        return call_noun(expr);
    case IR_AND:
        return "all";
    case IR_OR:
        return "any";
    case IR_CASE:
        return "chosen";
    case IR_COALESCE:
        return "known";
    case IR_GREATEST:
        return "greatest";
    case IR_LEAST:
        return "least";
    default:
        return "value";
    }
}

const char **emit_arguments(struct emit_function *function, const struct ir_expr *expr)
{
    int count = expr->argument_count;
    const char **values = nt_arena_alloc(function->arena, (size_t)count * sizeof *values);
    int last = count - 1;
    while (last >= 0 && !emit_can_fail(expr->arguments[last])) last--;
    for (int i = 0; i < count; i++) {
        const struct ir_expr *argument = expr->arguments[i];
        values[i] = emit_value(function, argument);
        if (i >= last || !emit_can_fail(argument)) continue;
        const char *name = emit_name(&function->names, function->arena, expr_noun(argument));
        emit_line(function->c, function->indent, "const struct nt_value %s = %s;", name, values[i]);
        values[i] = name;
    }
    return values;
}

/* The casts that widen a constant are done here: nt_float8(2), not a call. False: not such a cast.
 */
static bool cast_fold(const struct ir_expr *expr, struct ir_expr *folded)
{
    if (expr->argument_count != 1) return false;
    const struct ir_expr *argument = expr->arguments[0];
    const char *symbol = ir_functions[expr->function].symbol;
    if (argument->op != IR_CONST || argument->value.is_null) return false;
    *folded = (struct ir_expr){.op = IR_CONST, .type = expr->type, .value = argument->value};
    if (!strcmp(symbol, "int4_to_int8")) return true;
    if (!strcmp(symbol, "int4_to_float8") || !strcmp(symbol, "int8_to_float8"))
        folded->value = nt_float8((double)argument->value.integer);
    else if (!strcmp(symbol, "numeric_to_float8") && numeric_is_double(*argument->value.numeric))
        folded->value = nt_float8(numeric_to_double(*argument->value.numeric));
    else
        return false;
    return true;
}

/* Is the first argument an enum nt_field? */
static bool function_takes_field(const struct ir_function *function)
{
    return !strcmp(function->name, "extract") || !strcmp(function->name, "date_part") ||
           !strcmp(function->name, "date_trunc");
}

static const char *call_value(struct emit_function *function, const struct ir_expr *expr)
{
    const struct ir_function *called = &ir_functions[expr->function];
    struct ir_expr folded;
    if (cast_fold(expr, &folded)) return constant_value(function, &folded);
    const char **values = emit_arguments(function, expr);
    if (function_takes_field(called) && expr->arguments[0]->op == IR_CONST)
        values[0] = nt_arena_printf(function->arena, "nt_integer(NT_FIELD_%s)",
                                    field_enumerators[expr->arguments[0]->value.integer]);
    const char *list = "";
    for (int i = 0; i < expr->argument_count; i++)
        list = nt_arena_printf(function->arena, "%s%s%s", list, i ? ", " : "", values[i]);
    if (called->is_of_arrays)
        return nt_arena_printf(function->arena, "nt_%s(e, %s, %s)", called->symbol,
                               emit_type(ir_call_element(expr)), list);
    if (called->is_variadic)
        return nt_arena_printf(function->arena, "nt_%s(e, %d, (const struct nt_value[]){%s})",
                               called->symbol, expr->argument_count, list);
    return nt_arena_printf(function->arena, "nt_%s(e%s%s)", called->symbol,
                           expr->argument_count ? ", " : "", list);
}

/* AND and OR. Parts that cannot fail are evaluated at once, the others only while the result is
 * open. */
static const char *logic_value(struct emit_function *function, const struct ir_expr *expr)
{
    const char *operation = expr->op == IR_AND ? "nt_and" : "nt_or";
    const char *decided = expr->op == IR_AND ? "nt_is_false" : "nt_is_true";
    const char *value = emit_value(function, expr->arguments[0]);
    const char *name = NULL;
    for (int i = 1; i < expr->argument_count; i++) {
        const struct ir_expr *part = expr->arguments[i];
        if (!name && !emit_can_fail(part)) {
            const char *right = emit_value(function, part);
            value = nt_arena_printf(function->arena, "%s(%s, %s)", operation, value, right);
            continue;
        }
        if (!name) {
            name = emit_name(&function->names, function->arena, expr_noun(expr));
            emit_line(function->c, function->indent, "struct nt_value %s = %s;", name, value);
        }
        emit_line(function->c, function->indent, "if (!%s(%s)) {", decided, name);
        function->indent++;
        const char *right = emit_value(function, part);
        emit_line(function->c, function->indent, "%s = %s(%s, %s);", name, operation, name, right);
        function->indent--;
        emit_line(function->c, function->indent, "}");
    }
    return name ? name : value;
}

static void branch_write(struct emit_function *function, const char *name,
                         const struct ir_expr *result)
{
    function->indent++;
    const char *value = emit_value(function, result);
    emit_line(function->c, function->indent, "%s = %s;", name, value);
    function->indent--;
}

/* The WHENs from index on: if, else if; a condition that needs statements opens a block of its own
 * in the else. */
static void case_write(struct emit_function *function, const struct ir_expr *expr, const char *name)
{
    int base = function->indent;
    int last = expr->argument_count - 1;
    for (int i = 0; i < last; i += 2) {
        struct buffer statements = {0};
        struct buffer *c = function->c;
        function->c = &statements;
        if (i) function->indent++;
        const char *condition = emit_condition(function, expr->arguments[i]);
        if (i) function->indent--;
        function->c = c;
        if (i && statements.size) {
            emit_line(c, function->indent, "} else {");
            function->indent++;
        }
        buffer_append(c, statements.data, statements.size);
        emit_line(c, function->indent, i && !statements.size ? "} else if (%s) {" : "if (%s) {",
                  condition);
        buffer_deinit(&statements);
        branch_write(function, name, expr->arguments[i + 1]);
    }
    emit_line(function->c, function->indent, "} else {");
    branch_write(function, name, expr->arguments[last]);
    for (; function->indent > base; function->indent--)
        emit_line(function->c, function->indent, "}");
    emit_line(function->c, function->indent, "}");
}

static const char *case_value(struct emit_function *function, const struct ir_expr *expr)
{
    const char *name = emit_name(&function->names, function->arena, expr_noun(expr));
    emit_line(function->c, function->indent, "struct nt_value %s;", name);
    case_write(function, expr, name);
    return name;
}

static const char *coalesce_value(struct emit_function *function, const struct ir_expr *expr)
{
    const char *first = emit_value(function, expr->arguments[0]);
    if (expr->argument_count == 1) return first;
    const char *name = emit_name(&function->names, function->arena, expr_noun(expr));
    emit_line(function->c, function->indent, "struct nt_value %s = %s;", name, first);
    for (int i = 1; i < expr->argument_count; i++) {
        emit_line(function->c, function->indent, "if (%s.is_null) {", name);
        branch_write(function, name, expr->arguments[i]);
        emit_line(function->c, function->indent, "}");
    }
    return name;
}

/* IS DISTINCT FROM, nullif, greatest, least: inline operations that take the type first. */
static const char *typed_value(struct emit_function *function, const struct ir_expr *expr,
                               const char *operation)
{
    const char *type = emit_type(expr->arguments[0]->type);
    const char **values = emit_arguments(function, expr);
    const char *value = values[0];
    for (int i = 1; i < expr->argument_count; i++)
        value =
            nt_arena_printf(function->arena, "%s(%s, %s, %s)", operation, type, value, values[i]);
    return value;
}

/* The place of a row in ORDER BY. */
static const char *row_order_value(struct emit_function *function, const struct ir_expr *expr)
{
    struct nt_arena *arena = function->arena;
    const char **values = emit_arguments(function, expr);
    const char *orders = emit_name(&function->names, arena, "orders");
    const char *row = emit_name(&function->names, arena, "whole_row");
    emit_line(function->c, function->indent, "static const struct nt_order %s[] = {", orders);
    for (int i = 0; i < expr->argument_count; i++)
        emit_line(function->c, function->indent + 1,
                  "{.type = %s, .is_descending = %s, .is_null_first = %s},",
                  emit_type(expr->orders[i].type), expr->orders[i].is_descending ? "true" : "false",
                  expr->orders[i].is_null_first ? "true" : "false");
    emit_line(function->c, function->indent, "};");
    emit_line(function->c, function->indent, "const struct nt_value %s[] = {", row);
    for (int i = 0; i < expr->argument_count; i++)
        emit_line(function->c, function->indent + 1, "%s,", values[i]);
    emit_line(function->c, function->indent, "};");
    return nt_arena_printf(arena, "nt_row_%s(e, %d, %s, %s)", expr->index ? "key" : "order",
                           expr->argument_count, orders, row);
}

static const char *test_value(struct emit_function *function, const struct ir_expr *expr,
                              const char *operation)
{
    const char *value = emit_value(function, expr->arguments[0]);
    return nt_arena_printf(function->arena, "%s(%s)", operation, value);
}

const char *emit_value(struct emit_function *function, const struct ir_expr *expr)
{
    switch (expr->op) {
    case IR_CONST:
        return constant_value(function, expr);
    case IR_COLUMN:
    case IR_KEY:
    case IR_TERM:
    case IR_INPUT:
        return leaf_value(function, expr);
    case IR_NOW:
        return "nt_now(e)";
    case IR_CALL:
        return call_value(function, expr);
    case IR_AND:
    case IR_OR:
        return logic_value(function, expr);
    case IR_NOT:
        return test_value(function, expr, "nt_not");
    case IR_IS_NULL:
        return test_value(function, expr, "nt_null_test");
    case IR_IS_TRUE:
        return test_value(function, expr, "nt_true_test");
    case IR_IS_FALSE:
        return test_value(function, expr, "nt_false_test");
    case IR_DISTINCT:
        return typed_value(function, expr, "nt_distinct");
    case IR_CASE:
        return case_value(function, expr);
    case IR_COALESCE:
        return coalesce_value(function, expr);
    case IR_NULLIF:
        return typed_value(function, expr, "nt_nullif");
    case IR_GREATEST:
        return typed_value(function, expr, "nt_greatest");
    case IR_LEAST:
        return typed_value(function, expr, "nt_least");
    case IR_ROW_ORDER:
        return row_order_value(function, expr);
    case IR_ARRAY:
    case IR_ARRAY_CAST:
    case IR_ANY:
    case IR_ALL:
        return emit_array(function, expr);
    }
    return "NT_NULL";
}

const char *emit_condition(struct emit_function *function, const struct ir_expr *expr)
{
    bool is_not = expr->op == IR_NOT && expr->arguments[0]->op == IR_IS_NULL;
    const struct ir_expr *test = is_not ? expr->arguments[0] : expr;
    if (test->op == IR_IS_NULL && expr_is_leaf(test->arguments[0])) {
        const char *leaf = leaf_value(function, test->arguments[0]);
        return nt_arena_printf(function->arena, "%s%s.is_null", is_not ? "!" : "", leaf);
    }
    return nt_arena_printf(function->arena, "nt_is_true(%s)", emit_value(function, expr));
}
