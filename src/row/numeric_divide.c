/*
 * numeric_divide.c: quotients, remainders, divisors and roots of numerics.
 */
#include "row/numeric_impl.h"

/* The power of 10000 of the first of count digits over 10^scale. */
static int weight_of(int count, int scale)
{
    int top = count - 1 - scale; /* power of ten of the first decimal digit */
    return (top - (top < 0 ? BASE_DIGITS - 1 : 0)) / BASE_DIGITS;
}

/* numeric_weight of x / 10^scale. */
static int natural_weight(const struct natural *x, int scale, int *first)
{
    struct natural digits;
    uint128 digit = 0;
    *first = 0;
    if (x->count == 0) return 0;
    int weight = weight_of(natural_digits(x), scale), shift = scale + BASE_DIGITS * weight;
    natural_copy(&digits, x);
    natural_scale(&digits, -shift);
    natural_shrink(&digits, shift);
    natural_get(&digits, &digit);
    *first = (int)digit;
    return weight;
}

int numeric_weight(struct nt_numeric x, int *first)
{
    struct natural digits;
    if (!is_short(x)) {
        numeric_natural(x, &digits);
        return natural_weight(&digits, x.scale, first);
    }
    *first = 0;
    if (x.coefficient == 0) return 0;
    int weight = weight_of(uint128_digits(magnitude(x)), x.scale);
    int shift = x.scale + BASE_DIGITS * weight;
    *first = (int)(shift < 0 ? magnitude(x) * power10(-shift) : magnitude(x) / power10(shift));
    return weight;
}

/* select_div_scale, of weights and first digits */
static int div_scale(int weight, int x_first, int y_first, int least)
{
    if (x_first <= y_first) weight--;
    int scale = DIGITS_MIN - weight * BASE_DIGITS;
    return clamp_scale(scale > least ? scale : least);
}

/* |x| / |y| at scale, rounded half up. */
static bool short_div(struct nt_numeric x, struct nt_numeric y, int scale, uint128 *out)
{
    uint128 numerator, divisor;
    int shift = scale + y.scale - x.scale;
    if (shift < 0 || !is_short(x) || !is_short(y)) return false;
    if (!short_scale(magnitude(x), shift, &numerator)) return false;
    divisor = magnitude(y);
    *out = numerator / divisor;
    uint128 rest = numerator % divisor;
    *out += rest >= divisor - rest;
    return *out < (uint128)SHORT_END;
}

static bool long_div(struct nt_arena *arena, const struct natural *x, const struct natural *y,
                     int shift, bool is_negative, int scale, struct nt_numeric *out)
{
    struct natural a, b, quotient;
    natural_copy(&a, x);
    natural_copy(&b, y);
    natural_scale(&a, shift);
    natural_scale(&b, -shift);
    natural_divide_rounded(&quotient, &a, &b);
    return numeric_of_natural(arena, &quotient, is_negative, scale, out);
}

static bool finite_div(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                       struct nt_numeric *out)
{
    int x_first, y_first, weight = numeric_weight(x, &x_first) - numeric_weight(y, &y_first);
    int scale = div_scale(weight, x_first, y_first, scale_greater(x, y));
    bool is_negative = numeric_sign(x) * numeric_sign(y) < 0;
    uint128 few;
    if (short_div(x, y, scale, &few))
        return numeric_make(is_negative ? -(__int128)few : (__int128)few, scale, out);
    struct natural a, b;
    numeric_natural(x, &a);
    numeric_natural(y, &b);
    return long_div(arena, &a, &b, scale + y.scale - x.scale, is_negative, scale, out);
}

bool numeric_ratio(struct nt_arena *arena, const struct natural *x, int scale,
                   const struct natural *y, struct nt_numeric *out)
{
    int x_first, y_first;
    int weight = natural_weight(x, scale, &x_first) - natural_weight(y, 0, &y_first);
    int chosen = div_scale(weight, x_first, y_first, scale);
    return long_div(arena, x, y, chosen - scale, false, chosen, out);
}

/* x and y are not NaN, one is infinite, y is not zero. */
static struct nt_numeric infinite_div(struct nt_numeric x, struct nt_numeric y)
{
    if (SPECIAL(x) && SPECIAL(y)) return SPECIAL_OF(NAN);
    return SPECIAL(x) ? infinity_of(numeric_sign(x) * numeric_sign(y)) : numeric_of_int(0);
}

bool numeric_div(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out)
{
    if (is_nan(x) || is_nan(y)) {
        *out = SPECIAL_OF(NAN);
        return true;
    }
    if (numeric_is_zero(y)) return false;
    if (!SPECIAL(x) && !SPECIAL(y)) return finite_div(arena, x, y, out);
    *out = infinite_div(x, y);
    return true;
}

/* ---- without a fraction ---- */

bool numeric_mod(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out)
{
    if (is_nan(x) || is_nan(y)) {
        *out = SPECIAL_OF(NAN);
        return true;
    }
    if (numeric_is_zero(y)) return false;
    if (SPECIAL(x) || SPECIAL(y)) {
        *out = SPECIAL(x) ? SPECIAL_OF(NAN) : x;
        return true;
    }
    int scale = scale_greater(x, y);
    uint128 few, by;
    if (short_aligned(x, scale, &few) && short_aligned(y, scale, &by)) {
        __int128 rest = (__int128)(few % by);
        if (rest < SHORT_END) return numeric_make(x.coefficient < 0 ? -rest : rest, scale, out);
    }
    struct natural a, b, quotient, rest;
    numeric_aligned(x, scale, &a);
    numeric_aligned(y, scale, &b);
    natural_divide(&quotient, &rest, &a, &b);
    return numeric_of_natural(arena, &rest, x.coefficient < 0, scale, out);
}

bool numeric_quotient(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                      struct nt_numeric *out)
{
    if (SPECIAL(x) || SPECIAL(y) || numeric_is_zero(y)) return numeric_div(arena, x, y, out);
    int scale = scale_greater(x, y);
    struct natural a, b, quotient, rest;
    numeric_aligned(x, scale, &a);
    numeric_aligned(y, scale, &b);
    natural_divide(&quotient, &rest, &a, &b);
    return numeric_of_natural(arena, &quotient, numeric_sign(x) * numeric_sign(y) < 0, 0, out);
}

/* Euclid's algorithm: the divisor is left in x, y is used up. */
static void divisor_of(struct natural *x, struct natural *y)
{
    struct natural quotient, rest;
    while (y->count > 0) {
        natural_divide(&quotient, &rest, x, y);
        natural_copy(x, y);
        natural_copy(y, &rest);
    }
}

bool numeric_gcd(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out)
{
    int scale = scale_greater(x, y);
    struct natural a, b;
    numeric_aligned(x, scale, &a);
    numeric_aligned(y, scale, &b);
    divisor_of(&a, &b);
    return numeric_of_natural(arena, &a, false, scale, out);
}

bool numeric_lcm(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out)
{
    int scale = scale_greater(x, y);
    struct natural a, b, divisor, quotient, rest;
    if (numeric_is_zero(x) || numeric_is_zero(y)) return numeric_make(0, scale, out);
    numeric_aligned(x, scale, &divisor);
    numeric_aligned(y, scale, &b);
    natural_copy(&a, &divisor);
    divisor_of(&divisor, &b);
    natural_divide(&quotient, &rest, &a, &divisor);
    numeric_aligned(y, scale, &b);
    natural_multiply(&a, &quotient, &b);
    return numeric_of_natural(arena, &a, false, scale, out);
}

/* ---- roots ---- */

static bool root_at(struct nt_arena *arena, struct nt_numeric x, int scale, struct nt_numeric *out)
{
    struct natural square, root;
    numeric_aligned(x, 2 * scale, &square);
    natural_root_rounded(&root, &square);
    return numeric_of_natural(arena, &root, false, scale, out);
}

bool numeric_sqrt(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric *out)
{
    int first, weight = numeric_weight(x, &first);
    int scale = DIGITS_MIN - weight * BASE_DIGITS / 2 - 1;
    return root_at(arena, x, clamp_scale(scale > x.scale ? scale : x.scale), out);
}

bool numeric_root(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric *out)
{
    return root_at(arena, x, x.scale, out);
}
