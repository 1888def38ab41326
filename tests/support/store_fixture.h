/* store_fixture.h: a store over the program of program_fixture.h, and sales to put into it. */
#ifndef SUPPORT_STORE_FIXTURE_H
#define SUPPORT_STORE_FIXTURE_H

#include "online/store.h"
#include "program_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define T0          INT64_C(410227200000000) /* 2013-01-01 */
#define PAST_US     (2 * FIXTURE_HOUR_US)
#define CACHE_BYTES ((size_t)64 << 20)

struct sale {
    int shop;
    int64_t amount;
    int64_t at_us;
};

static inline struct nt_time clock_at(void *self)
{
    return *(struct nt_time *)self;
}

static struct nt_time wall = {T0 + 1000 * FIXTURE_HOUR_US};

static inline struct store_options options_event(void)
{
    return (struct store_options){
        .clock = {clock_at, &wall},
        .is_event_clock = true,
        .past_reads_us = PAST_US,
        .cache_bytes_max = CACHE_BYTES,
    };
}

static inline struct store *open_with(struct kv *kv, struct store_options options)
{
    struct store *store = NULL;
    struct nt_error error;
    if (store_open(&fixture_program, kv, &options, &store, &error) != NT_OK)
        fail_msg("%s", error.text);
    return store;
}

/* shop -1: NULL. */
static inline enum nt_status apply(struct store *store, struct sale sale, struct nt_error *error)
{
    struct nt_arena arena;
    nt_arena_init(&arena);
    struct nt_eval e = {.arena = &arena};
    struct event event;
    char name[16];
    snprintf(name, sizeof name, "shop%d", sale.shop);
    struct nt_value row[3] = {sale.shop < 0 ? NT_NULL : fixture_text(name), nt_integer(sale.amount),
                              nt_timestamptz(sale.at_us)};
    assert_true(event_admit(&fixture_program, 0, &e, row, &event));
    enum nt_status status = store_apply(store, &event, error);
    nt_arena_deinit(&arena);
    return status;
}

static inline void apply_ok(struct store *store, int shop, int64_t amount, int64_t at_us)
{
    struct nt_error error;
    if (apply(store, (struct sale){shop, amount, at_us}, &error) != NT_OK)
        fail_msg("%s", error.text);
}

static inline void commit_at(struct store *store, int64_t offset)
{
    struct nt_error error;
    struct store_position position = {"sales", 3, offset};
    if (store_commit(store, &position, 1, &error) != NT_OK) fail_msg("%s", error.text);
}

/* The whole sweep, a slice of so many entities at a time. */
static inline void sweep_ok(struct store *store, size_t entities_max)
{
    struct nt_error error;
    for (bool is_done = false; !is_done;)
        if (store_sweep(store, entities_max, &is_done, &error) != NT_OK) fail_msg("%s", error.text);
}

static inline void path_remove(const char *path)
{
    struct buffer command = {0};
    buffer_printf(&command, "rm -rf '%s'", path);
    assert_int_equal(system(buffer_text(&command)), 0);
    buffer_deinit(&command);
}

static inline struct kv *rocks_open(const char *path)
{
    struct kv *kv = NULL;
    struct nt_error error;
    if (kv_rocks_open(path, KV_CACHE_BYTES, &kv, &error) != NT_OK) fail_msg("%s", error.text);
    return kv;
}

#endif
