/*
 * aggregate_variance.c: variance, var_samp, var_pop, stddev, stddev_samp and stddev_pop.
 *
 * Floats: (N * sum of x*x - sum of x * sum of x) / (N * N), or N * (N - 1), of exact sums, rounded
 * once; the deviation is the square root of that. Whole numbers and numerics:
 * numeric_stddev_internal of PostgreSQL's numeric.c, whose result scale is select_div_scale's.
 */
#include "row/wide.h"
#include "runtime/moments.h"
#include "runtime/total.h"

#include <math.h>

enum { IS_SAMPLE = 1, IS_ROOT = 2, VARIANT_SHIFT = 8 };

#define SCALE_MAX      38
#define DIV_DIGITS_MIN 16 /* NUMERIC_MIN_SIG_DIGITS */
#define BASE_DIGITS    4
#define BASE           10000
#define QUOTIENT_BITS  127
#define FINITE_ONLY    (1 << NT_NUMERIC_FINITE)

static int variant_of(const struct nt_measure *measure)
{
    return measure->aggregate->variant >> VARIANT_SHIFT;
}

/* N * N, or N * (N - 1). False: too few values. */
static bool divisor_of(uint64_t count, int variant, unsigned __int128 *divisor)
{
    *divisor = (unsigned __int128)count * (variant & IS_SAMPLE ? count - 1 : count);
    return count > (variant & IS_SAMPLE ? 1u : 0u);
}

/* ---- floats ---- */

static struct nt_value float8_final(struct nt_eval *e, const struct nt_measure *measure,
                                    const void *state)
{
    const struct exact_sum *sums = state;
    const struct exact_sum *x = &sums[MOMENT_X];
    unsigned __int128 divisor;
    if (!divisor_of(x->count, variant_of(measure), &divisor)) return NT_NULL;
    if (exact_sum_is_special(x)) return nt_float8((double)NAN);
    struct big numerator, denominator;
    moments_deviation(x, x, &sums[MOMENT_XX], x->count, &numerator);
    big_set(&denominator, divisor);
    struct nt_value variance = moments_ratio(e, &numerator, &denominator, EXACT_PRODUCT_UNIT);
    if (variance.is_null || !(variant_of(measure) & IS_ROOT)) return variance;
    return nt_float8(sqrt(variance.float8));
}

/* ---- whole numbers and numerics ---- */

/* The sums are number / 10^scale and squares / 10^(2 * scale), scale the largest of the finite
 * values. */
struct spread {
    struct int320 number;
    struct int640 squares;
    uint64_t count;
    uint8_t scale;
    uint8_t kinds; /* bit 1 << enum nt_numeric_kind of each kind that is there */
};

static void spread_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct spread *)state = (struct spread){0};
}

static void spread_add_sums(struct spread *spread, struct int320 number, struct int640 squares,
                            int scale)
{
    if (scale < spread->scale) {
        int320_scale(&number, spread->scale - scale);
        int640_scale(&squares, 2 * (spread->scale - scale));
    } else if (scale > spread->scale) {
        int320_scale(&spread->number, scale - spread->scale);
        int640_scale(&spread->squares, 2 * (scale - spread->scale));
        spread->scale = (uint8_t)scale;
    }
    int320_add(&spread->number, &number);
    int640_add(&spread->squares, &squares);
}

static void integer_add(const struct nt_measure *measure, void *state,
                        const struct nt_value *arguments, struct nt_arena *arena)
{
    (void)measure, (void)arena;
    struct spread *spread = state;
    if (arguments[0].is_null) return;
    spread->count++;
    spread->kinds = FINITE_ONLY;
    spread_add_sums(spread, int320_of(arguments[0].integer), int640_of_square(arguments[0].integer),
                    0);
}

static void numeric_add_value(const struct nt_measure *measure, void *state,
                              const struct nt_value *arguments, struct nt_arena *arena)
{
    (void)measure, (void)arena;
    struct spread *spread = state;
    if (arguments[0].is_null) return;
    const struct nt_numeric *x = arguments[0].numeric;
    spread->count++;
    spread->kinds = (uint8_t)(spread->kinds | 1 << x->kind);
    if (x->kind == NT_NUMERIC_FINITE) {
        spread_add_sums(spread, int320_of(x->coefficient), int640_of_square(x->coefficient),
                        x->scale);
    }
}

static void spread_merge(const struct nt_measure *measure, void *state, const void *other,
                         struct nt_arena *arena)
{
    (void)measure, (void)arena;
    struct spread *spread = state;
    const struct spread *more = other;
    spread->count += more->count;
    spread->kinds |= more->kinds;
    spread_add_sums(spread, more->number, more->squares, more->scale);
}

static void spread_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    (void)measure;
    const struct spread *spread = state;
    buffer_append_varint(out, spread->count);
    if (spread->count == 0) return;
    buffer_append_byte(out, spread->kinds);
    buffer_append_byte(out, spread->scale);
    int320_append(&spread->number, out);
    int640_append(&spread->squares, out);
}

static bool spread_decode(const struct nt_measure *measure, void *state, struct reader *in,
                          struct nt_arena *arena)
{
    (void)measure, (void)arena;
    struct spread *spread = state;
    *spread = (struct spread){.count = reader_varint(in)};
    if (spread->count == 0) return !in->is_short;
    spread->kinds = reader_byte(in);
    spread->scale = reader_byte(in);
    return !in->is_short && spread->kinds < 2 << NT_NUMERIC_MINUS_INFINITY &&
           spread->scale <= SCALE_MAX && int320_take(&spread->number, in) &&
           int640_take(&spread->squares, in);
}

/* x / 10^scale in PostgreSQL's digits: the place of its first digit to the base 10000, and it. */
static int weight_of(struct big x, int scale, uint32_t *first)
{
    int padding = -scale & (BASE_DIGITS - 1), weight = -1;
    big_scale(&x, padding);
    for (*first = 0; x.count > 0; weight++) *first = big_divide_small(&x, BASE);
    return weight - (scale + padding) / BASE_DIGITS;
}

/* select_div_scale of x / 10^scale by y. */
static int quotient_scale(const struct big *x, int scale, const struct big *y)
{
    uint32_t first_of_x, first_of_y;
    int weight = weight_of(*x, scale, &first_of_x) - weight_of(*y, 0, &first_of_y);
    if (first_of_x <= first_of_y) weight--;
    int chosen = DIV_DIGITS_MIN - weight * BASE_DIGITS;
    return chosen > scale ? chosen : scale;
}

/* x / 10^scale / y, half away from zero. False: more than 38 digits. */
static bool quotient_of(struct big x, int scale, const struct big *y, struct nt_numeric *out)
{
    int chosen = quotient_scale(&x, scale, y);
    unsigned __int128 quotient;
    struct big rest;
    if (chosen < 0) chosen = 0;
    if (chosen > SCALE_MAX) return false;
    big_scale(&x, chosen - scale);
    if (!big_divide(&x, y, &quotient, &rest) || quotient >> QUOTIENT_BITS) return false;
    big_subtract(&x, y, &rest); /* not more than the rest: round up */
    quotient += big_compare(&rest, &x) >= 0;
    return numeric_make((__int128)quotient, chosen, out);
}

/* sqrt_var: the root at x's scale, rounded half away from zero. */
static struct nt_numeric root_of(struct nt_numeric x)
{
    struct wide square = wide_mul((wide_half)x.coefficient, power10(x.scale));
    wide_half root = 0;
    for (int bit = QUOTIENT_BITS - 1; bit >= 0; bit--) {
        wide_half more = root | (wide_half)1 << bit;
        if (wide_compare(wide_mul(more, more), square) <= 0) root = more;
    }
    struct wide rest = wide_sub(square, wide_mul(root, root));
    if (rest.high || rest.low > root) root++;
    x.coefficient = (__int128)root;
    return x;
}

static struct nt_value spread_final(struct nt_eval *e, const struct nt_measure *measure,
                                    const void *state)
{
    const struct spread *spread = state;
    unsigned __int128 divisor;
    struct nt_numeric result = {0};
    if (!divisor_of(spread->count, variant_of(measure), &divisor)) return NT_NULL;
    if (spread->kinds != FINITE_ONLY) {
        result.kind = NT_NUMERIC_NAN;
        return numeric_value(e, result);
    }
    struct big count, sum, product, numerator;
    big_set(&count, spread->count);
    big_set_words(&sum, spread->squares.words, INT640_WORDS);
    big_multiply(&product, &count, &sum);
    big_set_words(&sum, spread->number.words, INT320_WORDS);
    big_multiply(&numerator, &sum, &sum);
    big_subtract(&numerator, &product, &numerator);
    if (numerator.count == 0) return numeric_value(e, result);
    big_set(&count, divisor);
    if (!quotient_of(numerator, 2 * spread->scale, &count, &result))
        return nt_fail(e, NUMERIC_OVERFLOW);
    return numeric_value(e, variant_of(measure) & IS_ROOT ? root_of(result) : result);
}

#define VARIANCE(which, argument, kind, size, shape, add_one, finish, clear_state, rounded)        \
    const struct nt_aggregate nt_aggregate_##which##_##argument = {                                \
        .symbol = #which "_" #argument,                                                            \
        .name = #which,                                                                            \
        .state_size = size,                                                                        \
        .variant = MOMENTS_SXX | (kind) << VARIANT_SHIFT,                                          \
        .is_rounded = rounded,                                                                     \
        .init = shape##_init,                                                                      \
        .clear = clear_state,                                                                      \
        .add = add_one,                                                                            \
        .merge = shape##_merge,                                                                    \
        .final = finish,                                                                           \
        .encode = shape##_encode,                                                                  \
        .decode = shape##_decode,                                                                  \
    };
#define VARIANCE_EXACT(which, argument, kind, add_one)                                             \
    VARIANCE(which, argument, kind, sizeof(struct spread), spread, add_one, spread_final,          \
             spread_init, false)
#define VARIANCES(which, kind)                                                                     \
    VARIANCE_EXACT(which, int4, kind, integer_add)                                                 \
    VARIANCE_EXACT(which, int8, kind, integer_add)                                                 \
    VARIANCE_EXACT(which, numeric, kind, numeric_add_value)                                        \
    VARIANCE(which, float8, kind, MOMENTS_SIZE(MOMENT_XX), moments, moments_add, float8_final,     \
             moments_clear, true)
VARIANCES(variance, IS_SAMPLE)
VARIANCES(var_samp, IS_SAMPLE)
VARIANCES(var_pop, 0)
VARIANCES(stddev, IS_SAMPLE | IS_ROOT)
VARIANCES(stddev_samp, IS_SAMPLE | IS_ROOT)
VARIANCES(stddev_pop, IS_ROOT)
