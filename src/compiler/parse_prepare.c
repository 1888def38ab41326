/* parse_prepare.c: the text of a definition file before PostgreSQL's parser sees it. */
#include "compiler/parse.h"

#include <string.h>

#define FILE_SIZE_MAX (16 << 20)
/* libpg_query and protobuf-c recurse over the tree: 4000 levels stay far from 8 MB of stack. */
#define NESTING_MAX 4000

/* Bytes of the UTF-8 character at text, at most size; 0: none is there. */
static size_t character_size(const uint8_t *text, size_t size)
{
    uint8_t lead = text[0];
    size_t count = lead < 0x80                   ? 1
                   : lead >= 0xC2 && lead < 0xE0 ? 2
                   : lead >= 0xE0 && lead < 0xF0 ? 3
                   : lead >= 0xF0 && lead < 0xF5 ? 4
                                                 : 0;
    if (count == 0 || count > size || lead == 0) return 0;
    for (size_t i = 1; i < count; i++)
        if ((text[i] & 0xC0) != 0x80) return 0;
    bool is_overlong = (lead == 0xE0 && text[1] < 0xA0) || (lead == 0xF0 && text[1] < 0x90);
    bool is_surrogate = lead == 0xED && text[1] >= 0xA0;
    bool is_beyond = lead == 0xF4 && text[1] >= 0x90;
    return is_overlong || is_surrogate || is_beyond ? 0 : count;
}

static bool text_check(struct bytes text, struct diagnostics *diagnostics)
{
    if (text.size > FILE_SIZE_MAX) {
        diagnostics_error(diagnostics, 0, "a definition file has at most %d bytes, got %zu",
                          FILE_SIZE_MAX, text.size);
        return false;
    }
    for (size_t at = 0; at < text.size;) {
        size_t size = character_size(text.data + at, text.size - at);
        if (size == 0) {
            diagnostics_error(diagnostics, (int)at, "byte 0x%02x is not a character of UTF-8 text",
                              text.data[at]);
            return false;
        }
        at += size;
    }
    return true;
}

bool parse_prepare(struct bytes definitions, struct diagnostics *diagnostics, struct tokens *tokens)
{
    char *copy = nt_arena_zalloc(diagnostics->arena, definitions.size + 1);
    if (definitions.size) memcpy(copy, definitions.data, definitions.size);
    diagnostics->text = (struct bytes){(const uint8_t *)copy, definitions.size};
    *tokens = (struct tokens){.text = diagnostics->text};
    if (!text_check(diagnostics->text, diagnostics)) return false;
    int offset = 0;
    /* What does not scan is left to the parser, which says where; it does not get past there. */
    if (!tokens_scan(diagnostics->text, diagnostics->arena, tokens)) return true;
    if (tokens_nesting(tokens, &offset) <= NESTING_MAX) return true;
    *diagnostics_error(diagnostics, offset, "this nests too deeply to be read") =
        "smaller expressions and fewer parentheses";
    return false;
}
