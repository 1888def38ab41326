/* test_functions.c: every function of the language against what PostgreSQL 15 answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "row/value_text.h"

#include <string.h>

typedef struct nt_value function1(struct nt_eval *e, struct nt_value x);
typedef struct nt_value function2(struct nt_eval *e, struct nt_value x, struct nt_value y);

struct function {
    const char *symbol;
    enum nt_type result, x_type, y_type;
    function1 *call1;
    function2 *call2;
};

static const struct function functions[] = {
#define NT_FUNCTION1(symbol, kind, sql, result, a)                                                 \
    {#symbol, NT_##result, NT_##a, NT_TYPE_COUNT, nt_##symbol, NULL},
#define NT_FUNCTION2(symbol, kind, sql, result, a, b)                                              \
    {#symbol, NT_##result, NT_##a, NT_##b, NULL, nt_##symbol},
#include "nowthen/functions.def"
#undef NT_FUNCTION1
#undef NT_FUNCTION2
};

static const char *const fields[] = {
#define FIELD_NAME(name, sql) sql,
    NT_FIELDS(FIELD_NAME)
#undef FIELD_NAME
};

struct pin {
    const char *symbol, *x, *y, *expected;
};

static const struct pin pins[] = {
#define PIN(symbol, x, y, expected) {symbol, x, y, expected},
#include "functions_pinned.def"
#undef PIN
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
    if (!strncmp(function->symbol, "extract", 7) && type == NT_INT4) {
        for (int i = 0; i < NT_FIELD_COUNT; i++)
            if (!strcmp(fields[i], text)) return nt_integer(i);
        fail_msg("no field %s", text);
    }
    if (strcmp(text, "NULL") && !value_parse(e, type, text, strlen(text), &value))
        fail_msg("%s: argument %s: %s", function->symbol, text, e->error);
    return value;
}

static void pin_check(struct nt_arena *arena, const struct pin *pin)
{
    const struct function *function = function_find(pin->symbol);
    struct nt_eval e = {.arena = arena};
    struct nt_value x = argument(&e, function, function->x_type, pin->x);
    struct nt_value result =
        function->call1 ? function->call1(&e, x)
                        : function->call2(&e, x, argument(&e, function, function->y_type, pin->y));
    struct buffer text = {0};
    if (e.error)
        buffer_printf(&text, "ERROR: %s", e.error);
    else if (result.is_null)
        buffer_append_text(&text, "NULL");
    else
        value_append_text(function->result, result, &text);
    if (strcmp(buffer_text(&text), pin->expected))
        fail_msg("%s(%s, %s): got %s, PostgreSQL says %s", pin->symbol, pin->x, pin->y,
                 buffer_text(&text), pin->expected);
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
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        const struct function *function = &functions[i];
        if (function->call1)
            assert_true(function->call1(&e, NT_NULL).is_null);
        else
            assert_true(function->call2(&e, NT_NULL, NT_NULL).is_null);
    }
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

static void numerics_beyond_38_digits_are_refused(void **state)
{
    (void)state;
    struct nt_arena arena;
    nt_arena_init(&arena);
    struct nt_eval e = {.arena = &arena};
    struct nt_value x = nt_text("99999999999999999999999999999999999999", 38);
    x = nt_text_to_numeric(&e, x);
    assert_null(e.error);
    assert_true(nt_numeric_mul(&e, x, x).is_null);
    assert_string_equal(e.error, "numeric field overflow: the value needs more than 38 digits");
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_answer_as_postgresql),
        cmocka_unit_test(every_function_is_pinned),
        cmocka_unit_test(null_in_gives_null_out),
        cmocka_unit_test(the_first_error_stays),
        cmocka_unit_test(numerics_beyond_38_digits_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
