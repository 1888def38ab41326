/*
 * cache.h: the writer's decoded timelines, by record key (view fingerprint and entity key), written
 * back at commit.
 *
 * Each entry owns an arena, which holds it and its timeline, side by side as long as that is small,
 * and goes with it. An entry is on one of two
 * lists: clean (equal to what is stored; most recently used first) or dirty (in the order of their
 * first change). Over budget the oldest clean entries are dropped; dirty ones stay until they have
 * been committed, so what bounds them is how often the caller commits. One thread.
 */
#ifndef ONLINE_CACHE_H
#define ONLINE_CACHE_H

#include "base/bytes.h"
#include "nowthen/arena.h"
#include "runtime/timeline.h"

struct cache_entry {
    struct cache_entry *chain; /* of its hash bucket */
    struct cache_entry *before, *after;
    uint64_t hash;
    struct bytes prefix; /* view fingerprint and key bytes: the root's record key */
    void *owner;         /* for the loader of the timeline; the cache does not look */
    struct nt_arena arena;
    struct timeline *timeline;
    size_t size;        /* bytes it counts against the budget */
    size_t size_loaded; /* the same when it first became clean; 0: not yet */
    uint16_t view;
    bool is_dirty;
    bool may_be_stored; /* when it was added; false: certainly not */
};

struct cache_list {
    struct cache_entry *first, *last;
};

struct cache {
    struct cache_entry **buckets;
    size_t bucket_count; /* a power of two */
    size_t count;
    size_t size, size_max; /* bytes */
    struct cache_list clean, dirty;
    /* So that what was never here need not be looked for in the store: */
    bool is_whole;     /* nothing was stored when the cache was made */
    uint64_t *dropped; /* what was dropped since then, a bit for a hash; NULL: nothing was */
};

/* is_whole: nothing is stored. */
void cache_init(struct cache *cache, size_t size_max, bool is_whole);
void cache_deinit(struct cache *cache);
/* cache_get of prefix will be called: asks memory for what it looks at first. Then, with the hash
 * that gives, for what it looks at next. */
uint64_t cache_expect(struct cache *cache, struct bytes prefix);
void cache_expect_entry(struct cache *cache, uint64_t hash);
void cache_entry_prefetch(const struct cache_entry *entry);
/* The entry of prefix, NULL if it is not there. */
struct cache_entry *cache_get(struct cache *cache, struct bytes prefix);
/* A new, clean entry without a timeline; prefix is copied and must not be there yet. Makes room. */
struct cache_entry *cache_add(struct cache *cache, struct bytes prefix);
/* It was changed: takes its size anew. */
void cache_mark_dirty(struct cache *cache, struct cache_entry *entry);
/* All dirty entries have been stored. Drops those whose arena has grown far beyond what it was when
 * loaded (an arena gives nothing back, so that is mostly waste), then trims to the budget. */
void cache_mark_stored(struct cache *cache);
void cache_remove(struct cache *cache, struct cache_entry *entry);

#endif
