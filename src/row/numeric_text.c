/*
 * numeric_text.c: numeric as digits: PostgreSQL's numeric_in and numeric_out, and the way to float8
 * and back, which PostgreSQL takes through text too.
 */
#include "row/numeric.h"

#include "row/float_text.h"

#include <limits.h>
#include <stdio.h>
#include <strings.h>

#define EXPONENT_MAX (INT_MAX / 2) /* at and beyond it PostgreSQL reports an overflow at once */

static const char *special_name(enum nt_numeric_kind kind)
{
    switch (kind) {
    case NT_NUMERIC_NAN:
        return "NaN";
    case NT_NUMERIC_INFINITY:
        return "Infinity";
    case NT_NUMERIC_MINUS_INFINITY:
        return "-Infinity";
    case NT_NUMERIC_FINITE:
        break;
    }
    __builtin_unreachable();
}

static void append_zeros(int count, struct buffer *out)
{
    for (; count > 0; count--) buffer_append_byte(out, '0');
}

static void append_digits(const uint8_t *digits, int count, struct buffer *out)
{
    for (int i = 0; i < count; i++) buffer_append_byte(out, (uint8_t)('0' + digits[i]));
}

void numeric_append_text(struct nt_numeric x, struct buffer *out)
{
    if (x.kind != NT_NUMERIC_FINITE) {
        buffer_append_text(out, special_name(x.kind));
        return;
    }
    uint8_t digits[NUMERIC_DIGITS_ROOM];
    int count = numeric_digits(x, digits), whole = count > x.scale ? count - x.scale : 0;
    if (x.coefficient < 0) buffer_append_byte(out, '-');
    append_digits(digits, whole, out);
    if (whole == 0) buffer_append_byte(out, '0');
    if (x.scale == 0) return;
    buffer_append_byte(out, '.');
    append_zeros(x.scale - (count - whole), out);
    append_digits(digits + whole, count - whole, out);
}

struct cursor {
    const char *next, *end;
};

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool cursor_is_at(const struct cursor *in, char c)
{
    return in->next < in->end && *in->next == c;
}

static bool cursor_is_at_digit(const struct cursor *in)
{
    return in->next < in->end && is_digit(*in->next);
}

static void cursor_skip_spaces(struct cursor *in)
{
    while (in->next < in->end && is_space(*in->next)) in->next++;
}

/* Moves past a sign; true: it was a minus. */
static bool cursor_take_sign(struct cursor *in)
{
    bool is_negative = cursor_is_at(in, '-');
    if (is_negative || cursor_is_at(in, '+')) in->next++;
    return is_negative;
}

static bool cursor_take_word(struct cursor *in, const char *word, size_t size)
{
    if ((size_t)(in->end - in->next) < size || strncasecmp(in->next, word, size) != 0) return false;
    in->next += size;
    return true;
}

/* NaN takes no sign, the infinities do. */
static bool special_take(struct cursor *in, struct nt_numeric *out)
{
    if (cursor_take_word(in, "nan", 3)) {
        *out = (struct nt_numeric){.kind = NT_NUMERIC_NAN};
        return true;
    }
    struct cursor at = *in;
    bool is_negative = cursor_take_sign(&at);
    if (!cursor_take_word(&at, "infinity", 8) && !cursor_take_word(&at, "inf", 3)) return false;
    *in = at;
    *out =
        (struct nt_numeric){.kind = is_negative ? NT_NUMERIC_MINUS_INFINITY : NT_NUMERIC_INFINITY};
    return true;
}

/* digits / 10^scale as written, before the exponent; no zeros in front. */
struct decimal {
    int64_t scale;
    int count;
    bool is_long; /* more digits than there is room for */
    uint8_t digits[NUMERIC_DIGITS_MAX];
};

static void decimal_add_digit(struct decimal *d, int digit)
{
    if (d->count == 0 && digit == 0) return;
    if (d->count < NUMERIC_DIGITS_MAX)
        d->digits[d->count++] = (uint8_t)digit;
    else
        d->is_long = true;
}

static bool digits_take(struct cursor *in, struct decimal *d)
{
    bool has_point = cursor_is_at(in, '.');
    if (has_point) in->next++;
    if (!cursor_is_at_digit(in)) return false;
    for (;; in->next++) {
        if (cursor_is_at_digit(in)) {
            decimal_add_digit(d, *in->next - '0');
            d->scale += has_point;
        } else if (cursor_is_at(in, '.') && !has_point) {
            has_point = true;
        } else {
            return true;
        }
    }
}

/* After the e. PostgreSQL reads it with strtol: spaces may come first. */
static enum numeric_parse exponent_take(struct cursor *in, int64_t *exponent)
{
    cursor_skip_spaces(in);
    bool is_negative = cursor_take_sign(in);
    if (!cursor_is_at_digit(in)) return NUMERIC_SYNTAX;
    int64_t x = 0;
    for (; cursor_is_at_digit(in); in->next++)
        if (x < EXPONENT_MAX) x = x * 10 + (*in->next - '0');
    *exponent = is_negative ? -x : x;
    return x >= EXPONENT_MAX ? NUMERIC_RANGE : NUMERIC_PARSED;
}

static bool decimal_make(struct nt_arena *arena, struct decimal *d, bool is_negative,
                         struct nt_numeric *out)
{
    if (d->is_long) return false;
    for (; d->scale < 0 && d->count > 0; d->scale++) {
        if (d->count == NUMERIC_DIGITS_MAX) return false;
        d->digits[d->count++] = 0;
    }
    if (d->scale < 0) d->scale = 0;
    if (d->scale > NUMERIC_SCALE_MAX) return false;
    return numeric_of_digits(arena, d->digits, d->count, is_negative, (int)d->scale, out);
}

enum numeric_parse numeric_parse(struct nt_arena *arena, const char *text, size_t size,
                                 struct nt_numeric *out)
{
    struct cursor in = {text, text + size};
    struct decimal d; /* its digits are not set */
    d.scale = d.count = d.is_long = 0;
    cursor_skip_spaces(&in);
    bool is_special = special_take(&in, out), is_negative = false;
    if (!is_special) {
        is_negative = cursor_take_sign(&in);
        if (!digits_take(&in, &d)) return NUMERIC_SYNTAX;
        int64_t exponent = 0;
        if (cursor_is_at(&in, 'e') || cursor_is_at(&in, 'E')) {
            in.next++;
            enum numeric_parse parsed = exponent_take(&in, &exponent);
            if (parsed != NUMERIC_PARSED) return parsed;
        }
        d.scale -= exponent;
    }
    cursor_skip_spaces(&in);
    if (in.next != in.end) return NUMERIC_SYNTAX;
    return is_special || decimal_make(arena, &d, is_negative, out) ? NUMERIC_PARSED : NUMERIC_RANGE;
}

static double special_to_double(enum nt_numeric_kind kind)
{
    if (kind == NT_NUMERIC_NAN) return __builtin_nan("");
    return kind == NT_NUMERIC_INFINITY ? __builtin_inf() : -__builtin_inf();
}

bool numeric_is_double(struct nt_numeric x)
{
    return x.limb_count == 0 && x.scale <= 300;
}

double numeric_to_double(struct nt_numeric x)
{
    if (x.kind != NT_NUMERIC_FINITE) return special_to_double(x.kind);
    /* Two exact doubles: IEEE division rounds once. 10^22 is the last exact power of ten. */
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    __int128 exact = (__int128)1 << 53;
    if (x.limb_count == 0 && x.coefficient <= exact && x.coefficient >= -exact && x.scale <= 22)
        return (double)x.coefficient / powers[x.scale];
    char text[NUMERIC_DIGITS_ROOM + sizeof "e-1000"];
    int count = numeric_digits(x, (uint8_t *)text);
    for (int i = 0; i < count; i++) text[i] = (char)('0' + text[i]);
    count += snprintf(text + count, sizeof "e-1000", "e-%d", x.scale);
    double magnitude = 0;
    size_t start, end;
    float_text_parse(text, (size_t)count, &magnitude, &start, &end);
    return x.coefficient < 0 ? -magnitude : magnitude;
}

static bool of_digits(struct nt_arena *arena, double x, int digits, struct nt_numeric *out)
{
    if (__builtin_isfinite(x)) {
        char text[FLOAT_TEXT_MAX];
        size_t size = float_text_digits(x, digits, text);
        return numeric_parse(arena, text, size, out) == NUMERIC_PARSED;
    }
    *out = (struct nt_numeric){.kind = NT_NUMERIC_NAN};
    if (__builtin_isinf(x)) out->kind = x > 0 ? NT_NUMERIC_INFINITY : NT_NUMERIC_MINUS_INFINITY;
    return true;
}

bool numeric_of_double(struct nt_arena *arena, double x, struct nt_numeric *out)
{
    return of_digits(arena, x, 15, out);
}

bool numeric_of_float4(struct nt_arena *arena, double x, struct nt_numeric *out)
{
    return of_digits(arena, x, 6, out);
}
