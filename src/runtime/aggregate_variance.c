/*
 * aggregate_variance.c: variance, var_samp, var_pop, stddev, stddev_samp and stddev_pop.
 *
 * Floats: (N * sum of x*x - sum of x * sum of x) / (N * N), or N * (N - 1), of exact sums, rounded
 * once; the deviation is the square root of that. Whole numbers and numerics:
 * numeric_stddev_internal of PostgreSQL's numeric.c, whose result scale is select_div_scale's.
 */
#include "runtime/moments.h"
#include "runtime/total.h"

#include <math.h>
#include <string.h>

enum { IS_SAMPLE = 1, IS_ROOT = 2, VARIANT_SHIFT = 8 };

#define FINITE_ONLY (1 << NT_NUMERIC_FINITE)

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

/* The sum of the squares is squares / 10^(2 * scale) with the scale of the total. */
struct spread {
    struct total_numeric total;
    struct int640 squares;  /* where the total is not long */
    uint64_t *square_words; /* LONG_SQUARE_WORDS, or NULL; room for them where it is */
};

static void spread_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct spread *)state = (struct spread){0};
}

static void spread_clear(const struct nt_measure *measure, void *state)
{
    struct spread *spread = state;
    total_numeric_clear(measure, &spread->total);
    spread->squares = (struct int640){0};
}

/* After the total has been added to, from the scale it had, and only if it is not long. */
static void squares_add(struct spread *spread, struct int640 squares, int scale, int scale_before)
{
    int640_scale(&squares, 2 * (spread->total.scale - scale));
    int640_scale(&spread->squares, 2 * (spread->total.scale - scale_before));
    int640_add(&spread->squares, &squares);
}

static void squares_words(const struct spread *spread, bool is_long,
                          uint64_t words[LONG_SQUARE_WORDS])
{
    if (is_long)
        words_widen(words, LONG_SQUARE_WORDS, spread->square_words, LONG_SQUARE_WORDS);
    else
        words_widen(words, LONG_SQUARE_WORDS, spread->squares.words, INT640_WORDS);
}

static void squares_set_words(struct spread *spread, const uint64_t words[LONG_SQUARE_WORDS],
                              struct nt_arena *arena)
{
    size_t size = LONG_SQUARE_WORDS * sizeof *words;
    if (!spread->square_words) spread->square_words = nt_arena_alloc(arena, size);
    memcpy(spread->square_words, words, size);
}

/* The same where it is long now; words are used up. */
static void squares_add_words(struct spread *spread, uint64_t words[LONG_SQUARE_WORDS], int scale,
                              bool was_long, int scale_before, struct nt_arena *arena)
{
    uint64_t sum[LONG_SQUARE_WORDS];
    squares_words(spread, was_long, sum);
    words_scale(sum, LONG_SQUARE_WORDS, 2 * (spread->total.scale - scale_before));
    words_scale(words, LONG_SQUARE_WORDS, 2 * (spread->total.scale - scale));
    words_add(sum, words, LONG_SQUARE_WORDS);
    squares_set_words(spread, sum, arena);
}

static void spread_add_value(const struct nt_measure *measure, struct spread *spread,
                             struct nt_numeric x, struct nt_arena *arena)
{
    bool was_long = spread->total.is_long;
    int scale = spread->total.scale;
    struct nt_value value = {.numeric = &x};
    uint64_t words[LONG_SQUARE_WORDS];
    total_numeric_add(measure, &spread->total, &value, arena);
    if (x.kind != NT_NUMERIC_FINITE) return;
    if (!spread->total.is_long) {
        squares_add(spread, int640_of_square(x.coefficient), x.scale, scale);
        return;
    }
    words_of_square(words, x);
    squares_add_words(spread, words, x.scale, was_long, scale, arena);
}

static void integer_add(const struct nt_measure *measure, void *state,
                        const struct nt_value *arguments, struct nt_arena *arena)
{
    if (arguments[0].is_null) return;
    spread_add_value(measure, state, numeric_of_int(arguments[0].integer), arena);
}

static void numeric_add_value(const struct nt_measure *measure, void *state,
                              const struct nt_value *arguments, struct nt_arena *arena)
{
    if (arguments[0].is_null) return;
    spread_add_value(measure, state, *arguments[0].numeric, arena);
}

static void spread_merge(const struct nt_measure *measure, void *state, const void *other,
                         struct nt_arena *arena)
{
    struct spread *spread = state;
    const struct spread *more = other;
    bool was_long = spread->total.is_long;
    int scale = spread->total.scale;
    uint64_t words[LONG_SQUARE_WORDS];
    total_numeric_merge(measure, &spread->total, &more->total, arena);
    if (!spread->total.is_long) {
        squares_add(spread, more->squares, more->total.scale, scale);
        return;
    }
    squares_words(more, more->total.is_long, words);
    squares_add_words(spread, words, more->total.scale, was_long, scale, arena);
}

static void spread_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    const struct spread *spread = state;
    total_numeric_encode(measure, &spread->total, out);
    if (spread->total.count == 0) return;
    if (spread->total.is_long)
        words_append(spread->square_words, LONG_SQUARE_WORDS, out);
    else
        words_append(spread->squares.words, INT640_WORDS, out);
}

static bool spread_decode(const struct nt_measure *measure, void *state, struct reader *in,
                          struct nt_arena *arena)
{
    struct spread *spread = state;
    struct total_numeric *total = &spread->total;
    uint64_t words[LONG_SQUARE_WORDS];
    spread_clear(measure, spread);
    if (!total_numeric_decode(measure, total, in, arena)) return false;
    if (total->count == 0) return true;
    struct reader again = *in;
    if (!total->is_long && words_take(spread->squares.words, INT640_WORDS, in) &&
        sum_is_short(total->count, total->scale, 2, spread->squares.words, INT640_WORDS))
        return true;
    *in = again;
    if (!words_take(words, LONG_SQUARE_WORDS, in)) return false;
    spread->squares = (struct int640){0};
    total_lengthen(total, arena);
    squares_set_words(spread, words, arena);
    return true;
}

static struct nt_value spread_final(struct nt_eval *e, const struct nt_measure *measure,
                                    const void *state)
{
    const struct spread *spread = state;
    unsigned __int128 divisor;
    struct nt_numeric result = {0};
    if (!divisor_of(spread->total.count, variant_of(measure), &divisor)) return NT_NULL;
    if (spread->total.kinds != FINITE_ONLY) {
        result.kind = NT_NUMERIC_NAN;
        return numeric_value(e, result);
    }
    struct natural count, sum, product, numerator;
    uint64_t words[LONG_SQUARE_WORDS];
    natural_set(&count, spread->total.count);
    squares_words(spread, spread->total.is_long, words);
    words_natural(words, LONG_SQUARE_WORDS, &sum);
    natural_multiply(&product, &count, &sum);
    total_words(&spread->total, words);
    words_natural(words, LONG_WORDS, &sum);
    natural_multiply(&numerator, &sum, &sum);
    if (natural_compare(&product, &numerator) <= 0) return numeric_value(e, result);
    natural_subtract(&numerator, &product, &numerator);
    natural_set(&count, divisor);
    if (!numeric_ratio(e->arena, &numerator, 2 * spread->total.scale, &count, &result))
        return nt_fail(e, NUMERIC_OVERFLOW);
    if ((variant_of(measure) & IS_ROOT) && !numeric_root(e->arena, result, &result))
        return nt_fail(e, NUMERIC_OVERFLOW);
    return numeric_value(e, result);
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
             spread_clear, false)
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
