/*
 * bench_memory.c: what a store of many entities takes in memory, and how fast one process fills it.
 *
 * Every entity gets an event, in an order far from that of the keys; then as many updates as asked
 * for go to entities at random, with lookups between the commits. No
 * broker: events are made here and applied as the worker applies them, exactly once, in RocksDB.
 * What is resident is printed on the way, and its peak in the end.
 *
 * usage: bench_memory DIRECTORY [--entities N] [--updates N] [--cache-mb N]
 */
#include "base/arena.h"
#include "online/store.h"
#include "row/key.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_US           INT64_C(86400000000)
#define COMMIT_EVENTS    10000
#define LOOKUPS          100 /* after each commit */
#define PRINT_EVENTS     1000000
#define RESIDENT_MB_GOAL 300

/* ---- a program by hand: count, sum and greatest amount of a day and of a week ---- */

static struct nt_value term_of(struct nt_eval *e, const struct nt_value *key,
                               const struct nt_value *terms)
{
    (void)e, (void)key;
    return terms[0];
}

static const enum nt_type argument_types[] = {NT_FLOAT8};
static const struct nt_bound_step day[] = {{NT_BOUND_MINUS, 0, DAY_US}};
static const struct nt_bound_step week[] = {{NT_BOUND_MINUS, 0, 7 * DAY_US}};
static const struct nt_window windows[] = {{.lower = {true, false, 1, week}},
                                           {.lower = {true, false, 1, day}}};
#define MEASURE(which, ...)                                                                        \
    {                                                                                              \
        .aggregate = &nt_aggregate_##which, .types = {NT_FLOAT8}, .result = NT_FLOAT8,             \
        .filter = -1, __VA_ARGS__                                                                  \
    }
static const struct nt_measure measures[] = {MEASURE(count_star),
                                             MEASURE(sum_float8, .argument_count = 1),
                                             MEASURE(max, .argument_count = 1)};
static const struct nt_term terms[] = {{0, 0}, {1, 0}, {2, 0}, {0, 1}, {1, 1}, {2, 1}};
static const struct nt_column keys[] = {{.name = "card", .type = NT_INT8}};
static const struct nt_feature features[] = {
    {.name = "payments", .type = NT_INT8, .key = -1, .finish = term_of}};
static const struct nt_view view = {
    .name = "cards",
    .fingerprint = 1,
    .key_count = 1,
    .argument_count = 1,
    .window_count = 2,
    .measure_count = 3,
    .term_count = 6,
    .feature_count = 1,
    .keys = keys,
    .arguments = argument_types,
    .windows = windows,
    .measures = measures,
    .terms = terms,
    .features = features,
};
static const struct nt_program program = {
    .abi = NT_PROGRAM_ABI, .fingerprint = "bench", .view_count = 1, .views = &view};

/* ---- the process ---- */

static void must(enum nt_status status, const struct nt_error *error)
{
    if (status == NT_OK) return;
    fprintf(stderr, "bench_memory: %s\n", error->text);
    exit(1);
}

/* A line of /proc/self/status, in MiB. */
static double status_mb(const char *name)
{
    struct buffer text = {0};
    struct nt_error error;
    must(file_read("/proc/self/status", &text, &error), &error);
    const char *line = strstr(buffer_text(&text), name);
    double mb = line ? (double)strtoull(line + strlen(name), NULL, 10) / 1024 : 0;
    buffer_deinit(&text);
    return mb;
}

static int64_t cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- events ---- */

struct load {
    struct store *store;
    uint64_t entities, updates;
    uint64_t applied;
    uint64_t random;
    struct buffer key;
};

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(struct load *load)
{
    uint64_t z = load->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Each of `entities` once, then any. The multiplier is a prime, larger than they can be. */
static int64_t next_card(struct load *load)
{
    uint64_t i = load->applied;
    unsigned __int128 far = (unsigned __int128)i * UINT64_C(1000000000039);
    return (int64_t)((i < load->entities ? (uint64_t)(far % load->entities) : next_random(load)) %
                     load->entities);
}

static void event_apply(struct load *load)
{
    struct nt_value key = nt_integer(next_card(load));
    struct nt_value amount = nt_float8((double)(next_random(load) % 100000) / 100);
    buffer_clear(&load->key);
    key_append_all(keys, 1, &key, &load->key);
    struct event_entry entry = {
        .key = &key, .arguments = &amount, .key_bytes = buffer_bytes(&load->key)};
    double part = (double)load->applied / (double)(load->entities + load->updates);
    struct event event = {
        .event_time = {(int64_t)((double)DAY_US * part)}, .entry_count = 1, .entries = &entry};
    struct nt_error error;
    must(store_apply(load->store, &event, &error), &error);
    load->applied++;
}

static void lookups_make(struct load *load, struct nt_arena *arena)
{
    struct store_snapshot *snapshot;
    struct nt_error error;
    must(store_snapshot_open(load->store, &snapshot, &error), &error);
    for (int i = 0; i < LOOKUPS; i++) {
        struct nt_eval e = {.arena = arena};
        struct view_row row;
        struct nt_value key = nt_integer((int64_t)(next_random(load) % load->entities));
        nt_arena_reset(arena);
        must(store_read(snapshot, 0, &key, store_snapshot_now(snapshot), &e, &row, &error), &error);
    }
    store_snapshot_close(snapshot);
}

static void progress_print(const struct load *load, int64_t begun_us)
{
    double spent_us = (double)(cpu_us() - begun_us);
    printf(
        "%5.1f M events: %6.1f MiB resident, %6.1f of them memory of its own, %5.2f us of CPU an "
        "event\n",
        (double)load->applied / 1e6, status_mb("VmRSS:"), status_mb("RssAnon:"),
        spent_us / (double)load->applied);
    fflush(stdout);
}

static void load_run(struct load *load)
{
    struct nt_arena arena = {0};
    struct nt_error error;
    int64_t begun_us = cpu_us();
    while (load->applied < load->entities + load->updates) {
        event_apply(load);
        bool is_last = load->applied == load->entities + load->updates;
        if (load->applied % COMMIT_EVENTS == 0 || is_last) {
            struct store_position position = {"bench", 0, (int64_t)load->applied};
            must(store_commit(load->store, &position, 1, &error), &error);
            lookups_make(load, &arena);
        }
        if (load->applied % PRINT_EVENTS == 0 || is_last) progress_print(load, begun_us);
    }
    nt_arena_deinit(&arena);
}

static int usage(const char *name)
{
    fprintf(stderr,
            "usage: %s DIRECTORY [--entities N] [--updates N] [--cache-mb N]\n"
            "numbers from 1; the directory must not exist\n",
            name);
    return 2;
}

int main(int argc, char **argv)
{
    uint64_t entities = 10000000, updates = 2000000, cache_mb = 64;
    if (argc < 2 || argc % 2) return usage(argv[0]);
    for (int i = 2; i + 1 < argc; i += 2) {
        uint64_t *option = strcmp(argv[i], "--entities") == 0   ? &entities
                           : strcmp(argv[i], "--updates") == 0  ? &updates
                           : strcmp(argv[i], "--cache-mb") == 0 ? &cache_mb
                                                                : NULL;
        if (option) *option = strtoull(argv[i + 1], NULL, 10);
        if (!option || *option == 0) return usage(argv[0]);
    }
    if (kv_rocks_exists(argv[1])) return usage(argv[0]);
    struct store_options options = {
        .clock = clock_system(), .is_event_clock = true, .cache_bytes_max = cache_mb << 20};
    struct load load = {.entities = entities, .updates = updates};
    struct kv *kv;
    struct nt_error error;
    must(kv_rocks_open(argv[1], cache_mb << 20, &kv, &error), &error);
    must(store_open(&program, kv, &options, &load.store, &error), &error);
    load_run(&load);
    printf("%" PRIu64 " entities, caches of %" PRIu64 " MiB each: %.1f MiB resident at most "
           "(goal: at most %d)\n",
           entities, cache_mb, status_mb("VmHWM:"), RESIDENT_MB_GOAL);
    store_close(load.store);
    buffer_deinit(&load.key);
    return 0;
}
