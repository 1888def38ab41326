/*
 * functions_char.c: to_char of a time, for the patterns that are numbers: those of PostgreSQL 15's
 * formatting.c that no locale and no setting has a part in. Other letters are an error; PostgreSQL
 * takes some for patterns, some for themselves.
 */
#include "nowthen/eval.h"

#include "base/bytes.h"
#include "row/calendar.h"
#include "row/numeric.h"

#include <string.h>
#include <strings.h>

enum pattern { YEAR, MONTH, DAY, HOUR, HOUR12, MINUTE, SECOND, MS, US, PART, WEEK_OF_YEAR };

/* Longer ones before those that they begin with. */
static const struct {
    const char *text;
    uint8_t pattern; /* enum pattern */
    uint8_t width;
    uint8_t field; /* PART: enum nt_field */
} patterns[] = {
    {"YYYY", YEAR, 4, 0},
    {"IYYY", PART, 4, NT_FIELD_ISOYEAR},
    {"HH24", HOUR, 2, 0},
    {"HH12", HOUR12, 2, 0},
    {"DDD", PART, 3, NT_FIELD_DOY},
    {"MM", MONTH, 2, 0},
    {"DD", DAY, 2, 0},
    {"HH", HOUR12, 2, 0},
    {"MI", MINUTE, 2, 0},
    {"SS", SECOND, 2, 0},
    {"MS", MS, 3, 0},
    {"US", US, 6, 0},
    {"IW", PART, 2, NT_FIELD_WEEK},
    {"WW", WEEK_OF_YEAR, 2, 0},
    {"ID", PART, 1, NT_FIELD_ISODOW},
    {"D", PART, 1, NT_FIELD_DOW},
    {"Q", PART, 1, NT_FIELD_QUARTER},
};

static int64_t part_of(struct nt_eval *e, struct nt_value time, int field)
{
    int64_t value = 0;
    struct nt_value part = nt_extract_timestamptz(e, nt_integer(field), time);
    if (!part.is_null) numeric_round_to_int(*part.numeric, &value);
    return value;
}

static int64_t pattern_value(struct nt_eval *e, struct nt_value time, size_t index)
{
    struct calendar at = calendar_of_time(time.time);
    int field = patterns[index].field;
    switch ((enum pattern)patterns[index].pattern) {
    case YEAR:
        return at.year > 0 ? at.year : 1 - at.year;
    case MONTH:
        return at.month;
    case DAY:
        return at.day;
    case HOUR:
        return at.hour;
    case HOUR12:
        return at.hour % 12 ? at.hour % 12 : 12;
    case MINUTE:
        return at.minute;
    case SECOND:
        return at.second;
    case MS:
        return at.us / 1000;
    case US:
        return at.us;
    case WEEK_OF_YEAR:
        return (part_of(e, time, NT_FIELD_DOY) - 1) / 7 + 1;
    case PART:
        break;
    }
    int64_t value = part_of(e, time, field);
    if (field == NT_FIELD_DOW) return value + 1;
    return field == NT_FIELD_ISOYEAR && value < 0 ? -value : value;
}

/* The pattern that is next; -1: none of ours. SSSS and IDDD are PostgreSQL's, and not what they
 * begin with. */
static int pattern_find(struct bytes rest)
{
    const char *text = (const char *)rest.data;
    if (rest.size >= 4 && (!strncasecmp(text, "SSSS", 4) || !strncasecmp(text, "IDDD", 4)))
        return -1;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        size_t size = strlen(patterns[i].text);
        if (size <= rest.size && !strncasecmp(text, patterns[i].text, size)) return (int)i;
    }
    return -1;
}

static bool is_letter(uint8_t c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* "as it is": the bytes up to behind the closing quote; 0: there is none. */
static size_t quoted_append(struct bytes rest, struct buffer *out)
{
    const uint8_t *end = memchr(rest.data + 1, '"', rest.size - 1);
    if (!end || memchr(rest.data, '\\', (size_t)(end - rest.data))) return 0;
    buffer_append(out, rest.data + 1, (size_t)(end - rest.data) - 1);
    return (size_t)(end - rest.data) + 1;
}

/* One pattern, quoted text or other character; 0: none that is known. */
static size_t piece_append(struct nt_eval *e, struct nt_value time, struct bytes rest,
                           struct buffer *out)
{
    if (rest.data[0] == '"') return quoted_append(rest, out);
    int index = pattern_find(rest);
    if (index >= 0) {
        buffer_printf(out, "%0*lld", patterns[index].width,
                      (long long)pattern_value(e, time, (size_t)index));
        return strlen(patterns[index].text);
    }
    if (is_letter(rest.data[0]) || rest.data[0] == '\\') return 0;
    buffer_append_byte(out, rest.data[0]);
    return 1;
}

struct nt_value nt_timestamptz_to_char(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    struct buffer out = {0};
    if (x.is_null || y.is_null || y.size == 0 || !time_is_finite(x.time)) return NT_NULL;
    struct bytes rest = {(const uint8_t *)y.text, y.size};
    for (size_t taken; rest.size > 0; rest.data += taken, rest.size -= taken) {
        taken = piece_append(e, x, rest, &out);
        if (taken) continue;
        buffer_deinit(&out);
        return nt_fail(e, nt_arena_printf(e->arena, "to_char does not know the pattern at \"%.*s\"",
                                          (int)(rest.size < 20 ? rest.size : 20), rest.data));
    }
    struct nt_value text = nt_text(nt_arena_copy(e->arena, out.data, out.size), (uint32_t)out.size);
    buffer_deinit(&out);
    return text;
}
