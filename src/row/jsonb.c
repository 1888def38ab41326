/* jsonb.c: JSON to the text of a jsonb, as PostgreSQL 15's jsonapi.c and jsonb.c have it. */
#include "row/jsonb.h"

#include <stdlib.h>
#include <string.h>

/* Of a numeric, before and behind the point. */
#define WHOLE_DIGITS_MAX    131072
#define FRACTION_DIGITS_MAX 16383

struct reading {
    struct nt_eval *e;
    const uint8_t *at, *end;
    struct buffer *out;
    int depth;
};

struct member {
    struct bytes name; /* without escapes */
    size_t start, end; /* of name and value in what is written */
    size_t order;
};

static bool fail(struct reading *r, const char *message)
{
    nt_fail(r->e, message);
    return false;
}

static bool fail_syntax(struct reading *r)
{
    return fail(r, "invalid input syntax for type json");
}

static void skip_blanks(struct reading *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
        r->at++;
}

/* The next character that is no blank, if it is this one. */
static bool take(struct reading *r, uint8_t c)
{
    skip_blanks(r);
    if (r->at == r->end || *r->at != c) return false;
    r->at++;
    return true;
}

static void append_char(uint8_t c, struct buffer *out)
{
    static const char letters[] = "\b\f\n\r\t\"\\", escapes[] = "bfnrt\"\\";
    const char *special = c ? strchr(letters, c) : NULL;
    if (special)
        buffer_printf(out, "\\%c", escapes[special - letters]);
    else if (c < ' ')
        buffer_printf(out, "\\u%04x", c);
    else
        buffer_append_byte(out, c);
}

void jsonb_append_string(struct bytes text, struct buffer *out)
{
    buffer_append_byte(out, '"');
    for (size_t i = 0; i < text.size; i++) append_char(text.data[i], out);
    buffer_append_byte(out, '"');
}

static void append_code(uint32_t code, struct buffer *out)
{
    if (code < 0x80) {
        append_char((uint8_t)code, out);
        return;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const uint8_t leads[] = {0, 0xc0, 0xe0, 0xf0};
    buffer_append_byte(out, (uint8_t)(leads[more] | code >> 6 * more));
    while (more-- > 0) buffer_append_byte(out, (uint8_t)(0x80 | (code >> 6 * more & 0x3f)));
}

static bool read_hex(struct reading *r, uint32_t *code)
{
    *code = 0;
    if (r->end - r->at < 4) return fail_syntax(r);
    for (int i = 0; i < 4; i++, r->at++) {
        uint8_t c = *r->at;
        bool is_digit = c >= '0' && c <= '9', is_letter = (c | 32) >= 'a' && (c | 32) <= 'f';
        if (!is_digit && !is_letter) return fail_syntax(r);
        *code = *code << 4 | (uint32_t)(is_digit ? c - '0' : (c | 32) - 'a' + 10);
    }
    return true;
}

/* Behind \u; of a pair of surrogates both. */
static bool read_code(struct reading *r)
{
    uint32_t code, low;
    if (!read_hex(r, &code)) return false;
    if (code == 0) return fail(r, "unsupported Unicode escape sequence");
    if (code >= 0xdc00 && code < 0xe000) return fail_syntax(r);
    if (code >= 0xd800 && code < 0xdc00) {
        if (r->end - r->at < 2 || r->at[0] != '\\' || r->at[1] != 'u') return fail_syntax(r);
        r->at += 2;
        if (!read_hex(r, &low)) return false;
        if (low < 0xdc00 || low >= 0xe000) return fail_syntax(r);
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    append_code(code, r->out);
    return true;
}

static bool read_escape(struct reading *r)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    if (r->at == r->end) return fail_syntax(r);
    uint8_t c = *r->at++;
    if (c == 'u') return read_code(r);
    const char *name = c ? strchr(names, c) : NULL;
    if (!name) return fail_syntax(r);
    append_char((uint8_t)values[name - names], r->out);
    return true;
}

/* Behind the quote that opens it. */
static bool read_string(struct reading *r)
{
    buffer_append_byte(r->out, '"');
    for (;;) {
        if (r->at == r->end || *r->at < ' ') return fail_syntax(r);
        uint8_t c = *r->at++;
        if (c == '"') break;
        if (c != '\\')
            buffer_append_byte(r->out, c);
        else if (!read_escape(r))
            return false;
    }
    buffer_append_byte(r->out, '"');
    return true;
}

/* A number: digits, of which the first `point` are before it. */
struct digits {
    struct bytes whole, fraction;
    int64_t point, scale; /* scale: digits to be printed behind the point */
    bool is_negative;
};

static uint8_t digit_at(const struct digits *x, int64_t i)
{
    int64_t whole = (int64_t)x->whole.size;
    if (i < 0 || i >= whole + (int64_t)x->fraction.size) return '0';
    return i < whole ? x->whole.data[i] : x->fraction.data[i - whole];
}

static struct bytes take_digits(struct reading *r)
{
    const uint8_t *first = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9') r->at++;
    return (struct bytes){first, (size_t)(r->at - first)};
}

static bool digits_append(struct reading *r, const struct digits *x)
{
    int64_t count = (int64_t)(x->whole.size + x->fraction.size), first = 0;
    while (first < count && digit_at(x, first) == '0') first++;
    bool is_zero = first == count;
    if (x->scale > FRACTION_DIGITS_MAX || (!is_zero && x->point - first > WHOLE_DIGITS_MAX))
        return fail(r, "value overflows numeric format");
    if (x->is_negative && !is_zero) buffer_append_byte(r->out, '-');
    if (is_zero || first >= x->point) buffer_append_byte(r->out, '0');
    for (int64_t i = first; !is_zero && i < x->point; i++)
        buffer_append_byte(r->out, digit_at(x, i));
    if (x->scale > 0) buffer_append_byte(r->out, '.');
    for (int64_t i = 0; i < x->scale; i++)
        buffer_append_byte(r->out, is_zero ? '0' : digit_at(x, x->point + i));
    return true;
}

/* numeric_in of the token: 1e2 is 100 and 1.50 keeps its zero. */
static bool read_number(struct reading *r)
{
    struct digits x = {0};
    int64_t exponent = 0;
    if (*r->at == '-') {
        x.is_negative = true;
        r->at++;
    }
    x.whole = take_digits(r);
    if (x.whole.size == 0 || (x.whole.size > 1 && x.whole.data[0] == '0')) return fail_syntax(r);
    if (r->at < r->end && *r->at == '.') {
        r->at++;
        x.fraction = take_digits(r);
        if (x.fraction.size == 0) return fail_syntax(r);
    }
    if (r->at < r->end && (*r->at | 32) == 'e') {
        r->at++;
        bool is_negative = r->at < r->end && *r->at == '-';
        if (r->at < r->end && (*r->at == '-' || *r->at == '+')) r->at++;
        struct bytes digits = take_digits(r);
        if (digits.size == 0) return fail_syntax(r);
        for (size_t i = 0; i < digits.size && exponent < INT32_MAX; i++)
            exponent = exponent * 10 + (digits.data[i] - '0');
        if (is_negative) exponent = -exponent;
    }
    x.point = (int64_t)x.whole.size + exponent;
    x.scale = (int64_t)x.fraction.size - exponent;
    return digits_append(r, &x);
}

static bool read_word(struct reading *r)
{
    static const char *const words[] = {"null", "true", "false"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i]);
        if ((size_t)(r->end - r->at) < size || memcmp(r->at, words[i], size) != 0) continue;
        r->at += size;
        buffer_append(r->out, words[i], size);
        return true;
    }
    return fail_syntax(r);
}

static bool read_value(struct reading *r);

static bool read_array(struct reading *r)
{
    buffer_append_byte(r->out, '[');
    if (!take(r, ']')) {
        do {
            if (!read_value(r)) return false;
            if (take(r, ']')) break;
            if (!take(r, ',')) return fail_syntax(r);
            buffer_append_text(r->out, ", ");
        } while (true);
    }
    buffer_append_byte(r->out, ']');
    return true;
}

/* By the length of the name, then by its bytes; what came last first. */
static int member_compare(const void *x_, const void *y_)
{
    const struct member *x = x_, *y = y_;
    if (x->name.size != y->name.size) return x->name.size < y->name.size ? -1 : 1;
    int order = x->name.size ? memcmp(x->name.data, y->name.data, x->name.size) : 0;
    if (order != 0) return order;
    return x->order > y->order ? -1 : 1;
}

static bool member_is_same(const struct member *x, const struct member *y)
{
    return x->name.size == y->name.size &&
           (x->name.size == 0 || memcmp(x->name.data, y->name.data, x->name.size) == 0);
}

/* The members that are written from start on, put in order. */
static void members_sort(struct reading *r, struct member *members, size_t count, size_t start)
{
    bool is_sorted = true;
    for (size_t i = 1; is_sorted && i < count; i++)
        is_sorted = !member_is_same(&members[i - 1], &members[i]) &&
                    member_compare(&members[i - 1], &members[i]) < 0;
    if (is_sorted) return;
    size_t size = r->out->size - start;
    const char *copy = nt_arena_copy(r->e->arena, r->out->data + start, size);
    qsort(members, count, sizeof *members, member_compare);
    r->out->size = start;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && member_is_same(&members[i - 1], &members[i])) continue;
        if (r->out->size > start) buffer_append_text(r->out, ", ");
        buffer_append(r->out, copy + (members[i].start - start), members[i].end - members[i].start);
    }
}

static bool read_member(struct reading *r, struct member *member)
{
    if (!take(r, '"')) return fail_syntax(r);
    member->start = r->out->size;
    if (!read_string(r)) return false;
    size_t size = r->out->size - member->start;
    const char *name = nt_arena_copy(r->e->arena, r->out->data + member->start, size);
    struct nt_value plain = jsonb_string(r->e, nt_text(name, (uint32_t)size));
    member->name = (struct bytes){(const uint8_t *)plain.text, plain.size};
    if (!take(r, ':')) return fail_syntax(r);
    buffer_append_text(r->out, ": ");
    if (!read_value(r)) return false;
    member->end = r->out->size;
    return true;
}

static bool read_members(struct reading *r, struct member **members, size_t *count)
{
    size_t capacity = 0;
    do {
        if (*count == capacity) {
            capacity = capacity ? 2 * capacity : 8;
            struct member *more = nt_arena_alloc(r->e->arena, capacity * sizeof *more);
            if (*count) memcpy(more, *members, *count * sizeof *more);
            *members = more;
        }
        if (!read_member(r, &(*members)[*count])) return false;
        (*members)[*count].order = *count;
        ++*count;
        if (take(r, '}')) return true;
        if (!take(r, ',')) return fail_syntax(r);
        buffer_append_text(r->out, ", ");
    } while (true);
}

static bool read_object(struct reading *r)
{
    struct member *members = NULL;
    size_t count = 0;
    buffer_append_byte(r->out, '{');
    size_t start = r->out->size;
    if (!take(r, '}')) {
        if (!read_members(r, &members, &count)) return false;
        members_sort(r, members, count, start);
    }
    buffer_append_byte(r->out, '}');
    return true;
}

static bool read_nested(struct reading *r, bool is_object)
{
    if (r->depth == JSONB_DEPTH_MAX) return fail(r, "the JSON nests deeper than 500 levels");
    r->depth++;
    bool is_read = is_object ? read_object(r) : read_array(r);
    r->depth--;
    return is_read;
}

static bool read_value(struct reading *r)
{
    skip_blanks(r);
    if (r->at == r->end) return fail_syntax(r);
    uint8_t c = *r->at;
    if (c == '-' || (c >= '0' && c <= '9')) return read_number(r);
    if (c != '{' && c != '[' && c != '"') return read_word(r);
    r->at++;
    return c == '"' ? read_string(r) : read_nested(r, c == '{');
}

bool jsonb_parse(struct nt_eval *e, struct bytes text, struct nt_value *value)
{
    struct buffer out = {0};
    struct reading r = {e, text.data, text.data + text.size, &out, 0};
    bool is_read = read_value(&r);
    skip_blanks(&r);
    if (is_read && r.at < r.end) is_read = fail_syntax(&r);
    if (is_read && out.size > UINT32_MAX) is_read = fail(&r, "the JSON is longer than 4 GB");
    if (is_read) *value = nt_text(nt_arena_copy(e->arena, out.data, out.size), (uint32_t)out.size);
    buffer_deinit(&out);
    return is_read;
}
