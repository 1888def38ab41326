/* half_life.c: see half_life.h. */
#include "row/half_life.h"

#include "base/bytes.h"
#include "row/functions.h"

#include <math.h>
#include <string.h>

#define LN2           UINT64_C(0xb17217f7d1cf79ab) /* * 2^-64 */
#define FRACTION_BITS 52
#define WHOLE_MAX     (INT64_MAX - (1 << 12)) /* room for a few more */
#define EXPONENT_MAX  5000                    /* more half-lives make anything nothing */

int64_t half_lives_whole(__int128 us, int64_t half_us)
{
    __int128 whole = us / half_us - (us % half_us < 0);
    return whole < -WHOLE_MAX ? -WHOLE_MAX : whole > WHOLE_MAX ? WHOLE_MAX : (int64_t)whole;
}

/* 2^part - 1, both in units of 2^-64: the series of e^(part ln 2), cut off at each step. */
static uint64_t growth_of(uint64_t part)
{
    uint64_t y = (uint64_t)((unsigned __int128)part * LN2 >> 64), sum = 0;
    uint64_t term = y;
    for (unsigned n = 2; term; n++) {
        sum += term;
        term = (uint64_t)((unsigned __int128)term * y >> 64) / n;
    }
    return sum;
}

struct half_lives half_lives_of(__int128 us, int64_t half_us)
{
    __int128 rest = us % half_us;
    if (rest < 0) rest += half_us;
    uint64_t growth = growth_of((uint64_t)(((unsigned __int128)rest << 64) / (uint64_t)half_us));
    uint64_t rounded = (growth >> (64 - FRACTION_BITS)) + (growth >> (63 - FRACTION_BITS) & 1);
    return (struct half_lives){half_lives_whole(us, half_us),
                               1 + ldexp((double)rounded, -FRACTION_BITS)};
}

struct nt_value decayed_value(struct decayed decayed, struct nt_arena *arena)
{
    struct buffer bytes = {0};
    uint64_t sum;
    memcpy(&sum, &decayed.sum, sizeof sum);
    buffer_append_u64(&bytes, sum);
    buffer_append_u64(&bytes, (uint64_t)decayed.at_us);
    buffer_append_u64(&bytes, (uint64_t)decayed.half_us);
    struct nt_value value =
        nt_text(nt_arena_copy(arena, bytes.data, bytes.size), (uint32_t)bytes.size);
    buffer_deinit(&bytes);
    return value;
}

static bool decayed_read(struct nt_value value, struct decayed *decayed)
{
    struct reader in = reader_of((struct bytes){(const uint8_t *)value.text, value.size});
    uint64_t sum = reader_u64(&in);
    memcpy(&decayed->sum, &sum, sizeof sum);
    decayed->at_us = (int64_t)reader_u64(&in);
    decayed->half_us = (int64_t)reader_u64(&in);
    return !in.is_short && in.next == in.end && decayed->half_us > 0;
}

/* Its value at another moment. */
struct nt_value nt_decay(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    struct decayed decayed;
    if (x.is_null || y.is_null) return NT_NULL;
    if (!decayed_read(x, &decayed)) return nt_fail(e, "not a decayed sum");
    if (decayed.sum == 0 || !isfinite(decayed.sum)) return nt_float8(decayed.sum);
    struct half_lives age = half_lives_of((__int128)y.time.us - decayed.at_us, decayed.half_us);
    int64_t exponent = -age.whole;
    if (exponent < -EXPONENT_MAX) exponent = -EXPONENT_MAX;
    if (exponent > EXPONENT_MAX) exponent = EXPONENT_MAX;
    double now = ldexp(decayed.sum / age.growth, (int)exponent);
    return isinf(now) ? float_overflow(e) : nt_float8(now);
}
