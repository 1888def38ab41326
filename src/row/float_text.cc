/*
 * float_text.cc: the one C++ file of the room: C has no shortest round-trip digits.
 */
#include "row/float_text.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace
{

using wide = unsigned __int128;

/* digits * 10^exponent, not negative; digits has size decimal digits. */
struct decimal {
    uint64_t digits;
    int exponent;
    int size;
};

/* x = mantissa * 2^exponent, x positive and finite. */
struct binary {
    uint64_t mantissa;
    int exponent;
    bool is_power; /* the gap below is half the gap above */
};

constexpr int MANTISSA_BITS = 52;
constexpr uint64_t MANTISSA_MASK = (uint64_t{1} << MANTISSA_BITS) - 1;
constexpr int DIGITS_MAX = 17; /* enough to tell any two doubles apart */
constexpr int FLOAT4_MANTISSA_BITS = 23;
constexpr uint64_t FLOAT4_MANTISSA_MASK = (uint64_t{1} << FLOAT4_MANTISSA_BITS) - 1;
constexpr int FLOAT4_DIGITS_MAX = 9;

binary binary_of(double x, bool is_float4)
{
    if (is_float4) {
        float narrow = static_cast<float>(x);
        uint32_t bits;
        std::memcpy(&bits, &narrow, sizeof bits);
        uint64_t mantissa = bits & FLOAT4_MANTISSA_MASK;
        int biased = static_cast<int>(bits >> FLOAT4_MANTISSA_BITS);
        if (biased == 0) return {mantissa, -149, false};
        return {mantissa | (FLOAT4_MANTISSA_MASK + 1), biased - 150, mantissa == 0 && biased > 1};
    }
    uint64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    uint64_t mantissa = bits & MANTISSA_MASK;
    int biased = static_cast<int>(bits >> MANTISSA_BITS);
    if (biased == 0) return {mantissa, -1074, false};
    return {mantissa | (MANTISSA_MASK + 1), biased - 1075, mantissa == 0 && biased > 1};
}

/* Reads d.ddde+dd, as std::to_chars writes it. */
decimal decimal_read(const char *text, const char *end)
{
    decimal d = {0, 0, 0};
    const char *p = text;
    for (; p < end && *p != 'e'; p++) {
        if (*p == '.') continue;
        d.digits = d.digits * 10 + static_cast<uint64_t>(*p - '0');
        d.size++;
    }
    int exponent = 0;
    p++;
    if (p < end && *p == '+') p++;
    std::from_chars(p, end, exponent);
    d.exponent = exponent - (d.size - 1);
    return d;
}

/* digits * 10^exponent == units * 2^exponent2? Compares the odd parts and the powers of two. */
bool decimal_is(decimal d, uint64_t units, int exponent2)
{
    /* 5^25 divides no number of 56 bits, and 5^28 exceeds any digits: no equality out there. */
    if (d.exponent > 24 || d.exponent < -27) return false;
    wide left = d.digits, right = units;
    for (int i = 0; i < d.exponent; i++) left *= 5;
    for (int i = 0; i > d.exponent; i--) right *= 5;
    int left_exponent = d.exponent, right_exponent = exponent2;
    for (; (left & 1) == 0; left >>= 1) left_exponent++;
    for (; (right & 1) == 0; right >>= 1) right_exponent++;
    return left == right && left_exponent == right_exponent;
}

/* Exactly half way between x and a neighbour: it reads back as x only by rounding to even. */
bool decimal_is_midpoint(decimal d, binary x)
{
    uint64_t quarters = x.mantissa * 4;
    return decimal_is(d, quarters + 2, x.exponent - 2) ||
           decimal_is(d, quarters - (x.is_power ? 1 : 2), x.exponent - 2);
}

/*
 * The shortest digits, nearest to x. PostgreSQL's Ryu (src/common/d2s.c, STRICTLY_SHORTEST 0) never
 * prints a midpoint, std::to_chars does where the mantissa is even: 1e23 is 9.999999999999999e+22
 * to PostgreSQL. The first precision whose rounding of x is no midpoint is then what it prints.
 */
decimal decimal_shortest(double x, bool is_float4)
{
    char text[FLOAT_TEXT_MAX], *stop = text + sizeof text;
    binary b = binary_of(x, is_float4);
    auto form = std::chars_format::scientific;
    auto end = is_float4 ? std::to_chars(text, stop, static_cast<float>(x), form).ptr
                         : std::to_chars(text, stop, x, form).ptr;
    decimal d = decimal_read(text, end);
    int digits_max = is_float4 ? FLOAT4_DIGITS_MAX : DIGITS_MAX;
    for (int size = d.size; decimal_is_midpoint(d, b) && size < digits_max;) {
        size++;
        end = std::to_chars(text, stop, x, form, size - 1).ptr;
        d = decimal_read(text, end);
    }
    for (; d.digits % 10 == 0; d.digits /= 10) {
        d.exponent++;
        d.size--;
    }
    return d;
}

/* Writes without looking at the end: FLOAT_TEXT_MAX holds the longest text there is. */
struct writer {
    char *next;
    void put(char c) { *next++ = c; }
    void put(const char *from, int size)
    {
        std::memcpy(next, from, static_cast<size_t>(size));
        next += size;
    }
    void zeros(int count)
    {
        while (count-- > 0) put('0');
    }
};

/* 0.00012, 1234.5, 120000 */
void write_fixed(writer &out, const char *digits, int size, int point)
{
    if (point <= 0) {
        out.put("0.", 2);
        out.zeros(-point);
        out.put(digits, size);
    } else if (point >= size) {
        out.put(digits, size);
        out.zeros(point - size);
    } else {
        out.put(digits, point);
        out.put('.');
        out.put(digits + point, size - point);
    }
}

/* 1.5e+15; at least two digits of exponent. */
void write_scientific(writer &out, const char *digits, int size, int exponent)
{
    out.put(digits[0]);
    if (size > 1) {
        out.put('.');
        out.put(digits + 1, size - 1);
    }
    out.put('e');
    out.put(exponent < 0 ? '-' : '+');
    int magnitude = exponent < 0 ? -exponent : exponent;
    if (magnitude < 10) out.put('0');
    out.next = std::to_chars(out.next, out.next + 4, magnitude).ptr;
}

bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
bool is_hex(char c)
{
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}

/* The end of word (lower case) at p, in any case; p itself when it is not there. */
const char *word_end(const char *p, const char *end, const char *word)
{
    const char *q = p;
    for (; *word; word++, q++)
        if (q == end || lower(*q) != *word) return p;
    return q;
}

/* nan(chars) of C's strtod; p is after "nan". */
const char *nan_end(const char *p, const char *end)
{
    if (p == end || *p != '(') return p;
    const char *q = p + 1;
    while (q < end && (is_digit(*q) || *q == '_' || (lower(*q) >= 'a' && lower(*q) <= 'z'))) q++;
    return q < end && *q == ')' ? q + 1 : p;
}

/* Infinity and NaN; NULL when there is none at p. */
const char *special_end(const char *p, const char *end, double *out)
{
    const char *q = word_end(p, end, "infinity");
    if (q == p) q = word_end(p, end, "inf");
    if (q != p) {
        *out = std::numeric_limits<double>::infinity();
        return q;
    }
    q = word_end(p, end, "nan");
    if (q == p) return nullptr;
    *out = std::numeric_limits<double>::quiet_NaN();
    return nan_end(q, end);
}

/* Digits with at most one point; *any says whether there was a digit. */
const char *digits_end(const char *p, const char *end, bool (*is)(char), bool *any)
{
    bool point = false;
    *any = false;
    for (; p < end && (is(*p) || (*p == '.' && !point)); p++) {
        if (*p == '.')
            point = true;
        else
            *any = true;
    }
    return p;
}

/* An exponent after mark; p itself when no digit follows. */
const char *exponent_end(const char *p, const char *end, char mark)
{
    if (p == end || lower(*p) != mark) return p;
    const char *q = p + 1;
    if (q < end && (*q == '+' || *q == '-')) q++;
    if (q == end || !is_digit(*q)) return p;
    while (q < end && is_digit(*q)) q++;
    return q;
}

/* The number at p without its sign, by strtod's grammar. Returns its end, p when there is none. */
const char *number_end(const char *p, const char *end, bool *is_hexadecimal)
{
    bool any = false;
    *is_hexadecimal = false;
    if (end - p > 2 && p[0] == '0' && lower(p[1]) == 'x') {
        const char *q = digits_end(p + 2, end, is_hex, &any);
        if (any) {
            *is_hexadecimal = true;
            return exponent_end(q, end, 'p');
        }
    }
    const char *q = digits_end(p, end, is_digit, &any);
    return any ? exponent_end(q, end, 'e') : p;
}

/* False: out of range. */
template <typename Float>
bool number_read(const char *p, const char *end, bool is_hexadecimal, double *out)
{
    auto format = is_hexadecimal ? std::chars_format::hex : std::chars_format::general;
    Float x;
    if (is_hexadecimal) p += 2;
    bool is_read = std::from_chars(p, end, x, format).ec == std::errc();
    if (is_read) *out = static_cast<double>(x);
    return is_read;
}

/* fixed_max: from this exponent on it is written with one. */
size_t write_shortest(double x, bool is_float4, int fixed_max, char *text)
{
    writer out = {text};
    if (std::isnan(x)) {
        out.put("NaN", 3);
        return 3;
    }
    if (std::signbit(x)) out.put('-');
    if (std::isinf(x)) {
        out.put("Infinity", 8);
    } else if (x == 0) {
        out.put('0');
    } else {
        decimal d = decimal_shortest(std::fabs(x), is_float4);
        char digits[24];
        std::to_chars(digits, digits + sizeof digits, d.digits);
        int exponent = d.exponent + d.size - 1;
        if (exponent >= -4 && exponent < fixed_max)
            write_fixed(out, digits, d.size, exponent + 1);
        else
            write_scientific(out, digits, d.size, exponent);
    }
    return static_cast<size_t>(out.next - text);
}

constexpr int EXACT_DIGITS = 15; /* any integer of as many is a double */

/* What nearly every number is, a sign, some digits and a point between them: both the digits and
 * the power of ten are doubles then, and one division rounds once (Clinger 1990, the fast path).
 * False: read it with care. */
bool short_parse(const char *text, size_t size, double *out)
{
    static const double powers[EXACT_DIGITS + 1] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool is_negative = size > 0 && text[0] == '-';
    size_t first = is_negative, point = size;
    int64_t digits = 0;
    if (size - first == 0 || size - first > EXACT_DIGITS) return false;
    for (size_t i = first; i < size; i++) {
        if (is_digit(text[i])) {
            digits = digits * 10 + (text[i] - '0');
        } else {
            if (text[i] != '.' || point != size) return false;
            point = i;
        }
    }
    if (point == first || point + 1 == size) return false; /* .5 and 5. */
    size_t decimals = point == size ? 0 : size - point - 1;
    double x = static_cast<double>(digits) / powers[decimals];
    *out = is_negative ? -x : x;
    return true;
}

enum float_parse parse(const char *text, size_t size, bool is_float4, double *out, size_t *start,
                       size_t *end)
{
    /* Not real: it would be rounded twice. */
    if (!is_float4 && short_parse(text, size, out)) {
        *start = 0;
        *end = size;
        return FLOAT_PARSED;
    }
    const char *stop = text + size, *p = text;
    while (p < stop && is_space(*p)) p++;
    *start = static_cast<size_t>(p - text);
    bool is_negative = p < stop && *p == '-';
    if (p < stop && (*p == '-' || *p == '+')) p++;
    const char *after = special_end(p, stop, out);
    bool is_out = false;
    if (!after) {
        bool is_hexadecimal;
        after = number_end(p, stop, &is_hexadecimal);
        if (after == p) return FLOAT_SYNTAX;
        is_out = is_float4 ? !number_read<float>(p, after, is_hexadecimal, out)
                           : !number_read<double>(p, after, is_hexadecimal, out);
    }
    *end = static_cast<size_t>(after - text);
    if (is_out) return FLOAT_RANGE;
    if (is_negative) *out = -*out;
    while (after < stop && is_space(*after)) after++;
    return after == stop ? FLOAT_PARSED : FLOAT_SYNTAX;
}

} // namespace

size_t float_text_shortest(double x, char text[FLOAT_TEXT_MAX])
{
    return write_shortest(x, false, 15, text);
}

size_t float4_text_shortest(double x, char text[FLOAT_TEXT_MAX])
{
    return write_shortest(x, true, 6, text);
}

size_t float_text_digits(double x, int digits, char text[FLOAT_TEXT_MAX])
{
    auto form = std::chars_format::general;
    auto end = std::to_chars(text, text + FLOAT_TEXT_MAX, x, form, digits).ptr;
    return static_cast<size_t>(end - text);
}

enum float_parse float_text_parse(const char *text, size_t size, double *out, size_t *start,
                                  size_t *end)
{
    return parse(text, size, false, out, start, end);
}

enum float_parse float4_text_parse(const char *text, size_t size, double *out, size_t *start,
                                   size_t *end)
{
    return parse(text, size, true, out, start, end);
}
