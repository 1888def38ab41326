/* int320.h: signed integers of 320 bits: sums of up to 2^64 numerics of 38 digits at any scale up
 * to 38 fit (10^76 * 2^64 < 2^319); and of 640 bits, for the sums of their squares (10^152 * 2^64 <
 * 2^569). Two's complement, least word first. */
#ifndef RUNTIME_INT320_H
#define RUNTIME_INT320_H

#include "base/bytes.h"

#define INT320_WORDS 5
#define INT640_WORDS 10

struct int320 {
    uint64_t words[INT320_WORDS];
};

struct int320 int320_of(__int128 x);
void int320_add(struct int320 *x, const struct int320 *y);
/* x * 10^power; power up to 38. */
void int320_scale(struct int320 *x, int power);
/* False: outside __int128. */
bool int320_to_int(const struct int320 *x, __int128 *out);
/* A size byte and as many bytes as the value needs, least first. */
void int320_append(const struct int320 *x, struct buffer *out);
bool int320_take(struct int320 *x, struct reader *in);

struct int640 {
    uint64_t words[INT640_WORDS];
};

struct int640 int640_of_square(__int128 x); /* |x| < 2^127 */
void int640_add(struct int640 *x, const struct int640 *y);
void int640_scale(struct int640 *x, int power); /* up to 76 */
void int640_append(const struct int640 *x, struct buffer *out);
bool int640_take(struct int640 *x, struct reader *in);

/* The same for 128 bits: zigzag, LEB128. */
void int128_append(__int128 x, struct buffer *out);
bool int128_take(__int128 *x, struct reader *in);

#endif
