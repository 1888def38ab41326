/*
 * mutate.c: libFuzzer's mutations, and some of our own for inputs that are text: words (names,
 * numbers, quoted texts, single signs) are replaced by, or put beside, other words of the input,
 * and stretches of words are repeated, moved or left out. A grammar stands between most single
 * bytes and the code behind it.
 */
#include "fuzz.h"

#include "../support/seed.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 4096

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

struct word {
    size_t start, end;
};

static uint64_t state;

static size_t pick(size_t below)
{
    return seed_next(&state) % below;
}

static bool is_name(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c >= 0x80;
}

static size_t word_end(const uint8_t *data, size_t size, size_t at)
{
    uint8_t c = data[at++];
    if (c == '\'' || c == '"') {
        const uint8_t *end = memchr(data + at, c, size - at);
        return end ? (size_t)(end - data) + 1 : size;
    }
    while (is_name(c) && at < size && is_name(data[at])) at++;
    return at;
}

static size_t words_find(const uint8_t *data, size_t size, struct word *words)
{
    size_t count = 0;
    for (size_t at = 0; at < size && count < WORDS_MAX;) {
        size_t end = word_end(data, size, at);
        if (data[at] > ' ') words[count++] = (struct word){at, end};
        at = end;
    }
    return count;
}

/* data[start, end) becomes text; 0: it would be too large. text is not part of data. */
static size_t splice(uint8_t *data, size_t size, size_t max_size, struct word at, struct bytes text)
{
    size_t result = size - (at.end - at.start) + text.size;
    if (result > max_size || result == 0) return 0;
    memmove(data + at.start + text.size, data + at.end, size - at.end);
    if (text.size) memcpy(data + at.start, text.data, text.size);
    return result;
}

static size_t words_mutate(uint8_t *data, size_t size, size_t max_size, struct word *words,
                           size_t count)
{
    size_t from = pick(count), last = from + pick(pick(4) ? 1 : 12);
    size_t to = pick(count), to_last = to + pick(pick(4) ? 1 : 12);
    struct word source = {words[from].start, words[last < count ? last : count - 1].end};
    struct word target = {words[to].start, words[to_last < count ? to_last : count - 1].end};
    size_t way = pick(8);
    if (way == 0) return splice(data, size, max_size, target, (struct bytes){0}); /* leave out */
    if (way < 3) target.end = target.start;                                       /* put before */
    size_t length = source.end - source.start;
    uint8_t *text = memory_alloc(length + 1);
    memcpy(text, data + source.start, length);
    text[length] = ' ';
    size_t result = splice(data, size, max_size, target, (struct bytes){text, length + (way < 3)});
    free(text);
    return result;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
    static struct word words[WORDS_MAX];
    state = seed;
    size_t result = 0;
    if (pick(2)) {
        size_t count = words_find(data, size, words);
        if (count > 1) result = words_mutate(data, size, max_size, words, count);
    }
    return result ? result : LLVMFuzzerMutate(data, size, max_size);
}
