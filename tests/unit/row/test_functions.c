/* test_functions.c: every function of the language against what PostgreSQL 15 answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "row/value_text.h"

#include <string.h>

#define ARGUMENTS_MAX 8

typedef struct nt_value function0(struct nt_eval *e);
typedef struct nt_value function1(struct nt_eval *e, struct nt_value x);
typedef struct nt_value function2(struct nt_eval *e, struct nt_value x, struct nt_value y);
typedef struct nt_value function3(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                  struct nt_value z);
typedef struct nt_value function4(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                  struct nt_value z, struct nt_value w);
typedef struct nt_value functions_of(struct nt_eval *e, int count, const struct nt_value *list);

struct function {
    const char *symbol;
    enum nt_type result;
    int count; /* of arguments; -1: any number of the first type */
    enum nt_type types[4];
    union {
        function0 *none;
        function1 *one;
        function2 *two;
        function3 *three;
        function4 *four;
        functions_of *many;
    };
};

static const struct function functions[] = {
#define NT_FUNCTION0(symbol, kind, sql, result)                                                    \
    {#symbol, NT_##result, 0, {0}, {.none = nt_##symbol}},
#define NT_FUNCTION1(symbol, kind, sql, result, a)                                                 \
    {#symbol, NT_##result, 1, {NT_##a}, {.one = nt_##symbol}},
#define NT_FUNCTION2(symbol, kind, sql, result, a, b)                                              \
    {#symbol, NT_##result, 2, {NT_##a, NT_##b}, {.two = nt_##symbol}},
#define NT_FUNCTION3(symbol, kind, sql, result, a, b, c)                                           \
    {#symbol, NT_##result, 3, {NT_##a, NT_##b, NT_##c}, {.three = nt_##symbol}},
#define NT_FUNCTION4(symbol, kind, sql, result, a, b, c, d)                                        \
    {#symbol, NT_##result, 4, {NT_##a, NT_##b, NT_##c, NT_##d}, {.four = nt_##symbol}},
#define NT_FUNCTIONS(symbol, kind, sql, result, a)                                                 \
    {#symbol, NT_##result, -1, {NT_##a}, {.many = nt_##symbol}},
#include "nowthen/functions.def"
};

static struct nt_value call(const struct function *function, struct nt_eval *e, int count,
                            const struct nt_value *list)
{
    switch (function->count) {
    case -1:
        return function->many(e, count, list);
    case 0:
        return function->none(e);
    case 1:
        return function->one(e, list[0]);
    case 2:
        return function->two(e, list[0], list[1]);
    case 3:
        return function->three(e, list[0], list[1], list[2]);
    default:
        return function->four(e, list[0], list[1], list[2], list[3]);
    }
}

static const char *const fields[] = {
#define FIELD_NAME(name, sql) sql,
    NT_FIELDS(FIELD_NAME)
#undef FIELD_NAME
};

struct pin {
    const char *symbol, *expected;
    const char *arguments[ARGUMENTS_MAX];
};

static const struct pin pins[] = {
#define PIN(symbol, x, y, expected) {symbol, expected, {x, y}},
#define PINS(symbol, expected, ...) {symbol, expected, {__VA_ARGS__}},
#include "functions_pinned.def"
#undef PIN
#undef PINS
};

static const struct function *function_find(const char *symbol)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (!strcmp(functions[i].symbol, symbol)) return &functions[i];
    fail_msg("no function %s", symbol);
    return NULL;
}

static struct nt_value argument(struct nt_eval *e, const struct function *function,
                                enum nt_type type, const char *text)
{
    struct nt_value value = NT_NULL;
    bool has_field = !strncmp(function->symbol, "extract_", 8) ||
                     !strncmp(function->symbol, "date_part_", 10) ||
                     !strncmp(function->symbol, "date_trunc_", 11);
    if (has_field && type == NT_INT4) {
        for (int i = 0; i < NT_FIELD_COUNT; i++)
            if (!strcmp(fields[i], text)) return nt_integer(i);
        fail_msg("no field %s", text);
    }
    if (strcmp(text, "NULL") && !value_parse(e, type, text, strlen(text), &value))
        fail_msg("%s: argument %s: %s", function->symbol, text, e->error);
    return value;
}

/* Of one argument, the other one in the table is "". */
static int argument_count(const struct function *function, const struct pin *pin)
{
    int count = 0;
    if (function->count >= 0) return function->count;
    while (count < ARGUMENTS_MAX && pin->arguments[count]) count++;
    return count;
}

static void pin_check(struct nt_arena *arena, const struct pin *pin)
{
    const struct function *function = function_find(pin->symbol);
    struct nt_eval e = {.arena = arena};
    struct nt_value list[ARGUMENTS_MAX];
    int count = argument_count(function, pin);
    for (int i = 0; i < count; i++)
        list[i] =
            argument(&e, function, function->types[function->count < 0 ? 0 : i], pin->arguments[i]);
    struct nt_value result = call(function, &e, count, list);
    struct buffer text = {0};
    if (e.error)
        buffer_printf(&text, "ERROR: %s", e.error);
    else if (result.is_null)
        buffer_append_text(&text, "NULL");
    else
        value_append_text(function->result, result, &text);
    if (strcmp(buffer_text(&text), pin->expected))
        fail_msg("%s(%s, %s, ...): got %s, PostgreSQL says %s", pin->symbol, pin->arguments[0],
                 pin->arguments[1], buffer_text(&text), pin->expected);
    if (e.error) assert_true(result.is_null);
    buffer_deinit(&text);
}

static void functions_answer_as_postgresql(void **state)
{
    (void)state;
    struct nt_arena arena;
    nt_arena_init(&arena);
    for (size_t i = 0; i < sizeof pins / sizeof pins[0]; i++) {
        pin_check(&arena, &pins[i]);
        nt_arena_reset(&arena);
    }
    nt_arena_deinit(&arena);
}

static void every_function_is_pinned(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        bool is_pinned = false;
        for (size_t k = 0; k < sizeof pins / sizeof pins[0]; k++)
            is_pinned |= !strcmp(pins[k].symbol, functions[i].symbol);
        if (!is_pinned) fail_msg("%s has no line in functions_pinned.def", functions[i].symbol);
    }
}

static void null_in_gives_null_out(void **state)
{
    (void)state;
    struct nt_eval e = {0};
    struct nt_value nulls[ARGUMENTS_MAX];
    for (int i = 0; i < ARGUMENTS_MAX; i++) nulls[i] = NT_NULL;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (functions[i].count > 0)
            assert_true(call(&functions[i], &e, functions[i].count, nulls).is_null);
    assert_null(e.error);
}

static void the_first_error_stays(void **state)
{
    (void)state;
    struct nt_eval e = {0};
    nt_int4_div(&e, nt_integer(1), nt_integer(0));
    nt_int8_add(&e, nt_integer(INT64_MAX), nt_integer(1));
    assert_string_equal(e.error, "division by zero");
}

static void numerics_beyond_1000_digits_are_refused(void **state)
{
    (void)state;
    struct nt_arena arena;
    nt_arena_init(&arena);
    struct nt_eval e = {.arena = &arena};
    struct nt_value x = nt_text("99999999999999999999999999999999999999", 38);
    x = nt_text_to_numeric(&e, x);
    assert_null(e.error);
    for (int i = 0; i < 4; i++) x = nt_numeric_mul(&e, x, x);
    assert_null(e.error);
    assert_true(nt_numeric_mul(&e, x, x).is_null);
    assert_string_equal(e.error,
                        "numeric overflow: the value needs more than 1000 digits, in all or after "
                        "the point");
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_answer_as_postgresql),
        cmocka_unit_test(every_function_is_pinned),
        cmocka_unit_test(null_in_gives_null_out),
        cmocka_unit_test(the_first_error_stays),
        cmocka_unit_test(numerics_beyond_1000_digits_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
