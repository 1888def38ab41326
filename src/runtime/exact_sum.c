/*
 * exact_sum.c: see exact_sum.h. A double is m * 2^(p - 1074) with m < 2^53 and 0 <= p <= 2045, so a
 * term touches three limbs of 32 bits; 2^64 terms of the largest kind end in limb 67, and 2^64
 * products of the largest kind, whose unit is 2^-2148, in limb 134.
 */
#include "runtime/exact_sum.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define LIMBS_MAX     138
#define LIMBS_FINITE  135 /* of these; the rest is room for their carries */
#define LOAD_MAX      (UINT32_C(1) << 30)
#define DIGIT_MASK    INT64_C(0xffffffff)
#define MEAN_GUARDS   5 /* limbs: at least 160 - 64 bits of quotient */
#define DIGITS_MAX    (LIMBS_MAX + 2 + MEAN_GUARDS)
#define FRACTION_BITS 52
#define FLAGS_ALL                                                                                  \
    (EXACT_SUM_NAN | EXACT_SUM_INFINITY | EXACT_SUM_MINUS_INFINITY | EXACT_SUM_NOT_MINUS_ZERO)
#define FLAG_NEGATIVE 16 /* of the encoding */

/* |sum|, as digits of 32 bits from the least; the last one is not 0. In units of
 * 2^(32 * base - 1074). */
struct magnitude {
    uint32_t digits[DIGITS_MAX];
    int count;
    int base;
    bool is_negative;
};

static int64_t *limbs_of(struct exact_sum *sum)
{
    return sum->far ? sum->far : sum->near;
}

static const int64_t *limbs_peek(const struct exact_sum *sum)
{
    return sum->far ? sum->far : sum->near;
}

static void limbs_grow(struct exact_sum *sum, unsigned need, struct nt_arena *arena)
{
    unsigned capacity = 2 * need < LIMBS_MAX ? 2 * need : LIMBS_MAX;
    int64_t *limbs = nt_arena_alloc(arena, capacity * sizeof *limbs);
    memcpy(limbs, limbs_of(sum), sum->used * sizeof *limbs);
    sum->far = limbs;
    sum->capacity = (uint8_t)capacity;
}

/* Makes limbs [low, high) be there. */
static void limbs_cover(struct exact_sum *sum, unsigned low, unsigned high, struct nt_arena *arena)
{
    unsigned base = sum->base, end = base + sum->used;
    if (sum->used == 0) base = end = low;
    if (low >= base && high <= end) return;
    if (low > base) low = base;
    if (high < end) high = end;
    unsigned need = high - low;
    assert(high <= LIMBS_MAX);
    if (need > (sum->far ? sum->capacity : EXACT_SUM_NEAR)) limbs_grow(sum, need, arena);
    int64_t *limbs = limbs_of(sum);
    memmove(limbs + (base - low), limbs, sum->used * sizeof *limbs);
    memset(limbs, 0, (base - low) * sizeof *limbs);
    memset(limbs + (end - low), 0, (high - end) * sizeof *limbs);
    sum->base = (uint8_t)low;
    sum->used = (uint8_t)need;
}

/* The last limb keeps the sign and is split only when it is large: a borrow stays where it is. */
static void limbs_split_last(struct exact_sum *sum, struct nt_arena *arena)
{
    int64_t last = limbs_of(sum)[sum->used - 1];
    if (last == (int32_t)last) return;
    limbs_cover(sum, sum->base, sum->base + sum->used + 1u, arena);
    int64_t *end = limbs_of(sum) + sum->used;
    end[-2] = last & DIGIT_MASK;
    end[-1] = last >> 32;
}

/* Moves carries up, so that additions have room again. */
static void limbs_settle(struct exact_sum *sum, struct nt_arena *arena)
{
    int64_t *limbs = limbs_of(sum);
    for (unsigned i = 0; i + 1u < sum->used; i++) {
        limbs[i + 1] += limbs[i] >> 32;
        limbs[i] &= DIGIT_MASK;
    }
    if (sum->used) limbs_split_last(sum, arena);
    sum->load = 1;
}

static void add_finite(struct exact_sum *sum, uint64_t mantissa, unsigned place, bool is_negative,
                       struct nt_arena *arena)
{
    if (sum->load >= LOAD_MAX) limbs_settle(sum, arena);
    unsigned limb = place >> 5;
    limbs_cover(sum, limb, limb + 3, arena);
    unsigned __int128 wide = (unsigned __int128)mantissa << (place & 31);
    int64_t *limbs = limbs_of(sum) + (limb - sum->base);
    int64_t sign = is_negative ? -1 : 1;
    limbs[0] += sign * (int64_t)((uint64_t)wide & 0xffffffff);
    limbs[1] += sign * (int64_t)((uint64_t)(wide >> 32) & 0xffffffff);
    limbs[2] += sign * (int64_t)(wide >> 64);
    sum->load++;
}

/* A finite double as is_negative, and mantissa * 2^(place - 1074). */
static uint64_t double_split(double x, unsigned *place, bool *is_negative)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    unsigned exponent = (unsigned)(bits >> FRACTION_BITS) & 0x7ff;
    uint64_t mantissa = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    *is_negative = bits >> 63;
    *place = exponent ? exponent - 1 : 0;
    return exponent ? mantissa | UINT64_C(1) << FRACTION_BITS : mantissa;
}

/* The product of two mantissas of 53 bits is two terms. */
void exact_sum_add_product(struct exact_sum *sum, double x, double y, struct nt_arena *arena)
{
    unsigned x_place, y_place;
    bool x_negative, y_negative;
    uint64_t x_mantissa = double_split(x, &x_place, &x_negative);
    uint64_t y_mantissa = double_split(y, &y_place, &y_negative);
    unsigned __int128 product = (unsigned __int128)x_mantissa * y_mantissa;
    uint64_t low = (uint64_t)product & ((UINT64_C(1) << 53) - 1), high = (uint64_t)(product >> 53);
    unsigned place = x_place + y_place;
    sum->count++;
    if (low) add_finite(sum, low, place, x_negative != y_negative, arena);
    if (high) add_finite(sum, high, place + 53, x_negative != y_negative, arena);
}

void exact_sum_clear(struct exact_sum *sum)
{
    *sum = (struct exact_sum){.far = sum->far, .capacity = sum->capacity};
}

void exact_sum_add(struct exact_sum *sum, double x, struct nt_arena *arena)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bool is_negative = bits >> 63;
    unsigned exponent = (unsigned)(bits >> FRACTION_BITS) & 0x7ff;
    uint64_t mantissa = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    sum->count++;
    unsigned flag = EXACT_SUM_NOT_MINUS_ZERO;
    if (exponent == 0x7ff) {
        flag |= mantissa      ? EXACT_SUM_NAN
                : is_negative ? EXACT_SUM_MINUS_INFINITY
                              : EXACT_SUM_INFINITY;
    } else if (exponent == 0 && mantissa == 0) {
        if (is_negative) flag = 0;
    } else {
        if (exponent) mantissa |= UINT64_C(1) << FRACTION_BITS;
        add_finite(sum, mantissa, exponent ? exponent - 1 : 0, is_negative, arena);
    }
    sum->flags = (uint8_t)(sum->flags | flag);
}

void exact_sum_merge(struct exact_sum *sum, const struct exact_sum *other, struct nt_arena *arena)
{
    sum->count += other->count;
    sum->flags |= other->flags;
    if (other->used == 0) return;
    if (sum->load + other->load >= LOAD_MAX) limbs_settle(sum, arena);
    limbs_cover(sum, other->base, other->base + (unsigned)other->used, arena);
    int64_t *limbs = limbs_of(sum) + (other->base - sum->base);
    const int64_t *others = limbs_peek(other);
    for (unsigned i = 0; i < other->used; i++) limbs[i] += others[i];
    sum->load += other->load + 1;
}

static void digits_negate(struct magnitude *m)
{
    uint64_t carry = 1;
    for (int i = 0; i < m->count; i++) {
        carry += (uint32_t)~m->digits[i];
        m->digits[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

/* The sum without its redundancy: one form for one value. */
static void magnitude_of(const struct exact_sum *sum, struct magnitude *m)
{
    const int64_t *limbs = limbs_peek(sum);
    int64_t carry = 0;
    m->count = sum->used + 2;
    for (int i = 0; i < m->count; i++) {
        int64_t limb = (i < sum->used ? limbs[i] : 0) + carry;
        m->digits[i] = (uint32_t)(limb & DIGIT_MASK);
        carry = limb >> 32;
    }
    m->is_negative = carry < 0;
    if (m->is_negative) digits_negate(m);
    int zeros = 0;
    while (m->count > 0 && m->digits[m->count - 1] == 0) m->count--;
    while (zeros < m->count && m->digits[zeros] == 0) zeros++;
    m->count -= zeros;
    memmove(m->digits, m->digits + zeros, (size_t)m->count * sizeof *m->digits);
    m->base = m->count ? sum->base + zeros : 0;
}

void exact_sum_big(const struct exact_sum *sum, struct big *out)
{
    struct magnitude m;
    magnitude_of(sum, &m);
    memset(out->digits, 0, (size_t)m.base * sizeof *out->digits);
    memcpy(out->digits + m.base, m.digits, (size_t)m.count * sizeof *out->digits);
    out->count = m.count ? m.base + m.count : 0;
    out->is_negative = m.is_negative;
}

static bool digits_bit(const struct magnitude *m, int bit)
{
    return bit >= 0 && (m->digits[bit >> 5] >> (bit & 31) & 1);
}

/* Is a bit below `bit` set? */
static bool digits_any_below(const struct magnitude *m, int bit)
{
    if (bit <= 0) return false;
    for (int i = 0; i < bit >> 5; i++) {
        if (m->digits[i]) return true;
    }
    return (bit & 31) && (m->digits[bit >> 5] & ((UINT32_C(1) << (bit & 31)) - 1));
}

/* Bits of the fraction and the exponent of the least one over 2^-1074. */
struct float_format {
    int fraction_bits, least, exponent_max;
};
static const struct float_format float8_format = {FRACTION_BITS, 0, 2046};
static const struct float_format float4_format = {23, 1074 - 149, 254};

/* The bits of the nearest float to (m + something in [0, 1) that is not 0 iff is_sticky) units,
 * half to even, without its sign; unit is the exponent of m's least bit over 2^-1074 and may be
 * negative. Infinity: overflow. */
static uint64_t magnitude_round_to(const struct float_format *format, const struct magnitude *m,
                                   int unit, bool is_sticky)
{
    int top = 32 * m->count - 1 - __builtin_clz(m->digits[m->count - 1]);
    int low = top - format->fraction_bits; /* the last bit that there is room for */
    if (low + unit < format->least) low = format->least - unit;
    uint64_t kept = 0;
    for (int bit = top; bit >= low; bit--) kept = kept << 1 | digits_bit(m, bit);
    bool is_half = low > 0 && low - 1 <= top && digits_bit(m, low - 1);
    bool is_more = is_sticky || (low - 1 > top) || digits_any_below(m, low - 1);
    if (is_half && (is_more || (kept & 1))) kept++;
    int exponent = low + unit - format->least;
    uint64_t bits = kept + ((uint64_t)exponent << format->fraction_bits); /* hidden bit adds one */
    uint64_t infinity = (uint64_t)(format->exponent_max + 1) << format->fraction_bits;
    return exponent > format->exponent_max || bits >= infinity ? infinity : bits;
}

static double magnitude_round(const struct magnitude *m, int unit, bool is_sticky)
{
    if (m->count == 0) return m->is_negative ? -0.0 : 0.0;
    uint64_t bits = magnitude_round_to(&float8_format, m, unit, is_sticky);
    double result;
    memcpy(&result, &bits, sizeof result);
    return m->is_negative ? -result : result;
}

/* The result that NaN and the infinities force. */
static bool special_of(const struct exact_sum *sum, double *result)
{
    bool up = sum->flags & EXACT_SUM_INFINITY, down = sum->flags & EXACT_SUM_MINUS_INFINITY;
    if ((sum->flags & EXACT_SUM_NAN) || (up && down)) {
        *result = (double)NAN;
    } else if (up || down) {
        *result = up ? (double)INFINITY : -(double)INFINITY;
    } else {
        return false;
    }
    return true;
}

bool exact_sum_total(const struct exact_sum *sum, double *total)
{
    if (special_of(sum, total)) return true;
    struct magnitude m;
    magnitude_of(sum, &m);
    *total = magnitude_round(&m, 32 * m.base, false);
    if (m.count == 0 && !(sum->flags & EXACT_SUM_NOT_MINUS_ZERO)) *total = -0.0;
    return !isinf(*total);
}

bool exact_sum_total_float4(const struct exact_sum *sum, float *total)
{
    double special;
    if (special_of(sum, &special)) {
        *total = (float)special;
        return true;
    }
    struct magnitude m;
    magnitude_of(sum, &m);
    *total = sum->flags & EXACT_SUM_NOT_MINUS_ZERO ? 0.0F : -0.0F;
    if (m.count == 0) return true;
    uint32_t bits = (uint32_t)magnitude_round_to(&float4_format, &m, 32 * m.base, false);
    memcpy(total, &bits, sizeof *total);
    if (m.is_negative) *total = -*total;
    return !isinf(*total);
}

/* m := m * 2^(32 * MEAN_GUARDS) / by, giving whether something is left over. */
static bool magnitude_divide(struct magnitude *m, uint64_t by)
{
    memmove(m->digits + MEAN_GUARDS, m->digits, (size_t)m->count * sizeof *m->digits);
    memset(m->digits, 0, MEAN_GUARDS * sizeof *m->digits);
    m->count += MEAN_GUARDS;
    m->base -= MEAN_GUARDS;
    uint64_t rest = 0;
    for (int i = m->count - 1; i >= 0; i--) {
        unsigned __int128 part = (unsigned __int128)rest << 32 | m->digits[i];
        m->digits[i] = (uint32_t)(part / by);
        rest = (uint64_t)(part % by);
    }
    while (m->count > 0 && m->digits[m->count - 1] == 0) m->count--;
    return rest != 0;
}

double exact_sum_mean(const struct exact_sum *sum)
{
    double mean;
    if (special_of(sum, &mean)) return mean;
    struct magnitude m;
    magnitude_of(sum, &m);
    if (m.count == 0) return 0.0;
    bool is_sticky = magnitude_divide(&m, sum->count);
    return magnitude_round(&m, 32 * m.base, is_sticky);
}

/*
 * varint count; nothing more when it is 0
 * byte   flags, and whether the sum is negative
 * varint digits; byte base unless there are none
 * digits of 4 bytes
 */
void exact_sum_encode(const struct exact_sum *sum, struct buffer *out)
{
    buffer_append_varint(out, sum->count);
    if (sum->count == 0) return;
    struct magnitude m;
    magnitude_of(sum, &m);
    buffer_append_byte(out, (uint8_t)(sum->flags | (m.is_negative ? FLAG_NEGATIVE : 0)));
    buffer_append_varint(out, (uint64_t)m.count);
    if (m.count) buffer_append_byte(out, (uint8_t)m.base);
    for (int i = 0; i < m.count; i++) buffer_append_u32(out, m.digits[i]);
}

bool exact_sum_decode(struct exact_sum *sum, struct reader *in, struct nt_arena *arena)
{
    sum->count = reader_varint(in);
    if (sum->count == 0) return !in->is_short;
    uint8_t flags = reader_byte(in);
    uint64_t count = reader_varint(in);
    unsigned base = count ? reader_byte(in) : 0;
    if (in->is_short || flags > (FLAGS_ALL | FLAG_NEGATIVE) || count > LIMBS_FINITE ||
        count + base > LIMBS_FINITE)
        return false;
    sum->flags = flags & FLAGS_ALL;
    sum->load = 1;
    if (count) limbs_cover(sum, base, base + (unsigned)count, arena);
    int64_t sign = flags & FLAG_NEGATIVE ? -1 : 1;
    int64_t *limbs = limbs_of(sum);
    for (uint64_t i = 0; i < count; i++) limbs[i] = sign * (int64_t)reader_u32(in);
    return !in->is_short && (!count || (limbs[0] && limbs[count - 1]));
}
