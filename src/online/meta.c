/* meta.c: see meta.h. */
#include "online/meta.h"

#include <string.h>

static void append_u32_be(struct buffer *out, uint32_t x)
{
    uint8_t b[4] = {(uint8_t)(x >> 24), (uint8_t)(x >> 16), (uint8_t)(x >> 8), (uint8_t)x};
    buffer_append(out, b, sizeof b);
}

void meta_position_key(const char *prefix, const char *topic, int32_t partition, struct buffer *key)
{
    buffer_append_text(key, prefix);
    buffer_append_text(key, topic);
    buffer_append_byte(key, 0);
    append_u32_be(key, (uint32_t)partition);
}

void meta_log_key(uint64_t sequence, struct buffer *key)
{
    buffer_append_text(key, "log/");
    buffer_append_u64_be(key, sequence);
}

static void put(struct kv_batch *batch, const struct buffer *key, const struct buffer *value)
{
    kv_batch_put(batch, KV_META, buffer_bytes(key), buffer_bytes(value));
}

void meta_u64_put(struct kv_batch *batch, const char *prefix, const char *name, uint64_t x)
{
    struct buffer key = {0}, value = {0};
    buffer_append_text(&key, prefix);
    buffer_append_text(&key, name);
    buffer_append_u64(&value, x);
    put(batch, &key, &value);
    buffer_deinit(&key);
    buffer_deinit(&value);
}

/* words[count], each a u64; *is_found is false when there is no such record. */
static enum nt_status words_get(struct kv *kv, struct kv_snapshot *snapshot,
                                const struct buffer *key, uint64_t *words, size_t count,
                                bool *is_found, struct nt_error *error)
{
    struct buffer value = {0};
    enum nt_status status = kv->ops->get(kv, snapshot, KV_META, buffer_bytes(key), &value, error);
    *is_found = status == NT_OK && value.size > 0;
    if (*is_found && value.size != count * sizeof *words) {
        status =
            error_set(error, NT_CORRUPT,
                      "online store: record %.*s has %zu bytes, not %zu: restore the store "
                      "from a copy, or remove it and replay the log",
                      (int)key->size, (const char *)key->data, value.size, count * sizeof *words);
    } else if (*is_found) {
        struct reader in = reader_of(buffer_bytes(&value));
        for (size_t i = 0; i < count; i++) words[i] = reader_u64(&in);
    }
    buffer_deinit(&value);
    return status;
}

enum nt_status meta_u64_get(struct kv *kv, struct kv_snapshot *snapshot, const char *prefix,
                            const char *name, uint64_t *x, bool *is_found, struct nt_error *error)
{
    struct buffer key = {0};
    buffer_append_text(&key, prefix);
    buffer_append_text(&key, name);
    enum nt_status status = words_get(kv, snapshot, &key, x, 1, is_found, error);
    buffer_deinit(&key);
    return status;
}

void meta_commit_put(struct kv_batch *batch, const struct meta_commit *commit)
{
    struct buffer key = {0}, value = {0};
    buffer_append_text(&key, "commit");
    buffer_append_u64(&value, commit->sequence);
    buffer_append_u64(&value, (uint64_t)commit->at.us);
    buffer_append_u64(&value, (uint64_t)commit->now.us);
    put(batch, &key, &value);
    buffer_deinit(&key);
    buffer_deinit(&value);
}

enum nt_status meta_commit_get(struct kv *kv, struct kv_snapshot *snapshot,
                               struct meta_commit *commit, struct nt_error *error)
{
    struct buffer key = {0};
    uint64_t words[3] = {0, 0, (uint64_t)NT_TIME_MINUS_INFINITY.us};
    bool is_found;
    buffer_append_text(&key, "commit");
    enum nt_status status = words_get(kv, snapshot, &key, words, 3, &is_found, error);
    *commit = (struct meta_commit){words[0], {(int64_t)words[1]}, {(int64_t)words[2]}};
    buffer_deinit(&key);
    return status;
}

enum nt_status meta_position_get(struct kv *kv, struct kv_snapshot *snapshot, const char *prefix,
                                 const char *topic, int32_t partition, int64_t *offset,
                                 struct nt_error *error)
{
    struct buffer key = {0};
    uint64_t word = 0;
    bool is_found;
    meta_position_key(prefix, topic, partition, &key);
    enum nt_status status = words_get(kv, snapshot, &key, &word, 1, &is_found, error);
    *offset = is_found ? (int64_t)word : -1;
    buffer_deinit(&key);
    return status;
}
