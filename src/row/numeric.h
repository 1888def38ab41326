/*
 * numeric.h: PostgreSQL's numeric up to 1,000 digits, with its result scales. Round half away from
 * zero.
 *
 * Each operation gives false when the result needs more than NUMERIC_DIGITS_MAX digits or more than
 * NUMERIC_SCALE_MAX of them after the point, or on division by zero; the caller words the error.
 * NaN and the infinities follow PostgreSQL 14 and later. What of a result does not fit the struct
 * lives in the arena that is given.
 */
#ifndef ROW_NUMERIC_H
#define ROW_NUMERIC_H

#include "base/bytes.h"
#include "nowthen/eval.h"
#include "row/natural.h"

#define NUMERIC_DIGITS_MAX 1000
#define NUMERIC_SCALE_MAX  1000
#define NUMERIC_OVERFLOW                                                                           \
    "numeric overflow: the value needs more than 1000 digits, in all or after the point"
#define NUMERIC_SHORT_DIGITS 38 /* those of a coefficient without limbs */

/* |x| < 10^38 */
struct nt_numeric numeric_of_int(__int128 x);
/* coefficient / 10^scale; false when it does not fit without limbs. */
bool numeric_make(__int128 coefficient, int scale, struct nt_numeric *out);
bool numeric_of_natural(struct nt_arena *arena, const struct natural *digits, bool is_negative,
                        int scale, struct nt_numeric *out);
/* |x| * 10^scale of a finite x. */
void numeric_natural(struct nt_numeric x, struct natural *out);
/* count decimal digits, the first one first, each 0 to 9, over 10^scale. */
bool numeric_of_digits(struct nt_arena *arena, const uint8_t *digits, int count, bool is_negative,
                       int scale, struct nt_numeric *out);
/* The digits of |x| * 10^scale of a finite x, the first one first, and their count: 0 of zero. */
#define NUMERIC_DIGITS_ROOM (NUMERIC_DIGITS_MAX + 1)
int numeric_digits(struct nt_numeric x, uint8_t digits[NUMERIC_DIGITS_ROOM]);

/* The same value, all of it in the arena. */
const struct nt_numeric *numeric_copy(struct nt_arena *arena, const struct nt_numeric *x);
/* The same bits: also the same scale. */
bool numeric_is_same(const struct nt_numeric *x, const struct nt_numeric *y);
/* 0 finite or NaN, -1 and 1 of the infinities and of what is less or greater than 0. */
int numeric_sign(struct nt_numeric x);

bool numeric_add(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out);
bool numeric_sub(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out);
bool numeric_mul(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out);
/* select_div_scale of PostgreSQL's numeric.c decides the scale. Division by zero gives false, but
 * NaN by zero is NaN, as in PostgreSQL; the same for mod. */
bool numeric_div(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out);
bool numeric_mod(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out);
/* div(x, y): the quotient without its fraction. */
bool numeric_quotient(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                      struct nt_numeric *out);
/* Greatest common divisor, and least common multiple, of two that are finite. */
bool numeric_gcd(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out);
bool numeric_lcm(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                 struct nt_numeric *out);
struct nt_numeric numeric_neg(struct nt_numeric x);
int numeric_compare(struct nt_numeric x, struct nt_numeric y);
bool numeric_is_zero(struct nt_numeric x);
/* To the nearest integer, half away from zero; false: not finite or outside int64. */
bool numeric_round_to_int(struct nt_numeric x, int64_t *out);
/* round(x, scale) and trunc(x, scale) of a finite x: a negative scale is left of the point. */
bool numeric_round(struct nt_arena *arena, struct nt_numeric x, int scale, struct nt_numeric *out);
bool numeric_trunc(struct nt_arena *arena, struct nt_numeric x, int scale, struct nt_numeric *out);
/* The fewest digits after the point that a finite x needs. */
int numeric_min_scale(struct nt_numeric x);
/* Of a finite x that is not negative, with the scale of PostgreSQL's numeric_sqrt. */
bool numeric_sqrt(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric *out);
/* x / 10^scale / y, y not 0, and the root of x at x's scale: as variance divides and stddev roots.
 */
bool numeric_ratio(struct nt_arena *arena, const struct natural *x, int scale,
                   const struct natural *y, struct nt_numeric *out);
bool numeric_root(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric *out);
/* Is it within the range of float8, of 0 and what is not finite? May give false at the edges. */
bool numeric_is_double(struct nt_numeric x);
/* Of finite numbers, greater than 0 but for exp and power: a power of 0 is that of one that is not
 * negative, one of less than 0 that of a whole number. A logarithm to the base 1 gives false. */
bool numeric_exp(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric *out);
bool numeric_ln(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric *out);
bool numeric_log(struct nt_arena *arena, struct nt_numeric base, struct nt_numeric x,
                 struct nt_numeric *out);
bool numeric_power(struct nt_arena *arena, struct nt_numeric x, struct nt_numeric y,
                   struct nt_numeric *out);
double numeric_to_double(struct nt_numeric x); /* of one that is; correctly rounded */
/* 15 significant digits, as PostgreSQL; 6 of them. */
bool numeric_of_double(struct nt_arena *arena, double x, struct nt_numeric *out);
bool numeric_of_float4(struct nt_arena *arena, double x, struct nt_numeric *out);
/* As numeric(precision, scale) takes it: rounded, and false where more digits are left of the
 * point. A negative scale rounds left of the point. */
bool numeric_fit(struct nt_arena *arena, struct nt_numeric x, int precision, int scale,
                 struct nt_numeric *out);
void numeric_append_text(struct nt_numeric x, struct buffer *out);
enum numeric_parse { NUMERIC_PARSED, NUMERIC_SYNTAX, NUMERIC_RANGE };
enum numeric_parse numeric_parse(struct nt_arena *arena, const char *text, size_t size,
                                 struct nt_numeric *out);

#endif
