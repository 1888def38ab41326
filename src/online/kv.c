/*
 * kv.c: the write batch that both bodies of the seam take: operations one after the other in a
 * buffer, in the layout that kv.h gives.
 */
#include "online/kv.h"

#include <assert.h>

void kv_batch_put(struct kv_batch *batch, enum kv_family family, struct bytes key,
                  struct bytes value)
{
    struct buffer *out = &batch->operations;
    buffer_append_byte(out, (uint8_t)family);
    buffer_append_varint(out, key.size);
    buffer_append(out, key.data, key.size);
    buffer_append_varint(out, value.size);
    buffer_append(out, value.data, value.size);
    batch->count++;
}

void kv_batch_clear(struct kv_batch *batch)
{
    buffer_clear(&batch->operations);
    batch->count = 0;
}

void kv_batch_deinit(struct kv_batch *batch)
{
    buffer_deinit(&batch->operations);
    batch->count = 0;
}

static struct bytes bytes_take(struct reader *in)
{
    size_t size = (size_t)reader_varint(in);
    return (struct bytes){reader_take(in, size), size};
}

bool kv_batch_next(const struct kv_batch *batch, size_t *next, enum kv_family *family,
                   struct bytes *key, struct bytes *value)
{
    struct bytes all = buffer_bytes(&batch->operations);
    if (*next >= all.size) return false;
    struct reader in = {all.data + *next, all.data + all.size, false};
    *family = (enum kv_family)reader_byte(&in);
    *key = bytes_take(&in);
    *value = bytes_take(&in);
    assert(!in.is_short && *family < KV_FAMILY_COUNT); /* only kv_batch_put writes batches */
    *next = (size_t)(in.next - all.data);
    return true;
}
