/* int320.c: see int320.h. Addition and multiplication are those of integers modulo 2^320, which are
 * the same for both signs. */
#include "runtime/int320.h"

#define INT320_BYTES (INT320_WORDS * 8)

static bool int320_is_negative(const struct int320 *x)
{
    return x->words[INT320_WORDS - 1] >> 63;
}

struct int320 int320_of(__int128 x)
{
    uint64_t sign = x < 0 ? UINT64_MAX : 0;
    unsigned __int128 bits = (unsigned __int128)x;
    return (struct int320){{(uint64_t)bits, (uint64_t)(bits >> 64), sign, sign, sign}};
}

void int320_add(struct int320 *x, const struct int320 *y)
{
    unsigned __int128 carry = 0;
    for (int i = 0; i < INT320_WORDS; i++) {
        carry += (unsigned __int128)x->words[i] + y->words[i];
        x->words[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

static void int320_multiply(struct int320 *x, uint64_t by)
{
    unsigned __int128 carry = 0;
    for (int i = 0; i < INT320_WORDS; i++) {
        carry += (unsigned __int128)x->words[i] * by;
        x->words[i] = (uint64_t)carry;
        carry >>= 64;
    }
}

void int320_scale(struct int320 *x, int power)
{
    for (; power > 0; power--) int320_multiply(x, 10);
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

static uint8_t int320_byte(const struct int320 *x, int i)
{
    return (uint8_t)(x->words[i >> 3] >> (8 * (i & 7)));
}

void int320_append(const struct int320 *x, struct buffer *out)
{
    uint8_t sign = int320_is_negative(x) ? 0xff : 0;
    int size = INT320_BYTES;
    while (size > 0 && int320_byte(x, size - 1) == sign) size--;
    if (size < INT320_BYTES && (size ? int320_byte(x, size - 1) >> 7 : 0) != (sign & 1)) size++;
    buffer_append_byte(out, (uint8_t)size);
    for (int i = 0; i < size; i++) buffer_append_byte(out, int320_byte(x, i));
}

bool int320_take(struct int320 *x, struct reader *in)
{
    size_t size = reader_byte(in);
    const uint8_t *bytes = size <= INT320_BYTES ? reader_take(in, size) : NULL;
    if (!bytes) return false;
    uint8_t sign = size && bytes[size - 1] >> 7 ? 0xff : 0;
    *x = (struct int320){0};
    for (size_t i = 0; i < INT320_BYTES; i++) {
        uint64_t byte = i < size ? bytes[i] : sign;
        x->words[i >> 3] |= byte << (8 * (i & 7));
    }
    return true;
}

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
