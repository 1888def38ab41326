/* lookup3.c: see lookup3.h. Twelve bytes at a time go into three words, which are mixed; the rest
 * is padded with zeros, but for the lowest byte of the third word, which the length has. */
#include "base/lookup3.h"

#include <string.h>

#define BLOCK      12
#define START      (0x9e3779b9u + 3923095u)
#define LAST_BYTES 3 /* of the third word, in the last block */

static uint32_t rotate(uint32_t x, int bits)
{
    return x << bits | x >> (32 - bits);
}

static void step_mix(uint32_t *x, uint32_t y, uint32_t *z, int bits, uint32_t next)
{
    *x -= y;
    *x ^= rotate(y, bits);
    *z += next;
}

static void words_mix(uint32_t w[3])
{
    static const uint8_t turns[] = {4, 6, 8, 16, 19, 4};
    for (int i = 0; i < 6; i++) {
        int x = i % 3, y = (i + 2) % 3, next = (i + 1) % 3;
        step_mix(&w[x], w[y], &w[y], turns[i], w[next]);
    }
}

static void words_finish(uint32_t w[3])
{
    static const uint8_t turns[] = {14, 11, 25, 16, 4, 14, 24};
    for (int i = 0; i < 7; i++) {
        int x = (i + 2) % 3, y = (i + 1) % 3;
        w[x] ^= w[y];
        w[x] -= rotate(w[y], turns[i]);
    }
}

static uint32_t word_take(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

uint64_t hash_lookup3(struct bytes bytes)
{
    uint32_t start = START + (uint32_t)bytes.size, w[3] = {start, start, start};
    const uint8_t *at = bytes.data;
    size_t left = bytes.size;
    for (; left >= BLOCK; left -= BLOCK, at += BLOCK) {
        for (int i = 0; i < 3; i++) w[i] += word_take(at + 4 * i);
        words_mix(w);
    }
    uint8_t last[BLOCK + 1] = {0};
    size_t head = left < BLOCK - LAST_BYTES - 1 ? left : BLOCK - LAST_BYTES - 1;
    if (left) memcpy(last, at, head);
    if (left > head) memcpy(last + head + 1, at + head, left - head);
    for (int i = 0; i < 3; i++) w[i] += word_take(last + 4 * i);
    words_finish(w);
    return (uint64_t)w[1] << 32 | w[2];
}
