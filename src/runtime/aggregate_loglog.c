/*
 * aggregate_loglog.c: approx_count_distinct(x): how many different values, within 1.6 % or so (the
 * standard error), in at most 3 KB whatever their number.
 *
 * HyperLogLog with 4096 registers. The estimate is that of Ertl, "New cardinality estimation
 * algorithms for HyperLogLog sketches" (2017): a function of the registers alone, good for small
 * counts too. A value is hashed by what PostgreSQL prints for it in UTC, with equal values made one
 * text: 0 for -0, a numeric without its trailing zeros, an interval's length in microseconds; so
 * SQL can compute the same.
 */
#include "base/lookup3.h"
#include "row/numeric.h"
#include "row/value_text.h"
#include "runtime/aggregate.h"

#include <math.h>
#include <string.h>

#define INDEX_BITS  12
#define REGISTERS   (1 << INDEX_BITS)
#define RANK_MAX    (64 - INDEX_BITS + 1)
#define RANK_BITS   6
#define DENSE_BYTES (REGISTERS * RANK_BITS / 8)
#define SPARSE_MAX  1280                 /* registers in use; beyond it all are written */
#define ALPHA       0x1.71547652b82fep-1 /* 1 / (2 ln 2) */

struct loglog {
    uint8_t *registers; /* REGISTERS, in the arena; NULL until one is in use */
    uint32_t used;      /* that are not 0 */
};

static void loglog_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct loglog *)state = (struct loglog){0};
}

static void loglog_clear(const struct nt_measure *measure, void *state)
{
    (void)measure;
    struct loglog *loglog = state;
    if (loglog->used) memset(loglog->registers, 0, REGISTERS);
    loglog->used = 0;
}

static void register_raise(struct loglog *loglog, uint32_t index, uint8_t rank,
                           struct nt_arena *arena)
{
    if (!loglog->registers) loglog->registers = nt_arena_zalloc(arena, REGISTERS);
    if (rank <= loglog->registers[index]) return;
    loglog->used += loglog->registers[index] == 0;
    loglog->registers[index] = rank;
}

static uint64_t text_hash(enum nt_type type, struct nt_value value)
{
    struct buffer text = {0};
    value_append_text(type, value, &text);
    uint64_t hash = hash_lookup3(buffer_bytes(&text));
    buffer_deinit(&text);
    return hash;
}

/* Equal intervals have one length: as PostgreSQL compares them, with months of 30 days. */
static struct nt_numeric interval_length(const struct nt_interval *x)
{
    __int128 days = (__int128)x->months * 30 + x->days;
    return (struct nt_numeric){.coefficient = days * INT64_C(86400000000) + x->us};
}

static uint64_t value_hash(enum nt_type type, struct nt_value value, struct nt_arena *arena)
{
    struct nt_numeric number;
    switch (type) {
    case NT_TEXT:
        return hash_lookup3((struct bytes){(const uint8_t *)value.text, value.size});
    case NT_FLOAT4:
    case NT_FLOAT8:
        return text_hash(type, value.float8 == 0 ? nt_float8(0) : value);
    case NT_NUMERIC:
        number = *value.numeric;
        if (number.scale > 0) numeric_trunc(arena, number, numeric_min_scale(number), &number);
        return text_hash(type, (struct nt_value){.numeric = &number});
    case NT_INTERVAL:
        number = interval_length(value.interval);
        return text_hash(NT_NUMERIC, (struct nt_value){.numeric = &number});
    default:
        return text_hash(type, value);
    }
}

static void loglog_add(const struct nt_measure *measure, void *state,
                       const struct nt_value *arguments, struct nt_arena *arena)
{
    if (arguments[0].is_null) return;
    uint64_t hash = value_hash(measure->types[0], arguments[0], arena);
    uint64_t rest = hash << INDEX_BITS | UINT64_C(1) << (INDEX_BITS - 1);
    register_raise(state, (uint32_t)(hash >> (64 - INDEX_BITS)),
                   (uint8_t)(__builtin_clzll(rest) + 1), arena);
}

static void loglog_merge(const struct nt_measure *measure, void *state, const void *other,
                         struct nt_arena *arena)
{
    (void)measure;
    const struct loglog *more = other;
    for (uint32_t i = 0; more->used && i < REGISTERS; i++) {
        if (more->registers[i]) register_raise(state, i, more->registers[i], arena);
    }
}

/* Ertl's sigma: x + sum of x^(2^k) 2^(k-1). x < 1. */
static double sigma(double x)
{
    double y = 1, z = x, before;
    do {
        x *= x;
        before = z;
        z += x * y;
        y += y;
    } while (z != before);
    return z;
}

/* Ertl's tau: (1 - x - sum of (1 - x^(2^-k))^2 2^-k) / 3. */
static double tau(double x)
{
    double y = 1, z = 1 - x, before;
    if (x == 0 || x == 1) return 0;
    do {
        x = sqrt(x);
        before = z;
        y *= 0.5;
        z -= (1 - x) * (1 - x) * y;
    } while (z != before);
    return z / 3;
}

static struct nt_value loglog_final(struct nt_eval *e, const struct nt_measure *measure,
                                    const void *state)
{
    (void)e, (void)measure;
    const struct loglog *loglog = state;
    double counts[RANK_MAX + 1] = {0};
    if (loglog->used == 0) return nt_integer(0);
    for (int i = 0; i < REGISTERS; i++) counts[loglog->registers[i]]++;
    double z = REGISTERS * tau(1 - counts[RANK_MAX] / REGISTERS);
    for (int rank = RANK_MAX - 1; rank > 0; rank--) z = 0.5 * (z + counts[rank]);
    z += REGISTERS * sigma(counts[0] / REGISTERS);
    return nt_integer((int64_t)rint(ALPHA * REGISTERS * REGISTERS / z));
}

/* Ranks of 6 bits, the least bits of a byte first. */
static void dense_append(const struct loglog *loglog, struct buffer *out)
{
    uint32_t bits = 0;
    int held = 0;
    for (int i = 0; i < REGISTERS; i++) {
        bits |= (uint32_t)loglog->registers[i] << held;
        for (held += RANK_BITS; held >= 8; held -= 8, bits >>= 8) {
            buffer_append_byte(out, (uint8_t)bits);
        }
    }
}

/* varint registers in use; up to SPARSE_MAX of them the steps from index to index as varints, each
 * with its rank in a byte; else all registers. */
static void loglog_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    (void)measure;
    const struct loglog *loglog = state;
    buffer_append_varint(out, loglog->used);
    if (loglog->used > SPARSE_MAX) {
        dense_append(loglog, out);
        return;
    }
    uint32_t last = 0;
    for (uint32_t i = 0; loglog->used && i < REGISTERS; i++) {
        if (!loglog->registers[i]) continue;
        buffer_append_varint(out, i - last);
        buffer_append_byte(out, loglog->registers[i]);
        last = i;
    }
}

static bool dense_take(struct loglog *loglog, struct reader *in, struct nt_arena *arena)
{
    const uint8_t *bytes = reader_take(in, DENSE_BYTES);
    if (!bytes) return false;
    for (uint32_t i = 0; i < REGISTERS; i++) {
        uint32_t bit = i * RANK_BITS, pair = bytes[bit >> 3];
        if ((bit >> 3) + 1 < DENSE_BYTES) pair |= (uint32_t)bytes[(bit >> 3) + 1] << 8;
        uint8_t rank = pair >> (bit & 7) & ((1 << RANK_BITS) - 1);
        if (rank > RANK_MAX) return false;
        if (rank) register_raise(loglog, i, rank, arena);
    }
    return true;
}

static bool loglog_decode(const struct nt_measure *measure, void *state, struct reader *in,
                          struct nt_arena *arena)
{
    (void)measure;
    struct loglog *loglog = state;
    uint64_t used = reader_varint(in), index = 0;
    if (in->is_short || used > REGISTERS) return false;
    if (used > SPARSE_MAX) return dense_take(loglog, in, arena) && loglog->used == used;
    for (uint64_t i = 0; i < used; i++) {
        index += reader_varint(in);
        uint8_t rank = reader_byte(in);
        if (in->is_short || index >= REGISTERS || rank == 0 || rank > RANK_MAX) return false;
        register_raise(loglog, (uint32_t)index, rank, arena);
    }
    return loglog->used == used;
}

const struct nt_aggregate nt_aggregate_approx_count_distinct = {
    .symbol = "approx_count_distinct",
    .name = "approx_count_distinct",
    .state_size = sizeof(struct loglog),
    .init = loglog_init,
    .clear = loglog_clear,
    .add = loglog_add,
    .merge = loglog_merge,
    .final = loglog_final,
    .encode = loglog_encode,
    .decode = loglog_decode,
};
