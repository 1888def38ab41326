/*
 * fuzz_timeline.c: records of a timeline. The input is a list of (id, record) as a store could hold
 * them: each piece is varint size, level (bits/4, 255: the root), prefix (8, only below the root)
 * and bytes, to which the right checksum is added, for a wrong one ends the reading too soon. Over
 * such a store a timeline is read, added to, taken from, evicted and flushed: each call gives its
 * answer or NT_CORRUPT, and never anything else.
 */
#include "base/hash.h"
#include "fuzz_program.h"
#include "runtime/timeline.h"

#include <string.h>

#define RECORDS_MAX 32

struct record {
    struct timeline_id id;
    struct buffer bytes;
};

struct desk {
    struct record records[RECORDS_MAX];
    size_t count;
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_program();
    return 0;
}

static bool is_id(struct timeline_id a, struct timeline_id b)
{
    return a.is_root == b.is_root && (a.is_root || (a.bits == b.bits && a.prefix == b.prefix));
}

static enum nt_status record_load(void *self, struct timeline_id id, struct bytes *bytes,
                                  struct nt_error *error)
{
    const struct desk *desk = self;
    (void)error;
    *bytes = (struct bytes){0};
    for (size_t i = 0; i < desk->count; i++)
        if (is_id(desk->records[i].id, id)) *bytes = buffer_bytes(&desk->records[i].bytes);
    return NT_OK;
}

static enum nt_status record_drop(void *self, struct timeline_id id, struct bytes record,
                                  struct nt_error *error)
{
    (void)self, (void)id, (void)record, (void)error;
    return NT_OK;
}

static void records_take(struct desk *desk, struct reader *in)
{
    while (in->next < in->end && desk->count < RECORDS_MAX) {
        struct record *record = &desk->records[desk->count];
        uint64_t size = reader_varint(in);
        uint8_t level = reader_byte(in);
        record->id = (struct timeline_id){.is_root = level == 255};
        if (!record->id.is_root) {
            record->id.bits = (uint8_t)(level % 17 * 4);
            record->id.prefix = reader_u64(in);
        }
        size_t left = (size_t)(in->end - in->next);
        if (in->is_short) return;
        if (size > left) size = left;
        buffer_append(&record->bytes, reader_take(in, (size_t)size), (size_t)size);
        buffer_append_u32(&record->bytes, (uint32_t)hash64(record->bytes.data, (size_t)size));
        desk->count++;
    }
}

static void visit_nothing(void *self, struct nt_time event_time, const struct nt_value *arguments)
{
    (void)self, (void)event_time, (void)arguments;
}

static bool is_fine(enum nt_status status)
{
    FUZZ_CHECK(status == NT_OK || status == NT_CORRUPT || status == NT_EVICTED);
    return status == NT_OK || status == NT_EVICTED;
}

/* Reads at now; false: the records are corrupt. */
static bool read_at(struct timeline *timeline, const struct nt_view *view, int64_t now_us)
{
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena, .now = {now_us}};
    struct nt_value *values = nt_arena_zalloc(&arena, view->term_count * sizeof values[0]);
    const char **errors = nt_arena_zalloc(&arena, view->term_count * sizeof errors[0]);
    bool good = is_fine(timeline_read(timeline, e.now, NULL, &e, values, errors, NULL));
    nt_arena_deinit(&arena);
    return good;
}

static void run(struct desk *desk, const struct nt_view *view, int64_t now_us)
{
    struct nt_arena arena = {0};
    struct nt_time newest;
    uint64_t count;
    struct nt_value *arguments = nt_arena_alloc(&arena, view->argument_count * sizeof *arguments);
    for (uint16_t i = 0; i < view->argument_count; i++) arguments[i] = NT_NULL;
    struct timeline_source source = {record_load, desk};
    struct timeline *timeline = timeline_create(&arena, view, source);
    bool good = is_fine(timeline_newest(timeline, &newest, NULL)) &&
                read_at(timeline, view, now_us) && read_at(timeline, view, newest.us) &&
                is_fine(timeline_add(timeline, (struct nt_time){now_us}, arguments, NULL)) &&
                is_fine(timeline_remove(timeline, newest, arguments, NULL)) &&
                is_fine(timeline_remove(timeline, (struct nt_time){now_us}, arguments, NULL)) &&
                read_at(timeline, view, now_us) &&
                is_fine(timeline_add(timeline, (struct nt_time){now_us}, arguments, NULL)) &&
                is_fine(timeline_evict(timeline, (struct nt_time){now_us - 1000}, NULL)) &&
                is_fine(timeline_walk(timeline, visit_nothing, NULL, NULL)) &&
                is_fine(timeline_count(timeline, &count, NULL));
    struct buffer record = {0};
    if (good) is_fine(timeline_flush(timeline, &record, record_drop, NULL, NULL));
    buffer_deinit(&record);
    nt_arena_deinit(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct desk desk = {.count = 0};
    struct reader in = reader_of((struct bytes){data, size});
    uint16_t view = (uint16_t)(reader_byte(&in) % fuzz_program()->view_count);
    int64_t now_us = (int64_t)reader_u64(&in);
    if (in.is_short || now_us < NT_TIME_MIN_US || now_us >= NT_TIME_END_US) return 0;
    records_take(&desk, &in);
    run(&desk, &fuzz_program()->views[view], now_us);
    for (size_t i = 0; i < RECORDS_MAX; i++) buffer_deinit(&desk.records[i].bytes);
    return 0;
}
