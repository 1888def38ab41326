/* commit_log.c: see commit_log.h; meta.h has the bytes. */
#include "online/commit_log.h"

#include "row/value_text.h"

#include <inttypes.h>
#include <string.h>

static void entry_append(const struct commit_entry *entry, struct buffer *value)
{
    buffer_append_u64(value, (uint64_t)entry->at.us);
    buffer_append_u64(value, (uint64_t)entry->now.us);
    buffer_append_varint(value, entry->count);
    for (size_t i = 0; i < entry->count; i++) {
        const struct store_position *position = &entry->positions[i];
        buffer_append_varint(value, strlen(position->topic));
        buffer_append_text(value, position->topic);
        buffer_append_u32(value, (uint32_t)position->partition);
        buffer_append_u64(value, (uint64_t)position->offset);
    }
}

void commit_entry_put(struct kv_batch *batch, uint64_t sequence, const struct commit_entry *entry)
{
    struct buffer key = {0}, value = {0};
    meta_log_key(sequence, &key);
    entry_append(entry, &value);
    kv_batch_put(batch, KV_META, buffer_bytes(&key), buffer_bytes(&value));
    buffer_deinit(&key);
    buffer_deinit(&value);
}

static bool entry_take(struct bytes value, struct nt_arena *arena, struct commit_entry *entry)
{
    struct reader in = reader_of(value);
    entry->at.us = (int64_t)reader_u64(&in);
    entry->now.us = (int64_t)reader_u64(&in);
    uint64_t count = reader_varint(&in);
    if (in.is_short || count > value.size) return false;
    entry->count = (size_t)count;
    entry->positions = nt_arena_zalloc(arena, (entry->count + 1) * sizeof *entry->positions);
    for (size_t i = 0; i < entry->count && !in.is_short; i++) {
        size_t size = (size_t)reader_varint(&in);
        const uint8_t *topic = reader_take(&in, size);
        if (in.is_short) return false;
        entry->positions[i].topic = nt_arena_printf(arena, "%.*s", (int)size, (const char *)topic);
        entry->positions[i].partition = (int32_t)reader_u32(&in);
        entry->positions[i].offset = (int64_t)reader_u64(&in);
    }
    return !in.is_short && in.next == in.end;
}

enum nt_status commit_entry_get(struct kv *kv, struct kv_snapshot *snapshot, uint64_t sequence,
                                struct nt_arena *arena, struct commit_entry *entry,
                                struct nt_error *error)
{
    struct buffer key = {0}, value = {0};
    meta_log_key(sequence, &key);
    enum nt_status status = kv->ops->get(kv, snapshot, KV_META, buffer_bytes(&key), &value, error);
    if (status == NT_OK && value.size == 0)
        status = error_set(error, NT_NOT_FOUND,
                           "online store: its log has no commit %" PRIu64 " (any more)", sequence);
    else if (status == NT_OK && !entry_take(buffer_bytes(&value), arena, entry))
        status =
            error_set(error, NT_CORRUPT,
                      "online store: the record of commit %" PRIu64 " is not readable: restore "
                      "the store from a backup, or remove it and replay the log",
                      sequence);
    buffer_deinit(&key);
    buffer_deinit(&value);
    return status;
}

static bool first_visit(void *self, struct bytes key, struct bytes value)
{
    (void)value;
    struct reader in = reader_of(key);
    reader_take(&in, strlen("log/"));
    *(uint64_t *)self = reader_u64_be(&in);
    return false;
}

enum nt_status commit_log_first(struct kv *kv, struct kv_snapshot *snapshot, uint64_t *first,
                                struct nt_error *error)
{
    struct bytes prefix = {(const uint8_t *)"log/", strlen("log/")};
    *first = 0;
    return kv->ops->scan(kv, snapshot, KV_META, prefix, first_visit, first, error);
}

/* ---- trimming ---- */

static void positions_merge(struct commit_entry *into, const struct commit_entry *newer,
                            struct nt_arena *arena)
{
    struct store_position *merged =
        nt_arena_alloc(arena, (into->count + newer->count + 1) * sizeof *merged);
    size_t count = newer->count;
    if (count) memcpy(merged, newer->positions, count * sizeof *merged);
    for (size_t i = 0; i < into->count; i++) {
        const struct store_position *old = &into->positions[i];
        size_t j = 0;
        while (j < newer->count && (newer->positions[j].partition != old->partition ||
                                    strcmp(newer->positions[j].topic, old->topic) != 0))
            j++;
        if (j == newer->count) merged[count++] = *old;
    }
    *into = (struct commit_entry){newer->at, newer->now, merged, count};
}

static void entry_delete(struct kv_batch *batch, uint64_t sequence)
{
    struct buffer key = {0};
    meta_log_key(sequence, &key);
    kv_batch_put(batch, KV_META, buffer_bytes(&key), (struct bytes){0});
    buffer_deinit(&key);
}

/* Folds from end->first on; end says then where the log begins. */
static enum nt_status entries_fold(struct kv *kv, struct kv_batch *batch,
                                   struct commit_log_end *end, uint64_t last, struct nt_time before,
                                   struct nt_arena *arena, struct nt_error *error)
{
    struct commit_entry base, next;
    uint64_t first = end->first;
    enum nt_status status = commit_entry_get(kv, NULL, first, arena, &base, error);
    end->next_at = NT_TIME_INFINITY;
    while (status == NT_OK && end->first + 1 < last) {
        status = commit_entry_get(kv, NULL, end->first + 1, arena, &next, error);
        end->next_at = next.at;
        if (status != NT_OK || next.at.us >= before.us || end->first - first >= COMMIT_LOG_TRIM_MAX)
            break;
        entry_delete(batch, end->first++);
        positions_merge(&base, &next, arena);
    }
    if (status == NT_OK && end->first > first) commit_entry_put(batch, end->first, &base);
    return status;
}

enum nt_status commit_log_trim(struct kv *kv, struct kv_batch *batch, struct commit_log_end *end,
                               uint64_t last, struct nt_time before, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    if (!end->is_known) {
        status = commit_log_first(kv, NULL, &end->first, error);
        end->is_known = status == NT_OK && end->first != 0;
        end->next_at = NT_TIME_MINUS_INFINITY;
    }
    if (!end->is_known || end->first + 1 >= last || end->next_at.us >= before.us) return status;
    struct nt_arena arena = {0};
    status = entries_fold(kv, batch, end, last, before, &arena, error);
    if (end->next_at.us == NT_TIME_INFINITY.us) end->next_at = NT_TIME_MINUS_INFINITY;
    nt_arena_deinit(&arena);
    return status;
}

/* ---- printing ---- */

static void time_print(struct nt_time time, struct buffer *csv)
{
    value_append_text(NT_TIMESTAMPTZ, nt_timestamptz(time.us), csv);
}

static void times_print(const struct commit_entry *entry, struct buffer *csv)
{
    buffer_append_byte(csv, ',');
    time_print(entry->now, csv);
    buffer_append_byte(csv, ',');
    time_print(entry->at, csv);
}

static void topic_print(const char *topic, struct buffer *csv)
{
    buffer_append_byte(csv, '"');
    for (; *topic; topic++) {
        if (*topic == '"') buffer_append_byte(csv, '"');
        buffer_append_byte(csv, (uint8_t)*topic);
    }
    buffer_append_byte(csv, '"');
}

static void entry_print(uint64_t sequence, const struct commit_entry *entry, struct buffer *csv)
{
    for (size_t i = 0; i < entry->count; i++) {
        const struct store_position *position = &entry->positions[i];
        buffer_printf(csv, "%" PRIu64, sequence);
        times_print(entry, csv);
        buffer_append_byte(csv, ',');
        topic_print(position->topic, csv);
        buffer_printf(csv, ",%" PRId32 ",%" PRId64 "\n", position->partition, position->offset);
    }
    if (entry->count) return;
    buffer_printf(csv, "%" PRIu64, sequence);
    times_print(entry, csv);
    buffer_append_text(csv, ",,,\n");
}

enum nt_status commit_log_print(struct kv *kv, struct kv_snapshot *snapshot, uint64_t *after,
                                uint64_t max, struct nt_time until, struct buffer *csv,
                                struct nt_error *error)
{
    struct meta_commit last;
    uint64_t first = 0;
    struct nt_arena arena = {0};
    enum nt_status status = meta_commit_get(kv, snapshot, &last, error);
    if (status == NT_OK) status = commit_log_first(kv, snapshot, &first, error);
    if (status == NT_OK && *after == 0)
        buffer_append_text(csv, "commit,now,committed_at,topic,partition,next_offset\n");
    uint64_t next = *after + 1 > first ? *after + 1 : first, count = 0;
    for (; status == NT_OK && next && next <= last.sequence && count < max; next++, count++) {
        struct commit_entry entry;
        nt_arena_reset(&arena);
        status = commit_entry_get(kv, snapshot, next, &arena, &entry, error);
        if (status == NT_OK) entry_print(next, &entry, csv);
    }
    *after = next - 1;
    if (status == NT_OK && (next > last.sequence || !first)) {
        *after = UINT64_MAX;
        buffer_append_text(csv, "end,");
        time_print(until, csv);
        buffer_append_text(csv, ",,,,\n");
    }
    nt_arena_deinit(&arena);
    return status;
}
