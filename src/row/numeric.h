/*
 * numeric.h: PostgreSQL's numeric up to 38 digits, with its result scales. Round half away from
 * zero.
 *
 * Each operation gives false when the result needs more than 38 digits, or on division by zero; the
 * caller words the error. NaN and the infinities follow PostgreSQL 14 and later.
 */
#ifndef ROW_NUMERIC_H
#define ROW_NUMERIC_H

#include "base/bytes.h"
#include "nowthen/eval.h"

#define NUMERIC_SCALE_MAX 38

struct nt_numeric numeric_of_int(__int128 x);
/* coefficient / 10^scale; false when it does not fit. */
bool numeric_make(__int128 coefficient, int scale, struct nt_numeric *out);
bool numeric_add(struct nt_numeric x, struct nt_numeric y, struct nt_numeric *out);
bool numeric_sub(struct nt_numeric x, struct nt_numeric y, struct nt_numeric *out);
bool numeric_mul(struct nt_numeric x, struct nt_numeric y, struct nt_numeric *out);
/* select_div_scale of PostgreSQL's numeric.c decides the scale. Division by zero gives false, but
 * NaN by zero is NaN, as in PostgreSQL; the same for mod. */
bool numeric_div(struct nt_numeric x, struct nt_numeric y, struct nt_numeric *out);
bool numeric_mod(struct nt_numeric x, struct nt_numeric y, struct nt_numeric *out);
/* div(x, y): the quotient without its fraction. */
bool numeric_quotient(struct nt_numeric x, struct nt_numeric y, struct nt_numeric *out);
struct nt_numeric numeric_neg(struct nt_numeric x);
int numeric_compare(struct nt_numeric x, struct nt_numeric y);
bool numeric_is_zero(struct nt_numeric x);
/* To the nearest integer, half away from zero; false: not finite or outside int128. */
bool numeric_round_to_int(struct nt_numeric x, __int128 *out);
bool numeric_rescale(struct nt_numeric x, int scale, struct nt_numeric *out);
/* round(x, scale) and trunc(x, scale) of a finite x: a negative scale is left of the point. */
bool numeric_round(struct nt_numeric x, int scale, struct nt_numeric *out);
bool numeric_trunc(struct nt_numeric x, int scale, struct nt_numeric *out);
/* Of a finite x that is not negative, with the scale of PostgreSQL's numeric_sqrt. */
bool numeric_sqrt(struct nt_numeric x, struct nt_numeric *out);
double numeric_to_double(struct nt_numeric x);            /* correctly rounded */
bool numeric_of_double(double x, struct nt_numeric *out); /* 15 significant digits, as PostgreSQL */
bool numeric_of_float4(double x, struct nt_numeric *out); /* 6 of them */
/* As numeric(precision, scale) takes it: rounded, and false where more digits are left of the
 * point. A negative scale rounds left of the point. */
bool numeric_fit(struct nt_numeric x, int precision, int scale, struct nt_numeric *out);
void numeric_append_text(struct nt_numeric x, struct buffer *out);
enum numeric_parse { NUMERIC_PARSED, NUMERIC_SYNTAX, NUMERIC_RANGE };
enum numeric_parse numeric_parse(const char *text, size_t size, struct nt_numeric *out);

#endif
