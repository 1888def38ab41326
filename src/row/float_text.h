/*
 * float_text.h: float8 and float4 as PostgreSQL 15 prints and reads them. The digits come from
 * C++17's std::to_chars and std::from_chars, which know no locale.
 */
#ifndef ROW_FLOAT_TEXT_H
#define ROW_FLOAT_TEXT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FLOAT_TEXT_MAX 40

/* The shortest digits that read back as x and nothing else (float8out, extra_float_digits 1):
 * 0.0001, 1e-05, 123456789012345, 1e+15, -0, NaN, -Infinity. Returns the size; no zero byte. */
size_t float_text_shortest(double x, char text[FLOAT_TEXT_MAX]);
/* float4out of an x that is a float4: 123456, 1e+06. */
size_t float4_text_shortest(double x, char text[FLOAT_TEXT_MAX]);
/* So many significant digits, at most 15, without trailing zeros: printf's %.15g. x is finite. */
size_t float_text_digits(double x, int digits, char text[FLOAT_TEXT_MAX]);

enum float_parse { FLOAT_PARSED, FLOAT_SYNTAX, FLOAT_RANGE };
/* float8in: spaces around it, a sign, decimal or hexadecimal digits, inf, infinity, nan, nan(...).
 * FLOAT_RANGE: text[*start, *end) is the number that overflows, or is not zero and underflows to
 * it; PostgreSQL quotes that part only. */
enum float_parse float_text_parse(const char *text, size_t size, double *out, size_t *start,
                                  size_t *end);

/* float4in: the same, to the nearest float4. */
enum float_parse float4_text_parse(const char *text, size_t size, double *out, size_t *start,
                                   size_t *end);

#ifdef __cplusplus
}
#endif

#endif
