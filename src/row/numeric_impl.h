/* numeric_impl.h: what the files of numeric share. The short way is for numbers without limbs whose
 * intermediates fit in 128 bits, nearly all there are; the long way is right for every number. */
#ifndef ROW_NUMERIC_IMPL_H
#define ROW_NUMERIC_IMPL_H

#include "row/numeric.h"
#include "row/power10.h"

#define SHORT_END           ((__int128)power10(NUMERIC_SHORT_DIGITS))
#define BASE_DIGITS         4  /* DEC_DIGITS: PostgreSQL computes in base 10000 */
#define DIGITS_MIN          16 /* NUMERIC_MIN_SIG_DIGITS */
#define DISPLAY_SCALE_MAX   1000
#define SPECIAL(number)     ((number).kind != NT_NUMERIC_FINITE)
#define SPECIAL_OF(kind_of) ((struct nt_numeric){.kind = NT_NUMERIC_##kind_of})

static inline bool is_nan(struct nt_numeric x)
{
    return x.kind == NT_NUMERIC_NAN;
}

static inline bool is_short(struct nt_numeric x)
{
    return x.limb_count == 0;
}

/* Of a short x. */
static inline uint128 magnitude(struct nt_numeric x)
{
    return (uint128)(x.coefficient < 0 ? -x.coefficient : x.coefficient);
}

static inline int scale_greater(struct nt_numeric x, struct nt_numeric y)
{
    return x.scale > y.scale ? x.scale : y.scale;
}

static inline int clamp_scale(int scale)
{
    return scale < 0 ? 0 : scale > DISPLAY_SCALE_MAX ? DISPLAY_SCALE_MAX : scale;
}

static inline struct nt_numeric infinity_of(int sign_of)
{
    return sign_of < 0 ? SPECIAL_OF(MINUS_INFINITY) : SPECIAL_OF(INFINITY);
}

/* x * 10^power in 127 bits; false where it may not fit. */
static inline bool short_scale(uint128 x, int power, uint128 *out)
{
    *out = x;
    if (power == 0 || x == 0) return true;
    if (power > NUMERIC_SHORT_DIGITS || uint128_bits(x) + power * 10 / 3 + 1 > 127) return false;
    *out = x * power10(power);
    return true;
}

/* |x| at a scale that is not less than its own; false: take the long way. */
static inline bool short_aligned(struct nt_numeric x, int scale, uint128 *out)
{
    return is_short(x) && short_scale(magnitude(x), scale - x.scale, out);
}

/* |x| * 10^scale, a scale that is not less than its own. */
void numeric_aligned(struct nt_numeric x, int scale, struct natural *out);

/* The power of 10000 of the first digit of |x| in that base, and the digit; 0 and 0 of zero. */
int numeric_weight(struct nt_numeric x, int *first);

#endif
