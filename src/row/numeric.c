/*
 * numeric.c: the numbers themselves, their order, and sums and products with PostgreSQL 15's scales
 * (its utils/adt/numeric.c).
 */
#include "row/numeric_impl.h"

#include <string.h>

/* ---- what a number is ---- */

struct nt_numeric numeric_of_int(__int128 x)
{
    return (struct nt_numeric){.coefficient = x};
}

bool numeric_make(__int128 coefficient, int scale, struct nt_numeric *out)
{
    if (coefficient <= -SHORT_END || coefficient >= SHORT_END) return false;
    if (scale < 0 || scale > NUMERIC_SCALE_MAX) return false;
    *out = (struct nt_numeric){.coefficient = coefficient, .scale = (uint16_t)scale};
    return true;
}

bool numeric_of_natural(struct nt_arena *arena, const struct natural *digits, bool is_negative,
                        int scale, struct nt_numeric *out)
{
    uint128 few;
    if (scale < 0 || scale > NUMERIC_SCALE_MAX) return false;
    if (natural_get(digits, &few) && few < (uint128)SHORT_END)
        return numeric_make(is_negative ? -(__int128)few : (__int128)few, scale, out);
    if (natural_digits(digits) > NUMERIC_DIGITS_MAX) return false;
    size_t size = (size_t)digits->count * sizeof *digits->limbs;
    *out = (struct nt_numeric){.coefficient = is_negative ? -1 : 1,
                               .limbs = nt_arena_copy(arena, digits->limbs, size),
                               .limb_count = (uint16_t)digits->count,
                               .scale = (uint16_t)scale};
    return true;
}

void numeric_natural(struct nt_numeric x, struct natural *out)
{
    if (is_short(x))
        natural_set(out, magnitude(x));
    else
        natural_set_limbs(out, x.limbs, x.limb_count);
}

void numeric_aligned(struct nt_numeric x, int scale, struct natural *out)
{
    numeric_natural(x, out);
    natural_scale(out, scale - x.scale);
}

bool numeric_of_digits(struct nt_arena *arena, const uint8_t *digits, int count, bool is_negative,
                       int scale, struct nt_numeric *out)
{
    struct natural number;
    if (count <= NUMERIC_SHORT_DIGITS) {
        __int128 few = 0;
        for (int i = 0; i < count; i++) few = few * 10 + digits[i];
        return numeric_make(is_negative ? -few : few, scale, out);
    }
    if (count > 2 * NUMERIC_DIGITS_MAX) return false;
    natural_set_digits(&number, digits, count);
    return numeric_of_natural(arena, &number, is_negative, scale, out);
}

static int short_digits(uint128 x, uint8_t *digits)
{
    int count = uint128_digits(x), at = count;
    while (at > 0) {
        uint64_t chunk = (uint64_t)(x % power10(19));
        x /= power10(19);
        for (int i = 0; i < 19 && at > 0; i++, chunk /= 10) digits[--at] = (uint8_t)(chunk % 10);
    }
    return count;
}

int numeric_digits(struct nt_numeric x, uint8_t digits[NUMERIC_DIGITS_ROOM])
{
    struct natural number;
    if (is_short(x)) return short_digits(magnitude(x), digits);
    numeric_natural(x, &number);
    return natural_get_digits(&number, digits);
}

const struct nt_numeric *numeric_copy(struct nt_arena *arena, const struct nt_numeric *x)
{
    struct nt_numeric *copy = nt_arena_copy(arena, x, sizeof *x);
    if (!is_short(*x)) copy->limbs = nt_arena_copy(arena, x->limbs, 8 * (size_t)x->limb_count);
    return copy;
}

bool numeric_is_same(const struct nt_numeric *x, const struct nt_numeric *y)
{
    if (x->kind != y->kind) return false;
    if (x->kind != NT_NUMERIC_FINITE) return true;
    return x->coefficient == y->coefficient && x->scale == y->scale &&
           x->limb_count == y->limb_count &&
           (is_short(*x) || memcmp(x->limbs, y->limbs, 8 * (size_t)x->limb_count) == 0);
}

/* ---- sign and order ---- */

int numeric_sign(struct nt_numeric x)
{
    if (SPECIAL(x)) return (x.kind == NT_NUMERIC_INFINITY) - (x.kind == NT_NUMERIC_MINUS_INFINITY);
    return (x.coefficient > 0) - (x.coefficient < 0);
}

struct nt_numeric numeric_neg(struct nt_numeric x)
{
    if (is_nan(x)) return x;
    if (SPECIAL(x)) return infinity_of(-numeric_sign(x));
    x.coefficient = -x.coefficient;
    return x;
}

bool numeric_is_zero(struct nt_numeric x)
{
    return !SPECIAL(x) && x.coefficient == 0;
}

/* -infinity < finite < infinity < NaN */
static int rank(struct nt_numeric x)
{
    return is_nan(x) ? 2 : SPECIAL(x) ? numeric_sign(x) : 0;
}

static int long_compare(struct nt_numeric x, struct nt_numeric y, int scale)
{
    struct natural a, b;
    numeric_aligned(x, scale, &a);
    numeric_aligned(y, scale, &b);
    return natural_compare(&a, &b);
}

int numeric_compare(struct nt_numeric x, struct nt_numeric y)
{
    int x_rank = rank(x), y_rank = rank(y);
    if (x_rank != y_rank || SPECIAL(x)) return (x_rank > y_rank) - (x_rank < y_rank);
    int x_sign = numeric_sign(x), y_sign = numeric_sign(y);
    if (x_sign != y_sign) return x_sign > y_sign ? 1 : -1;
    int scale = scale_greater(x, y);
    uint128 a, b;
    if (!short_aligned(x, scale, &a) || !short_aligned(y, scale, &b))
        return x_sign * long_compare(x, y, scale);
    return x_sign * ((a > b) - (a < b));
}

/* ---- sums and products ---- */

/* One of them is special. */
static struct nt_numeric special_add(struct nt_numeric x, struct nt_numeric y)
{
    if (is_nan(x) || is_nan(y)) return SPECIAL_OF(NAN);
    if (SPECIAL(x) && SPECIAL(y) && x.kind != y.kind) return SPECIAL_OF(NAN);
    return SPECIAL(x) ? x : y;
}

static bool short_add(struct nt_numeric x, struct nt_numeric y, int scale, struct nt_numeric *out)
{
    uint128 a, b;
    __int128 sum;
    if (!short_aligned(x, scale, &a) || !short_aligned(y, scale, &b)) return false;
    __int128 left = x.coefficient < 0 ? -(__int128)a : (__int128)a;
    __int128 right = y.coefficient < 0 ? -(__int128)b : (__int128)b;
    return !__builtin_add_overflow(left, right, &sum) && numeric_make(sum, scale, out);
}

static bool long_add(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y, int scale,
                     struct nt_numeric *out)
{
    struct natural a, b;
    bool is_negative = x.coefficient < 0;
    numeric_aligned(x, scale, &a);
    numeric_aligned(y, scale, &b);
    if (is_negative == (y.coefficient < 0)) {
        natural_add(&a, &a, &b);
    } else if (natural_compare(&a, &b) >= 0) {
        natural_subtract(&a, &a, &b);
    } else {
        natural_subtract(&a, &b, &a);
        is_negative = !is_negative;
    }
    return numeric_of_natural(arena, &a, is_negative, scale, out);
}

bool numeric_add(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out)
{
    if (SPECIAL(x) || SPECIAL(y)) {
        *out = special_add(x, y);
        return true;
    }
    int scale = scale_greater(x, y);
    return short_add(x, y, scale, out) || long_add(arena, x, y, scale, out);
}

bool numeric_sub(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out)
{
    return numeric_add(arena, x, numeric_neg(y), out);
}

bool numeric_mul(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out)
{
    int sign = numeric_sign(x) * numeric_sign(y), scale = x.scale + y.scale;
    if (SPECIAL(x) || SPECIAL(y)) {
        /* infinity times zero is NaN as well */
        *out = is_nan(x) || is_nan(y) || sign == 0 ? SPECIAL_OF(NAN) : infinity_of(sign);
        return true;
    }
    if (x.coefficient == (int64_t)x.coefficient && y.coefficient == (int64_t)y.coefficient &&
        is_short(x) && is_short(y))
        return numeric_make(x.coefficient * y.coefficient, scale, out);
    struct natural a, b, product;
    numeric_natural(x, &a);
    numeric_natural(y, &b);
    natural_multiply(&product, &a, &b);
    return numeric_of_natural(arena, &product, sign < 0, scale, out);
}
