/*
 * numeric_round.c: numerics with more or fewer digits.
 */
#include "row/numeric_impl.h"

/* More zeros after the point. */
static bool extend(struct nt_arena *arena, struct nt_numeric x, int scale, struct nt_numeric *out)
{
    uint128 few;
    struct natural digits;
    if (scale > NUMERIC_SCALE_MAX) return false;
    if (short_aligned(x, scale, &few) && few < (uint128)SHORT_END)
        return numeric_make(x.coefficient < 0 ? -(__int128)few : (__int128)few, scale, out);
    numeric_aligned(x, scale, &digits);
    return numeric_of_natural(arena, &digits, x.coefficient < 0, scale, out);
}

/* At a scale below x's own, or zeros left of the point where it is negative. */
static bool reduce(struct nt_arena *arena, struct nt_numeric x, int scale, bool is_rounded,
                   struct nt_numeric *out)
{
    int dropped = x.scale - scale, kept = scale < 0 ? 0 : scale;
    bool is_negative = x.coefficient < 0;
    if (is_short(x) && dropped <= NUMERIC_SHORT_DIGITS && scale >= 0) {
        uint128 by = power10(dropped), few = magnitude(x) / by;
        if (is_rounded && magnitude(x) % by >= by / 2) few++; /* a power of ten is even */
        return numeric_make(is_negative ? -(__int128)few : (__int128)few, kept, out);
    }
    struct natural digits;
    numeric_natural(x, &digits);
    if (is_rounded)
        natural_shrink_rounded(&digits, dropped);
    else
        natural_shrink(&digits, dropped);
    if (digits.count > 0 && -scale > NUMERIC_DIGITS_MAX) return false;
    natural_scale(&digits, -scale);
    return numeric_of_natural(arena, &digits, is_negative, kept, out);
}

bool numeric_round(struct nt_arena *arena, struct nt_numeric x, int scale, struct nt_numeric *out)
{
    if (scale >= x.scale) return extend(arena, x, scale, out);
    return reduce(arena, x, scale, true, out);
}

bool numeric_trunc(struct nt_arena *arena, struct nt_numeric x, int scale, struct nt_numeric *out)
{
    if (scale >= x.scale) return extend(arena, x, scale, out);
    return reduce(arena, x, scale, false, out);
}

bool numeric_round_to_int(struct nt_numeric x, int64_t *out)
{
    struct nt_numeric whole;
    struct nt_arena arena; /* not used: what needs limbs is no integer */
    if (SPECIAL(x)) return false;
    nt_arena_init(&arena);
    bool is_round = numeric_round(&arena, x, 0, &whole) && is_short(whole);
    nt_arena_deinit(&arena);
    *out = is_round ? (int64_t)whole.coefficient : 0;
    return is_round && whole.coefficient == *out;
}

int numeric_min_scale(struct nt_numeric x)
{
    uint8_t digits[NUMERIC_DIGITS_ROOM];
    int scale = x.scale, count = numeric_digits(x, digits);
    if (count == 0) return 0;
    while (scale > 0 && digits[count - 1] == 0) {
        scale--;
        count--;
    }
    return scale;
}

static int digits_count(struct nt_numeric x)
{
    struct natural digits;
    if (is_short(x)) return uint128_digits(magnitude(x));
    numeric_natural(x, &digits);
    return natural_digits(&digits);
}

bool numeric_fit(struct nt_arena *arena, struct nt_numeric x, int precision, int scale,
                 struct nt_numeric *out)
{
    *out = x;
    if (SPECIAL(x)) return is_nan(x);
    if (!numeric_round(arena, x, scale, out)) return false;
    return digits_count(*out) <= precision - scale + out->scale || out->coefficient == 0;
}
