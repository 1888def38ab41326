/*
 * numeric.c: decimal arithmetic with PostgreSQL 15's scales (its utils/adt/numeric.c).
 *
 * Intermediates are 256 bits wide, so an operation is refused only when its result has no
 * representation: two aligned operands stay below 10^76 and their sum below 2^254.
 */
#include "row/numeric.h"

#include "row/wide.h"

#define SCALE_MAX           NUMERIC_SCALE_MAX
#define DIV_DIGITS_MIN      16 /* NUMERIC_MIN_SIG_DIGITS */
#define BASE_DIGITS         4  /* DEC_DIGITS: PostgreSQL computes in base 10000 */
#define SPECIAL(number)     ((number).kind != NT_NUMERIC_FINITE)
#define SPECIAL_OF(kind_of) ((struct nt_numeric){.kind = NT_NUMERIC_##kind_of})

static wide_half magnitude(struct nt_numeric x)
{
    return (wide_half)(x.coefficient < 0 ? -x.coefficient : x.coefficient);
}

struct nt_numeric numeric_of_int(__int128 x)
{
    return (struct nt_numeric){.coefficient = x};
}

bool numeric_make(__int128 coefficient, int scale, struct nt_numeric *out)
{
    __int128 end = (__int128)power10(SCALE_MAX);
    if (coefficient <= -end || coefficient >= end || scale < 0 || scale > SCALE_MAX) return false;
    *out = (struct nt_numeric){.coefficient = coefficient, .scale = (uint8_t)scale};
    return true;
}

static bool make_wide(struct wide digits, bool is_negative, int scale, struct nt_numeric *out)
{
    if (digits.high != 0 || digits.low >= power10(SCALE_MAX)) return false;
    __int128 coefficient = (__int128)digits.low;
    return numeric_make(is_negative ? -coefficient : coefficient, scale, out);
}

static int scale_greater(struct nt_numeric x, struct nt_numeric y)
{
    return x.scale > y.scale ? x.scale : y.scale;
}

/* The digits of |x| at a scale that is not less than its own. */
static struct wide aligned(struct nt_numeric x, int scale)
{
    return wide_mul(magnitude(x), power10(scale - x.scale));
}

/* NaN 0, -infinity -1, infinity 1, of a special x. */
static int infinity_sign(struct nt_numeric x)
{
    return (x.kind == NT_NUMERIC_INFINITY) - (x.kind == NT_NUMERIC_MINUS_INFINITY);
}

static int sign(struct nt_numeric x)
{
    if (SPECIAL(x)) return infinity_sign(x);
    return (x.coefficient > 0) - (x.coefficient < 0);
}

static struct nt_numeric infinity_of(int sign_of)
{
    return sign_of < 0 ? SPECIAL_OF(MINUS_INFINITY) : SPECIAL_OF(INFINITY);
}

static bool is_nan(struct nt_numeric x)
{
    return x.kind == NT_NUMERIC_NAN;
}

/* One of them is special. */
static struct nt_numeric special_add(struct nt_numeric x, struct nt_numeric y)
{
    if (is_nan(x) || is_nan(y)) return SPECIAL_OF(NAN);
    if (SPECIAL(x) && SPECIAL(y) && x.kind != y.kind) return SPECIAL_OF(NAN);
    return SPECIAL(x) ? x : y;
}

bool numeric_add(struct nt_numeric x, struct nt_numeric y, struct nt_numeric *out)
{
    if (SPECIAL(x) || SPECIAL(y)) {
        *out = special_add(x, y);
        return true;
    }
    int scale = scale_greater(x, y);
    struct wide a = aligned(x, scale), b = aligned(y, scale);
    bool x_negative = x.coefficient < 0, y_negative = y.coefficient < 0;
    if (x_negative == y_negative) return make_wide(wide_add(a, b), x_negative, scale, out);
    if (wide_compare(a, b) >= 0) return make_wide(wide_sub(a, b), x_negative, scale, out);
    return make_wide(wide_sub(b, a), y_negative, scale, out);
}

bool numeric_sub(struct nt_numeric x, struct nt_numeric y, struct nt_numeric *out)
{
    return numeric_add(x, numeric_neg(y), out);
}

bool numeric_mul(struct nt_numeric x, struct nt_numeric y, struct nt_numeric *out)
{
    int sign_of = sign(x) * sign(y);
    if (SPECIAL(x) || SPECIAL(y)) {
        /* infinity times zero is NaN as well */
        *out = is_nan(x) || is_nan(y) || sign_of == 0 ? SPECIAL_OF(NAN) : infinity_of(sign_of);
        return true;
    }
    return make_wide(wide_mul(magnitude(x), magnitude(y)), sign_of < 0, x.scale + y.scale, out);
}

/* The weight (power of 10000) and value of the first base-10000 digit; 0 and 0 of zero. */
static int first_digit(struct nt_numeric x, int *digit)
{
    wide_half digits = magnitude(x);
    *digit = 0;
    if (digits == 0) return 0;
    int count = 1;
    while (count < SCALE_MAX && digits >= power10(count)) count++;
    int top = count - 1 - x.scale; /* power of ten of the first decimal digit */
    int weight = (top - (top < 0 ? BASE_DIGITS - 1 : 0)) / BASE_DIGITS;
    int shift = x.scale + BASE_DIGITS * weight;
    *digit = (int)(shift < 0 ? digits * power10(-shift) : digits / power10(shift));
    return weight;
}

/* select_div_scale */
static int div_scale(struct nt_numeric x, struct nt_numeric y)
{
    int x_digit, y_digit;
    int weight = first_digit(x, &x_digit) - first_digit(y, &y_digit);
    if (x_digit <= y_digit) weight--;
    int scale = DIV_DIGITS_MIN - weight * BASE_DIGITS, least = scale_greater(x, y);
    return scale > least ? scale : least;
}

/* x and y are not NaN, one is infinite, y is not zero. */
static struct nt_numeric infinite_div(struct nt_numeric x, struct nt_numeric y)
{
    if (SPECIAL(x) && SPECIAL(y)) return SPECIAL_OF(NAN);
    return SPECIAL(x) ? infinity_of(sign(x) * sign(y)) : numeric_of_int(0);
}

/* |x| / |y| at scale, rounded half up. A numerator beyond 256 bits has a quotient beyond 38 digits.
 */
static bool digits_div(struct nt_numeric x, struct nt_numeric y, int scale, struct wide *quotient)
{
    int shift = scale + y.scale - x.scale; /* not negative: scale >= x.scale */
    int first = shift < SCALE_MAX ? shift : SCALE_MAX;
    struct wide numerator = wide_mul(magnitude(x), power10(first));
    if (!wide_scale(numerator, power10(shift - first), &numerator)) return false;
    wide_half rest, divisor = magnitude(y);
    *quotient = wide_div(numerator, divisor, &rest);
    if (rest >= divisor - rest) *quotient = wide_add(*quotient, (struct wide){0, 1});
    return true;
}

bool numeric_div(struct nt_numeric x, struct nt_numeric y, struct nt_numeric *out)
{
    if (is_nan(x) || is_nan(y)) {
        *out = SPECIAL_OF(NAN);
        return true;
    }
    if (numeric_is_zero(y)) return false;
    if (SPECIAL(x) || SPECIAL(y)) {
        *out = infinite_div(x, y);
        return true;
    }
    int scale = div_scale(x, y);
    struct wide quotient;
    return scale <= SCALE_MAX && digits_div(x, y, scale, &quotient) &&
           make_wide(quotient, sign(x) * sign(y) < 0, scale, out);
}

bool numeric_mod(struct nt_numeric x, struct nt_numeric y, struct nt_numeric *out)
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
    struct wide rest = aligned(x, scale), divisor = aligned(y, scale);
    /* A divisor beyond 128 bits was scaled up, so x was not, and is less. */
    if (wide_compare(rest, divisor) >= 0) {
        wide_half remainder;
        wide_div(rest, divisor.low, &remainder);
        rest = (struct wide){0, remainder};
    }
    return make_wide(rest, x.coefficient < 0, scale, out);
}

bool numeric_quotient(struct nt_numeric x, struct nt_numeric y, struct nt_numeric *out)
{
    if (SPECIAL(x) || SPECIAL(y) || numeric_is_zero(y)) return numeric_div(x, y, out);
    int scale = scale_greater(x, y);
    struct wide rest = aligned(x, scale), divisor = aligned(y, scale), quotient = {0, 0};
    wide_half remainder; /* a divisor beyond 128 bits is greater than x, as for mod */
    if (wide_compare(rest, divisor) >= 0) quotient = wide_div(rest, divisor.low, &remainder);
    return make_wide(quotient, sign(x) * sign(y) < 0, 0, out);
}

struct nt_numeric numeric_neg(struct nt_numeric x)
{
    if (is_nan(x)) return x;
    if (SPECIAL(x)) return infinity_of(-infinity_sign(x));
    x.coefficient = -x.coefficient;
    return x;
}

/* -infinity < finite < infinity < NaN */
static int rank(struct nt_numeric x)
{
    return is_nan(x) ? 2 : SPECIAL(x) ? infinity_sign(x) : 0;
}

int numeric_compare(struct nt_numeric x, struct nt_numeric y)
{
    int x_rank = rank(x), y_rank = rank(y);
    if (x_rank != y_rank || SPECIAL(x)) return (x_rank > y_rank) - (x_rank < y_rank);
    int x_sign = sign(x), y_sign = sign(y);
    if (x_sign != y_sign) return x_sign > y_sign ? 1 : -1;
    int scale = scale_greater(x, y);
    return x_sign * wide_compare(aligned(x, scale), aligned(y, scale));
}

bool numeric_is_zero(struct nt_numeric x)
{
    return !SPECIAL(x) && x.coefficient == 0;
}

bool numeric_round_to_int(struct nt_numeric x, __int128 *out)
{
    struct nt_numeric whole;
    if (SPECIAL(x) || !numeric_rescale(x, 0, &whole)) return false;
    *out = whole.coefficient;
    return true;
}

bool numeric_rescale(struct nt_numeric x, int scale, struct nt_numeric *out)
{
    if (scale < 0 || scale > SCALE_MAX) return false;
    if (SPECIAL(x)) {
        *out = x;
        return true;
    }
    bool is_negative = x.coefficient < 0;
    if (scale >= x.scale) return make_wide(aligned(x, scale), is_negative, scale, out);
    wide_half divisor = power10(x.scale - scale), digits = magnitude(x) / divisor;
    if (magnitude(x) % divisor >= divisor / 2) digits++; /* a power of ten is even */
    return make_wide((struct wide){0, digits}, is_negative, scale, out);
}

/* Rounded to tens, hundreds and so on: 10^power. */
static bool round_left(struct nt_numeric x, int power, struct nt_numeric *out)
{
    if (power > SCALE_MAX) return numeric_make(0, 0, out);
    struct wide unit = wide_mul(power10(power), power10(x.scale)), half, quotient;
    if (unit.high) return numeric_make(0, 0, out); /* beyond twice any coefficient */
    wide_half rest, digits = magnitude(x);
    quotient = wide_div((struct wide){0, digits}, unit.low, &rest);
    half = (struct wide){0, unit.low - rest};
    if (rest >= half.low) quotient.low++;
    return make_wide(wide_mul(quotient.low, power10(power)), x.coefficient < 0, 0, out);
}

bool numeric_round(struct nt_numeric x, int scale, struct nt_numeric *out)
{
    return scale < 0 ? round_left(x, -scale, out) : numeric_rescale(x, scale, out);
}

bool numeric_trunc(struct nt_numeric x, int scale, struct nt_numeric *out)
{
    if (scale >= x.scale) return numeric_rescale(x, scale, out);
    int dropped = x.scale - scale;
    if (dropped > SCALE_MAX) return numeric_make(0, scale < 0 ? 0 : scale, out);
    wide_half digits = magnitude(x) / power10(dropped);
    struct wide whole = wide_mul(digits, power10(scale < 0 ? -scale : 0));
    return make_wide(whole, x.coefficient < 0, scale < 0 ? 0 : scale, out);
}

/* The root of the digits at twice the scale, bit by bit, then rounded: digits that are left are
 * more than the root where the next digit is at least 5. */
bool numeric_sqrt(struct nt_numeric x, struct nt_numeric *out)
{
    int digit, weight = first_digit(x, &digit),
               scale = DIV_DIGITS_MIN - weight * BASE_DIGITS / 2 - 1;
    if (scale < x.scale) scale = x.scale;
    if (scale < 0) scale = 0;
    int shift = 2 * scale - x.scale, first = shift < SCALE_MAX ? shift : SCALE_MAX;
    struct wide square = wide_mul(magnitude(x), power10(first));
    if (scale > SCALE_MAX || !wide_scale(square, power10(shift - first), &square)) return false;
    wide_half root = 0;
    for (int bit = 127; bit >= 0; bit--) {
        wide_half next = root | (wide_half)1 << bit;
        if (wide_compare(wide_mul(next, next), square) <= 0) root = next;
    }
    struct wide rest = wide_sub(square, wide_mul(root, root));
    if (wide_compare(rest, (struct wide){0, root}) > 0) root++;
    return make_wide((struct wide){0, root}, false, scale, out);
}

bool numeric_fit(struct nt_numeric x, int precision, int scale, struct nt_numeric *out)
{
    *out = x;
    if (SPECIAL(x)) return is_nan(x);
    if (!numeric_round(x, scale, out)) return false;
    if (out->coefficient == 0) return true;
    int digits = precision - scale + out->scale; /* of the coefficient */
    return digits >= SCALE_MAX || (digits > 0 && magnitude(*out) < power10(digits));
}
