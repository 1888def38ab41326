/*
 * bench_timeline.c: what a timeline costs, as ratios taken in one run, peers and product in turn.
 *
 *   insert   in order, 10 % late, shuffled; against FiBA or its stand-in (peers/), with the same
 *            count and int8 sum per node
 *   window   a window at a random T over one key's events; against a scan of the raw rows of that
 *            window by a RocksDB iterator; and against itself at 1,000 events: the first reads,
 *            which make the sums of the nodes they come by (timeline_sums.c), then those after them
 *   bytes    an event in memory and stored
 *
 * usage: bench_timeline [--rounds N] [--events N]     tools/bench/timeline builds and runs it
 */
#include "peers/timeline_peer.h"

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
#define WARM_ROUNDS  10 /* of READS each: then most nodes that are read have their sums */
#define SCANS        3
#define SMALL_EVENTS 1000

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
        void *filled = peer_fill(samples, count);
        double peer = (double)(cpu_ns() - begun);
        peer_free(filled);
        free(samples);
        ratios[round] = product / peer;
        ours[round] = product / (double)count;
    }
    char what[80];
    snprintf(what, sizeof what, "insert %s: timeline / %s", arrival_names[arrival], peer_name);
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
    double first = timeline_read_ns(timeline), first_small = timeline_read_ns(small);
    for (int round = 1; round < WARM_ROUNDS; round++) timeline_read_ns(timeline);
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
    printf("the first %d reads: %.0f ns, %.3f x those at %d\n", READS, first, first / first_small,
           SMALL_EVENTS);
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
