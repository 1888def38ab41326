/*
 * kv_memory.c: the key-value seam in memory, for the evaluator and simulation.
 *
 * A skip list for each family (Pugh, "Skip lists: a probabilistic alternative to balanced trees",
 * 1990). A node's height comes from the hash of its key, so a run is repeatable. Every key has its
 * versions, newest first, each with the sequence number of the batch that wrote it; a snapshot is a
 * sequence number, and sees the newest version that is not younger. A write frees the versions of
 * its keys that no open snapshot can see.
 *
 * Any thread: one lock, held for single steps only, never while a visitor runs. A key deleted while
 * a snapshot is open keeps its node until it is written again.
 */
#include "base/hash.h"
#include "online/kv.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define HEIGHT_MAX 16 /* a quarter of the nodes of a level reach the next: good for 4^16 keys */

struct version {
    struct version *older;
    uint64_t sequence;
    size_t size; /* 0: deleted */
    uint8_t data[];
};

struct node {
    struct version *versions; /* newest first, at least one */
    struct bytes key;         /* in the same piece of memory */
    struct node *next[];      /* one for each level it is on */
};

struct kv_snapshot {
    struct kv_snapshot *newer, *older;
    uint64_t sequence;
};

struct kv_memory {
    struct kv kv;
    pthread_rwlock_t lock; /* guards all below */
    uint64_t sequence;     /* of the last batch */
    struct kv_snapshot *newest, *oldest;
    struct node *heads[KV_FAMILY_COUNT][HEIGHT_MAX];
};

static struct kv_memory *memory_of(struct kv *kv)
{
    return (struct kv_memory *)kv;
}

static unsigned height_of(struct bytes key)
{
    uint64_t bits = hash64(key.data, key.size) | UINT64_C(1) << 62;
    unsigned height = 1 + (unsigned)__builtin_ctzll(bits) / 2;
    return height < HEIGHT_MAX ? height : HEIGHT_MAX;
}

/* links[level]: the pointer that leads to the first node at or after key. */
static struct node *node_find(struct kv_memory *memory, enum kv_family family, struct bytes key,
                              struct node **links[HEIGHT_MAX])
{
    struct node **level = memory->heads[family];
    struct node **row = level; /* next pointers of the node we are at */
    for (int i = HEIGHT_MAX - 1; i >= 0; i--) {
        while (row[i] && bytes_compare(row[i]->key, key) < 0) row = row[i]->next;
        if (links) links[i] = &row[i];
    }
    return row[0];
}

static struct node *node_insert(struct bytes key, struct node **links[HEIGHT_MAX])
{
    unsigned height = height_of(key);
    size_t head = sizeof(struct node) + height * sizeof(struct node *);
    struct node *node = memory_alloc(head + key.size);
    uint8_t *key_data = (uint8_t *)node + head;
    if (key.size) memcpy(key_data, key.data, key.size);
    node->key = (struct bytes){key_data, key.size};
    node->versions = NULL;
    for (unsigned i = 0; i < height; i++) {
        node->next[i] = *links[i];
        *links[i] = node;
    }
    return node;
}

static void node_remove(struct node *node, struct node **links[HEIGHT_MAX])
{
    for (unsigned i = 0; i < HEIGHT_MAX && *links[i] == node; i++) *links[i] = node->next[i];
    free(node);
}

static void versions_free(struct version *version)
{
    while (version) {
        struct version *older = version->older;
        free(version);
        version = older;
    }
}

static void version_push(struct node *node, uint64_t sequence, struct bytes value)
{
    struct version *version = memory_alloc(sizeof *version + value.size);
    *version = (struct version){node->versions, sequence, value.size};
    if (value.size) memcpy(version->data, value.data, value.size);
    node->versions = version;
}

/* Frees what a snapshot at oldest, or a younger one, cannot see. */
static void versions_prune(struct node *node, uint64_t oldest)
{
    struct version *version = node->versions;
    while (version && version->sequence > oldest) version = version->older;
    if (!version) return;
    versions_free(version->older);
    version->older = NULL;
}

static const struct version *version_at(const struct node *node, uint64_t sequence)
{
    const struct version *version = node->versions;
    while (version && version->sequence > sequence) version = version->older;
    return version && version->size ? version : NULL;
}

static uint64_t sequence_of(const struct kv_memory *memory, const struct kv_snapshot *snapshot)
{
    return snapshot ? snapshot->sequence : memory->sequence;
}

static void memory_close(struct kv *kv)
{
    struct kv_memory *memory = memory_of(kv);
    for (int family = 0; family < KV_FAMILY_COUNT; family++) {
        struct node *node = memory->heads[family][0];
        while (node) {
            struct node *next = node->next[0];
            versions_free(node->versions);
            free(node);
            node = next;
        }
    }
    pthread_rwlock_destroy(&memory->lock);
    free(memory);
}

static struct kv_snapshot *memory_snapshot_open(struct kv *kv)
{
    struct kv_memory *memory = memory_of(kv);
    struct kv_snapshot *snapshot = memory_zalloc(sizeof *snapshot);
    pthread_rwlock_wrlock(&memory->lock);
    snapshot->sequence = memory->sequence;
    snapshot->older = memory->newest;
    if (memory->newest)
        memory->newest->newer = snapshot;
    else
        memory->oldest = snapshot;
    memory->newest = snapshot;
    pthread_rwlock_unlock(&memory->lock);
    return snapshot;
}

static void memory_snapshot_close(struct kv *kv, struct kv_snapshot *snapshot)
{
    if (!snapshot) return;
    struct kv_memory *memory = memory_of(kv);
    pthread_rwlock_wrlock(&memory->lock);
    if (snapshot->newer)
        snapshot->newer->older = snapshot->older;
    else
        memory->newest = snapshot->older;
    if (snapshot->older)
        snapshot->older->newer = snapshot->newer;
    else
        memory->oldest = snapshot->newer;
    pthread_rwlock_unlock(&memory->lock);
    free(snapshot);
}

static enum nt_status memory_get(struct kv *kv, struct kv_snapshot *snapshot, enum kv_family family,
                                 struct bytes key, struct buffer *value, struct nt_error *error)
{
    (void)error; /* memory does not fail */
    struct kv_memory *memory = memory_of(kv);
    pthread_rwlock_rdlock(&memory->lock);
    const struct node *node = node_find(memory, family, key, NULL);
    if (node && bytes_compare(node->key, key) == 0) {
        const struct version *version = version_at(node, sequence_of(memory, snapshot));
        if (version) buffer_append(value, version->data, version->size);
    }
    pthread_rwlock_unlock(&memory->lock);
    return NT_OK;
}

static void operation_write(struct kv_memory *memory, enum kv_family family, struct bytes key,
                            struct bytes value, uint64_t oldest)
{
    struct node **links[HEIGHT_MAX];
    struct node *node = node_find(memory, family, key, links);
    bool is_found = node && bytes_compare(node->key, key) == 0;
    if (!is_found && !value.size) return;
    if (!is_found) node = node_insert(key, links);
    version_push(node, memory->sequence, value);
    versions_prune(node, oldest);
    if (node->versions->size || node->versions->older) return;
    versions_free(node->versions);
    node_remove(node, links);
}

static enum nt_status memory_write(struct kv *kv, const struct kv_batch *batch,
                                   struct nt_error *error)
{
    (void)error;
    struct kv_memory *memory = memory_of(kv);
    enum kv_family family;
    struct bytes key, value;
    pthread_rwlock_wrlock(&memory->lock);
    memory->sequence++;
    uint64_t oldest = memory->oldest ? memory->oldest->sequence : memory->sequence;
    for (size_t next = 0; kv_batch_next(batch, &next, &family, &key, &value);)
        operation_write(memory, family, key, value, oldest);
    pthread_rwlock_unlock(&memory->lock);
    return NT_OK;
}

static bool bytes_begin_with(struct bytes bytes, struct bytes prefix)
{
    return bytes.size >= prefix.size &&
           (!prefix.size || memcmp(bytes.data, prefix.data, prefix.size) == 0);
}

/* The first key of the snapshot at or after *key (after it, if is_after) under prefix, copied. */
static bool record_next(struct kv_memory *memory, uint64_t sequence, enum kv_family family,
                        struct bytes prefix, bool is_after, struct buffer *key,
                        struct buffer *value)
{
    bool is_found = false;
    pthread_rwlock_rdlock(&memory->lock);
    const struct node *node = node_find(memory, family, buffer_bytes(key), NULL);
    if (node && is_after && bytes_compare(node->key, buffer_bytes(key)) == 0) node = node->next[0];
    const struct version *version = NULL;
    while (node && bytes_begin_with(node->key, prefix) && !(version = version_at(node, sequence)))
        node = node->next[0];
    if (version) {
        buffer_clear(key);
        buffer_append(key, node->key.data, node->key.size);
        buffer_clear(value);
        buffer_append(value, version->data, version->size);
        is_found = true;
    }
    pthread_rwlock_unlock(&memory->lock);
    return is_found;
}

static enum nt_status
memory_scan_after(struct kv *kv, struct kv_snapshot *snapshot, enum kv_family family,
                  struct bytes prefix, struct bytes after,
                  bool (*visit)(void *self, struct bytes key, struct bytes value), void *self,
                  struct nt_error *error)
{
    (void)error;
    struct kv_memory *memory = memory_of(kv);
    struct kv_snapshot *own = snapshot ? NULL : memory_snapshot_open(kv);
    uint64_t sequence = own ? own->sequence : snapshot->sequence;
    struct buffer key = {0}, value = {0};
    bool is_after = after.size > 0;
    struct bytes start = is_after ? after : prefix;
    buffer_append(&key, start.data, start.size);
    while (record_next(memory, sequence, family, prefix, is_after, &key, &value)) {
        is_after = true;
        if (!visit(self, buffer_bytes(&key), buffer_bytes(&value))) break;
    }
    buffer_deinit(&key);
    buffer_deinit(&value);
    memory_snapshot_close(kv, own);
    return NT_OK;
}

static enum nt_status memory_scan(struct kv *kv, struct kv_snapshot *snapshot,
                                  enum kv_family family, struct bytes prefix,
                                  bool (*visit)(void *self, struct bytes key, struct bytes value),
                                  void *self, struct nt_error *error)
{
    return memory_scan_after(kv, snapshot, family, prefix, (struct bytes){0}, visit, self, error);
}

/* It has no such parts. */
static void memory_held(struct kv *kv, struct kv_held *held)
{
    (void)kv;
    *held = (struct kv_held){0};
}

static const struct kv_ops memory_ops = {
    .close = memory_close,
    .snapshot_open = memory_snapshot_open,
    .snapshot_close = memory_snapshot_close,
    .get = memory_get,
    .write = memory_write,
    .scan = memory_scan,
    .scan_after = memory_scan_after,
    .held = memory_held,
};

struct kv *kv_memory_open(void)
{
    struct kv_memory *memory = memory_zalloc(sizeof *memory);
    memory->kv.ops = &memory_ops;
    pthread_rwlock_init(&memory->lock, NULL);
    return &memory->kv;
}
