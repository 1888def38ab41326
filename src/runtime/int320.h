/* int320.h: signed integers of 320 bits: sums of up to 2^64 numerics of 38 digits at any scale up
 * to 38 fit (10^76 * 2^64 < 2^319); and of 640 bits, for the sums of their squares (10^152 * 2^64 <
 * 2^569); and as many words as the same sums of any numerics need (10^2000 * 2^64 < 2^6709, 10^4000
 * * 2^64 < 2^13353). Two's complement, least word first. */
#ifndef RUNTIME_INT320_H
#define RUNTIME_INT320_H

#include "base/bytes.h"
#include "row/numeric.h"

#define INT320_WORDS      5
#define INT640_WORDS      10
#define LONG_WORDS        106
#define LONG_SQUARE_WORDS 210

struct int320 {
    uint64_t words[INT320_WORDS];
};

struct int320 int320_of(__int128 x);
void int320_add(struct int320 *x, const struct int320 *y);
/* x * 10^power; power up to 38. */
void int320_scale(struct int320 *x, int power);
/* False: outside __int128. */
bool int320_to_int(const struct int320 *x, __int128 *out);

struct int640 {
    uint64_t words[INT640_WORDS];
};

struct int640 int640_of_square(__int128 x); /* |x| < 2^127 */
void int640_add(struct int640 *x, const struct int640 *y);
void int640_scale(struct int640 *x, int power); /* up to 76 */

/* Any number of words. */
void words_add(uint64_t *x, const uint64_t *y, int count);
void words_scale(uint64_t *x, int count, int power); /* x * 10^power */
/* As many words as x has or more, of the same value. */
void words_widen(uint64_t *out, int count, const uint64_t *x, int x_count);
/* The coefficient of a finite x, and its square. */
void words_of_numeric(uint64_t out[LONG_WORDS], struct nt_numeric x);
void words_of_square(uint64_t out[LONG_SQUARE_WORDS], struct nt_numeric x);
/* The magnitude; true: x is negative. */
bool words_natural(const uint64_t *x, int count, struct natural *out);
/* The size, a varint, and as many bytes as the value needs, least first. */
void words_append(const uint64_t *x, int count, struct buffer *out);
/* False: not an encoding, or it needs more than count. */
bool words_take(uint64_t *x, int count, struct reader *in);

/* The same for 128 bits: zigzag, LEB128. */
void int128_append(__int128 x, struct buffer *out);
bool int128_take(__int128 *x, struct reader *in);

#endif
