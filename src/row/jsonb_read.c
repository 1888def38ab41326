/* jsonb_read.c: the parts of a jsonb, in its text. */
#include "row/jsonb.h"

#include <string.h>

enum jsonb_kind jsonb_kind(struct nt_value value)
{
    switch (value.text[0]) {
    case 'n':
        return JSONB_NULL;
    case 't':
    case 'f':
        return JSONB_BOOLEAN;
    case '"':
        return JSONB_STRING;
    case '[':
        return JSONB_ARRAY;
    case '{':
        return JSONB_OBJECT;
    default:
        return JSONB_NUMERIC;
    }
}

/* Behind the string that begins here. */
static uint32_t string_end(struct nt_value in, uint32_t at)
{
    for (at++; in.text[at] != '"'; at++)
        if (in.text[at] == '\\') at++;
    return at + 1;
}

/* Behind the value that begins here. */
static uint32_t value_end(struct nt_value in, uint32_t at)
{
    if (in.text[at] == '"') return string_end(in, at);
    int depth = 0;
    while (at < in.size) {
        char c = in.text[at];
        if (c == '"') {
            at = string_end(in, at);
            continue;
        }
        if (depth == 0 && (c == ',' || c == ']' || c == '}')) break;
        if (c == '[' || c == '{') depth++;
        if (c == ']' || c == '}') depth--;
        at++;
        if (depth == 0 && (c == ']' || c == '}')) break;
    }
    return at;
}

static struct nt_value part(struct nt_value in, uint32_t first, uint32_t end)
{
    return nt_text(in.text + first, end - first);
}

bool jsonb_next(struct nt_value container, uint32_t *at, struct nt_value *name,
                struct nt_value *element)
{
    uint32_t first = *at + 1;
    if (*at > 0) first++; /* the comma and its blank */
    if (first + 1 >= container.size) return false;
    *name = NT_NULL;
    if (container.text[0] == '{') {
        uint32_t end = string_end(container, first);
        *name = part(container, first, end);
        first = end + 2;
    }
    *at = value_end(container, first);
    *element = part(container, first, *at);
    return true;
}

static char escaped_char(char c)
{
    static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
    const char *name = strchr(names, c);
    return name ? values[name - names] : c;
}

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

struct nt_value jsonb_string(struct nt_eval *e, struct nt_value quoted)
{
    struct nt_value inner = part(quoted, 1, quoted.size - 1);
    if (inner.size == 0 || !memchr(inner.text, '\\', inner.size)) return inner;
    char *text = nt_arena_alloc(e->arena, inner.size);
    uint32_t size = 0;
    for (uint32_t i = 0; i < inner.size; i++) {
        char c = inner.text[i];
        if (c == '\\' && inner.text[++i] == 'u') { /* \u00xx, of the characters below a blank */
            c = (char)(hex_digit(inner.text[i + 3]) << 4 | hex_digit(inner.text[i + 4]));
            i += 4;
        } else if (c == '\\') {
            c = escaped_char(inner.text[i]);
        }
        text[size++] = c;
    }
    return nt_text(text, size);
}
