/* interval.c: intervals: text and arithmetic as PostgreSQL 15 (its DecodeInterval and
 * EncodeInterval, IntervalStyle postgres). */
#include "row/calendar.h"
#include "row/time.h"

#include <math.h>
#include <strings.h>

/* What was printed so far decides spaces and signs: after a negative part a positive one says +. */
struct interval_writer {
    struct buffer *out;
    bool has_part, is_before;
};

static void part_append(struct interval_writer *writer, int value, const char *unit)
{
    if (!value) return;
    buffer_printf(writer->out, "%s%s%d %s%s", writer->has_part ? " " : "",
                  writer->is_before && value > 0 ? "+" : "", value, unit, value == 1 ? "" : "s");
    writer->is_before = value < 0;
    writer->has_part = true;
}

void interval_append_text(struct nt_interval interval, struct buffer *out)
{
    struct interval_writer writer = {.out = out};
    part_append(&writer, interval.months / 12, "year");
    part_append(&writer, interval.months % 12, "mon");
    part_append(&writer, interval.days, "day");
    if (writer.has_part && !interval.us) return;
    uint64_t us = interval.us < 0 ? -(uint64_t)interval.us : (uint64_t)interval.us;
    const char *sign = interval.us < 0 ? "-" : writer.is_before ? "+" : "";
    uint64_t seconds = us / 1000000;
    buffer_printf(out, "%s%s%02llu:%02u:%02u", writer.has_part ? " " : "", sign,
                  (unsigned long long)(seconds / 3600), (unsigned)(seconds / 60 % 60),
                  (unsigned)(seconds % 60));
    unsigned fraction = (unsigned)(us % 1000000);
    if (!fraction) return;
    int digits = 6;
    for (; fraction % 10 == 0; fraction /= 10) digits--;
    buffer_printf(out, ".%0*u", digits, fraction);
}

bool interval_neg(struct nt_interval x, struct nt_interval *out)
{
    return !__builtin_sub_overflow(0, x.us, &out->us) &&
           !__builtin_sub_overflow(0, x.days, &out->days) &&
           !__builtin_sub_overflow(0, x.months, &out->months);
}

static __int128 interval_length(struct nt_interval x)
{
    return x.us + ((__int128)x.months * 30 + x.days) * US_PER_DAY;
}

int interval_compare(struct nt_interval x, struct nt_interval y)
{
    __int128 a = interval_length(x), b = interval_length(y);
    return (a > b) - (a < b);
}

/* Adding up the parts; each gives false beyond the range. */

static bool add_fraction_us(struct nt_interval *sum, double fraction, int64_t scale)
{
    fraction *= (double)scale;
    int64_t us = (int64_t)fraction;
    fraction -= (double)us;
    if (fraction > 0.5)
        us++;
    else if (fraction < -0.5)
        us--;
    return !__builtin_add_overflow(sum->us, us, &sum->us);
}

static bool add_us(struct nt_interval *sum, int64_t value, double fraction, int64_t scale)
{
    int64_t us;
    return !__builtin_mul_overflow(value, scale, &us) &&
           !__builtin_add_overflow(sum->us, us, &sum->us) && add_fraction_us(sum, fraction, scale);
}

static bool add_days(struct nt_interval *sum, int64_t value, int scale)
{
    int64_t days;
    return !__builtin_mul_overflow(value, scale, &days) &&
           !__builtin_add_overflow(sum->days, days, &sum->days);
}

static bool add_fraction_days(struct nt_interval *sum, double fraction, int scale)
{
    fraction *= scale;
    int days = (int)fraction;
    return add_days(sum, days, 1) && add_fraction_us(sum, fraction - days, US_PER_DAY);
}

static bool add_months(struct nt_interval *sum, int64_t value, int scale)
{
    int64_t months;
    return !__builtin_mul_overflow(value, scale, &months) &&
           !__builtin_add_overflow(sum->months, months, &sum->months);
}

static bool add_years(struct nt_interval *sum, int64_t value, double fraction, int scale)
{
    return add_months(sum, value, 12 * scale) &&
           add_months(sum, (int64_t)rint(fraction * scale * 12), 1);
}

/* The value and its fraction in a unit; *is_unit false: not a unit of intervals. */
static bool add_unit(struct nt_interval *sum, int field, int64_t value, double fraction,
                     bool *is_unit)
{
    *is_unit = true;
    switch (field) {
    case NT_FIELD_MICROSECONDS:
        return add_us(sum, value, fraction, 1);
    case NT_FIELD_MILLISECONDS:
        return add_us(sum, value, fraction, 1000);
    case NT_FIELD_SECOND:
        return add_us(sum, value, fraction, US_PER_SECOND);
    case NT_FIELD_MINUTE:
        return add_us(sum, value, fraction, US_PER_MINUTE);
    case NT_FIELD_HOUR:
        return add_us(sum, value, fraction, US_PER_HOUR);
    case NT_FIELD_DAY:
        return add_days(sum, value, 1) && add_fraction_us(sum, fraction, US_PER_DAY);
    case NT_FIELD_WEEK:
        return add_days(sum, value, 7) && add_fraction_days(sum, fraction, 7);
    case NT_FIELD_MONTH:
        return add_months(sum, value, 1) && add_fraction_days(sum, fraction, 30);
    case NT_FIELD_YEAR:
        return add_years(sum, value, fraction, 1);
    case NT_FIELD_DECADE:
        return add_years(sum, value, fraction, 10);
    case NT_FIELD_CENTURY:
        return add_years(sum, value, fraction, 100);
    case NT_FIELD_MILLENNIUM:
        return add_years(sum, value, fraction, 1000);
    default:
        *is_unit = false;
        return true;
    }
}

/* A piece of the text: a number with an optional fraction, a clock (1:30), or a word. */
enum token_kind { TOKEN_NUMBER, TOKEN_MONTHS, TOKEN_CLOCK, TOKEN_WORD };
struct token {
    enum token_kind kind;
    int64_t value; /* negative already where there is a sign; microseconds of a clock */
    double fraction;
    const char *word;
    size_t size;
};

#define TOKENS_MAX 25 /* PostgreSQL's MAXDATEFIELDS */

/* The rest of hh:mm, hh:mm:ss, hh:mm:ss.fraction or mm:ss.fraction. */
static enum time_parse clock_token(struct cursor *cursor, int64_t first, int64_t *us)
{
    int64_t second = 0, third = 0;
    double fraction = 0;
    if (!cursor_take_int(cursor, &second, NULL)) return TIME_SYNTAX;
    bool has_third = cursor_take(cursor, ':');
    if (has_third && !cursor_take_int(cursor, &third, NULL)) return TIME_SYNTAX;
    if (cursor_take(cursor, '.')) {
        fraction = cursor_take_fraction(cursor);
        if (!has_third) {
            third = second;
            second = first;
            first = 0;
        }
    }
    if (second > 59 || third > 60) return TIME_RANGE;
    if (__builtin_mul_overflow(first, US_PER_HOUR, us)) return TIME_RANGE;
    int64_t rest = second * US_PER_MINUTE + third * US_PER_SECOND + (int64_t)rint(fraction * 1e6);
    return __builtin_add_overflow(*us, rest, us) ? TIME_RANGE : TIME_PARSED;
}

static enum time_parse months_token(struct cursor *cursor, int64_t years, struct token *token)
{
    int64_t months;
    token->kind = TOKEN_MONTHS;
    if (!cursor_take_int(cursor, &months, NULL)) return TIME_SYNTAX;
    if (months > 11 || __builtin_mul_overflow(years, 12, &token->value) ||
        __builtin_add_overflow(token->value, months, &token->value))
        return TIME_RANGE;
    return TIME_PARSED;
}

/* What may not follow a number without a space: a signed number takes up all of its kind, an
 * unsigned one would be a date. */
static bool number_goes_on(const struct cursor *cursor, const struct token *token, bool has_sign)
{
    if (cursor->at == cursor->end) return false;
    char next = *cursor->at;
    if (next == '.' || (has_sign && (next == ':' || next == '-'))) return true;
    if (token->kind == TOKEN_CLOCK && next == ':') return true;
    if (token->kind == TOKEN_MONTHS && (next == '-' || (!has_sign && cursor_is_alpha(cursor))))
        return true;
    if (!has_sign && token->kind == TOKEN_NUMBER && token->fraction == 0 && next == '/')
        return true;
    return !has_sign && token->kind == TOKEN_NUMBER && cursor->at[-1] == '.' &&
           cursor_is_alpha(cursor);
}

/* The least bigint has no positive, so the sign goes along with the digits. */
static enum time_parse number_token(struct cursor *cursor, struct token *token)
{
    bool is_negative = cursor_take(cursor, '-');
    bool has_sign = is_negative || cursor_take(cursor, '+');
    cursor_skip_space(cursor);
    enum time_parse parse = TIME_PARSED;
    bool has_digits = cursor_is_digit(cursor);
    *token = (struct token){.kind = TOKEN_NUMBER};
    if (!has_digits && (has_sign || cursor->at == cursor->end)) return TIME_SYNTAX;
    if (has_digits && !cursor_take_signed(cursor, is_negative, &token->value)) return TIME_RANGE;
    int64_t first = token->value;
    bool is_least = first == INT64_MIN;
    if (is_negative && !is_least) first = -first;
    if (has_digits && cursor_take(cursor, ':')) {
        token->kind = TOKEN_CLOCK;
        parse = is_least ? TIME_RANGE : clock_token(cursor, first, &token->value);
    } else if (has_digits && cursor_take(cursor, '-')) {
        parse = is_least ? TIME_RANGE : months_token(cursor, first, token);
    } else if (cursor_take(cursor, '.')) {
        if (!has_digits && !cursor_is_digit(cursor)) return TIME_SYNTAX;
        token->fraction = cursor_take_fraction(cursor);
    }
    if (is_negative && token->kind != TOKEN_NUMBER) token->value = -token->value;
    if (is_negative) token->fraction = -token->fraction;
    /* A signed clock that is none could have been a number, to PostgreSQL. */
    if (parse && has_sign && token->kind == TOKEN_CLOCK) return TIME_SYNTAX;
    return !parse && number_goes_on(cursor, token, has_sign) ? TIME_SYNTAX : parse;
}

/* What may not follow a unit without a space: with it the word would be a date, but for units that
 * are words of a date themselves and have a digit or a plus behind them. */
static bool word_goes_on(const struct cursor *cursor, const struct token *token)
{
    static const char *const in_dates[] = {"d", "dec", "h", "m", "mm", "mon", "s", "y"};
    if (cursor->at == cursor->end) return false;
    if (*cursor->at == '-' || *cursor->at == '/' || *cursor->at == '.') return true;
    if (*cursor->at != '+' && !cursor_is_digit(cursor)) return false;
    for (size_t i = 0; i < sizeof in_dates / sizeof in_dates[0]; i++)
        if (strlen(in_dates[i]) == token->size &&
            !strncasecmp(in_dates[i], token->word, token->size))
            return false;
    return true;
}

static bool is_number_start(const struct cursor *cursor)
{
    return cursor_is_digit(cursor) || *cursor->at == '+' || *cursor->at == '-' ||
           *cursor->at == '.';
}

/* Other punctuation separates: "@ 1 day, 2 hours". */
static enum time_parse tokens_read(struct cursor cursor, struct token *tokens, int *count)
{
    for (*count = 0; cursor_skip_space(&cursor), cursor.at < cursor.end;) {
        if (*count == TOKENS_MAX) return TIME_SYNTAX;
        if (cursor_is_alpha(&cursor)) {
            const char *start = cursor.at;
            while (cursor_is_alpha(&cursor)) cursor.at++;
            struct token word = {
                .kind = TOKEN_WORD, .word = start, .size = (size_t)(cursor.at - start)};
            if (word_goes_on(&cursor, &word)) return TIME_SYNTAX;
            tokens[(*count)++] = word;
        } else if (is_number_start(&cursor)) {
            enum time_parse parse = number_token(&cursor, &tokens[(*count)++]);
            if (parse) return parse;
        } else if (*cursor.at > ' ' && *cursor.at < 0x7f) {
            cursor.at++;
        } else {
            return TIME_SYNTAX;
        }
    }
    return TIME_PARSED;
}

/* The state while the tokens are added up, from the right to the left as PostgreSQL does: a word
 * gives the unit of the number before it, a bare number is seconds, or days before a clock. */
enum { UNIT_NONE = -1, UNIT_AGO = -2 };
struct interval_reader {
    struct nt_interval sum;
    int unit; /* enum nt_field, UNIT_NONE or UNIT_AGO, which is none a number may have */
    bool unit_is_open;
    bool is_ago;
    uint32_t seen; /* bits of enum nt_field: each unit once */
};

#define FIELD_BIT(field) (1u << (field))
#define SECOND_BITS                                                                                \
    (FIELD_BIT(NT_FIELD_SECOND) | FIELD_BIT(NT_FIELD_MILLISECONDS) |                               \
     FIELD_BIT(NT_FIELD_MICROSECONDS))
#define CLOCK_BITS (FIELD_BIT(NT_FIELD_HOUR) | FIELD_BIT(NT_FIELD_MINUTE) | SECOND_BITS)

static bool reader_see(struct interval_reader *reader, uint32_t bits)
{
    bool is_new = !(reader->seen & bits);
    reader->seen |= bits;
    return is_new;
}

static enum time_parse reader_add_word(struct interval_reader *reader, const struct token *token)
{
    if (reader->unit_is_open) return TIME_SYNTAX;
    if (token->size == 3 && !strncasecmp(token->word, "ago", 3)) {
        reader->is_ago = true;
        reader->unit = UNIT_AGO;
        return TIME_PARSED;
    }
    reader->unit = time_field(token->word, token->size);
    reader->unit_is_open = true;
    return reader->unit < 0 ? TIME_SYNTAX : TIME_PARSED;
}

static enum time_parse reader_add_number(struct interval_reader *reader, const struct token *token)
{
    bool is_unit;
    int unit = reader->unit < 0 ? NT_FIELD_SECOND : reader->unit;
    if (token->kind == TOKEN_MONTHS)
        unit = reader->unit = NT_FIELD_MONTH;
    else if (reader->unit == UNIT_AGO)
        return TIME_SYNTAX;
    bool is_fine = add_unit(&reader->sum, unit, token->value, token->fraction, &is_unit);
    if (!is_unit) return TIME_SYNTAX;
    if (!is_fine) return TIME_RANGE;
    reader->unit_is_open = false;
    uint32_t bits = unit == NT_FIELD_SECOND && token->fraction != 0 ? SECOND_BITS : FIELD_BIT(unit);
    return reader_see(reader, bits) ? TIME_PARSED : TIME_SYNTAX;
}

static enum time_parse reader_add(struct interval_reader *reader, const struct token *token)
{
    if (token->kind == TOKEN_WORD) return reader_add_word(reader, token);
    if (token->kind != TOKEN_CLOCK) return reader_add_number(reader, token);
    if (__builtin_add_overflow(reader->sum.us, token->value, &reader->sum.us)) return TIME_RANGE;
    reader->unit = NT_FIELD_DAY;
    reader->unit_is_open = false;
    return reader_see(reader, CLOCK_BITS) ? TIME_PARSED : TIME_SYNTAX;
}

/* A number as ISO 8601 gives it, its fraction being what the double is over its integer. */
static enum time_parse iso_number(struct cursor *cursor, int64_t *value, double *fraction)
{
    bool is_negative = cursor_take(cursor, '-');
    bool has_digits = cursor_is_digit(cursor);
    *value = 0;
    *fraction = 0;
    if (has_digits && !cursor_take_signed(cursor, is_negative, value)) return TIME_RANGE;
    if (cursor_take(cursor, '.')) {
        if (!has_digits && !cursor_is_digit(cursor)) return TIME_SYNTAX;
        double whole = fabs((double)*value);
        *fraction = whole + cursor_take_fraction(cursor) - whole;
        if (is_negative) *fraction = -*fraction;
    } else if (!has_digits) {
        return TIME_SYNTAX;
    }
    return TIME_PARSED;
}

static int iso_unit(char designator, bool is_clock)
{
    switch (designator) {
    case 'Y':
        return is_clock ? -1 : NT_FIELD_YEAR;
    case 'M':
        return is_clock ? NT_FIELD_MINUTE : NT_FIELD_MONTH;
    case 'W':
        return is_clock ? -1 : NT_FIELD_WEEK;
    case 'D':
        return is_clock ? -1 : NT_FIELD_DAY;
    case 'H':
        return is_clock ? NT_FIELD_HOUR : -1;
    case 'S':
        return is_clock ? NT_FIELD_SECOND : -1;
    default:
        return -1;
    }
}

/* After the P: numbers with designators; a T begins the clock. */
static enum time_parse iso_parse(struct cursor cursor, struct nt_interval *out)
{
    bool is_clock = false, has_part = false;
    *out = (struct nt_interval){0};
    while (cursor.at < cursor.end) {
        int64_t value;
        double fraction;
        bool is_unit;
        if (!is_clock && cursor_take(&cursor, 'T')) {
            is_clock = true;
            has_part = true;
            continue;
        }
        enum time_parse parse = iso_number(&cursor, &value, &fraction);
        if (parse) return parse;
        if (cursor.at == cursor.end) return TIME_SYNTAX;
        int unit = iso_unit(*cursor.at++, is_clock);
        if (unit < 0) return TIME_SYNTAX;
        if (!add_unit(out, unit, value, fraction, &is_unit)) return TIME_RANGE;
        has_part = true;
    }
    return has_part ? TIME_PARSED : TIME_SYNTAX;
}

enum time_parse interval_parse(const char *text, size_t size, struct nt_interval *out)
{
    struct cursor cursor = {text, text + size};
    struct token tokens[TOKENS_MAX];
    struct interval_reader reader = {.unit = UNIT_NONE};
    int count = 0;
    if (cursor_take(&cursor, 'P')) return iso_parse(cursor, out); /* with no space before it */
    enum time_parse parse = tokens_read(cursor, tokens, &count);
    for (int i = count - 1; !parse && i >= 0; i--) parse = reader_add(&reader, &tokens[i]);
    if (parse) return parse;
    if (!reader.seen || reader.unit_is_open) return TIME_SYNTAX;
    *out = reader.sum;
    return !reader.is_ago || interval_neg(reader.sum, out) ? TIME_PARSED : TIME_RANGE;
}
