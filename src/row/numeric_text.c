/*
 * numeric_text.c: numeric as digits: PostgreSQL's numeric_in and numeric_out, and the way to float8
 * and back, which PostgreSQL takes through text too.
 */
#include "row/numeric.h"

#include "row/float_text.h"
#include "row/wide.h"

#include <limits.h>
#include <stdio.h>
#include <strings.h>

#define DIGITS_MAX   38
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

/* The digits of x, zero padded to one more than its scale; from the right into digits. */
static size_t digits_of(struct nt_numeric x, char digits[DIGITS_MAX + 1])
{
    unsigned __int128 rest =
        (unsigned __int128)(x.coefficient < 0 ? -x.coefficient : x.coefficient);
    size_t at = DIGITS_MAX + 1, last = at - x.scale - 1u;
    while (rest > 0 || at > last) {
        digits[--at] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    }
    return at;
}

void numeric_append_text(struct nt_numeric x, struct buffer *out)
{
    if (x.kind != NT_NUMERIC_FINITE) {
        buffer_append_text(out, special_name(x.kind));
        return;
    }
    char digits[DIGITS_MAX + 1];
    size_t first = digits_of(x, digits), point = sizeof digits - x.scale;
    if (x.coefficient < 0) buffer_append_byte(out, '-');
    buffer_append(out, digits + first, point - first);
    if (x.scale == 0) return;
    buffer_append_byte(out, '.');
    buffer_append(out, digits + point, x.scale);
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

/* digits / 10^scale as written, before the exponent. */
struct decimal {
    unsigned __int128 digits;
    int64_t scale;
    bool is_long; /* more than 38 digits that count */
};

static void decimal_add_digit(struct decimal *d, int digit)
{
    if (d->digits >= power10(DIGITS_MAX - 1))
        d->is_long = true;
    else
        d->digits = d->digits * 10 + (unsigned)digit;
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

static bool decimal_make(struct decimal d, bool is_negative, struct nt_numeric *out)
{
    if (d.is_long) return false;
    for (; d.scale < 0 && d.digits != 0; d.scale++) {
        if (d.digits >= power10(DIGITS_MAX - 1)) return false;
        d.digits *= 10;
    }
    if (d.scale < 0) d.scale = 0;
    if (d.scale > DIGITS_MAX) return false;
    __int128 coefficient = (__int128)d.digits;
    return numeric_make(is_negative ? -coefficient : coefficient, (int)d.scale, out);
}

enum numeric_parse numeric_parse(const char *text, size_t size, struct nt_numeric *out)
{
    struct cursor in = {text, text + size};
    struct decimal d = {0};
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
    return is_special || decimal_make(d, is_negative, out) ? NUMERIC_PARSED : NUMERIC_RANGE;
}

static double special_to_double(enum nt_numeric_kind kind)
{
    if (kind == NT_NUMERIC_NAN) return __builtin_nan("");
    return kind == NT_NUMERIC_INFINITY ? __builtin_inf() : -__builtin_inf();
}

double numeric_to_double(struct nt_numeric x)
{
    if (x.kind != NT_NUMERIC_FINITE) return special_to_double(x.kind);
    /* Two exact doubles: IEEE division rounds once. 10^22 is the last exact power of ten. */
    __int128 exact = (__int128)1 << 53;
    if (x.coefficient <= exact && x.coefficient >= -exact && x.scale <= 22)
        return (double)x.coefficient / (double)power10(x.scale);
    char digits[DIGITS_MAX + 1], text[DIGITS_MAX + 8];
    size_t first = digits_of(x, digits);
    int size = snprintf(text, sizeof text, "%.*se-%d", (int)(sizeof digits - first), digits + first,
                        x.scale);
    double magnitude = 0;
    size_t start, end;
    float_text_parse(text, (size_t)size, &magnitude, &start, &end);
    return x.coefficient < 0 ? -magnitude : magnitude;
}

static bool of_digits(double x, int digits, struct nt_numeric *out)
{
    if (__builtin_isfinite(x)) {
        char text[FLOAT_TEXT_MAX];
        return numeric_parse(text, float_text_digits(x, digits, text), out) == NUMERIC_PARSED;
    }
    *out = (struct nt_numeric){.kind = NT_NUMERIC_NAN};
    if (__builtin_isinf(x)) out->kind = x > 0 ? NT_NUMERIC_INFINITY : NT_NUMERIC_MINUS_INFINITY;
    return true;
}

bool numeric_of_double(double x, struct nt_numeric *out)
{
    return of_digits(x, 15, out);
}

bool numeric_of_float4(double x, struct nt_numeric *out)
{
    return of_digits(x, 6, out);
}
