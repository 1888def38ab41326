/* fuzz_program.c: see fuzz_program.h. */
#include "fuzz_program.h"

#include "compiler/compile.h"
#include "decode/decode.h"
#include "decode/json.h"
#include "registry/program.h"
#include "row/key.h"
#include "row/tuple.h"
#include "row/value_text.h"

#include <string.h>

#define SOURCES_MAX 8
#define COLUMNS_MAX 16

static struct program *loaded;
static struct decoder *decoders[SOURCES_MAX];

static void check(enum nt_status status, const struct nt_error *error)
{
    if (status != NT_OK) fuzz_fail(__FILE__, __LINE__, error->text);
}

static void program_load(void)
{
    char directory[256];
    struct nt_error error;
    struct buffer diagnostics = {0};
    fuzz_directory_make(directory, sizeof directory);
    enum nt_status status = compile_file(FUZZ_DEFINITIONS, directory, NULL, &diagnostics, &error);
    if (status != NT_OK) fuzz_fail(FUZZ_DEFINITIONS, 0, buffer_text(&diagnostics));
    check(program_open(directory, &loaded, &error), &error);
    fuzz_directory_remove(directory);
    buffer_deinit(&diagnostics);
    const struct nt_program *program = program_get(loaded);
    FUZZ_CHECK(program->source_count <= SOURCES_MAX);
    for (uint16_t i = 0; i < program->source_count; i++)
        check(decoder_create(&program->sources[i], &decoders[i], &error), &error);
}

const struct nt_program *fuzz_program(void)
{
    if (!loaded) program_load();
    return program_get(loaded);
}

/* 2013-01-01; of use only until there is an event. */
static struct nt_time clock_still(void *self)
{
    (void)self;
    return (struct nt_time){INT64_C(410313600000000)};
}

struct store *fuzz_store_open(void)
{
    struct store *store;
    struct nt_error error;
    struct store_options options = {
        .clock = {clock_still, NULL},
        .is_event_clock = true,
        .past_reads_us = INT64_C(3600000000),
        .cache_bytes_max = (size_t)1 << 20,
    };
    check(store_open(fuzz_program(), kv_memory_open(), &options, &store, &error), &error);
    return store;
}

void fuzz_value_print(enum nt_type type, struct nt_value value)
{
    struct buffer text = {0}, json = {0};
    struct nt_arena arena;
    struct nt_value again;
    nt_arena_init(&arena);
    struct nt_eval e = {.arena = &arena};
    json_append_value(type, value, &json);
    if (!value.is_null) {
        value_append_text(type, value, &text);
        FUZZ_CHECK(value_parse(&e, type, (const char *)text.data, text.size, &again));
        FUZZ_CHECK(nt_compare(type, value, again) == 0);
    }
    nt_arena_deinit(&arena);
    buffer_deinit(&json);
    buffer_deinit(&text);
}

/* A row as a tuple and back. */
static void row_check(const struct nt_source *source, const struct nt_value *row,
                      struct nt_arena *arena)
{
    enum nt_type types[COLUMNS_MAX];
    struct nt_value again[COLUMNS_MAX];
    struct buffer bytes = {0};
    FUZZ_CHECK(source->column_count <= COLUMNS_MAX);
    for (uint16_t i = 0; i < source->column_count; i++) types[i] = source->columns[i].type;
    tuple_append(types, source->column_count, row, &bytes);
    struct reader in = reader_of(buffer_bytes(&bytes));
    FUZZ_CHECK(tuple_take(types, source->column_count, &in, arena, again) && in.next == in.end);
    for (uint16_t i = 0; i < source->column_count; i++) {
        FUZZ_CHECK(value_is_same(types[i], row[i], again[i]));
        fuzz_value_print(types[i], row[i]);
    }
    buffer_deinit(&bytes);
}

/* Key bytes as values, and the same bytes of those. */
static void key_check(const struct nt_view *view, struct bytes key_bytes, struct nt_arena *arena)
{
    struct nt_value key[NT_KEY_COLUMNS_MAX];
    struct buffer again = {0};
    FUZZ_CHECK(key_decode(view->keys, view->key_count, key_bytes, arena, key));
    FUZZ_CHECK(key_append_all(view->keys, view->key_count, key, &again));
    FUZZ_CHECK(bytes_compare(key_bytes, buffer_bytes(&again)) == 0);
    buffer_deinit(&again);
}

bool fuzz_event_apply(struct store *store, uint16_t source, struct bytes bytes)
{
    const struct nt_program *program = fuzz_program();
    struct nt_value row[COLUMNS_MAX];
    struct nt_arena arena;
    struct nt_error error;
    struct event event;
    nt_arena_init(&arena);
    struct nt_eval e = {.arena = &arena};
    bool is_good = decoder_decode(decoders[source], &e, bytes, row);
    FUZZ_CHECK(is_good == !e.error);
    if (is_good) row_check(&program->sources[source], row, &arena);
    if (is_good) is_good = event_admit(program, source, &e, row, &event);
    FUZZ_CHECK(is_good == !e.error);
    if (is_good) {
        for (uint16_t i = 0; i < event.entry_count; i++)
            if (!event.entries[i].has_null_key)
                key_check(&program->views[event.entries[i].view], event.entries[i].key_bytes,
                          &arena);
        check(store_apply(store, &event, &error), &error);
    }
    nt_arena_deinit(&arena);
    return is_good;
}

void fuzz_store_commit(struct store *store)
{
    struct nt_error error;
    struct store_position position = {"plain", 0, 1};
    check(store_commit(store, &position, 1, &error), &error);
}
