/* binary_text.c: see binary_text.h; PostgreSQL's uuid.c, varlena.c and encode.c. */
#include "row/binary_text.h"

static void byte_append_hex(uint8_t byte, struct buffer *out)
{
    static const char digits[] = "0123456789abcdef";
    buffer_append_byte(out, (uint8_t)digits[byte >> 4]);
    buffer_append_byte(out, (uint8_t)digits[byte & 15]);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    char lower = (char)(c | 32);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The byte of two digits; -1: there are none. */
static int hex_byte(const char *text, const char *end)
{
    if (end - text < 2) return -1;
    int high = hex_digit(text[0]), low = hex_digit(text[1]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

void uuid_append_text(const char uuid[NT_UUID_SIZE], struct buffer *out)
{
    for (int i = 0; i < NT_UUID_SIZE; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) buffer_append_byte(out, '-');
        byte_append_hex((uint8_t)uuid[i], out);
    }
}

bool uuid_parse(const char *text, size_t size, char uuid[NT_UUID_SIZE])
{
    const char *end = text + size;
    bool has_brace = text < end && *text == '{';
    text += has_brace;
    for (int i = 0; i < NT_UUID_SIZE; i++) {
        int byte = hex_byte(text, end);
        if (byte < 0) return false;
        uuid[i] = (char)byte;
        text += 2;
        if (text < end && *text == '-' && i % 2 == 1 && i < NT_UUID_SIZE - 1) text++;
    }
    if (has_brace && (text == end || *text++ != '}')) return false;
    return text == end;
}

void bytea_append_text(const char *bytes, size_t size, struct buffer *out)
{
    buffer_append_text(out, "\\x");
    for (size_t i = 0; i < size; i++) byte_append_hex((uint8_t)bytes[i], out);
}

/* White space may stand between bytes, not between the digits of one. */
static enum bytea_parse hex_parse(const char *text, size_t size, size_t at, char *out,
                                  size_t *out_size, size_t *wrong)
{
    *out_size = 0;
    while (at < size) {
        char c = text[at];
        *wrong = at++;
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') continue;
        int high = hex_digit(c);
        if (high < 0) return BYTEA_DIGIT;
        if (at == size) return BYTEA_ODD;
        int low = hex_digit(text[at]);
        *wrong = at++;
        if (low < 0) return BYTEA_DIGIT;
        out[(*out_size)++] = (char)(high << 4 | low);
    }
    return BYTEA_PARSED;
}

static bool is_octal(char c, char most)
{
    return c >= '0' && c <= most;
}

static enum bytea_parse escape_parse(const char *text, size_t size, char *out, size_t *out_size)
{
    *out_size = 0;
    for (size_t i = 0; i < size; i++) {
        char byte = text[i];
        if (byte == '\\') {
            if (i + 1 < size && text[i + 1] == '\\') {
                i++;
            } else if (i + 3 < size && is_octal(text[i + 1], '3') && is_octal(text[i + 2], '7') &&
                       is_octal(text[i + 3], '7')) {
                byte = (char)((text[i + 1] - '0') << 6 | (text[i + 2] - '0') << 3 |
                              (text[i + 3] - '0'));
                i += 3;
            } else {
                return BYTEA_SYNTAX;
            }
        }
        out[(*out_size)++] = byte;
    }
    return BYTEA_PARSED;
}

enum bytea_parse bytea_parse(const char *text, size_t size, char *out, size_t *out_size,
                             size_t *wrong)
{
    bool is_hex = size >= 2 && text[0] == '\\' && text[1] == 'x';
    return is_hex ? hex_parse(text, size, 2, out, out_size, wrong)
                  : escape_parse(text, size, out, out_size);
}
