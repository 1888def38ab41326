/* test_emit.c: small programs built by hand, emitted, compiled, loaded and called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/compile.h"
#include "compiler/fingerprint.h"
#include "row/numeric.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a program needs of the runtime is only their addresses. */
#define NT_AGGREGATE(symbol, ...)                                                                  \
    NT_API extern const char nt_aggregate_##symbol##_stand_in __asm__("nt_aggregate_" #symbol);    \
    const char nt_aggregate_##symbol##_stand_in = 0;
#include "nowthen/aggregates.def"
#undef NT_AGGREGATE

static struct nt_arena arena;

static struct ir_expr *leaf(enum ir_op op, enum nt_type type, int index)
{
    struct ir_expr *expr = nt_arena_zalloc(&arena, sizeof *expr);
    *expr = (struct ir_expr){.op = op, .type = type, .index = index};
    return expr;
}

static struct ir_expr *constant(enum nt_type type, struct nt_value value)
{
    struct ir_expr *expr = leaf(IR_CONST, type, 0);
    expr->value = value;
    return expr;
}

static struct ir_expr *integer(int64_t x)
{
    return constant(NT_INT4, nt_integer(x));
}

static struct ir_expr *node(enum ir_op op, enum nt_type type, int count, ...)
{
    struct ir_expr *expr = leaf(op, type, 0);
    expr->argument_count = count;
    expr->arguments = nt_arena_zalloc(&arena, (size_t)count * sizeof *expr->arguments);
    va_list arguments;
    va_start(arguments, count);
    for (int i = 0; i < count; i++) expr->arguments[i] = va_arg(arguments, struct ir_expr *);
    va_end(arguments);
    return expr;
}

static int function_index(const char *symbol)
{
    for (int i = 0; i < ir_function_count; i++)
        if (!strcmp(ir_functions[i].symbol, symbol)) return i;
    fail_msg("no function %s", symbol);
    return -1;
}

static struct ir_expr *call(const char *symbol, struct ir_expr *x, struct ir_expr *y)
{
    int function = function_index(symbol);
    struct ir_expr *expr =
        node(IR_CALL, ir_functions[function].result, ir_functions[function].argument_count, x, y);
    expr->function = function;
    return expr;
}

static struct ir_expr *column(int index)
{
    static const enum nt_type types[] = {NT_TEXT, NT_INT4, NT_INT4, NT_TIMESTAMPTZ};
    return leaf(IR_COLUMN, types[index], index);
}

/* c1 / c2, which fails where c2 is 0. */
static struct ir_expr *ratio(void)
{
    return call("int4_div", column(1), column(2));
}

static struct ir_expr *is_big(struct ir_expr *expr)
{
    return call("int4_gt", expr, integer(10));
}

static struct ir_column columns[] = {
    {.name = "key", .type = NT_TEXT, .is_not_null = true},
    {.name = "Amount Paid", .type = NT_INT4, .comment = "in \"cents\" */ or ?\?/"},
    {.name = "switch", .type = NT_INT4},
    {.name = "at", .type = NT_TIMESTAMPTZ}};

static struct ir_program program_make(struct ir_expr *where, struct ir_expr *check,
                                      struct ir_expr *argument, struct ir_expr *filter)
{
    static struct ir_source source;
    static struct ir_check checks[1];
    static struct ir_view view;
    static struct ir_feed feed;
    static struct ir_argument arguments[2];
    static struct ir_measure measures[2];
    static struct ir_window windows[1];
    static struct nt_bound_step steps[2] = {{.kind = NT_BOUND_TRUNC, .field = NT_FIELD_DAY},
                                            {.kind = NT_BOUND_MINUS, .us = INT64_C(3600000000)}};
    static struct ir_term terms[2];
    static struct ir_feature features[3];
    static int total_terms[1] = {1}, ratio_terms[2] = {0, 1};
    checks[0] = (struct ir_check){"sales_check", "CHECK (\"Amount Paid\" /* x */ > 0)", check};
    source = (struct ir_source){.name = "sales",
                                .server = "s",
                                .brokers = "localhost:9092",
                                .topic = "sales",
                                .format = "json",
                                .column_count = 4,
                                .columns = columns,
                                .event_time = 3,
                                .check_count = check ? 1 : 0,
                                .checks = checks};
    arguments[0] = (struct ir_argument){.expr = argument, .sql = "amount / switch"};
    arguments[1] = (struct ir_argument){.expr = filter, .sql = "switch <> 0"};
    measures[0] = (struct ir_measure){
        .aggregate = "count_star", .result = NT_INT8, .filter = -1, .sql = "count(*)"};
    measures[1] = (struct ir_measure){.aggregate = "sum_int4",
                                      .argument_count = 1,
                                      .types = {NT_INT4},
                                      .result = NT_INT8,
                                      .filter = filter ? 1 : -1,
                                      .sql = "sum(amount)"};
    windows[0] = (struct ir_window){.lower = {true, true, 2, steps}, .sql = "at >= today"};
    terms[1] = (struct ir_term){1, 0};
    features[0] = (struct ir_feature){
        .name = "key", .sql = "key", .type = NT_TEXT, .key = 0, .expr = leaf(IR_KEY, NT_TEXT, 0)};
    features[1] = (struct ir_feature){.name = "total",
                                      .sql = "sum(amount)",
                                      .type = NT_INT8,
                                      .key = -1,
                                      .term_count = 1,
                                      .terms = total_terms,
                                      .expr = leaf(IR_TERM, NT_INT8, 1)};
    features[2] = (struct ir_feature){
        .name = "total",
        .sql = "sum(amount) / count(*)",
        .type = NT_INT8,
        .key = -1,
        .term_count = 2,
        .terms = ratio_terms,
        .expr = call("int8_div", leaf(IR_TERM, NT_INT8, 1), leaf(IR_TERM, NT_INT8, 0))};
    static struct ir_expr *admitted[2];
    admitted[0] = argument;
    admitted[1] = filter;
    feed = (struct ir_feed){.where = where,
                            .where_sql = "a AND b",
                            .keys = {leaf(IR_COLUMN, NT_TEXT, 0)},
                            .arguments = admitted};
    view = (struct ir_view){.name = "buyer",
                            .sql = "SELECT\n  1",
                            .key_count = 1,
                            .keys = {{.name = "key", .type = NT_TEXT, .is_not_null = true}},
                            .feed_count = 1,
                            .feeds = &feed,
                            .argument_count = filter ? 2 : 1,
                            .arguments = arguments,
                            .window_count = 1,
                            .windows = windows,
                            .measure_count = 2,
                            .measures = measures,
                            .term_count = 2,
                            .terms = terms,
                            .feature_count = 3,
                            .features = features};
    return (struct ir_program){.definitions = "line \"one\"\nline\ttwo\\ ?\?/ \303\251\n",
                               .source_count = 1,
                               .sources = &source,
                               .view_count = 1,
                               .views = &view};
}

struct loaded {
    char directory[64];
    void *handle;
    const struct nt_program *program;
    struct nt_eval e;
};

static struct loaded load(struct ir_program *program)
{
    struct loaded loaded = {.e = {.arena = &arena}};
    struct nt_error error = {0};
    snprintf(loaded.directory, sizeof loaded.directory, "/tmp/nowthen-emit-XXXXXX");
    assert_non_null(mkdtemp(loaded.directory));
    setenv("CC", "cc -Wextra -Wno-unused-parameter -Werror", 1);
    setenv("NOWTHEN_INCLUDE", NOWTHEN_INCLUDE, 1);
    program_fingerprint(program);
    if (build_program(program, loaded.directory, NULL, &error)) fail_msg("%s", error.text);
    loaded.handle =
        dlopen(nt_arena_printf(&arena, "%s/program.so", loaded.directory), RTLD_NOW | RTLD_LOCAL);
    if (!loaded.handle) fail_msg("%s", dlerror());
    loaded.program = dlsym(loaded.handle, "nt_program");
    assert_non_null(loaded.program);
    return loaded;
}

static void unload(struct loaded *loaded)
{
    static const char *const files[] = {"program.c", "program.so", "manifest.json"};
    dlclose(loaded->handle);
    for (int i = 0; i < 3; i++)
        assert_int_equal(unlink(nt_arena_printf(&arena, "%s/%s", loaded->directory, files[i])), 0);
    assert_int_equal(rmdir(loaded->directory), 0);
    nt_arena_deinit(&arena);
}

struct admitted {
    bool is_in;
    struct nt_value key[1], arguments[2];
    const char *error;
};

static struct admitted admit(struct loaded *loaded, struct nt_value c1, struct nt_value c2)
{
    struct nt_value row[4] = {nt_text("k", 1), c1, c2, nt_timestamptz(5)};
    struct admitted admitted = {0};
    loaded->e.error = NULL;
    admitted.is_in =
        loaded->program->views[0].feeds[0].admit(&loaded->e, row, admitted.key, admitted.arguments);
    admitted.error = loaded->e.error;
    return admitted;
}

static void a_program_carries_its_tables(void **state)
{
    (void)state;
    struct ir_program ir = program_make(NULL, NULL, column(1), NULL);
    struct loaded loaded = load(&ir);
    const struct nt_program *program = loaded.program;
    assert_int_equal(program->abi, NT_PROGRAM_ABI);
    assert_string_equal(program->fingerprint, ir.fingerprint);
    assert_string_equal(program->definitions, ir.definitions);
    assert_string_equal(program->sources[0].columns[1].name, "Amount Paid");
    assert_string_equal(program->sources[0].columns[1].comment, "in \"cents\" */ or ?\?/");
    const struct nt_view *view = &program->views[0];
    assert_string_equal(view->sql, "SELECT\n  1");
    assert_true(view->fingerprint == ir.views[0].fingerprint);
    assert_int_equal(view->windows[0].lower.step_count, 2);
    assert_int_equal(view->windows[0].lower.steps[0].field, NT_FIELD_DAY);
    assert_true(view->windows[0].lower.steps[1].us == INT64_C(3600000000));
    assert_true(view->windows[0].lower.is_inclusive);
    assert_false(view->windows[0].upper.is_set);
    assert_ptr_equal(view->measures[1].aggregate, &nt_aggregate_sum_int4);
    assert_int_equal(view->features[2].term_count, 2);
    struct nt_value terms[2] = {nt_integer(4), nt_integer(21)};
    assert_int_equal(view->features[1].finish(&loaded.e, NULL, terms).integer, 21);
    assert_int_equal(view->features[2].finish(&loaded.e, NULL, terms).integer, 5);
    assert_null(loaded.e.error);
    unload(&loaded);
}

static void check_rejects_with_postgresqls_message(void **state)
{
    (void)state;
    struct ir_program ir = program_make(NULL, is_big(ratio()), column(1), NULL);
    struct loaded loaded = load(&ir);
    bool (*check)(struct nt_eval *, const struct nt_value *) = loaded.program->sources[0].check;
    struct nt_value row[4] = {nt_text("k", 1), nt_integer(22), nt_integer(2), nt_timestamptz(5)};
    assert_true(check(&loaded.e, row));
    row[1] = nt_integer(20);
    assert_false(check(&loaded.e, row));
    assert_string_equal(loaded.e.error,
                        "new row for relation \"sales\" violates check constraint \"sales_check\"");
    loaded.e.error = NULL;
    row[2] = nt_integer(0);
    assert_false(check(&loaded.e, row));
    assert_string_equal(loaded.e.error, "division by zero");
    loaded.e.error = NULL;
    row[2] = NT_NULL;
    assert_true(check(&loaded.e, row));
    row[3] = NT_NULL;
    assert_false(check(&loaded.e, row));
    assert_string_equal(
        loaded.e.error,
        "null value in column \"at\" of relation \"sales\" violates not-null constraint");
    unload(&loaded);
}

/* switch <> 0 AND amount / switch > 10, and the same by OR, CASE and COALESCE. */
static void lazy_operators_do_not_evaluate_what_sql_does_not_need(void **state)
{
    (void)state;
    struct ir_expr *is_set = call("int4_ne", column(2), integer(0));
    struct ir_expr *is_zero = call("int4_eq", column(2), integer(0));
    struct ir_expr *both = node(IR_AND, NT_BOOL, 2, is_set, is_big(ratio()));
    struct ir_expr *either = node(IR_OR, NT_BOOL, 2, is_zero, is_big(ratio()));
    struct ir_expr *known = node(IR_COALESCE, NT_INT4, 2, column(1), ratio());
    struct ir_expr *chosen =
        node(IR_CASE, NT_INT4, 5, is_zero, integer(-1), is_big(ratio()), known, ratio());
    struct ir_expr *truth = node(IR_CASE, NT_INT4, 3, both, integer(100),
                                 node(IR_CASE, NT_INT4, 3, either, integer(200), chosen));
    struct ir_program ir = program_make(NULL, NULL, call("int4_add", truth, chosen), NULL);
    struct loaded loaded = load(&ir);
    struct admitted admitted = admit(&loaded, nt_integer(30), nt_integer(0));
    assert_true(admitted.is_in);
    assert_int_equal(admitted.arguments[0].integer, 200 - 1);
    admitted = admit(&loaded, nt_integer(30), nt_integer(2));
    assert_int_equal(admitted.arguments[0].integer, 100 + 30);
    admitted = admit(&loaded, nt_integer(30), nt_integer(15));
    assert_int_equal(admitted.arguments[0].integer, 2 + 2);
    admitted = admit(&loaded, NT_NULL, nt_integer(15));
    assert_true(admitted.is_in && admitted.arguments[0].is_null);
    unload(&loaded);
}

static void where_lets_in_only_what_is_true_and_fails_with_an_error(void **state)
{
    (void)state;
    struct ir_expr *where = node(IR_AND, NT_BOOL, 2, is_big(column(1)), is_big(ratio()));
    struct ir_program ir = program_make(where, NULL, column(2), NULL);
    struct loaded loaded = load(&ir);
    struct admitted admitted = admit(&loaded, nt_integer(30), nt_integer(2));
    assert_true(admitted.is_in);
    assert_int_equal(admitted.key[0].size, 1);
    assert_int_equal(admitted.arguments[0].integer, 2);
    assert_false(admit(&loaded, nt_integer(5), nt_integer(0)).is_in);
    assert_null(admit(&loaded, NT_NULL, nt_integer(0)).error);
    admitted = admit(&loaded, nt_integer(30), nt_integer(0));
    assert_false(admitted.is_in);
    assert_string_equal(admitted.error, "division by zero");
    unload(&loaded);
}

static void an_argument_is_evaluated_only_where_a_filter_wants_it(void **state)
{
    (void)state;
    struct ir_expr *filter = call("int4_ne", column(2), integer(0));
    struct ir_program ir = program_make(NULL, NULL, ratio(), filter);
    struct loaded loaded = load(&ir);
    struct admitted admitted = admit(&loaded, nt_integer(30), nt_integer(0));
    assert_true(admitted.is_in && admitted.arguments[0].is_null);
    admitted = admit(&loaded, nt_integer(30), nt_integer(3));
    assert_int_equal(admitted.arguments[0].integer, 10);
    assert_true(admitted.arguments[1].boolean);
    unload(&loaded);
}

static void the_first_error_in_sqls_order_is_reported(void **state)
{
    (void)state;
    struct ir_expr *overflow = call("int4_add", column(1), integer(INT32_MAX));
    struct ir_program ir = program_make(NULL, NULL, call("int4_add", ratio(), overflow), NULL);
    struct loaded loaded = load(&ir);
    assert_string_equal(admit(&loaded, nt_integer(1), nt_integer(0)).error, "division by zero");
    assert_string_equal(admit(&loaded, nt_integer(1), nt_integer(1)).error, "integer out of range");
    unload(&loaded);
}

static struct nt_value constant_round_trip(enum nt_type type, struct nt_value value,
                                           struct loaded *loaded)
{
    struct ir_program ir = program_make(NULL, NULL, constant(type, value), NULL);
    *loaded = load(&ir);
    return admit(loaded, NT_NULL, NT_NULL).arguments[0];
}

static void constants_keep_every_bit(void **state)
{
    (void)state;
    struct loaded loaded;
    const double floats[] = {0.1, -0.0, 5e-324, 1.7976931348623157e308};
    for (size_t i = 0; i < sizeof floats / sizeof floats[0]; i++) {
        struct nt_value value = constant_round_trip(NT_FLOAT8, nt_float8(floats[i]), &loaded);
        assert_memory_equal(&value.float8, &floats[i], sizeof floats[i]);
        unload(&loaded);
    }
    assert_true(constant_round_trip(NT_INT8, nt_integer(INT64_MIN), &loaded).integer == INT64_MIN);
    unload(&loaded);
    struct nt_numeric number = {.coefficient = -((__int128)INT64_MAX * 1000003 + 7), .scale = 12};
    struct nt_value value =
        constant_round_trip(NT_NUMERIC, (struct nt_value){.numeric = &number}, &loaded);
    assert_true(value.numeric->coefficient == number.coefficient);
    assert_int_equal(value.numeric->scale, 12);
    unload(&loaded);
    const uint64_t limbs[] = {UINT64_MAX, 7, 1};
    number = (struct nt_numeric){-1, limbs, 3, 200, NT_NUMERIC_FINITE};
    value = constant_round_trip(NT_NUMERIC, (struct nt_value){.numeric = &number}, &loaded);
    assert_true(numeric_is_same(value.numeric, &number));
    unload(&loaded);
    struct nt_interval span = {INT64_MIN, INT32_MIN, -14};
    value = constant_round_trip(NT_INTERVAL, (struct nt_value){.interval = &span}, &loaded);
    assert_true(value.interval->us == INT64_MIN && value.interval->days == INT32_MIN);
    unload(&loaded);
    const char text[] = "a\"b\\c\n?\?/\0\3037%d*/";
    value = constant_round_trip(NT_TEXT, nt_text(text, sizeof text - 1), &loaded);
    assert_int_equal(value.size, sizeof text - 1);
    assert_memory_equal(value.text, text, sizeof text - 1);
    unload(&loaded);
}

static void the_same_ir_gives_the_same_bytes_of_c(void **state)
{
    (void)state;
    struct buffer first = {0}, second = {0};
    struct ir_program ir = program_make(NULL, is_big(ratio()), ratio(), NULL);
    program_fingerprint(&ir);
    emit_program(&ir, &first);
    emit_program(&ir, &second);
    assert_int_equal(first.size, second.size);
    assert_memory_equal(first.data, second.data, first.size);
    char before[33];
    memcpy(before, ir.fingerprint, sizeof before);
    ir.views[0].features[1].comment = "a comment";
    program_fingerprint(&ir);
    assert_string_equal(ir.fingerprint, before);
    ir.views[0].features[1].name = "sum";
    program_fingerprint(&ir);
    assert_string_not_equal(ir.fingerprint, before);
    buffer_deinit(&first);
    buffer_deinit(&second);
    nt_arena_deinit(&arena);
}

static void a_failing_compiler_is_reported_and_leaves_nothing(void **state)
{
    (void)state;
    struct ir_program ir = program_make(NULL, NULL, ratio(), NULL);
    struct nt_error error;
    char directory[] = "/tmp/nowthen-emit-XXXXXX";
    assert_non_null(mkdtemp(directory));
    assert_int_equal(rmdir(directory), 0);
    setenv("NOWTHEN_INCLUDE", NOWTHEN_INCLUDE, 1);
    setenv("CC", "cc -fno-such-option-there", 1);
    assert_int_equal(build_program(&ir, directory, NULL, &error), NT_IO);
    assert_non_null(strstr(error.text, "no-such-option-there"));
    assert_int_equal(access(directory, F_OK), -1);
    setenv("CC", "/nonexistent/compiler", 1);
    assert_int_equal(build_program(&ir, directory, NULL, &error), NT_NOT_FOUND);
    assert_non_null(strstr(error.text, "set CC"));
    assert_int_equal(access(directory, F_OK), -1);
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_carries_its_tables),
        cmocka_unit_test(check_rejects_with_postgresqls_message),
        cmocka_unit_test(lazy_operators_do_not_evaluate_what_sql_does_not_need),
        cmocka_unit_test(where_lets_in_only_what_is_true_and_fails_with_an_error),
        cmocka_unit_test(an_argument_is_evaluated_only_where_a_filter_wants_it),
        cmocka_unit_test(the_first_error_in_sqls_order_is_reported),
        cmocka_unit_test(constants_keep_every_bit),
        cmocka_unit_test(the_same_ir_gives_the_same_bytes_of_c),
        cmocka_unit_test(a_failing_compiler_is_reported_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
