/* md5.c: the rounds of RFC 1321 as one loop over a table. */
#include "row/md5.h"

#include <stdint.h>
#include <string.h>

#define BLOCK 64

/* floor(2^32 * |sin(i + 1)|) */
static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static uint32_t rotate(uint32_t x, int count)
{
    return x << count | x >> (32 - count);
}

static uint32_t word(const uint8_t *block, int index)
{
    const uint8_t *at = block + (size_t)index * 4;
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void block_add(uint32_t state[4], const uint8_t *block)
{
    static const uint8_t shifts[4][4] = {
        {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    for (int step = 0; step < 64; step++) {
        uint32_t mixed;
        int index;
        switch (step / 16) {
        case 0:
            mixed = (b & c) | (~b & d);
            index = step;
            break;
        case 1:
            mixed = (d & b) | (~d & c);
            index = (5 * step + 1) % 16;
            break;
        case 2:
            mixed = b ^ c ^ d;
            index = (3 * step + 5) % 16;
            break;
        default:
            mixed = c ^ (b | ~d);
            index = 7 * step % 16;
            break;
        }
        uint32_t sum = a + mixed + sines[step] + word(block, index);
        a = d;
        d = c;
        c = b;
        b += rotate(sum, shifts[step / 16][step % 4]);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void md5_text(const void *data, size_t size, char text[MD5_TEXT_SIZE])
{
    uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    const uint8_t *bytes = data;
    size_t rest = size;
    for (; rest >= BLOCK; rest -= BLOCK, bytes += BLOCK) block_add(state, bytes);
    uint8_t last[2 * BLOCK] = {0};
    if (rest) memcpy(last, bytes, rest);
    last[rest] = 0x80;
    size_t end = rest + 9 <= BLOCK ? BLOCK : 2 * BLOCK;
    for (int i = 0; i < 8; i++) last[end - 8 + (size_t)i] = (uint8_t)((uint64_t)size * 8 >> 8 * i);
    for (size_t at = 0; at < end; at += BLOCK) block_add(state, last + at);
    for (int i = 0; i < MD5_TEXT_SIZE; i++) {
        int byte = (int)(state[i / 8] >> i % 8 / 2 * 8 & 0xFF);
        text[i] = "0123456789abcdef"[i % 2 ? byte & 15 : byte >> 4];
    }
}
