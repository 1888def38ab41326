/*
 * The offline path against a real PostgreSQL: apply, import, materialize, snapshot and the oracle
 * over random events. Three ways to a feature must give the same text.
 */
#include "../support/seed.h"
#include "base/bytes.h"
#include "compiler/compile.h"
#include "offline/definitions.h"
#include "offline/history.h"
#include "offline/import.h"
#include "offline/materialize.h"
#include "offline/oracle.h"
#include "offline/snapshot.h"
#include "registry/program.h"
#include "runtime/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define EVENT_COUNT 1500
#define SPINE_COUNT 400
#define PATH_SIZE   256

static const char definitions[] =
    "CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');\n"
    "CREATE FOREIGN TABLE tx (\n"
    "  account text NOT NULL, shop int4, amount float8 CHECK (amount < 1000), note text,\n"
    "  is_refund boolean, price numeric, at timestamptz NOT NULL\n"
    ") SERVER events OPTIONS (topic 'tx', format 'json', event_time 'at', history 'past.tx');\n"
    "CREATE MATERIALIZED VIEW account AS\n"
    "SELECT account, count(*) FILTER (WHERE at > now() - interval '1 hour') AS n_1h,\n"
    "       sum(amount) FILTER (WHERE at > now() - interval '3 hours') AS s_3h,\n"
    "       last(note, at) AS last_note, first(amount, at) AS first_amount,\n"
    "       100 / count(*) FILTER (WHERE is_refund) AS per_refund,\n"
    "       sum(price) AS spent, now() - max(at) AS idle,\n"
    "       count(*) FILTER (WHERE at >= date_trunc('day', now())) AS today,\n"
    "       decayed_count(at, interval '1 day') > 0.01 AS warm\n"
    "FROM tx WHERE at > now() - interval '36 hours' GROUP BY account;\n"
    "CREATE MATERIALIZED VIEW pair AS\n"
    "SELECT account, shop, count(*) AS n, max(amount) AS most, min(note) AS least_note,\n"
    "       avg(shop) FILTER (WHERE at > now() - interval '8 hours' AND at <= now() - interval "
    "'2 hours') AS past\n"
    "FROM tx GROUP BY account, shop;\n"
    "CREATE FOREIGN TABLE question (account text, shop int4, asked float8) SERVER request;\n"
    "CREATE VIEW vector AS\n"
    "SELECT q.account, a.n_1h, a.s_3h, a.last_note, a.per_refund, a.idle, a.spent, a.today,\n"
    "       p.n, p.most, p.past, p.least_note, q.asked / p.n AS share, a.first_amount, a.warm\n"
    "FROM question q LEFT JOIN account a USING (account) LEFT JOIN pair p USING (account, shop);\n";

struct world {
    char root[64];
    char conninfo[PATH_SIZE];
    struct connection *connection, *other;
    struct program *program;
    const struct nt_program *table;
};

static char *world_path(const struct world *world, const char *name, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "%s/%s", world->root, name);
    return path;
}

static void assert_ok(enum nt_status status, const struct nt_error *error)
{
    if (status != NT_OK) print_error("%s\n", error->text);
    assert_int_equal(status, NT_OK);
}

static void text_write(const char *path, const char *text)
{
    assert_int_equal(file_write(path, (struct bytes){(const uint8_t *)text, strlen(text)}, NULL),
                     NT_OK);
}

static void server_up(struct world *world)
{
    char command[PATH_SIZE * 2];
    snprintf(command, sizeof command, "%s/tests/support/postgres.sh up %s/pg", NOWTHEN_SOURCE,
             world->root);
    FILE *out = popen(command, "r");
    assert_non_null(fgets(world->conninfo, sizeof world->conninfo, out));
    pclose(out);
    world->conninfo[strcspn(world->conninfo, "\n")] = 0;
}

static int world_make(void **state)
{
    struct world *world = memory_zalloc(sizeof *world);
    struct buffer diagnostics = {0};
    struct nt_error error = {0};
    char path[PATH_SIZE], directory[PATH_SIZE];
    *state = world; /* world_drop is called even when this fails */
    snprintf(world->root, sizeof world->root, "/tmp/nowthen-offline-XXXXXX");
    assert_non_null(mkdtemp(world->root));
    assert_int_equal(chmod(world->root, 0755), 0);
    server_up(world);
    text_write(world_path(world, "definitions.sql", path), definitions);
    enum nt_status status =
        compile_file(path, world_path(world, "program", directory), NULL, &diagnostics, &error);
    if (status != NT_OK) print_error("%s", buffer_text(&diagnostics));
    assert_ok(status, &error);
    assert_ok(program_open(directory, &world->program, &error), &error);
    world->table = program_get(world->program);
    assert_ok(connection_open(world->conninfo, NULL, &world->connection, &error), &error);
    assert_ok(connection_open(world->conninfo, NULL, &world->other, &error), &error);
    buffer_deinit(&diagnostics);
    return 0;
}

static int world_drop(void **state)
{
    struct world *world = *state;
    char command[PATH_SIZE * 2];
    connection_close(world->connection);
    connection_close(world->other);
    program_close(world->program);
    snprintf(command, sizeof command, "%s/tests/support/postgres.sh down %s/pg; rm -rf %s",
             NOWTHEN_SOURCE, world->root, world->root);
    assert_int_equal(system(command), 0);
    free(world);
    return 0;
}

static void apply(struct world *world, const char *expected)
{
    struct buffer changes = {0};
    struct definitions_report report;
    struct nt_error error;
    char directory[PATH_SIZE];
    world_path(world, "program", directory);
    assert_ok(definitions_apply(world->connection, world->table, directory, false, &changes,
                                &report, &error),
              &error);
    assert_non_null(strstr(buffer_text(&changes), expected));
    buffer_deinit(&changes);
}

static void applying_twice_changes_nothing(void **state)
{
    apply(*state, "+ view account");
    apply(*state, "nothing to change");
}

static void the_active_program_is_loaded_from_the_registry(void **state)
{
    struct world *world = *state;
    struct buffer directory = {0};
    struct program *program;
    struct nt_error error;
    char cache[PATH_SIZE];
    world_path(world, "cache/of/programs", cache);
    for (int i = 0; i < 2; i++)
        assert_ok(definitions_load(world->connection, cache, &directory, &error), &error);
    assert_ok(program_open(buffer_text(&directory), &program, &error), &error);
    assert_string_equal(program_get(program)->fingerprint, world->table->fingerprint);
    program_close(program);
    buffer_deinit(&directory);
}

/* A moment of three days, on a coarse grain so that ties and window ends are met. */
static void moment_append(struct buffer *out)
{
    long minutes = random() % (3 * 24 * 4) * 15;
    buffer_printf(out, "2020-01-0%ldT%02ld:%02ld:00%sZ", 1 + minutes / 1440, minutes / 60 % 24,
                  minutes % 60, random() % 8 ? "" : ".000001");
}

static void event_append(struct buffer *out)
{
    static const char *const notes[] = {"null", "\"\"", "\"b\"", "\"B\"", "\"\\u00e9\"", "\"a b\""};
    buffer_printf(out, "{\"account\": \"%c\", \"shop\": ", "aAbcz"[random() % 5]);
    if (random() % 6)
        buffer_printf(out, "%ld", random() % 3);
    else
        buffer_append_text(out, "null");
    buffer_printf(out,
                  ", \"amount\": %ld.5, \"note\": %s, \"is_refund\": %s, \"price\": \"%ld.%02ld\"",
                  random() % 100, notes[random() % 6], random() % 3 ? "false" : "true",
                  random() % 50, random() % 100);
    buffer_append_text(out, ", \"at\": \"");
    moment_append(out);
    buffer_append_text(out, "\"}\n");
}

static void import(struct world *world, const char *events, enum import_mode mode,
                   uint64_t imported, uint64_t rejected)
{
    struct import_report report;
    struct nt_error error;
    char path[PATH_SIZE];
    text_write(world_path(world, "events.jsonl", path), events);
    assert_ok(import_file(world->connection, world->table, 0, path, mode, (struct import_origin){0},
                          &report, &error),
              &error);
    assert_int_equal(report.imported, imported);
    assert_int_equal(report.rejected, rejected);
}

static void bad_events_are_rejected_and_the_rest_is_imported(void **state)
{
    import(*state,
           "{\"account\": \"a\", \"amount\": 1, \"at\": \"2020-01-01T00:00:00Z\"}\n"
           "{\"account\": \"a\", \"amount\": 1000, \"at\": \"2020-01-01T00:00:00Z\"}\n"
           "{\"account\": null, \"amount\": 1, \"at\": \"2020-01-01T00:00:00Z\"}\n"
           "{\"account\": \"a\", \"amount\": \"x\", \"at\": \"2020-01-01T00:00:00Z\"}\n"
           "{\"account\": \"a\", \"amount\": 1}\n"
           "\n"
           "{\"account\": \"a\"\n",
           IMPORT_REPLACE, 1, 5);
}

static void events_import(struct world *world, size_t count, enum import_mode mode)
{
    struct buffer events = {0};
    for (size_t i = 0; i < count; i++) event_append(&events);
    import(world, buffer_text(&events), mode, count, 0);
    buffer_deinit(&events);
}

static void materialize(struct world *world, struct materialize_range range)
{
    struct materialize_report report;
    struct nt_error error;
    for (uint16_t i = 0; i < world->table->view_count; i++)
        assert_ok(materialize_view(world->connection, world->other, world->table, i, range, &report,
                                   &error),
                  &error);
}

static void spine_write(struct world *world, const char *header, bool is_view)
{
    struct buffer spine = {0};
    char path[PATH_SIZE];
    buffer_printf(&spine, "%s\n", header);
    for (int i = 0; i < SPINE_COUNT; i++) {
        if (random() % 20) buffer_printf(&spine, "%c", "aAbczx"[random() % 6]);
        buffer_append_byte(&spine, ',');
        if (random() % 20) buffer_printf(&spine, "%ld", random() % 4);
        if (!is_view) buffer_printf(&spine, ",%ld", random() % 9);
        buffer_append_byte(&spine, ',');
        moment_append(&spine);
        buffer_append_byte(&spine, '\n');
    }
    text_write(world_path(world, "spine.csv", path), buffer_text(&spine));
    buffer_deinit(&spine);
}

static void snapshot_read(struct world *world, const char *target, enum snapshot_from from,
                          struct buffer *out)
{
    struct snapshot_report report;
    struct nt_error error;
    char spine[PATH_SIZE], path[PATH_SIZE];
    world_path(world, "spine.csv", spine);
    world_path(world, "out.csv", path);
    assert_ok(snapshot_write(world->connection, world->table, target, spine, from, NULL, path,
                             &report, &error),
              &error);
    assert_int_equal(report.rows, SPINE_COUNT);
    assert_int_equal(file_read(path, out, NULL), NT_OK);
}

static void oracle_line_append(const struct target *target, const struct spine_row *row,
                               const struct oracle_answer *answer, struct buffer *out)
{
    buffer_append(out, row->columns.data, row->columns.size);
    for (uint16_t i = 0; i < target->output_count; i++) {
        const char *text = answer->texts[i];
        if (target_output_input(target, i) >= 0) continue;
        buffer_append_byte(out, ',');
        if (text) buffer_append_text(out, *text ? text : "\"\"");
    }
    buffer_append_byte(out, '\n');
}

static void oracle_print(struct world *world, const char *name, struct buffer *out)
{
    struct oracle *oracle;
    struct spine *spine;
    struct target target;
    struct nt_arena arena = {0};
    struct nt_error error;
    char path[PATH_SIZE];
    assert_ok(oracle_create(world->connection, world->table, &oracle, &error), &error);
    assert_ok(target_find(world->table, name, &target, &error), &error);
    assert_ok(spine_open(world_path(world, "spine.csv", path), &target, &spine, &error), &error);
    spine_append_header(spine, out);
    for (;;) {
        struct spine_row row;
        struct oracle_answer answer;
        bool is_end;
        nt_arena_reset(&arena);
        assert_ok(spine_next(spine, &arena, &row, &is_end, &error), &error);
        if (is_end) break;
        assert_ok(oracle_read(oracle, &target, row.inputs, row.at, &arena, &answer, &error),
                  &error);
        oracle_line_append(&target, &row, &answer, out);
    }
    spine_close(spine);
    oracle_destroy(oracle);
    nt_arena_deinit(&arena);
}

static void assert_same_text(struct buffer *a, struct buffer *b)
{
    char *left, *right;
    char *x = strtok_r(buffer_text(a), "\n", &left), *y = strtok_r(buffer_text(b), "\n", &right);
    for (; x && y; x = strtok_r(NULL, "\n", &left), y = strtok_r(NULL, "\n", &right))
        assert_string_equal(x, y);
    assert_null(x);
    assert_null(y);
}

static void assert_three_ways_agree(struct world *world, const char *target)
{
    struct buffer history = {0}, materialized = {0}, oracle = {0};
    snapshot_read(world, target, SNAPSHOT_FROM_HISTORY, &history);
    snapshot_read(world, target, SNAPSHOT_FROM_MATERIALIZED, &materialized);
    oracle_print(world, target, &oracle);
    assert_int_equal(history.size, materialized.size);
    assert_memory_equal(history.data, materialized.data, history.size);
    assert_same_text(&history, &oracle);
    buffer_deinit(&history);
    buffer_deinit(&materialized);
    buffer_deinit(&oracle);
}

static void history_tables_and_postgresql_agree(void **state)
{
    struct world *world = *state;
    srandom((unsigned)seed_take());
    apply(world, "");
    events_import(world, EVENT_COUNT, IMPORT_REPLACE);
    materialize(world, MATERIALIZE_ALL);
    spine_write(world, "account,shop,asked,event_timestamp", false);
    assert_three_ways_agree(world, "vector");
    spine_write(world, "account,shop,event_timestamp", true);
    assert_three_ways_agree(world, "account");
    assert_three_ways_agree(world, "pair");
}

static void table_read(struct world *world, const char *sql, struct buffer *out)
{
    struct answer *answer;
    struct nt_error error;
    assert_ok(connection_query(world->connection, sql, &answer, &error), &error);
    for (size_t r = 0; r < answer_row_count(answer); r++)
        for (size_t c = 0; c < answer_column_count(answer); c++) {
            const char *text = answer_text(answer, r, c);
            buffer_printf(out, "%s|", text ? text : "NULL");
        }
    answer_clear(answer);
}

static struct nt_time hour(int64_t n)
{
    return (struct nt_time){INT64_C(631152000000000) + n * INT64_C(3600000000)};
}

static void a_range_materialized_again_gives_the_whole_table(void **state)
{
    struct world *world = *state;
    static const char sql[] = "SELECT * FROM nowthen.account ORDER BY account, valid_from";
    struct buffer whole = {0}, ranges = {0};
    srandom((unsigned)seed_take());
    apply(world, "");
    events_import(world, EVENT_COUNT / 4, IMPORT_REPLACE);
    materialize(world, MATERIALIZE_ALL);
    events_import(world, EVENT_COUNT / 4, IMPORT_APPEND);
    for (int from = -1; from < 96; from += 32) {
        struct materialize_range range = {hour(from), hour(from + 32)};
        if (from < 0) range.from = NT_TIME_MINUS_INFINITY;
        if (from >= 63) range.to = NT_TIME_INFINITY;
        materialize(world, range);
    }
    table_read(world, sql, &ranges);
    materialize(world, MATERIALIZE_ALL);
    table_read(world, sql, &whole);
    assert_string_equal(buffer_text(&ranges), buffer_text(&whole));
    buffer_deinit(&whole);
    buffer_deinit(&ranges);
}

static void an_entity_that_left_history_is_absent_from_the_range_on(void **state)
{
    struct world *world = *state;
    struct buffer rows = {0};
    struct nt_error error;
    apply(world, "");
    import(world, "{\"account\": \"a\", \"at\": \"2020-01-01T00:00:00Z\"}\n", IMPORT_REPLACE, 1, 0);
    materialize(world, MATERIALIZE_ALL);
    assert_ok(connection_exec(world->connection, "TRUNCATE past.tx", &error), &error);
    materialize(world, (struct materialize_range){hour(1), NT_TIME_INFINITY});
    table_read(world, "SELECT valid_from, present FROM nowthen.account ORDER BY 1", &rows);
    assert_string_equal(buffer_text(&rows), "2020-01-01 00:00:00+00|t|2020-01-01 01:00:00+00|f|");
    buffer_deinit(&rows);
}

static void ctrl_c_leaves_the_table_as_it_was(void **state)
{
    struct world *world = *state;
    volatile sig_atomic_t interrupted = 0;
    struct connection *writer;
    struct materialize_report report;
    struct nt_error error;
    struct buffer before = {0}, after = {0};
    static const char sql[] = "SELECT count(*), max(valid_from) FROM nowthen.account";
    apply(world, "");
    events_import(world, 50, IMPORT_REPLACE);
    materialize(world, MATERIALIZE_ALL);
    table_read(world, sql, &before);
    assert_ok(connection_open(world->conninfo, &interrupted, &writer, &error), &error);
    interrupted = 1;
    assert_int_equal(materialize_view(world->connection, writer, world->table, 0, MATERIALIZE_ALL,
                                      &report, &error),
                     NT_INTERRUPTED);
    connection_close(writer);
    table_read(world, sql, &after);
    assert_string_equal(buffer_text(&before), buffer_text(&after));
    buffer_deinit(&before);
    buffer_deinit(&after);
}

static void a_history_that_is_left_half_read_leaves_the_connection_usable(void **state)
{
    struct world *world = *state;
    struct history *history;
    struct nt_arena arena = {0};
    struct nt_value row[16];
    struct nt_error error;
    uint16_t source;
    bool is_end;
    events_import(world, EVENT_COUNT, IMPORT_REPLACE);
    for (int rows = 0; rows < 3; rows++) {
        assert_ok(history_open(world->connection, world->table, 0, history_until(NT_TIME_INFINITY),
                               &history, &error),
                  &error);
        for (int i = 0; i < rows; i++)
            assert_ok(rows_next(history_rows(history), &arena, &source, row, &is_end, &error),
                      &error);
        history_close(history);
        assert_ok(connection_exec(world->connection, "SELECT 1", &error), &error);
    }
    nt_arena_deinit(&arena);
}

static void a_spine_that_is_wrong_is_named_and_writes_nothing(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *spine, *why;
    } wrong[] = {
        {"", "empty"},
        {"account,event_timestamp\n", "no column \"shop\""},
        {"account,shop,asked\n", "no column \"event_timestamp\""},
        {"account,shop,asked,event_timestamp\na,x,1,2020-01-01\n", ":2: column \"shop\""},
        {"account,shop,asked,event_timestamp\na,1,1,\n", ":2: event_timestamp is empty"},
        {"account,shop,asked,event_timestamp\na,1\n", ":2: 2 fields"},
        {"account,shop,asked,event_timestamp,idle\n", "has a column \"idle\""},
    };
    char spine[PATH_SIZE], out[PATH_SIZE];
    world_path(world, "spine.csv", spine);
    world_path(world, "never.csv", out);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct snapshot_report report;
        struct nt_error error;
        text_write(spine, wrong[i].spine);
        assert_int_equal(snapshot_write(world->connection, world->table, "vector", spine,
                                        SNAPSHOT_FROM_HISTORY, NULL, out, &report, &error),
                         NT_INVALID);
        assert_non_null(strstr(error.text, wrong[i].why));
        assert_int_not_equal(access(out, F_OK), 0);
    }
}

static void a_server_that_is_down_is_named(void **state)
{
    (void)state;
    struct connection *connection;
    struct nt_error error;
    assert_int_equal(connection_open("host=127.0.0.1 port=1 dbname=x", NULL, &connection, &error),
                     NT_UNAVAILABLE);
    assert_non_null(strstr(error.text, "127.0.0.1 port 1"));
}

static void a_missing_database_is_not_found(void **state)
{
    struct world *world = *state;
    struct connection *connection;
    struct nt_error error;
    char conninfo[PATH_SIZE * 2];
    snprintf(conninfo, sizeof conninfo, "%s dbname=nowhere", world->conninfo);
    assert_int_equal(connection_open(conninfo, NULL, &connection, &error), NT_NOT_FOUND);
    assert_non_null(strstr(error.text, "nowhere"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(applying_twice_changes_nothing),
        cmocka_unit_test(the_active_program_is_loaded_from_the_registry),
        cmocka_unit_test(bad_events_are_rejected_and_the_rest_is_imported),
        cmocka_unit_test(history_tables_and_postgresql_agree),
        cmocka_unit_test(a_range_materialized_again_gives_the_whole_table),
        cmocka_unit_test(an_entity_that_left_history_is_absent_from_the_range_on),
        cmocka_unit_test(ctrl_c_leaves_the_table_as_it_was),
        cmocka_unit_test(a_history_that_is_left_half_read_leaves_the_connection_usable),
        cmocka_unit_test(a_spine_that_is_wrong_is_named_and_writes_nothing),
        cmocka_unit_test(a_server_that_is_down_is_named),
        cmocka_unit_test(a_missing_database_is_not_found),
    };
    return cmocka_run_group_tests(tests, world_make, world_drop);
}
