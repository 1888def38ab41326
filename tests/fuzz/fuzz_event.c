/*
 * fuzz_event.c: lines of JSON as events: the first byte says of which source, each line is decoded,
 * admitted and applied to a store, which is committed and swept half way and at the end; then every
 * entity of every view is read, now and a while before and after. The lines the other way round
 * must leave the same records.
 */
#include "fuzz_program.h"
#include "row/key.h"

#include <stdlib.h>
#include <string.h>

#define LINES_MAX 256

struct lines {
    struct bytes list[LINES_MAX];
    size_t count;
};

struct reading {
    struct store_snapshot *snapshot;
    uint16_t view;
    struct nt_time now;
    struct buffer *out;
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_program();
    return 0;
}

static bool entity_read(void *self, struct bytes key_bytes)
{
    struct reading *reading = self;
    const struct nt_view *view = &fuzz_program()->views[reading->view];
    struct nt_value key[NT_KEY_COLUMNS_MAX];
    struct nt_arena arena;
    struct view_row row;
    nt_arena_init(&arena);
    struct nt_eval e = {.arena = &arena};
    FUZZ_CHECK(key_decode(view->keys, view->key_count, key_bytes, &arena, key));
    enum nt_status status =
        store_read(reading->snapshot, reading->view, key, reading->now, &e, &row, NULL);
    FUZZ_CHECK(status == NT_OK || status == NT_EVICTED);
    FUZZ_CHECK(!e.error);
    for (uint16_t i = 0; status == NT_OK && i < view->feature_count; i++) {
        FUZZ_CHECK(row.statuses[i] == FEATURE_PRESENT || row.features[i].is_null);
        fuzz_value_print(view->features[i].type, row.features[i]);
    }
    nt_arena_deinit(&arena);
    return true;
}

static void record_copy(void *self, enum kv_family family, struct bytes key, struct bytes value)
{
    struct buffer *out = self;
    buffer_append_byte(out, (uint8_t)family);
    buffer_append(out, key.data, key.size);
    buffer_append(out, value.data, value.size);
}

/* Every entity, at the newest event's time, a while before and a while after. */
static void store_read_all(struct store *store)
{
    static const int64_t offsets[] = {0, -60000001, INT64_C(3600000000)};
    struct reading reading = {0};
    FUZZ_CHECK(store_snapshot_open(store, &reading.snapshot, NULL) == NT_OK);
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        reading.now.us = store_snapshot_now(reading.snapshot).us + offsets[i];
        if (reading.now.us < NT_TIME_MIN_US || reading.now.us >= NT_TIME_END_US) continue;
        for (reading.view = 0; reading.view < fuzz_program()->view_count; reading.view++)
            FUZZ_CHECK(store_keys(reading.snapshot, reading.view, entity_read, &reading, NULL) ==
                       NT_OK);
    }
    store_snapshot_close(reading.snapshot);
}

/* A slice of the sweep, or all of it: from then on the records follow from the events alone. */
static void store_sweep_some(struct store *store, bool is_whole)
{
    bool is_done = false;
    do FUZZ_CHECK(store_sweep(store, 1, &is_done, NULL) == NT_OK);
    while (is_whole && !is_done);
}

static void store_copy(struct store *store, struct buffer *out)
{
    struct store_snapshot *snapshot;
    FUZZ_CHECK(store_snapshot_open(store, &snapshot, NULL) == NT_OK);
    FUZZ_CHECK(store_dump(snapshot, record_copy, out, NULL) == NT_OK);
    store_snapshot_close(snapshot);
}

static struct lines lines_split(struct bytes text)
{
    struct lines lines = {.count = 0};
    while (text.size > 0 && lines.count < LINES_MAX) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        size_t size = end ? (size_t)(end - text.data) : text.size;
        lines.list[lines.count++] = (struct bytes){text.data, size};
        text.data += size + (end != NULL);
        text.size -= size + (end != NULL);
    }
    return lines;
}

static void lines_apply(const struct lines *lines, uint16_t source, bool is_reversed,
                        struct buffer *records)
{
    struct store *store = fuzz_store_open();
    for (size_t i = 0; i < lines->count; i++) {
        fuzz_event_apply(store, source, lines->list[is_reversed ? lines->count - 1 - i : i]);
        if (i != lines->count / 2) continue;
        fuzz_store_commit(store);
        store_sweep_some(store, is_reversed);
    }
    fuzz_store_commit(store);
    store_sweep_some(store, true);
    if (!is_reversed) store_read_all(store);
    store_copy(store, records);
    store_close(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    uint16_t source = (uint16_t)(data[0] % fuzz_program()->source_count);
    struct lines lines = lines_split((struct bytes){data + 1, size - 1});
    struct buffer records[2] = {{0}};
    lines_apply(&lines, source, false, &records[0]);
    lines_apply(&lines, source, true, &records[1]);
    FUZZ_CHECK(bytes_compare(buffer_bytes(&records[0]), buffer_bytes(&records[1])) == 0);
    buffer_deinit(&records[0]);
    buffer_deinit(&records[1]);
    return 0;
}
