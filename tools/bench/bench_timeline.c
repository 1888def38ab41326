/*
 * bench_timeline.c: what a timeline costs, as ratios taken in one run, peers and product in turn.
 *
 *   insert   in order, 10 % late, shuffled; against an aggregating B+-tree written here: a stand-in
 *            for FiBA, with the same count and int8 sum per node
 *   window   a window at a random T over one key's events; against a scan of the raw rows of that
 *            window by a RocksDB iterator; and against itself at 1,000 events
 *   bytes    an event in memory and stored
 *
 * usage: bench_timeline [--rounds N] [--events N]     tools/bench/timeline builds and runs it
 */
#include "base/arena.h"
#include "base/clock.h"
#include "runtime/aggregate.h"
#include "runtime/timeline.h"

#include <inttypes.h>
#include <rocksdb/c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS_MAX   99
#define WINDOW_US    (INT64_C(30) * 86400000000)
#define HISTORY_US   (INT64_C(60) * 86400000000) /* so that a window holds half of all */
#define READS        20000
#define SCANS        3
#define SMALL_EVENTS 1000
#define TREE_FANOUT  32

/* ---- numbers ---- */

static uint64_t random_state = 1;

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(void)
{
    uint64_t z = random_state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median, least and greatest of the rounds. */
static void print_spread(const char *what, double *rounds, int count, const char *unit)
{
    qsort(rounds, (size_t)count, sizeof rounds[0], compare_doubles);
    printf("%-58s %10.3f %s  (%d rounds, %.3f to %.3f)\n", what, rounds[count / 2], unit, count,
           rounds[0], rounds[count - 1]);
}

static int64_t cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- events ---- */

struct sample {
    int64_t us;
    int64_t value;
};

enum arrival { IN_ORDER, TENTH_LATE, SHUFFLED, ARRIVALS };
static const char *const arrival_names[] = {"in order", "10 % late", "shuffled"};

static struct sample *samples_make(size_t count, enum arrival arrival)
{
    struct sample *samples = memory_alloc(count * sizeof samples[0]);
    for (size_t i = 0; i < count; i++) {
        samples[i].us = (int64_t)((double)HISTORY_US * (double)i / (double)count);
        samples[i].value = (int64_t)(next_random() % 1000);
        if (arrival == TENTH_LATE && next_random() % 10 == 0)
            samples[i].us = (int64_t)(next_random() % (uint64_t)(samples[i].us + 1));
    }
    for (size_t i = count; arrival == SHUFFLED && i > 1; i--) {
        size_t j = next_random() % i;
        struct sample swapped = samples[i - 1];
        samples[i - 1] = samples[j];
        samples[j] = swapped;
    }
    return samples;
}

/* ---- the product ---- */

static const enum nt_type argument_types[] = {NT_INT8};
static const struct nt_bound_step window_step[] = {{NT_BOUND_MINUS, 0, WINDOW_US}};
static const struct nt_window windows[] = {{.lower = {true, false, 1, window_step}}};
static const struct nt_measure measures[] = {
    {.aggregate = &nt_aggregate_count_star, .result = NT_INT8, .filter = -1},
    {.aggregate = &nt_aggregate_sum_int8,
     .argument_count = 1,
     .types = {NT_INT8},
     .result = NT_NUMERIC,
     .filter = -1},
};
static const struct nt_term terms[] = {{0, 0}, {1, 0}};
static const struct nt_view view = {
    .name = "bench",
    .argument_count = 1,
    .window_count = 1,
    .measure_count = 2,
    .term_count = 2,
    .arguments = argument_types,
    .windows = windows,
    .measures = measures,
    .terms = terms,
};

static void must(enum nt_status status, const struct nt_error *error)
{
    if (status == NT_OK) return;
    fprintf(stderr, "bench_timeline: %s\n", error->text);
    exit(1);
}

static struct timeline *timeline_fill(struct nt_arena *arena, const struct sample *samples,
                                      size_t count)
{
    struct nt_error error;
    struct timeline *timeline = timeline_create(arena, &view, (struct timeline_source){0});
    for (size_t i = 0; i < count; i++) {
        struct nt_value value = nt_integer(samples[i].value);
        must(timeline_add(timeline, (struct nt_time){samples[i].us}, &value, &error), &error);
    }
    return timeline;
}

/* Nanoseconds a read, at random times that the history covers. */
static double timeline_read_ns(struct timeline *timeline)
{
    struct nt_arena arena = {0};
    struct nt_error error;
    int64_t begun = cpu_ns();
    for (int i = 0; i < READS; i++) {
        struct nt_value values[2];
        nt_arena_reset(&arena);
        struct nt_eval e = {.arena = &arena};
        struct nt_time now = {WINDOW_US + (int64_t)(next_random() % (HISTORY_US - WINDOW_US))};
        must(timeline_read(timeline, now, NULL, &e, values, NULL, &error), &error);
    }
    nt_arena_deinit(&arena);
    return (double)(cpu_ns() - begun) / READS;
}

/* ---- the stand-in: a B+-tree with the count and sum of every child ---- */

struct tree_node {
    bool is_leaf;
    int size;
    int64_t times[TREE_FANOUT]; /* of a leaf's events; of a child's first */
    int64_t counts[TREE_FANOUT];
    __int128 sums[TREE_FANOUT]; /* a leaf: the value itself */
    struct tree_node *children[TREE_FANOUT];
};

static struct tree_node *tree_node(struct nt_arena *arena, bool is_leaf)
{
    struct tree_node *node = nt_arena_zalloc(arena, sizeof *node);
    node->is_leaf = is_leaf;
    return node;
}

static void tree_open(struct tree_node *node, int at)
{
    size_t rest = (size_t)(node->size - at);
    memmove(&node->times[at + 1], &node->times[at], rest * sizeof node->times[0]);
    memmove(&node->counts[at + 1], &node->counts[at], rest * sizeof node->counts[0]);
    memmove(&node->sums[at + 1], &node->sums[at], rest * sizeof node->sums[0]);
    memmove(&node->children[at + 1], &node->children[at], rest * sizeof node->children[0]);
    node->size++;
}

static int tree_place(const struct tree_node *node, int64_t us)
{
    int at = node->size;
    while (at > 0 && node->times[at - 1] > us) at--;
    return at;
}

static struct tree_node *tree_split(struct nt_arena *arena, struct tree_node *node)
{
    struct tree_node *right = tree_node(arena, node->is_leaf);
    int half = TREE_FANOUT / 2;
    right->size = node->size - half;
    memcpy(right->times, &node->times[half], (size_t)right->size * sizeof node->times[0]);
    memcpy(right->counts, &node->counts[half], (size_t)right->size * sizeof node->counts[0]);
    memcpy(right->sums, &node->sums[half], (size_t)right->size * sizeof node->sums[0]);
    memcpy(right->children, &node->children[half], (size_t)right->size * sizeof node->children[0]);
    node->size = half;
    return right;
}

static void tree_sum(struct tree_node *parent, int at)
{
    const struct tree_node *child = parent->children[at];
    parent->times[at] = child->times[0];
    parent->counts[at] = 0;
    parent->sums[at] = 0;
    for (int i = 0; i < child->size; i++) {
        parent->counts[at] += child->counts[i];
        parent->sums[at] += child->sums[i];
    }
}

/* The new right sibling when node had to be split. */
static struct tree_node *tree_add(struct nt_arena *arena, struct tree_node *node,
                                  const struct sample *sample)
{
    int at = tree_place(node, sample->us);
    if (node->is_leaf) {
        tree_open(node, at);
        node->times[at] = sample->us;
        node->counts[at] = 1;
        node->sums[at] = sample->value;
    } else {
        int child = at > 0 ? at - 1 : 0;
        struct tree_node *right = tree_add(arena, node->children[child], sample);
        if (sample->us < node->times[child]) node->times[child] = sample->us;
        node->counts[child]++;
        node->sums[child] += sample->value;
        if (right) {
            tree_open(node, child + 1);
            node->children[child + 1] = right;
            tree_sum(node, child);
            tree_sum(node, child + 1);
        }
    }
    return node->size == TREE_FANOUT ? tree_split(arena, node) : NULL;
}

static void tree_fill(struct nt_arena *arena, const struct sample *samples, size_t count)
{
    struct tree_node *root = tree_node(arena, true);
    for (size_t i = 0; i < count; i++) {
        struct tree_node *right = tree_add(arena, root, &samples[i]);
        if (!right) continue;
        struct tree_node *above = tree_node(arena, false);
        above->size = 2;
        above->children[0] = root;
        above->children[1] = right;
        tree_sum(above, 0);
        tree_sum(above, 1);
        root = above;
    }
}

/* ---- raw rows in RocksDB ---- */

static void rocks_must(char *error)
{
    if (!error) return;
    fprintf(stderr, "bench_timeline: %s\n", error);
    exit(1);
}

static void row_key(struct buffer *key, int64_t us, uint64_t number)
{
    buffer_clear(key);
    buffer_append_u64_be(key, (uint64_t)us);
    buffer_append_u64_be(key, number);
}

/* A row an event, key event time and number; compacted, as it would be at rest. */
static rocksdb_t *rocks_fill(const char *path, const struct sample *samples, size_t count)
{
    char *error = NULL;
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_writeoptions_t *write = rocksdb_writeoptions_create();
    rocksdb_options_set_create_if_missing(options, 1);
    rocksdb_writeoptions_disable_WAL(write, 1);
    rocksdb_t *db = rocksdb_open(options, path, &error);
    rocks_must(error);
    struct buffer key = {0};
    for (size_t i = 0; i < count; i++) {
        row_key(&key, samples[i].us, i);
        rocksdb_put(db, write, (const char *)key.data, key.size, (const char *)&samples[i].value,
                    sizeof samples[i].value, &error);
        rocks_must(error);
    }
    rocksdb_compact_range(db, NULL, 0, NULL, 0);
    buffer_deinit(&key);
    rocksdb_writeoptions_destroy(write);
    rocksdb_options_destroy(options);
    return db;
}

/* Nanoseconds to seek to a window's beginning and add up its rows. */
static double scan_ns(rocksdb_t *db)
{
    rocksdb_readoptions_t *read = rocksdb_readoptions_create();
    struct buffer key = {0};
    volatile int64_t total = 0; /* so that the sum is made */
    int64_t begun = cpu_ns();
    for (int i = 0; i < SCANS; i++) {
        int64_t now = WINDOW_US + (int64_t)(next_random() % (HISTORY_US - WINDOW_US));
        row_key(&key, now - WINDOW_US + 1, 0);
        rocksdb_iterator_t *at = rocksdb_create_iterator(db, read);
        for (rocksdb_iter_seek(at, (const char *)key.data, key.size); rocksdb_iter_valid(at);
             rocksdb_iter_next(at)) {
            size_t size;
            int64_t value;
            struct reader in = reader_of(
                (struct bytes){(const uint8_t *)rocksdb_iter_key(at, &size), sizeof(uint64_t)});
            if ((int64_t)reader_u64_be(&in) > now) break;
            memcpy(&value, rocksdb_iter_value(at, &size), sizeof value);
            total += value;
        }
        rocksdb_iter_destroy(at);
    }
    int64_t spent = cpu_ns() - begun;
    buffer_deinit(&key);
    rocksdb_readoptions_destroy(read);
    return (double)spent / SCANS;
}

/* ---- the benches ---- */

static void bench_insert(enum arrival arrival, size_t count, int rounds)
{
    double ratios[ROUNDS_MAX], ours[ROUNDS_MAX];
    for (int round = 0; round < rounds; round++) {
        struct sample *samples = samples_make(count, arrival);
        struct nt_arena arena = {0};
        int64_t begun = cpu_ns();
        timeline_fill(&arena, samples, count);
        double product = (double)(cpu_ns() - begun);
        nt_arena_deinit(&arena);
        begun = cpu_ns();
        tree_fill(&arena, samples, count);
        double peer = (double)(cpu_ns() - begun);
        nt_arena_deinit(&arena);
        free(samples);
        ratios[round] = product / peer;
        ours[round] = product / (double)count;
    }
    char what[80];
    snprintf(what, sizeof what, "insert %s: timeline / aggregating B+-tree",
             arrival_names[arrival]);
    print_spread(what, ratios, rounds, "x");
    snprintf(what, sizeof what, "insert %s: timeline", arrival_names[arrival]);
    print_spread(what, ours, rounds, "ns");
}

static enum nt_status count_bytes(void *self, struct timeline_id id, struct bytes record,
                                  struct nt_error *error)
{
    (void)id, (void)error;
    *(size_t *)self += record.size;
    return NT_OK;
}

static void bench_window(size_t count, int rounds)
{
    double against_scan[ROUNDS_MAX], against_small[ROUNDS_MAX], ours[ROUNDS_MAX];
    char path[] = "/tmp/nowthen-bench-XXXXXX";
    struct nt_error error;
    if (!mkdtemp(path)) exit(1);
    struct sample *samples = samples_make(count, IN_ORDER);
    struct sample *few = samples_make(SMALL_EVENTS, IN_ORDER);
    struct nt_arena arena = {0}, small_arena = {0};
    struct timeline *timeline = timeline_fill(&arena, samples, count);
    struct timeline *small = timeline_fill(&small_arena, few, SMALL_EVENTS);
    rocksdb_t *db = rocks_fill(path, samples, count);
    for (int round = 0; round < rounds; round++) {
        ours[round] = timeline_read_ns(timeline);
        against_scan[round] = scan_ns(db) / ours[round];
        against_small[round] = ours[round] / timeline_read_ns(small);
    }
    char what[80];
    snprintf(what, sizeof what, "window over %zu events: RocksDB scan / timeline", count / 2);
    print_spread(what, against_scan, rounds, "x");
    snprintf(what, sizeof what, "window at %zu events / at %d", count, SMALL_EVENTS);
    print_spread(what, against_small, rounds, "x");
    snprintf(what, sizeof what, "window over %zu events: timeline", count / 2);
    print_spread(what, ours, rounds, "ns");
    size_t stored = 0;
    size_t held = timeline_size(timeline);
    struct buffer record = {0};
    must(timeline_flush(timeline, &record, count_bytes, &stored, &error), &error);
    buffer_deinit(&record);
    printf("bytes an event: %.1f in memory, %.1f stored\n", (double)held / (double)count,
           (double)stored / (double)count);
    rocksdb_close(db);
    char *trouble = NULL;
    rocksdb_options_t *options = rocksdb_options_create();
    rocksdb_destroy_db(options, path, &trouble);
    rocksdb_options_destroy(options);
    free(trouble);
    nt_arena_deinit(&arena);
    nt_arena_deinit(&small_arena);
    free(samples);
    free(few);
}

int main(int argc, char **argv)
{
    size_t events = 1000000;
    int rounds = 5;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--rounds") == 0) rounds = (int)strtol(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--events") == 0) events = strtoull(argv[i + 1], NULL, 10);
    }
    if (rounds < 1 || rounds > ROUNDS_MAX || events < 2 * SMALL_EVENTS) {
        fprintf(stderr, "usage: %s [--rounds 1..%d] [--events N, at least %d]\n", argv[0],
                ROUNDS_MAX, 2 * SMALL_EVENTS);
        return 2;
    }
    for (int arrival = 0; arrival < ARRIVALS; arrival++)
        bench_insert((enum arrival)arrival, events, rounds);
    bench_window(events, rounds);
    bench_window(events * 10, rounds);
    return 0;
}
