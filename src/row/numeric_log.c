/*
 * numeric_log.c: exp, ln, log and power of numerics, to the digit as PostgreSQL 15 computes them.
 *
 * A result is rounded once more than it is exact: PostgreSQL works with some eight digits more than
 * it shows, and the last of those depend on the series and on the scale of each step. So the series
 * and the scales are the server's: for exp, Taylor's of x / 2^n, squared n times; for ln, that of
 * the area tangent of (r - 1) / (r + 1), r the 2^n-th root of x; powers of whole numbers are
 * multiplied out, others are exp(y * ln(x)).
 */
#include "row/numeric_impl.h"

#include "row/float_text.h"

#include <math.h>
#include <stdio.h>

#define LOG10_E         0.434294481903252
#define LOG10_2         0.301029995663981
#define LN_10           2.302585092994046
#define GUARD_DIGITS    8
#define EXPONENT_MAX    6000 /* exp beyond it overflows, of less than its negative it is 0 */
#define RESULT_SCALE    2000
#define DOUBLE_EXPONENT 300 /* a double holds 10^x of this and its negative */

/* digits / 10^scale; a negative scale stands for zeros before the point. */
struct decimal {
    struct natural digits;
    int scale;
    bool is_negative;
};

/* ---- arithmetic that rounds to a scale ---- */

static void decimal_set(struct decimal *out, unsigned x)
{
    natural_set(&out->digits, x);
    out->scale = 0;
    out->is_negative = false;
}

static void decimal_of(struct decimal *out, struct nt_numeric x)
{
    numeric_natural(x, &out->digits);
    out->scale = x.scale;
    out->is_negative = x.coefficient < 0;
}

static void decimal_copy(struct decimal *out, const struct decimal *x)
{
    natural_copy(&out->digits, &x->digits);
    out->scale = x->scale;
    out->is_negative = x->is_negative;
}

static bool decimal_is_zero(const struct decimal *x)
{
    return x->digits.count == 0;
}

/* No more digits after the point than scale. */
static void decimal_round(struct decimal *x, int scale)
{
    if (scale >= x->scale) return;
    natural_shrink_rounded(&x->digits, x->scale - scale);
    x->scale = scale;
}

static bool decimal_result(struct nt_arena *arena, struct decimal *x, int scale,
                           struct nt_numeric *out)
{
    decimal_round(x, scale);
    if (natural_digits(&x->digits) + scale - x->scale > NUMERIC_DIGITS_MAX) return false;
    natural_scale(&x->digits, scale - x->scale);
    return numeric_of_natural(arena, &x->digits, x->is_negative, scale, out);
}

/* The power of 10000 of the first digit in that base; 0 of zero. */
static int decimal_weight(const struct decimal *x)
{
    int top = natural_digits(&x->digits) - 1 - x->scale;
    if (decimal_is_zero(x)) return 0;
    return top >= 0 ? top / BASE_DIGITS : -((BASE_DIGITS - 1 - top) / BASE_DIGITS);
}

/* out is not x or y. */
static void decimal_mul(struct decimal *out, const struct decimal *x, const struct decimal *y,
                        int scale)
{
    natural_multiply(&out->digits, &x->digits, &y->digits);
    out->scale = x->scale + y->scale;
    out->is_negative = x->is_negative != y->is_negative;
    decimal_round(out, scale);
}

static void decimal_square(struct decimal *x, int scale)
{
    struct decimal same;
    decimal_copy(&same, x);
    decimal_mul(x, &same, &same, scale);
}

/* x *= y */
static void decimal_times(struct decimal *x, const struct decimal *y, int scale)
{
    struct decimal same;
    decimal_copy(&same, x);
    decimal_mul(x, &same, y, scale);
}

/* y is not 0; out may be either. */
static void decimal_div(struct decimal *out, const struct decimal *x, const struct decimal *y,
                        int scale)
{
    struct natural numerator, denominator;
    int shift = scale + y->scale - x->scale;
    natural_copy(&numerator, &x->digits);
    natural_copy(&denominator, &y->digits);
    natural_scale(&numerator, shift);
    natural_scale(&denominator, -shift);
    out->is_negative = x->is_negative != y->is_negative;
    natural_divide_rounded(&out->digits, &numerator, &denominator);
    out->scale = scale;
}

static void decimal_div_small(struct decimal *x, unsigned by, int scale)
{
    struct decimal divisor;
    decimal_set(&divisor, by);
    decimal_div(x, x, &divisor, scale);
}

/* The digits of x at a scale that is not less than its own. */
static void decimal_align(struct decimal *x, int scale)
{
    natural_scale(&x->digits, scale - x->scale);
    x->scale = scale;
}

/* x += y */
static void decimal_add(struct decimal *x, const struct decimal *y)
{
    struct decimal other;
    decimal_copy(&other, y);
    decimal_align(x, x->scale > y->scale ? x->scale : y->scale);
    decimal_align(&other, x->scale);
    if (x->is_negative == other.is_negative) {
        natural_add(&x->digits, &x->digits, &other.digits);
    } else if (natural_compare(&x->digits, &other.digits) >= 0) {
        natural_subtract(&x->digits, &x->digits, &other.digits);
    } else {
        natural_subtract(&x->digits, &other.digits, &x->digits);
        x->is_negative = other.is_negative;
    }
}

static void decimal_add_one(struct decimal *x, bool is_negative)
{
    struct decimal one;
    decimal_set(&one, 1);
    one.is_negative = is_negative;
    decimal_add(x, &one);
}

/* x, which is not negative, and digits / 10. */
static int decimal_compare(const struct decimal *x, unsigned tenths)
{
    struct decimal a, b;
    decimal_copy(&a, x);
    decimal_set(&b, tenths);
    b.scale = 1;
    decimal_align(&a, a.scale > 1 ? a.scale : 1);
    decimal_align(&b, a.scale);
    return natural_compare(&a.digits, &b.digits);
}

static void decimal_root(struct decimal *x, int scale)
{
    struct natural square;
    natural_copy(&square, &x->digits);
    int shift = 2 * scale - x->scale;
    natural_scale(&square, shift);
    if (shift < 0) natural_shrink(&square, -shift);
    natural_root_rounded(&x->digits, &square);
    x->scale = scale;
}

static double decimal_double(const struct decimal *x)
{
    uint8_t digits[10 * NUMERIC_DIGITS_MAX];
    char text[sizeof digits + sizeof "e-10000"];
    double magnitude = 0;
    size_t start, end;
    int count = natural_get_digits(&x->digits, digits), top = count - x->scale;
    if (count == 0 || top < -DOUBLE_EXPONENT) return 0;
    if (top > DOUBLE_EXPONENT) return x->is_negative ? -INFINITY : INFINITY;
    for (int i = 0; i < count; i++) text[i] = (char)('0' + digits[i]);
    count += snprintf(text + count, sizeof "e-10000", "e%d", -x->scale);
    float_text_parse(text, (size_t)count, &magnitude, &start, &end);
    return x->is_negative ? -magnitude : magnitude;
}

/* The first count digits to the base 10000, fewer where all others are 0, as a whole number; *power
 * is the power of ten it stands for. x is not 0. */
static double decimal_front(const struct decimal *x, int count, int *power)
{
    struct natural digits;
    int weight = decimal_weight(x), shift = x->scale + BASE_DIGITS * weight, taken = 0;
    double front = 0;
    *power = BASE_DIGITS * (weight + 1);
    for (; taken < count; taken++, shift -= BASE_DIGITS) {
        struct natural back;
        unsigned __int128 digit = 0;
        natural_copy(&digits, &x->digits);
        natural_shrink(&digits, shift);
        natural_scale(&digits, -shift);
        natural_get(&digits, &digit);
        front = (double)(uint64_t)digit;
        *power -= BASE_DIGITS;
        natural_copy(&back, &digits);
        natural_scale(&back, shift);
        if (shift <= 0 || natural_compare(&back, &x->digits) == 0) break;
    }
    return front;
}

/* ---- exp ---- */

/* How often x is halved until it is at most 0.01. */
static int halvings(double x)
{
    int count = 0;
    for (x = fabs(x); x > 0.01; x /= 2) count++;
    return count;
}

static void exp_series(const struct decimal *x, int scale, struct decimal *sum)
{
    struct decimal term;
    decimal_copy(sum, x);
    decimal_add_one(sum, false);
    decimal_mul(&term, x, x, scale);
    decimal_div_small(&term, 2, scale);
    for (unsigned n = 3; !decimal_is_zero(&term); n++) {
        decimal_add(sum, &term);
        decimal_times(&term, x, scale);
        decimal_div_small(&term, n, scale);
    }
}

/* False: it overflows. */
static bool decimal_exp(const struct decimal *x, int scale, struct decimal *out)
{
    double estimate = decimal_double(x);
    if (fabs(estimate) >= EXPONENT_MAX) {
        decimal_set(out, 0);
        return estimate < 0;
    }
    struct decimal reduced;
    int count = halvings(estimate);
    int digits = 1 + (int)(estimate * LOG10_E) + scale + (int)(count * LOG10_2);
    digits = (digits > 0 ? digits : 0) + GUARD_DIGITS;
    decimal_copy(&reduced, x);
    if (count > 0) decimal_div_small(&reduced, 1u << count, x->scale + count);
    exp_series(&reduced, digits - 1, out);
    for (; count > 0; count--) {
        int kept = digits - decimal_weight(out) * 2 * BASE_DIGITS;
        decimal_square(out, kept > 0 ? kept : 0);
    }
    decimal_round(out, scale);
    return true;
}

/* The scale with DIGITS_MIN digits of a number of about 10^weight, not less than least. */
static int result_scale(int weight, int least)
{
    int scale = DIGITS_MIN - weight;
    return clamp_scale(scale > least ? scale : least);
}

bool numeric_exp(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric *out)
{
    struct decimal argument, result;
    decimal_of(&argument, x);
    double weight = decimal_double(&argument) * LOG10_E;
    weight = fmin(fmax(weight, -RESULT_SCALE), RESULT_SCALE);
    int scale = result_scale((int)weight, x.scale);
    return decimal_exp(&argument, scale, &result) && decimal_result(arena, &result, scale, out);
}

/* ---- ln ---- */

/* The power of ten of the first digit of ln(x), about; x is greater than 0. */
static int ln_weight(const struct decimal *x)
{
    int power;
    if (decimal_compare(x, 9) >= 0 && decimal_compare(x, 11) <= 0) {
        struct decimal distance; /* ln(1 + d) is about d */
        decimal_copy(&distance, x);
        decimal_add_one(&distance, true);
        if (decimal_is_zero(&distance)) return 0;
        double first = decimal_front(&distance, 1, &power);
        return decimal_weight(&distance) * BASE_DIGITS + (int)log10(first);
    }
    double front = decimal_front(x, 2, &power);
    return (int)log10(fabs(log(front) + power * LN_10));
}

static void ln_root(struct decimal *x, int scale, struct decimal *factor)
{
    decimal_root(x, scale - decimal_weight(x) * BASE_DIGITS / 2 + GUARD_DIGITS);
    natural_add(&factor->digits, &factor->digits, &factor->digits);
}

/* Of the z that (1 + z) / (1 - z) is x for. */
static void ln_series(const struct decimal *x, int scale, struct decimal *sum)
{
    struct decimal power, square, term;
    decimal_copy(sum, x);
    decimal_add_one(sum, true);
    decimal_copy(&term, x);
    decimal_add_one(&term, false);
    decimal_div(sum, sum, &term, scale);
    decimal_copy(&power, sum);
    decimal_mul(&square, sum, sum, scale);
    for (unsigned n = 3;; n += 2) {
        decimal_times(&power, &square, scale);
        decimal_copy(&term, &power);
        decimal_div_small(&term, n, scale);
        if (decimal_is_zero(&term)) break;
        decimal_add(sum, &term);
        if (decimal_weight(&term) < decimal_weight(sum) - scale * 2 / BASE_DIGITS) break;
    }
}

/* x is greater than 0. */
static void decimal_ln(const struct decimal *x, int scale, struct decimal *out)
{
    struct decimal root, factor, sum;
    int count = 0;
    decimal_copy(&root, x);
    decimal_set(&factor, 2);
    for (; decimal_compare(&root, 9) <= 0; count++) ln_root(&root, scale, &factor);
    for (; decimal_compare(&root, 11) >= 0; count++) ln_root(&root, scale, &factor);
    ln_series(&root, scale + (int)((count + 1) * LOG10_2) + GUARD_DIGITS, &sum);
    decimal_mul(out, &sum, &factor, scale);
}

bool numeric_ln(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric *out)
{
    struct decimal argument, result;
    decimal_of(&argument, x);
    int scale = result_scale(ln_weight(&argument), x.scale);
    decimal_ln(&argument, scale, &result);
    return decimal_result(arena, &result, scale, out);
}

static int not_negative(int x)
{
    return x > 0 ? x : 0;
}

bool numeric_log(struct nt_arena *arena, struct nt_numeric base, struct nt_numeric x,
                 struct nt_numeric *out)
{
    struct decimal argument, result, divisor;
    decimal_of(&argument, base);
    int base_weight = ln_weight(&argument);
    decimal_of(&argument, x);
    int weight = ln_weight(&argument) - base_weight;
    int scale = result_scale(weight, scale_greater(base, x));
    decimal_ln(&argument, not_negative(scale - base_weight + GUARD_DIGITS), &result);
    decimal_of(&argument, base);
    decimal_ln(&argument, not_negative(scale + weight - base_weight + GUARD_DIGITS), &divisor);
    if (decimal_is_zero(&divisor)) return false;
    decimal_div(&result, &result, &divisor, scale);
    return decimal_result(arena, &result, scale, out);
}

/* ---- power ---- */

/* Digits behind the point of a product of two that shall have so many digits that count. */
static int product_scale(int digits, const struct decimal *x, const struct decimal *y)
{
    int scale = digits - (decimal_weight(x) + decimal_weight(y)) * BASE_DIGITS;
    int most = x->scale + y->scale;
    return not_negative(scale < most ? scale : most);
}

/* x to the power of a whole number that is not 0, by the squares of x; digits of the result count.
 */
static void multiply_out(const struct decimal *x, uint32_t power, int digits, struct decimal *out)
{
    struct decimal square;
    decimal_copy(&square, x);
    if (power & 1)
        decimal_copy(out, x);
    else
        decimal_set(out, 1);
    while (power >>= 1) {
        decimal_square(&square, product_scale(digits, &square, &square));
        if (power & 1) decimal_times(out, &square, product_scale(digits, &square, out));
    }
}

/* False: it overflows. x is not 0. */
static bool decimal_power_whole(const struct decimal *x, int32_t power, int scale,
                                struct decimal *out)
{
    int tens;
    double front = decimal_front(x, 4, &tens), weight = power * (log10(front) + tens);
    struct decimal one;
    decimal_set(out, 0);
    if (weight > NUMERIC_DIGITS_MAX) return false;
    if (weight + 1 < -scale || weight + 1 < -DISPLAY_SCALE_MAX) return true;
    int digits = 1 + scale + (int)weight + (int)log(fabs((double)power)) + GUARD_DIGITS;
    multiply_out(x, power < 0 ? -(uint32_t)power : (uint32_t)power, digits, out);
    decimal_set(&one, 1);
    if (power < 0) decimal_div(out, &one, out, scale);
    return true;
}

/* PostgreSQL takes the nearest ways first, which round once. */
static bool power_whole(struct nt_arena *arena, struct nt_numeric x, int32_t power,
                        struct nt_numeric *out)
{
    struct decimal base, result;
    int scale = clamp_scale(x.scale > DIGITS_MIN ? x.scale : DIGITS_MIN);
    decimal_of(&base, x);
    if (power == 0)
        decimal_set(&result, 1);
    else if (power == 1 || decimal_is_zero(&base))
        decimal_copy(&result, &base);
    else if (power == 2)
        decimal_mul(&result, &base, &base, scale);
    else if (power == -1) {
        decimal_set(&result, 1);
        decimal_div(&result, &result, &base, scale);
    } else if (!decimal_power_whole(&base, power, scale, &result)) {
        return false;
    }
    return decimal_result(arena, &result, scale, out);
}

static bool numeric_is_odd(struct nt_arena *arena, struct nt_numeric x)
{
    struct nt_numeric rest;
    return numeric_mod(arena, x, numeric_of_int(2), &rest) && !numeric_is_zero(rest);
}

/* exp(y * ln|x|). x is not 0. */
static bool power_fraction(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                           struct nt_numeric *out)
{
    struct decimal base, power, logarithm, product;
    bool is_negative = x.coefficient < 0 && numeric_is_odd(arena, y);
    decimal_of(&base, x);
    decimal_of(&power, y);
    base.is_negative = false;
    int weight = ln_weight(&base), kept = not_negative(GUARD_DIGITS - weight);
    decimal_ln(&base, kept, &logarithm);
    decimal_mul(&product, &logarithm, &power, kept);
    double estimate = decimal_double(&product);
    if (fabs(estimate) > EXPONENT_MAX * 3.01 / 3) {
        decimal_set(&product, 0);
        return estimate < 0 && decimal_result(arena, &product, DISPLAY_SCALE_MAX, out);
    }
    estimate *= LOG10_E;
    int scale = result_scale((int)estimate, scale_greater(x, y));
    kept = not_negative(not_negative(scale + (int)estimate) - weight + GUARD_DIGITS);
    decimal_ln(&base, kept, &logarithm);
    decimal_mul(&product, &logarithm, &power, kept);
    if (!decimal_exp(&product, scale, &base)) return false;
    base.is_negative = is_negative;
    return decimal_result(arena, &base, scale, out);
}

bool numeric_power(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                   struct nt_numeric *out)
{
    int64_t power;
    bool is_whole = numeric_min_scale(y) == 0 && numeric_round_to_int(y, &power);
    if (is_whole && power == (int32_t)power) return power_whole(arena, x, (int32_t)power, out);
    if (numeric_is_zero(x)) return numeric_make(0, DIGITS_MIN, out);
    return power_fraction(arena, x, y, out);
}
