/* int320.c: see int320.h. Addition and multiplication are those of integers modulo 2^320 and 2^640,
 * which are the same for both signs. */
#include "runtime/int320.h"

#include "row/wide.h"

/* ---- any number of words ---- */

static bool words_are_negative(const uint64_t *x, int count)
{
    return x[count - 1] >> 63;
}

static void words_add(uint64_t *x, const uint64_t *y, int count)
{
    unsigned __int128 carry = 0;
    for (int i = 0; i < count; i++) {
        carry += (unsigned __int128)x[i] + y[i];
        x[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

static void words_scale(uint64_t *x, int count, int power)
{
    for (; power > 0; power--) {
        unsigned __int128 carry = 0;
        for (int i = 0; i < count; i++) {
            carry += (unsigned __int128)x[i] * 10;
            x[i] = (uint64_t)carry;
            carry >>= 64;
        }
    }
}

static uint8_t words_byte(const uint64_t *x, int i)
{
    return (uint8_t)(x[i >> 3] >> (8 * (i & 7)));
}

static void words_append(const uint64_t *x, int count, struct buffer *out)
{
    uint8_t sign = words_are_negative(x, count) ? 0xff : 0;
    int size = 8 * count;
    while (size > 0 && words_byte(x, size - 1) == sign) size--;
    if (size < 8 * count && (size ? words_byte(x, size - 1) >> 7 : 0) != (sign & 1)) size++;
    buffer_append_byte(out, (uint8_t)size);
    for (int i = 0; i < size; i++) buffer_append_byte(out, words_byte(x, i));
}

/* x is all zero. */
static bool words_take(uint64_t *x, int count, struct reader *in)
{
    int size = reader_byte(in);
    const uint8_t *bytes = size <= 8 * count ? reader_take(in, (size_t)size) : NULL;
    if (!bytes) return false;
    uint8_t sign = size && bytes[size - 1] >> 7 ? 0xff : 0;
    for (int i = 0; i < 8 * count; i++) {
        uint64_t byte = i < size ? bytes[i] : sign;
        x[i >> 3] |= byte << (8 * (i & 7));
    }
    return true;
}

/* ---- 320 bits ---- */

struct int320 int320_of(__int128 x)
{
    uint64_t sign = x < 0 ? UINT64_MAX : 0;
    unsigned __int128 bits = (unsigned __int128)x;
    return (struct int320){{(uint64_t)bits, (uint64_t)(bits >> 64), sign, sign, sign}};
}

void int320_add(struct int320 *x, const struct int320 *y)
{
    words_add(x->words, y->words, INT320_WORDS);
}

void int320_scale(struct int320 *x, int power)
{
    words_scale(x->words, INT320_WORDS, power);
}

bool int320_to_int(const struct int320 *x, __int128 *out)
{
    unsigned __int128 bits = (unsigned __int128)x->words[1] << 64 | x->words[0];
    struct int320 back = int320_of((__int128)bits);
    *out = (__int128)bits;
    for (int i = 2; i < INT320_WORDS; i++) {
        if (back.words[i] != x->words[i]) return false;
    }
    return true;
}

void int320_append(const struct int320 *x, struct buffer *out)
{
    words_append(x->words, INT320_WORDS, out);
}

bool int320_take(struct int320 *x, struct reader *in)
{
    *x = (struct int320){0};
    return words_take(x->words, INT320_WORDS, in);
}

/* ---- 640 bits ---- */

struct int640 int640_of_square(__int128 x)
{
    wide_half magnitude = x < 0 ? -(wide_half)x : (wide_half)x;
    struct wide square = wide_mul(magnitude, magnitude);
    return (struct int640){{(uint64_t)square.low, (uint64_t)(square.low >> 64),
                            (uint64_t)square.high, (uint64_t)(square.high >> 64)}};
}

void int640_add(struct int640 *x, const struct int640 *y)
{
    words_add(x->words, y->words, INT640_WORDS);
}

void int640_scale(struct int640 *x, int power)
{
    words_scale(x->words, INT640_WORDS, power);
}

void int640_append(const struct int640 *x, struct buffer *out)
{
    words_append(x->words, INT640_WORDS, out);
}

bool int640_take(struct int640 *x, struct reader *in)
{
    *x = (struct int640){0};
    return words_take(x->words, INT640_WORDS, in);
}

/* ---- 128 bits ---- */

void int128_append(__int128 x, struct buffer *out)
{
    unsigned __int128 bits = (unsigned __int128)x << 1 ^ (unsigned __int128)(x >> 127);
    for (; bits >= 0x80; bits >>= 7) buffer_append_byte(out, (uint8_t)(0x80 | (uint8_t)bits));
    buffer_append_byte(out, (uint8_t)bits);
}

bool int128_take(__int128 *x, struct reader *in)
{
    unsigned __int128 bits = 0;
    for (unsigned shift = 0; shift < 128; shift += 7) {
        uint8_t byte = reader_byte(in);
        bits |= (unsigned __int128)(byte & 0x7f) << shift;
        if (byte & 0x80) continue;
        *x = (__int128)(bits >> 1 ^ -(bits & 1));
        return !in->is_short;
    }
    return false;
}
