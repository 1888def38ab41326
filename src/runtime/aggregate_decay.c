/*
 * aggregate_decay.c: decayed_sum(x, ts, half_life) and decayed_count(ts, half_life): each event
 * weighs half as much for every half-life that has passed since its ts.
 *
 * Weights relative to now() would change with it, so the partial keeps them relative to fixed tiles
 * of time, 64 half-lives each: the exact sum of x * 2^(part of the tile that has passed at ts), the
 * power rounded once to a double, by ts alone. Nothing depends on the order of the events. What is
 * more than TILES_MAX tiles older than the newest event weighs less than 2^-2240 of that and is
 * left out, so a partial has at most TILES_MAX sums; an infinite or NaN x stays, whatever its age.
 * The result is the value at the newest ts; finish takes it on to now(): row/half_life.h.
 */
#include "row/half_life.h"
#include "runtime/aggregate.h"
#include "runtime/exact_sum.h"

#include <math.h>
#include <string.h>

#define TILE_BITS 6 /* of a number of half-lives */
#define TILES_MAX 36
#define NEVER     INT64_MIN

enum decay_kind { DECAY_SUM, DECAY_COUNT };

struct tile {
    int64_t index;
    struct exact_sum sum; /* in units of 2^EXACT_PRODUCT_UNIT, at the tile's beginning */
};

struct decay {
    struct tile *tiles; /* ascending; those from tile_count on are spare, with what they own */
    uint32_t tile_count, capacity;
    int64_t newest_us; /* NEVER: no event */
    int64_t newest_tile;
    struct exact_sum specials; /* the x that are NaN or infinite */
};

static void decay_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct decay *)state = (struct decay){.newest_us = NEVER};
}

static void decay_clear(const struct nt_measure *measure, void *state)
{
    (void)measure;
    struct decay *decay = state;
    decay->tile_count = 0;
    decay->newest_us = NEVER;
    exact_sum_clear(&decay->specials);
}

static void tiles_reserve(struct decay *decay, struct nt_arena *arena)
{
    if (decay->tile_count < decay->capacity) return;
    uint32_t capacity = decay->capacity ? 2 * decay->capacity : 1;
    struct tile *tiles = nt_arena_zalloc(arena, capacity * sizeof *tiles);
    if (decay->capacity) memcpy(tiles, decay->tiles, decay->capacity * sizeof *tiles);
    decay->tiles = tiles;
    decay->capacity = capacity;
}

static struct exact_sum *tile_sum(struct decay *decay, int64_t index, struct nt_arena *arena)
{
    uint32_t place = decay->tile_count;
    while (place > 0 && decay->tiles[place - 1].index >= index) place--;
    if (place < decay->tile_count && decay->tiles[place].index == index)
        return &decay->tiles[place].sum;
    tiles_reserve(decay, arena);
    struct tile *tile = &decay->tiles[place];
    struct tile spare = decay->tiles[decay->tile_count];
    memmove(tile + 1, tile, (decay->tile_count - place) * sizeof *tile);
    exact_sum_clear(&spare.sum);
    spare.index = index;
    *tile = spare;
    decay->tile_count++;
    return &tile->sum;
}

static bool tile_is_old(const struct decay *decay, int64_t index)
{
    return index <= decay->newest_tile - TILES_MAX;
}

static void tiles_drop(struct decay *decay)
{
    uint32_t old = 0;
    while (old < decay->tile_count && tile_is_old(decay, decay->tiles[old].index)) old++;
    for (uint32_t i = old; old && i < decay->tile_count; i++) {
        struct tile dropped = decay->tiles[i - old];
        decay->tiles[i - old] = decay->tiles[i];
        decay->tiles[i] = dropped;
    }
    decay->tile_count -= old;
}

static void newest_raise(const struct nt_measure *measure, struct decay *decay, int64_t us)
{
    if (us <= decay->newest_us) return;
    decay->newest_us = us;
    decay->newest_tile = half_lives_whole(us, measure->parameters[0].integer) >> TILE_BITS;
    tiles_drop(decay);
}

static bool time_counts(struct nt_value at)
{
    return !at.is_null && at.time.us != NT_TIME_INFINITY.us &&
           at.time.us != NT_TIME_MINUS_INFINITY.us;
}

static void decay_add(const struct nt_measure *measure, void *state,
                      const struct nt_value *arguments, struct nt_arena *arena)
{
    struct decay *decay = state;
    bool is_count = measure->aggregate->variant == DECAY_COUNT;
    struct nt_value x = is_count ? nt_float8(1) : arguments[0];
    struct nt_value at = arguments[is_count ? 0 : 1];
    if (x.is_null || !time_counts(at)) return;
    newest_raise(measure, decay, at.time.us);
    if (!isfinite(x.float8)) {
        exact_sum_add(&decay->specials, x.float8, arena);
        return;
    }
    struct half_lives age = half_lives_of(at.time.us, measure->parameters[0].integer);
    int64_t index = age.whole >> TILE_BITS;
    if (tile_is_old(decay, index)) return;
    int passed = (int)(age.whole & ((1 << TILE_BITS) - 1));
    exact_sum_add_product(tile_sum(decay, index, arena), x.float8, ldexp(age.growth, passed),
                          arena);
}

static void decay_merge(const struct nt_measure *measure, void *state, const void *other,
                        struct nt_arena *arena)
{
    struct decay *decay = state;
    const struct decay *more = other;
    newest_raise(measure, decay, more->newest_us);
    exact_sum_merge(&decay->specials, &more->specials, arena);
    for (uint32_t i = 0; i < more->tile_count; i++) {
        const struct tile *tile = &more->tiles[i];
        if (tile_is_old(decay, tile->index)) continue;
        exact_sum_merge(tile_sum(decay, tile->index, arena), &tile->sum, arena);
    }
}

/* All tiles at the beginning of the first, in units of 2^EXACT_PRODUCT_UNIT. */
static void tiles_total(const struct decay *decay, struct big *total)
{
    struct big part;
    exact_sum_big(&decay->tiles[0].sum, total);
    for (uint32_t i = 1; i < decay->tile_count; i++) {
        int64_t later = decay->tiles[i].index - decay->tiles[0].index;
        exact_sum_big(&decay->tiles[i].sum, &part);
        big_shift_left(&part, (int)later << TILE_BITS);
        part.is_negative = !part.is_negative;
        big_subtract(total, total, &part);
    }
}

/* The value at the newest event, rounded once; infinite beyond double. */
static double decay_value(const struct nt_measure *measure, const struct decay *decay)
{
    double value = 0;
    if (exact_sum_is_special(&decay->specials)) {
        exact_sum_total(&decay->specials, &value);
    } else if (decay->tile_count) {
        struct half_lives now = half_lives_of(decay->newest_us, measure->parameters[0].integer);
        int64_t passed = now.whole - decay->tiles[0].index * (1 << TILE_BITS);
        struct big total, growth;
        tiles_total(decay, &total);
        big_set(&growth, (unsigned __int128)ldexp(now.growth, 52));
        value = big_ratio(&total, &growth, EXACT_PRODUCT_UNIT + 52 - (int)passed);
    }
    return value;
}

static struct nt_value decay_final(struct nt_eval *e, const struct nt_measure *measure,
                                   const void *state)
{
    const struct decay *decay = state;
    struct decayed decayed = {.half_us = measure->parameters[0].integer};
    if (decay->newest_us != NEVER) {
        decayed.sum = decay_value(measure, decay);
        decayed.at_us = decay->newest_us;
    } else if (measure->aggregate->variant == DECAY_SUM) {
        return NT_NULL;
    }
    if (isinf(decayed.sum) && !exact_sum_is_special(&decay->specials))
        return nt_fail(e, "value out of range: overflow");
    return decayed_value(decayed, e->arena);
}

/*
 * byte   is there an event? If not, nothing more.
 * u64    newest ts; the sum of the specials
 * varint tiles, at least age first: varint tiles before the newest one, and the sum
 */
static void decay_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    (void)measure;
    const struct decay *decay = state;
    buffer_append_byte(out, decay->newest_us != NEVER);
    if (decay->newest_us == NEVER) return;
    buffer_append_u64(out, (uint64_t)decay->newest_us);
    exact_sum_encode(&decay->specials, out);
    buffer_append_varint(out, decay->tile_count);
    for (uint32_t i = 0; i < decay->tile_count; i++) {
        buffer_append_varint(out, (uint64_t)(decay->newest_tile - decay->tiles[i].index));
        exact_sum_encode(&decay->tiles[i].sum, out);
    }
}

static bool tiles_decode(struct decay *decay, struct reader *in, struct nt_arena *arena)
{
    uint64_t count = reader_varint(in), last = TILES_MAX;
    if (in->is_short || count > TILES_MAX) return false;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t age = reader_varint(in);
        if (in->is_short || age >= last) return false;
        last = age;
        struct exact_sum *sum = tile_sum(decay, decay->newest_tile - (int64_t)age, arena);
        if (!exact_sum_decode(sum, in, arena) || sum->count == 0) return false;
    }
    return true;
}

static bool decay_decode(const struct nt_measure *measure, void *state, struct reader *in,
                         struct nt_arena *arena)
{
    struct decay *decay = state;
    uint8_t is_any = reader_byte(in);
    if (is_any == 0) return !in->is_short;
    int64_t newest_us = (int64_t)reader_u64(in);
    if (in->is_short || is_any > 1 || !time_counts(nt_timestamptz(newest_us))) return false;
    newest_raise(measure, decay, newest_us);
    return exact_sum_decode(&decay->specials, in, arena) && tiles_decode(decay, in, arena);
}

#define DECAY(which, kind)                                                                         \
    const struct nt_aggregate nt_aggregate_##which = {                                             \
        .symbol = #which,                                                                          \
        .name = #which,                                                                            \
        .state_size = sizeof(struct decay),                                                        \
        .variant = kind,                                                                           \
        .is_rounded = true,                                                                        \
        .init = decay_init,                                                                        \
        .clear = decay_clear,                                                                      \
        .add = decay_add,                                                                          \
        .merge = decay_merge,                                                                      \
        .final = decay_final,                                                                      \
        .encode = decay_encode,                                                                    \
        .decode = decay_decode,                                                                    \
    };
DECAY(decayed_sum, DECAY_SUM)
DECAY(decayed_count, DECAY_COUNT)
