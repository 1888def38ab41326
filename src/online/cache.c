/* cache.c: see cache.h. */
#include "online/cache.h"

#include "base/hash.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS_MIN ((size_t)1024)
#define ENTRY_BYTES 576 /* an entity of few events, from its entry to its leaf */
/* What its arena holds and has not handed out, and what malloc takes for itself. */
#define ENTRY_OVERHEAD_BYTES 512
#define ENTRY_WASTE_BYTES    ((size_t)256 << 10)
#define DROPPED_POWER        23 /* a megabyte of bits: a million dropped leave most of them clear */
#define WORD_BITS            64

static void list_remove(struct cache_list *list, struct cache_entry *entry)
{
    if (entry->before)
        entry->before->after = entry->after;
    else
        list->first = entry->after;
    if (entry->after)
        entry->after->before = entry->before;
    else
        list->last = entry->before;
}

static void list_put_first(struct cache_list *list, struct cache_entry *entry)
{
    entry->before = NULL;
    entry->after = list->first;
    if (list->first)
        list->first->before = entry;
    else
        list->last = entry;
    list->first = entry;
}

static void list_put_last(struct cache_list *list, struct cache_entry *entry)
{
    entry->after = NULL;
    entry->before = list->last;
    if (list->last)
        list->last->after = entry;
    else
        list->first = entry;
    list->last = entry;
}

static struct cache_list *list_of(struct cache *cache, const struct cache_entry *entry)
{
    return entry->is_dirty ? &cache->dirty : &cache->clean;
}

static struct cache_entry **bucket_of(struct cache *cache, uint64_t hash)
{
    return &cache->buckets[hash & (cache->bucket_count - 1)];
}

void cache_init(struct cache *cache, size_t size_max, bool is_whole)
{
    *cache =
        (struct cache){.bucket_count = BUCKETS_MIN, .size_max = size_max, .is_whole = is_whole};
    cache->buckets = memory_zalloc(BUCKETS_MIN * sizeof(struct cache_entry *));
}

static void entry_free(struct cache_entry *entry)
{
    struct nt_arena arena = entry->arena; /* the entry is in it */
    nt_arena_deinit(&arena);
}

void cache_deinit(struct cache *cache)
{
    for (size_t i = 0; i < cache->bucket_count; i++) {
        struct cache_entry *entry = cache->buckets[i];
        while (entry) {
            struct cache_entry *next = entry->chain;
            entry_free(entry);
            entry = next;
        }
    }
    free(cache->buckets);
    free(cache->dropped);
    *cache = (struct cache){0};
}

static void buckets_double(struct cache *cache)
{
    struct cache_entry **old = cache->buckets;
    size_t old_count = cache->bucket_count;
    cache->bucket_count *= 2;
    cache->buckets = memory_zalloc(cache->bucket_count * sizeof(struct cache_entry *));
    for (size_t i = 0; i < old_count; i++) {
        for (struct cache_entry *entry = old[i], *next; entry; entry = next) {
            next = entry->chain;
            struct cache_entry **bucket = bucket_of(cache, entry->hash);
            entry->chain = *bucket;
            *bucket = entry;
        }
    }
    free(old);
}

static void entry_measure(struct cache *cache, struct cache_entry *entry)
{
    size_t size = ENTRY_OVERHEAD_BYTES + entry->arena.held;
    cache->size += size - entry->size; /* may wrap on the way, not in the end */
    entry->size = size;
}

static void trim(struct cache *cache)
{
    while (cache->size > cache->size_max && cache->clean.last)
        cache_remove(cache, cache->clean.last);
}

/* ---- what was dropped ---- */

/* The buckets go by the low bits of a hash. */
static size_t dropped_bit(uint64_t hash)
{
    return (size_t)(hash >> (64 - DROPPED_POWER));
}

static void dropped_note(struct cache *cache, uint64_t hash)
{
    size_t bit = dropped_bit(hash);
    if (!cache->is_whole) return;
    if (!cache->dropped) cache->dropped = memory_zalloc(((size_t)1 << DROPPED_POWER) / 8);
    cache->dropped[bit / WORD_BITS] |= UINT64_C(1) << bit % WORD_BITS;
}

static bool may_be_stored(const struct cache *cache, uint64_t hash)
{
    size_t bit = dropped_bit(hash);
    if (!cache->is_whole) return true;
    return cache->dropped && (cache->dropped[bit / WORD_BITS] >> bit % WORD_BITS & 1);
}

/* ---- entries ---- */

uint64_t cache_expect(struct cache *cache, struct bytes prefix)
{
    uint64_t hash = hash64(prefix.data, prefix.size);
    memory_prefetch(bucket_of(cache, hash), sizeof(struct cache_entry *));
    return hash;
}

void cache_entry_prefetch(const struct cache_entry *entry)
{
    memory_prefetch(entry, ENTRY_BYTES);
}

void cache_expect_entry(struct cache *cache, uint64_t hash)
{
    const struct cache_entry *entry = *bucket_of(cache, hash);
    if (entry) cache_entry_prefetch(entry);
}

struct cache_entry *cache_get(struct cache *cache, struct bytes prefix)
{
    uint64_t hash = hash64(prefix.data, prefix.size);
    struct cache_entry *entry = *bucket_of(cache, hash);
    while (entry && (entry->hash != hash || bytes_compare(entry->prefix, prefix) != 0))
        entry = entry->chain;
    return entry;
}

struct cache_entry *cache_add(struct cache *cache, struct bytes prefix)
{
    trim(cache);
    if (cache->count >= cache->bucket_count) buckets_double(cache);
    struct nt_arena arena = {0};
    struct cache_entry *entry = nt_arena_alloc(&arena, sizeof *entry + prefix.size);
    memcpy(entry + 1, prefix.data, prefix.size);
    *entry = (struct cache_entry){
        .hash = hash64(prefix.data, prefix.size),
        .prefix = {(const uint8_t *)(entry + 1), prefix.size},
        .arena = arena,
    };
    entry->may_be_stored = may_be_stored(cache, entry->hash);
    struct cache_entry **bucket = bucket_of(cache, entry->hash);
    entry->chain = *bucket;
    *bucket = entry;
    list_put_first(&cache->clean, entry);
    cache->count++;
    entry_measure(cache, entry);
    return entry;
}

void cache_mark_dirty(struct cache *cache, struct cache_entry *entry)
{
    entry_measure(cache, entry);
    if (entry->is_dirty) return;
    list_remove(&cache->clean, entry);
    entry->is_dirty = true;
    list_put_last(&cache->dirty, entry);
}

static bool entry_is_wasteful(const struct cache_entry *entry)
{
    return entry->size > 2 * entry->size_loaded + ENTRY_WASTE_BYTES;
}

void cache_mark_stored(struct cache *cache)
{
    for (struct cache_entry *entry; (entry = cache->dirty.first);) {
        list_remove(&cache->dirty, entry);
        entry->is_dirty = false;
        list_put_first(&cache->clean, entry);
        entry_measure(cache, entry);
        if (!entry->size_loaded) entry->size_loaded = entry->size;
        if (entry_is_wasteful(entry)) cache_remove(cache, entry);
    }
    trim(cache);
}

void cache_remove(struct cache *cache, struct cache_entry *entry)
{
    struct cache_entry **link = bucket_of(cache, entry->hash);
    while (*link != entry) link = &(*link)->chain;
    *link = entry->chain;
    list_remove(list_of(cache, entry), entry);
    assert(cache->size >= entry->size);
    cache->size -= entry->size;
    cache->count--;
    dropped_note(cache, entry->hash);
    entry_free(entry);
}
