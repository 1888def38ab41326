/* int320.c: see int320.h. Addition and multiplication are those of integers modulo 2^320 and 2^640,
 * which are the same for both signs. */
#include "runtime/int320.h"

/* ---- any number of words ---- */

static bool words_are_negative(const uint64_t *x, int count)
{
    return x[count - 1] >> 63;
}

void words_add(uint64_t *x, const uint64_t *y, int count)
{
    unsigned __int128 carry = 0;
    for (int i = 0; i < count; i++) {
        carry += (unsigned __int128)x[i] + y[i];
        x[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

void words_scale(uint64_t *x, int count, int power)
{
    while (power > 0) {
        uint64_t by = 1;
        unsigned __int128 carry = 0;
        for (int i = 0; i < 19 && power > 0; i++, power--) by *= 10;
        for (int i = 0; i < count; i++) {
            carry += (unsigned __int128)x[i] * by;
            x[i] = (uint64_t)carry;
            carry >>= 64;
        }
    }
}

void words_widen(uint64_t *out, int count, const uint64_t *x, int x_count)
{
    uint64_t sign = words_are_negative(x, x_count) ? UINT64_MAX : 0;
    for (int i = 0; i < count; i++) out[i] = i < x_count ? x[i] : sign;
}

static void words_negate(uint64_t *x, int count)
{
    uint64_t carry = 1;
    for (int i = 0; i < count; i++) {
        x[i] = ~x[i] + carry;
        carry = carry && x[i] == 0;
    }
}

static void words_of_natural(uint64_t *out, int count, const struct natural *x)
{
    for (int i = 0; i < count; i++) out[i] = i < x->count ? x->limbs[i] : 0;
}

void words_of_numeric(uint64_t out[LONG_WORDS], struct nt_numeric x)
{
    struct natural number;
    numeric_natural(x, &number);
    words_of_natural(out, LONG_WORDS, &number);
    if (x.coefficient < 0) words_negate(out, LONG_WORDS);
}

void words_of_square(uint64_t out[LONG_SQUARE_WORDS], struct nt_numeric x)
{
    struct natural number, square;
    numeric_natural(x, &number);
    natural_multiply(&square, &number, &number);
    words_of_natural(out, LONG_SQUARE_WORDS, &square);
}

bool words_natural(const uint64_t *x, int count, struct natural *out)
{
    uint64_t positive[LONG_SQUARE_WORDS];
    bool is_negative = words_are_negative(x, count);
    words_widen(positive, count, x, count);
    if (is_negative) words_negate(positive, count);
    natural_set_limbs(out, positive, count);
    return is_negative;
}

static uint8_t words_byte(const uint64_t *x, int i)
{
    return (uint8_t)(x[i >> 3] >> (8 * (i & 7)));
}

void words_append(const uint64_t *x, int count, struct buffer *out)
{
    uint8_t sign = words_are_negative(x, count) ? 0xff : 0;
    int size = 8 * count;
    while (size > 0 && words_byte(x, size - 1) == sign) size--;
    if (size < 8 * count && (size ? words_byte(x, size - 1) >> 7 : 0) != (sign & 1)) size++;
    buffer_append_varint(out, (uint64_t)size);
    for (int i = 0; i < size; i++) buffer_append_byte(out, words_byte(x, i));
}

bool words_take(uint64_t *x, int count, struct reader *in)
{
    uint64_t taken = reader_varint(in);
    if (in->is_short || taken > 8 * (uint64_t)count) return false;
    int size = (int)taken;
    const uint8_t *bytes = reader_take(in, (size_t)size);
    if (!bytes) return false;
    uint64_t sign = size && bytes[size - 1] >> 7 ? UINT64_MAX : 0;
    for (int i = 0; i < count; i++) x[i] = sign;
    for (int i = 0; i < size; i++) {
        int shift = 8 * (i & 7);
        x[i >> 3] = (x[i >> 3] & ~(UINT64_C(0xff) << shift)) | (uint64_t)bytes[i] << shift;
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

/* ---- 640 bits ---- */

struct int640 int640_of_square(__int128 x)
{
    unsigned __int128 magnitude = x < 0 ? -(unsigned __int128)x : (unsigned __int128)x;
    unsigned __int128 low = (uint64_t)magnitude, high = magnitude >> 64;
    unsigned __int128 first = low * low, middle = low * high, last = high * high;
    /* Twice the middle: high is below 2^63, so it fits. */
    middle = 2 * middle + (first >> 64);
    last += middle >> 64;
    return (struct int640){
        {(uint64_t)first, (uint64_t)middle, (uint64_t)last, (uint64_t)(last >> 64)}};
}

void int640_add(struct int640 *x, const struct int640 *y)
{
    words_add(x->words, y->words, INT640_WORDS);
}

void int640_scale(struct int640 *x, int power)
{
    words_scale(x->words, INT640_WORDS, power);
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
