/* total.c: see total.h. Each encoding starts with the count and ends there when it is 0. */
#include "runtime/total.h"

#define KIND_BIT(kind) (1u << (kind))
#define KINDS_ALL      (KIND_BIT(NT_NUMERIC_MINUS_INFINITY + 1) - 1)
/* More values than any partial has: room for what a read merges, should bytes claim them. */
#define COUNT_MAX (UINT64_C(1) << 48)

/* A sum of 64 bit parts, as count of them can be: a partial that was damaged must not overflow
 * where it is merged. */
static bool sum_take(uint64_t count, __int128 *sum, struct reader *in)
{
    if (count > COUNT_MAX || !int128_take(sum, in)) return false;
    __int128 most = (__int128)count << 63;
    return -most <= *sum && *sum <= most;
}

/* ---- integers ---- */

void total_integer_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct total_integer *)state = (struct total_integer){0};
}

void total_integer_clear(const struct nt_measure *measure, void *state)
{
    total_integer_init(measure, state);
}

void total_integer_add(const struct nt_measure *measure, void *state,
                       const struct nt_value *arguments, struct nt_arena *arena)
{
    (void)measure, (void)arena;
    struct total_integer *total = state;
    if (arguments[0].is_null) return;
    total->sum += arguments[0].integer;
    total->count++;
}

void total_integer_merge(const struct nt_measure *measure, void *state, const void *other,
                         struct nt_arena *arena)
{
    (void)measure, (void)arena;
    struct total_integer *total = state;
    const struct total_integer *more = other;
    total->sum += more->sum;
    total->count += more->count;
}

void total_integer_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    (void)measure;
    const struct total_integer *total = state;
    buffer_append_varint(out, total->count);
    if (total->count) int128_append(total->sum, out);
}

bool total_integer_decode(const struct nt_measure *measure, void *state, struct reader *in,
                          struct nt_arena *arena)
{
    (void)measure, (void)arena;
    struct total_integer *total = state;
    *total = (struct total_integer){.count = reader_varint(in)};
    if (total->count == 0) return !in->is_short;
    return sum_take(total->count, &total->sum, in);
}

/* ---- numerics ---- */

void total_numeric_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct total_numeric *)state = (struct total_numeric){0};
}

/* Short: none has more than 38 digits, and none more than 38 after the point. */
static bool numeric_is_short(const struct nt_numeric *x)
{
    return x->limb_count == 0 && x->scale <= NUMERIC_SHORT_DIGITS;
}

/* Below 2^124, as nearly all are. */
static bool sum_is_small(const uint64_t *words, int count)
{
    uint64_t sign = words[1] >> 63 ? UINT64_MAX : 0;
    bool is_small = words[1] + (UINT64_C(1) << 60) < UINT64_C(1) << 61;
    for (int i = 2; i < count; i++) is_small &= words[i] == sign;
    return is_small;
}

bool sum_is_short(uint64_t count, int scale, int power, const uint64_t *words, int words_count)
{
    struct natural sum;
    if (scale > NUMERIC_SHORT_DIGITS) return false;
    if (sum_is_small(words, words_count)) return true;
    words_natural(words, words_count, &sum);
    int most = power * (NUMERIC_SHORT_DIGITS + scale) * 3321 / 1000; /* bits */
    return natural_bits(&sum) <= 63 - __builtin_clzll(count) + most;
}

static void number_add(struct total_numeric *total, struct int320 number, int scale)
{
    if (scale < total->scale) {
        int320_scale(&number, total->scale - scale);
    } else if (scale > total->scale) {
        int320_scale(&total->number, scale - total->scale);
        total->scale = (uint16_t)scale;
    }
    int320_add(&total->number, &number);
}

void total_lengthen(struct total_numeric *total, struct nt_arena *arena)
{
    if (total->is_long) return;
    if (!total->words) total->words = nt_arena_alloc(arena, LONG_WORDS * sizeof *total->words);
    words_widen(total->words, LONG_WORDS, total->number.words, INT320_WORDS);
    total->is_long = true;
}

/* words are used up. */
static void words_add_to(struct total_numeric *total, uint64_t words[LONG_WORDS], int scale,
                         struct nt_arena *arena)
{
    total_lengthen(total, arena);
    if (scale < total->scale) {
        words_scale(words, LONG_WORDS, total->scale - scale);
    } else if (scale > total->scale) {
        words_scale(total->words, LONG_WORDS, scale - total->scale);
        total->scale = (uint16_t)scale;
    }
    words_add(total->words, words, LONG_WORDS);
}

void total_words(const struct total_numeric *total, uint64_t words[LONG_WORDS])
{
    if (total->is_long)
        words_widen(words, LONG_WORDS, total->words, LONG_WORDS);
    else
        words_widen(words, LONG_WORDS, total->number.words, INT320_WORDS);
}

/* The room for long sums stays. */
void total_numeric_clear(const struct nt_measure *measure, void *state)
{
    (void)measure;
    struct total_numeric *total = state;
    *total = (struct total_numeric){.words = total->words};
}

void total_numeric_add(const struct nt_measure *measure, void *state,
                       const struct nt_value *arguments, struct nt_arena *arena)
{
    (void)measure;
    struct total_numeric *total = state;
    uint64_t words[LONG_WORDS];
    if (arguments[0].is_null) return;
    const struct nt_numeric *x = arguments[0].numeric;
    total->count++;
    total->kinds = (uint8_t)(total->kinds | KIND_BIT(x->kind));
    if (x->kind != NT_NUMERIC_FINITE) return;
    if (!total->is_long && numeric_is_short(x)) {
        number_add(total, int320_of(x->coefficient), x->scale);
        return;
    }
    words_of_numeric(words, *x);
    words_add_to(total, words, x->scale, arena);
}

void total_numeric_merge(const struct nt_measure *measure, void *state, const void *other,
                         struct nt_arena *arena)
{
    (void)measure;
    struct total_numeric *total = state;
    const struct total_numeric *more = other;
    uint64_t words[LONG_WORDS];
    total->count += more->count;
    total->kinds |= more->kinds;
    if (!total->is_long && !more->is_long) {
        number_add(total, more->number, more->scale);
        return;
    }
    total_words(more, words);
    words_add_to(total, words, more->scale, arena);
}

void total_numeric_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    (void)measure;
    const struct total_numeric *total = state;
    buffer_append_varint(out, total->count);
    if (total->count == 0) return;
    buffer_append_byte(out, total->kinds);
    buffer_append_varint(out, total->scale);
    if (total->is_long)
        words_append(total->words, LONG_WORDS, out);
    else
        words_append(total->number.words, INT320_WORDS, out);
}

bool total_numeric_decode(const struct nt_measure *measure, void *state, struct reader *in,
                          struct nt_arena *arena)
{
    struct total_numeric *total = state;
    uint64_t words[LONG_WORDS];
    total_numeric_clear(measure, total);
    total->count = reader_varint(in);
    if (total->count == 0) return !in->is_short;
    total->kinds = reader_byte(in);
    uint64_t scale = reader_varint(in);
    if (in->is_short || total->kinds > KINDS_ALL || scale > NUMERIC_SCALE_MAX) return false;
    total->scale = (uint16_t)scale;
    struct reader again = *in;
    if (words_take(total->number.words, INT320_WORDS, in) &&
        sum_is_short(total->count, total->scale, 1, total->number.words, INT320_WORDS))
        return true;
    *in = again;
    if (!words_take(words, LONG_WORDS, in)) return false;
    total->number = (struct int320){0};
    total_lengthen(total, arena);
    words_widen(total->words, LONG_WORDS, words, LONG_WORDS);
    return true;
}

static bool finite_sum(struct nt_arena *arena, const struct total_numeric *total,
                       struct nt_numeric *sum)
{
    __int128 number;
    uint64_t words[LONG_WORDS];
    struct natural digits;
    if (!total->is_long && int320_to_int(&total->number, &number) &&
        numeric_make(number, total->scale, sum))
        return true;
    total_words(total, words);
    bool is_negative = words_natural(words, LONG_WORDS, &digits);
    return numeric_of_natural(arena, &digits, is_negative, total->scale, sum);
}

bool total_numeric_sum(struct nt_arena *arena, const struct total_numeric *total,
                       struct nt_numeric *sum)
{
    bool up = total->kinds & KIND_BIT(NT_NUMERIC_INFINITY);
    bool down = total->kinds & KIND_BIT(NT_NUMERIC_MINUS_INFINITY);
    if ((total->kinds & KIND_BIT(NT_NUMERIC_NAN)) || (up && down)) {
        *sum = (struct nt_numeric){.kind = NT_NUMERIC_NAN};
    } else if (up || down) {
        *sum = (struct nt_numeric){.kind = up ? NT_NUMERIC_INFINITY : NT_NUMERIC_MINUS_INFINITY};
    } else {
        return finite_sum(arena, total, sum);
    }
    return true;
}

/* A sum of whole numbers, which has up to 128 bits. */
bool total_integer_sum(struct nt_arena *arena, const struct total_integer *total,
                       struct nt_numeric *sum)
{
    struct natural digits;
    if (numeric_make(total->sum, 0, sum)) return true;
    natural_set(&digits,
                total->sum < 0 ? -(unsigned __int128)total->sum : (unsigned __int128)total->sum);
    return numeric_of_natural(arena, &digits, total->sum < 0, 0, sum);
}

struct nt_value numeric_value(struct nt_eval *e, struct nt_numeric x)
{
    return (struct nt_value){.numeric = nt_arena_copy(e->arena, &x, sizeof x)};
}

/* ---- intervals ---- */

void total_interval_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct total_interval *)state = (struct total_interval){0};
}

void total_interval_clear(const struct nt_measure *measure, void *state)
{
    total_interval_init(measure, state);
}

void total_interval_add(const struct nt_measure *measure, void *state,
                        const struct nt_value *arguments, struct nt_arena *arena)
{
    (void)measure, (void)arena;
    struct total_interval *total = state;
    if (arguments[0].is_null) return;
    const struct nt_interval *x = arguments[0].interval;
    total->us += x->us;
    total->days += x->days;
    total->months += x->months;
    total->count++;
}

void total_interval_merge(const struct nt_measure *measure, void *state, const void *other,
                          struct nt_arena *arena)
{
    (void)measure, (void)arena;
    struct total_interval *total = state;
    const struct total_interval *more = other;
    total->us += more->us;
    total->days += more->days;
    total->months += more->months;
    total->count += more->count;
}

void total_interval_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    (void)measure;
    const struct total_interval *total = state;
    buffer_append_varint(out, total->count);
    if (total->count == 0) return;
    int128_append(total->months, out);
    int128_append(total->days, out);
    int128_append(total->us, out);
}

bool total_interval_decode(const struct nt_measure *measure, void *state, struct reader *in,
                           struct nt_arena *arena)
{
    (void)measure, (void)arena;
    struct total_interval *total = state;
    *total = (struct total_interval){.count = reader_varint(in)};
    if (total->count == 0) return !in->is_short;
    return sum_take(total->count, &total->months, in) && sum_take(total->count, &total->days, in) &&
           sum_take(total->count, &total->us, in);
}

bool total_interval_sum(const struct total_interval *total, struct nt_interval *sum)
{
    *sum = (struct nt_interval){(int64_t)total->us, (int32_t)total->days, (int32_t)total->months};
    return sum->us == total->us && sum->days == total->days && sum->months == total->months;
}

/* ---- floats ---- */

void total_float8_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct exact_sum *)state = (struct exact_sum){0};
}

void total_float8_clear(const struct nt_measure *measure, void *state)
{
    (void)measure;
    exact_sum_clear(state);
}

void total_float8_add(const struct nt_measure *measure, void *state,
                      const struct nt_value *arguments, struct nt_arena *arena)
{
    (void)measure;
    if (!arguments[0].is_null) exact_sum_add(state, arguments[0].float8, arena);
}

void total_float8_merge(const struct nt_measure *measure, void *state, const void *other,
                        struct nt_arena *arena)
{
    (void)measure;
    exact_sum_merge(state, other, arena);
}

void total_float8_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    (void)measure;
    exact_sum_encode(state, out);
}

bool total_float8_decode(const struct nt_measure *measure, void *state, struct reader *in,
                         struct nt_arena *arena)
{
    (void)measure;
    return exact_sum_decode(state, in, arena);
}
