/*
 * random.h: random values for the tests of the room, with the edges of every type made likely.
 */
#ifndef TEST_ROW_RANDOM_H
#define TEST_ROW_RANDOM_H

#include "../../support/seed.h"
#include "nowthen/arena.h"
#include "row/array.h"
#include "row/numeric.h"

#include <stdio.h>
#include <string.h>

struct random {
    uint64_t state;
};

static inline struct random random_seeded(const char *test)
{
    printf("%s: ", test);
    return (struct random){seed_take()};
}

static inline uint64_t random_bits(struct random *r)
{
    return seed_next(&r->state);
}

static inline uint64_t random_below(struct random *r, uint64_t end)
{
    return random_bits(r) % end;
}

/* Any number of bits is as likely as any other, so small numbers are common. */
static inline int64_t random_integer(struct random *r)
{
    int64_t x = (int64_t)random_bits(r) >> random_below(r, 64);
    return random_below(r, 20) ? x : x < 0 ? INT64_MIN : INT64_MAX;
}

static inline double random_double(struct random *r)
{
    static const double edges[] = {0.0, -0.0, 1.0, 0.1, 1e23, 5e-324, 1.7976931348623157e308};
    uint64_t bits = random_bits(r);
    double x;
    switch (random_below(r, 4)) {
    case 0:
        memcpy(&x, &bits, sizeof x);
        return x; /* NaNs and infinities are rare but there */
    case 1:
        return edges[random_below(r, sizeof edges / sizeof *edges)];
    case 2:
        return (double)random_integer(r) / 1000;
    default:
        return random_below(r, 2) ? __builtin_inf() : __builtin_nan("");
    }
}

/* Most have no limbs. */
static inline struct nt_numeric random_numeric(struct random *r, struct nt_arena *arena)
{
    struct nt_numeric x = {0};
    if (random_below(r, 20) == 0) {
        x.kind = (uint8_t)(1 + random_below(r, 3));
        return x;
    }
    uint8_t digits[NUMERIC_DIGITS_MAX];
    int most = random_below(r, 10) ? NUMERIC_SHORT_DIGITS : random_below(r, 10) ? 100 : 400;
    int count = (int)random_below(r, (uint64_t)most + 1);
    for (int i = 0; i < count; i++)
        digits[i] = (uint8_t)(random_below(r, 2) ? random_below(r, 10) : 0);
    int scale = (int)random_below(r, random_below(r, 2) ? 4 : (uint64_t)most + 1);
    numeric_of_digits(arena, digits, count, random_below(r, 2), scale, &x);
    return x;
}

static inline struct nt_interval random_interval(struct random *r)
{
    struct nt_interval x = {0};
    if (random_below(r, 2)) x.us = random_integer(r);
    if (random_below(r, 2)) x.us = (int64_t)random_below(r, 5) * INT64_C(43200000000);
    if (random_below(r, 2)) x.days = (int32_t)random_integer(r);
    if (random_below(r, 2)) x.days = (int32_t)random_below(r, 4) * 15;
    if (random_below(r, 2)) x.months = (int32_t)random_integer(r);
    if (random_below(r, 2)) x.months = (int32_t)random_below(r, 3);
    return x;
}

/* Few letters, zero bytes and the greatest byte among them, so that prefixes collide. */
static inline struct nt_value random_text(struct random *r, struct nt_arena *arena)
{
    static const char letters[] = {0, 1, 'a', 'b', (char)0xff};
    uint32_t size = (uint32_t)random_below(r, 6);
    char *text = nt_arena_alloc(arena, size);
    for (uint32_t i = 0; i < size; i++) text[i] = letters[random_below(r, sizeof letters)];
    return nt_text(text, size);
}

/* One in four is an array. */
static inline enum nt_type random_type(struct random *r)
{
    enum nt_type element = (enum nt_type)random_below(r, NT_TYPE_COUNT);
    return random_below(r, 4) ? element : NT_ARRAY_OF(element);
}

static inline struct nt_value random_value(struct random *r, enum nt_type type,
                                           struct nt_arena *arena)
{
    if (nt_type_is_array(type)) {
        struct nt_value values[10];
        uint32_t count = (uint32_t)random_below(r, random_below(r, 2) ? 3 : 10);
        for (uint32_t i = 0; i < count; i++)
            values[i] =
                random_below(r, 4) ? random_value(r, nt_type_element(type), arena) : NT_NULL;
        return array_make(nt_type_element(type), values, count, arena);
    }
    switch (type) {
    case NT_BOOL:
        return nt_bool(random_below(r, 2));
    case NT_INT2:
        return nt_integer((int16_t)random_integer(r));
    case NT_DATE:
        return nt_integer((int64_t)random_below(r, (uint64_t)(NT_DATE_END - NT_DATE_MIN)) +
                          NT_DATE_MIN);
    case NT_FLOAT4:
        return nt_float8((double)(float)random_double(r));
    case NT_UUID: {
        char *uuid = nt_arena_zalloc(arena, NT_UUID_SIZE);
        uuid[0] = (char)random_bits(r);
        uuid[NT_UUID_SIZE - 1] = (char)random_bits(r);
        return nt_text(uuid, NT_UUID_SIZE);
    }
    case NT_JSONB:
        return random_below(r, 2) ? nt_text("{\"a\": [1, null]}", 16) : nt_text("1.50", 4);
    case NT_BYTEA:
        return random_text(r, arena);
    case NT_INT4:
        return nt_integer((int32_t)random_integer(r));
    case NT_INT8:
        return nt_integer(random_integer(r));
    case NT_FLOAT8:
        return nt_float8(random_double(r));
    case NT_NUMERIC: {
        struct nt_numeric x = random_numeric(r, arena);
        return (struct nt_value){.numeric = nt_arena_copy(arena, &x, sizeof x)};
    }
    case NT_TEXT:
        return random_text(r, arena);
    case NT_TIMESTAMPTZ:
        return nt_timestamptz(random_integer(r));
    default:
        break;
    }
    struct nt_interval x = random_interval(r);
    return (struct nt_value){.interval = nt_arena_copy(arena, &x, sizeof x)};
}

#endif
