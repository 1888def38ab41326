/* big.c: see big.h. Schoolbook multiplication; division by shift and subtract, since a quotient has
 * at most 128 bits. */
#include "runtime/big.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define RATIO_BITS 66 /* of a quotient that is rounded to 53 bits */

static void big_trim(struct big *x)
{
    while (x->count > 0 && x->digits[x->count - 1] == 0) x->count--;
    if (x->count == 0) x->is_negative = false;
}

void big_set(struct big *out, unsigned __int128 x)
{
    out->is_negative = false;
    for (out->count = 0; x; x >>= 32) out->digits[out->count++] = (uint32_t)x;
}

void big_set_words(struct big *out, const uint64_t *words, int count)
{
    bool is_negative = words[count - 1] >> 63;
    uint64_t carry = is_negative;
    for (int i = 0; i < 2 * count; i++) {
        uint32_t digit = (uint32_t)(words[i >> 1] >> (32 * (i & 1)));
        carry += is_negative ? (uint32_t)~digit : digit;
        out->digits[i] = (uint32_t)carry;
        carry >>= 32;
    }
    out->count = 2 * count;
    out->is_negative = is_negative;
    big_trim(out);
}

void big_multiply(struct big *out, const struct big *x, const struct big *y)
{
    assert(x->count + y->count <= BIG_DIGITS_MAX);
    out->count = x->count + y->count;
    memset(out->digits, 0, (size_t)out->count * sizeof *out->digits);
    for (int i = 0; i < x->count; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < y->count; j++) {
            carry += (uint64_t)x->digits[i] * y->digits[j] + out->digits[i + j];
            out->digits[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
        out->digits[i + y->count] = (uint32_t)carry;
    }
    out->is_negative = x->is_negative != y->is_negative;
    big_trim(out);
}

int big_compare(const struct big *x, const struct big *y)
{
    if (x->count != y->count) return x->count > y->count ? 1 : -1;
    for (int i = x->count - 1; i >= 0; i--) {
        if (x->digits[i] != y->digits[i]) return x->digits[i] > y->digits[i] ? 1 : -1;
    }
    return 0;
}

static uint32_t digit_of(const struct big *x, int i)
{
    return i < x->count ? x->digits[i] : 0;
}

/* |x| + |y|. */
static void magnitudes_add(struct big *out, const struct big *x, const struct big *y)
{
    int count = x->count > y->count ? x->count : y->count;
    uint64_t carry = 0;
    for (int i = 0; i < count; i++) {
        carry += (uint64_t)digit_of(x, i) + digit_of(y, i);
        out->digits[i] = (uint32_t)carry;
        carry >>= 32;
    }
    out->count = count;
    assert(count < BIG_DIGITS_MAX);
    if (carry) out->digits[out->count++] = (uint32_t)carry;
}

/* |x| - |y|, which is not negative. */
static void magnitudes_subtract(struct big *out, const struct big *x, const struct big *y)
{
    int count = x->count;
    int64_t borrow = 0;
    for (int i = 0; i < count; i++) {
        borrow += (int64_t)x->digits[i] - digit_of(y, i);
        out->digits[i] = (uint32_t)borrow;
        borrow >>= 32;
    }
    out->count = count;
}

void big_subtract(struct big *out, const struct big *x, const struct big *y)
{
    bool is_negative = x->is_negative;
    if (x->is_negative != y->is_negative) {
        magnitudes_add(out, x, y);
    } else if (big_compare(x, y) >= 0) {
        magnitudes_subtract(out, x, y);
    } else {
        magnitudes_subtract(out, y, x);
        is_negative = !is_negative;
    }
    out->is_negative = is_negative;
    big_trim(out);
}

void big_scale(struct big *x, int power)
{
    for (; power > 0; power--) {
        uint64_t carry = 0;
        for (int i = 0; i < x->count; i++) {
            carry += (uint64_t)x->digits[i] * 10;
            x->digits[i] = (uint32_t)carry;
            carry >>= 32;
        }
        assert(x->count < BIG_DIGITS_MAX);
        if (carry) x->digits[x->count++] = (uint32_t)carry;
    }
}

uint32_t big_divide_small(struct big *x, uint32_t by)
{
    uint64_t rest = 0;
    for (int i = x->count - 1; i >= 0; i--) {
        rest = rest << 32 | x->digits[i];
        x->digits[i] = (uint32_t)(rest / by);
        rest %= by;
    }
    big_trim(x);
    return (uint32_t)rest;
}

static int big_bits(const struct big *x)
{
    return x->count ? 32 * x->count - __builtin_clz(x->digits[x->count - 1]) : 0;
}

void big_shift_left(struct big *x, int bits)
{
    if (x->count == 0) return;
    int whole = bits >> 5, part = bits & 31;
    assert(x->count + whole < BIG_DIGITS_MAX);
    for (int i = x->count; i >= 0; i--) {
        uint64_t pair = (uint64_t)digit_of(x, i) << 32 | (i ? x->digits[i - 1] : 0);
        x->digits[i + whole] = (uint32_t)(pair << part >> 32);
    }
    memset(x->digits, 0, (size_t)whole * sizeof *x->digits);
    x->count += whole + 1;
    big_trim(x);
}

static void big_halve(struct big *x)
{
    for (int i = 0; i < x->count; i++) {
        x->digits[i] = x->digits[i] >> 1 | digit_of(x, i + 1) << 31;
    }
    big_trim(x);
}

bool big_divide(const struct big *x, const struct big *y, unsigned __int128 *quotient,
                struct big *rest)
{
    struct big divisor = *y;
    int shift = big_bits(x) - big_bits(y);
    *rest = *x;
    *quotient = 0;
    if (shift > 127) return false;
    if (shift > 0) big_shift_left(&divisor, shift);
    for (; shift >= 0; shift--) {
        if (big_compare(rest, &divisor) >= 0) {
            magnitudes_subtract(rest, rest, &divisor);
            big_trim(rest);
            *quotient |= (unsigned __int128)1 << shift;
        }
        big_halve(&divisor);
    }
    return true;
}

/* quotient has RATIO_BITS bits or one less; is_sticky: and a fraction that is not 0. */
static double ratio_round(unsigned __int128 quotient, int exponent, bool is_sticky)
{
    int low = RATIO_BITS + 1 - 53;
    if (!(quotient >> RATIO_BITS)) low--;
    if (low + exponent < -1074) low = -1074 - exponent;
    if (low > RATIO_BITS + 2) return 0; /* below half of the least double */
    uint64_t kept = low > RATIO_BITS ? 0 : (uint64_t)(quotient >> low);
    unsigned __int128 half = (unsigned __int128)1 << (low - 1);
    unsigned __int128 tail = quotient & (2 * half - 1);
    bool is_up = tail > half || (tail == half && (is_sticky || (kept & 1)));
    return ldexp((double)(kept + is_up), low + exponent);
}

double big_ratio(const struct big *x, const struct big *y, int exponent)
{
    struct big numerator = *x, denominator = *y, rest;
    unsigned __int128 quotient;
    if (x->count == 0) return 0;
    int shift = RATIO_BITS - (big_bits(x) - big_bits(y));
    if (shift > 0) big_shift_left(&numerator, shift);
    if (shift < 0) big_shift_left(&denominator, -shift);
    big_divide(&numerator, &denominator, &quotient, &rest);
    double ratio = ratio_round(quotient, exponent - shift, rest.count != 0);
    return x->is_negative != y->is_negative ? -ratio : ratio;
}
