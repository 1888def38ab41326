/* natural.c: see natural.h. */
#include "row/natural.h"

#include <assert.h>
#include <gmp.h>
#include <string.h>

static_assert(sizeof(mp_limb_t) == sizeof(uint64_t) && GMP_NAIL_BITS == 0, "a limb is a uint64_t");

#define CHUNK       19 /* 10^19 is the last power of ten in a limb */
#define CHUNK_POWER UINT64_C(10000000000000000000)

static mp_limb_t *limbs_of(struct natural *x)
{
    return (mp_limb_t *)x->limbs;
}

static const mp_limb_t *limbs(const struct natural *x)
{
    return (const mp_limb_t *)x->limbs;
}

static void trim(struct natural *x)
{
    while (x->count > 0 && x->limbs[x->count - 1] == 0) x->count--;
}

void natural_set(struct natural *out, unsigned __int128 x)
{
    out->limbs[0] = (uint64_t)x;
    out->limbs[1] = (uint64_t)(x >> 64);
    out->count = 2;
    trim(out);
}

void natural_set_limbs(struct natural *out, const uint64_t *from, int count)
{
    assert(count <= NATURAL_LIMBS);
    memcpy(out->limbs, from, (size_t)count * sizeof *from);
    out->count = count;
    trim(out);
}

void natural_set_digits(struct natural *out, const uint8_t *digits, int count)
{
    out->count = count ? (int)mpn_set_str(limbs_of(out), digits, (size_t)count, 10) : 0;
    trim(out);
}

void natural_copy(struct natural *out, const struct natural *x)
{
    natural_set_limbs(out, x->limbs, x->count);
}

bool natural_get(const struct natural *x, unsigned __int128 *out)
{
    *out = x->count > 0 ? x->limbs[0] : 0;
    if (x->count > 1) *out |= (unsigned __int128)x->limbs[1] << 64;
    return x->count <= 2;
}

int natural_compare(const struct natural *x, const struct natural *y)
{
    if (x->count != y->count) return x->count > y->count ? 1 : -1;
    return x->count ? mpn_cmp(limbs(x), limbs(y), x->count) : 0;
}

void natural_add(struct natural *out, const struct natural *x, const struct natural *y)
{
    const struct natural *more = x->count >= y->count ? x : y, *less = more == x ? y : x;
    int count = more->count;
    uint64_t carry = 0;
    if (less->count > 0)
        carry = mpn_add(limbs_of(out), limbs(more), count, limbs(less), less->count);
    else if (out != more)
        natural_copy(out, more);
    out->count = count;
    assert(count < NATURAL_LIMBS);
    if (carry) out->limbs[out->count++] = carry;
}

void natural_subtract(struct natural *out, const struct natural *x, const struct natural *y)
{
    int count = x->count;
    assert(natural_compare(x, y) >= 0);
    if (y->count > 0)
        mpn_sub(limbs_of(out), limbs(x), count, limbs(y), y->count);
    else if (out != x)
        natural_copy(out, x);
    out->count = count;
    trim(out);
}

void natural_multiply(struct natural *out, const struct natural *x, const struct natural *y)
{
    const struct natural *more = x->count >= y->count ? x : y, *less = more == x ? y : x;
    assert(x->count + y->count <= NATURAL_LIMBS);
    out->count = 0;
    if (less->count == 0) return;
    mpn_mul(limbs_of(out), limbs(more), more->count, limbs(less), less->count);
    out->count = x->count + y->count;
    trim(out);
}

/* 10^power, 0 to 19. */
static uint64_t small_power(int power)
{
    uint64_t x = 1;
    for (; power > 0; power--) x *= 10;
    return x;
}

void natural_scale(struct natural *x, int power)
{
    for (; power > 0 && x->count > 0; power -= CHUNK) {
        uint64_t by = power < CHUNK ? small_power(power) : CHUNK_POWER;
        uint64_t carry = mpn_mul_1(limbs_of(x), limbs(x), x->count, by);
        assert(x->count < NATURAL_LIMBS);
        if (carry) x->limbs[x->count++] = carry;
    }
}

void natural_divide(struct natural *quotient, struct natural *rest, const struct natural *x,
                    const struct natural *y)
{
    if (x->count < y->count) {
        natural_copy(rest, x);
        quotient->count = 0;
        return;
    }
    mpn_tdiv_qr(limbs_of(quotient), limbs_of(rest), 0, limbs(x), x->count, limbs(y), y->count);
    quotient->count = x->count - y->count + 1;
    rest->count = y->count;
    trim(quotient);
    trim(rest);
}

static void increment(struct natural *x)
{
    uint64_t carry = x->count ? mpn_add_1(limbs_of(x), limbs(x), x->count, 1) : 1;
    if (carry) x->limbs[x->count++] = carry;
}

void natural_divide_rounded(struct natural *out, const struct natural *x, const struct natural *y)
{
    struct natural rest;
    natural_divide(out, &rest, x, y);
    natural_add(&rest, &rest, &rest);
    if (natural_compare(&rest, y) >= 0) increment(out);
}

void natural_shrink(struct natural *x, int power)
{
    for (; power > 0 && x->count > 0; power -= CHUNK) {
        uint64_t by = power < CHUNK ? small_power(power) : CHUNK_POWER;
        mpn_divrem_1(limbs_of(x), 0, limbs_of(x), x->count, by);
        trim(x);
    }
}

/* The first digit that is dropped decides. */
void natural_shrink_rounded(struct natural *x, int power)
{
    if (power <= 0) return;
    natural_shrink(x, power - 1);
    uint64_t digit = x->count ? mpn_divrem_1(limbs_of(x), 0, limbs_of(x), x->count, 10) : 0;
    trim(x);
    if (digit >= 5) increment(x);
}

/* What is left is more than the root where the next digit is at least 5. */
void natural_root_rounded(struct natural *out, const struct natural *x)
{
    struct natural rest;
    out->count = 0;
    if (x->count == 0) return;
    rest.count = (int)mpn_sqrtrem(limbs_of(out), limbs_of(&rest), limbs(x), x->count);
    out->count = (x->count + 1) / 2;
    trim(out);
    if (natural_compare(&rest, out) > 0) increment(out);
}

int natural_bits(const struct natural *x)
{
    return x->count ? 64 * x->count - __builtin_clzll(x->limbs[x->count - 1]) : 0;
}

/* Never less than it is, and one more only next to a power of ten. */
static int digits_guess(const struct natural *x)
{
    return (int)((int64_t)natural_bits(x) * 30103 / 100000) + 1;
}

int natural_digits(const struct natural *x)
{
    struct natural power;
    int guess = digits_guess(x);
    if (x->count == 0) return 0;
    natural_set(&power, 1);
    natural_scale(&power, guess - 1);
    return natural_compare(x, &power) < 0 ? guess - 1 : guess;
}

int natural_get_digits(const struct natural *x, uint8_t *digits)
{
    struct natural rest;
    if (x->count == 0) return 0;
    natural_copy(&rest, x);
    int count = (int)mpn_get_str(digits, 10, limbs_of(&rest), rest.count), zeros = 0;
    while (zeros < count && digits[zeros] == 0) zeros++;
    memmove(digits, digits + zeros, (size_t)(count - zeros));
    return count - zeros;
}
