/* time.c: instants in UTC: text, arithmetic and truncation as PostgreSQL 15 (its timestamp.c,
 * datetime.c). */
#include "row/time.h"

#include "row/calendar.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static void fraction_append(int us, struct buffer *out)
{
    if (!us) return;
    char digits[7];
    for (int i = 5; i >= 0; i--, us /= 10) digits[i] = (char)('0' + us % 10);
    size_t size = 6;
    while (digits[size - 1] == '0') size--;
    buffer_append_byte(out, '.');
    buffer_append(out, digits, size);
}

static void time_append(struct nt_time time, char separator, const char *zone, struct buffer *out)
{
    if (!time_is_finite(time)) {
        buffer_append_text(out, time.us < 0 ? "-infinity" : "infinity");
        return;
    }
    struct calendar calendar = calendar_of_time(time);
    int64_t year = calendar.year > 0 ? calendar.year : 1 - calendar.year;
    buffer_printf(out, "%04lld-%02d-%02d%c%02d:%02d:%02d", (long long)year, calendar.month,
                  calendar.day, separator, calendar.hour, calendar.minute, calendar.second);
    fraction_append(calendar.us, out);
    buffer_append_text(out, zone);
    if (calendar.year <= 0) buffer_append_text(out, " BC");
}

void time_append_text(struct nt_time time, struct buffer *out)
{
    time_append(time, ' ', "+00", out);
}

void time_append_rfc3339(struct nt_time time, struct buffer *out)
{
    time_append(time, 'T', "Z", out);
}

/* What the reader has seen of a time. */
struct time_reader {
    struct cursor cursor;
    struct calendar calendar;
    int64_t zone_seconds; /* east of UTC */
    int64_t year_max;     /* what is longer is no year */
    bool is_bc;
    bool has_zone_in_range;
};

/* yyyy-mm-dd, with fewer digits for month and day if the writer likes, or yyyymmdd, whose year may
 * have three digits or more than four. */
static bool date_read(struct time_reader *reader)
{
    int64_t year, month, day;
    int digits;
    struct cursor *cursor = &reader->cursor;
    if (!cursor_take_int(cursor, &year, &digits)) return false;
    if (digits >= 7 && (cursor->at == cursor->end || *cursor->at != '-')) {
        month = year / 100 % 100;
        day = year % 100;
        year /= 10000;
    } else {
        if (digits < 3 || year > reader->year_max || !cursor_take(cursor, '-')) return false;
        if (!cursor_take_int(cursor, &month, &digits) || digits > 2) return false;
        if (!cursor_take(cursor, '-')) return false;
        if (!cursor_take_int(cursor, &day, &digits) || digits > 2) return false;
    }
    reader->calendar.year = year;
    reader->calendar.month = (int)month;
    reader->calendar.day = (int)day;
    return true;
}

static bool clock_compact(struct calendar *calendar, int64_t digits, int count)
{
    if (count == 4) digits *= 100;
    calendar->hour = (int)(digits / 10000);
    calendar->minute = (int)(digits / 100 % 100);
    calendar->second = (int)(digits % 100);
    return count == 4 || count == 6;
}

static bool clock_read(struct time_reader *reader)
{
    struct cursor *cursor = &reader->cursor;
    struct calendar *calendar = &reader->calendar;
    int64_t hour, minute, second = 0;
    int digits;
    if (!cursor_take_int(cursor, &hour, &digits)) return false;
    if (cursor_take(cursor, ':')) {
        if (digits > 2 || !cursor_take_int(cursor, &minute, &digits) || digits > 2) return false;
        if (cursor_take(cursor, ':')) {
            if (!cursor_take_int(cursor, &second, &digits) || digits > 2) return false;
        } else if (cursor->at < cursor->end && *cursor->at == '.') { /* minutes and seconds */
            second = minute;
            minute = hour;
            hour = 0;
        }
        calendar->hour = (int)hour;
        calendar->minute = (int)minute;
        calendar->second = (int)second;
    } else if (!clock_compact(calendar, hour, digits)) {
        return false;
    } else if (cursor->end - cursor->at == 1 && *cursor->at == '.') {
        return false; /* no decimals, which hh:mm:ss. may do without */
    }
    if (cursor_take(cursor, '.')) calendar->us = (int)rint(cursor_take_fraction(cursor) * 1e6);
    return true;
}

/* Z, UTC, GMT, +hh, +hhmm, +hh:mm, +hh:mm:ss; none is UTC. False: a broken one. */
static bool zone_read(struct time_reader *reader)
{
    struct cursor *cursor = &reader->cursor;
    if (cursor_take_word(cursor, "Z") || cursor_take_word(cursor, "UTC") ||
        cursor_take_word(cursor, "GMT"))
        return true;
    if (cursor->at == cursor->end || (*cursor->at != '+' && *cursor->at != '-')) return true;
    int sign = *cursor->at++ == '-' ? -1 : 1;
    int64_t hours, minutes = 0, seconds = 0;
    int digits;
    if (!cursor_take_int(cursor, &hours, &digits)) return false;
    if (digits == 3 || digits == 4) {
        minutes = hours % 100;
        hours /= 100;
    } else if (digits > 2) {
        return false;
    } else if (cursor_take(cursor, ':')) {
        if (!cursor_take_int(cursor, &minutes, &digits) || digits > 2) return false;
        if (cursor_take(cursor, ':') && (!cursor_take_int(cursor, &seconds, &digits) || digits > 2))
            return false;
    }
    reader->has_zone_in_range = hours <= 15 && minutes <= 59 && seconds <= 59;
    reader->zone_seconds = sign * (hours * 3600 + minutes * 60 + seconds);
    return true;
}

/* 24:00:00 and a second of 60 are fine, as long as the day is not exceeded. */
static bool clock_is_in_range(const struct calendar *calendar)
{
    int64_t us = calendar->hour * US_PER_HOUR + calendar->minute * US_PER_MINUTE +
                 calendar->second * US_PER_SECOND + calendar->us;
    return calendar->hour <= 24 && calendar->minute <= 59 && calendar->second <= 60 &&
           us <= US_PER_DAY;
}

/* Year, month, day and clock are what a calendar has; years count from 0 then. */
static bool reader_check(struct time_reader *reader)
{
    struct calendar *calendar = &reader->calendar;
    if (calendar->year == 0 || calendar->month < 1 || calendar->month > 12) return false;
    if (reader->is_bc) calendar->year = 1 - calendar->year;
    return calendar->day >= 1 &&
           calendar->day <= calendar_month_days(calendar->year, calendar->month) &&
           clock_is_in_range(calendar);
}

static enum time_parse reader_finish(struct time_reader *reader, struct nt_time *out)
{
    struct calendar *calendar = &reader->calendar;
    if (!reader_check(reader)) return TIME_RANGE;
    if (calendar->year < -4800 || calendar->year > 300000) return TIME_RANGE;
    /* The zone may bring a time at the edge back into the range, so the sum is taken wide. */
    int64_t seconds = calendar->hour * 3600 + calendar->minute * 60 + calendar->second;
    int64_t days = calendar_days(calendar->year, calendar->month, calendar->day);
    __int128 us = (__int128)days * US_PER_DAY + (seconds - reader->zone_seconds) * US_PER_SECOND +
                  calendar->us;
    if (us < NT_TIME_MIN_US || us >= NT_TIME_END_US) return TIME_RANGE;
    out->us = (int64_t)us;
    return TIME_PARSED;
}

static bool infinity_read(struct cursor cursor, struct nt_time *out)
{
    bool is_negative = cursor_take(&cursor, '-');
    if (!cursor_take_word(&cursor, "infinity")) return false;
    cursor_skip_space(&cursor);
    *out = is_negative ? NT_TIME_MINUS_INFINITY : NT_TIME_INFINITY;
    return cursor.at == cursor.end;
}

/* Date, clock, zone and era; the values are looked at later. */
static bool reader_read(struct time_reader *reader)
{
    struct cursor *cursor = &reader->cursor;
    reader->has_zone_in_range = true;
    if (!date_read(reader)) return false;
    bool has_t = cursor->at < cursor->end && (*cursor->at | 32) == 't';
    if (has_t) cursor->at++;
    cursor_skip_space(cursor);
    if (has_t || cursor_is_digit(cursor)) {
        if (!clock_read(reader)) return false;
        cursor_skip_space(cursor);
        if (!zone_read(reader)) return false;
        cursor_skip_space(cursor);
    } else if (cursor->at < cursor->end && *cursor->at != '-') {
        if (!zone_read(reader)) return false;
        cursor_skip_space(cursor);
    }
    reader->is_bc = cursor_take_word(cursor, "BC");
    if (!reader->is_bc) cursor_take_word(cursor, "AD");
    cursor_skip_space(cursor);
    return cursor->at == cursor->end;
}

/* The digits at text as a number; *is_good is cleared where there is another character. */
static int digits_read(const char *text, int count, bool *is_good)
{
    int x = 0;
    for (int i = 0; i < count; i++) {
        unsigned digit = (unsigned)text[i] - '0';
        *is_good &= digit < 10;
        x = x * 10 + (int)digit;
    }
    return x;
}

/* The same of two digits. */
static int pair_read(const char *text, bool *is_good)
{
    unsigned tens = (unsigned)text[0] - '0', ones = (unsigned)text[1] - '0';
    *is_good &= tens < 10 && ones < 10;
    return (int)(tens * 10 + ones);
}

/* yyyy-mm-ddThh:mm:ss with up to six decimals and a Z, as most events have it, an order of
 * magnitude faster than the words and forms that PostgreSQL also takes. False: read it with care.
 */
static bool rfc3339_read(const char *text, size_t size, struct calendar *out)
{
    static const int scales[] = {0, 100000, 10000, 1000, 100, 10, 1};
    if (size < 20 || size > 27 || text[size - 1] != 'Z' || (size > 20) != (text[19] == '.'))
        return false;
    int decimals = size > 20 ? (int)size - 21 : 0;
    bool is_good = text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == ' ') &&
                   text[13] == ':' && text[16] == ':' && (size == 20 || decimals > 0);
    if (!is_good) return false;
    struct calendar calendar;
    calendar.year = pair_read(text, &is_good) * 100 + pair_read(text + 2, &is_good);
    calendar.month = pair_read(text + 5, &is_good);
    calendar.day = pair_read(text + 8, &is_good);
    calendar.hour = pair_read(text + 11, &is_good);
    calendar.minute = pair_read(text + 14, &is_good);
    calendar.second = pair_read(text + 17, &is_good);
    calendar.us = digits_read(text + 20, decimals, &is_good) * scales[decimals];
    if (is_good) *out = calendar;
    return is_good;
}

enum time_parse time_parse(const char *text, size_t size, struct nt_time *out)
{
    struct time_reader reader = {.cursor = {text, text + size}, .year_max = 999999};
    if (rfc3339_read(text, size, &reader.calendar)) return reader_finish(&reader, out);
    cursor_skip_space(&reader.cursor);
    if (infinity_read(reader.cursor, out)) return TIME_PARSED;
    if (!reader_read(&reader)) return TIME_SYNTAX;
    return reader.has_zone_in_range ? reader_finish(&reader, out) : TIME_RANGE;
}

/* What a clock and a zone say is checked and forgotten. */
enum time_parse date_parse(const char *text, size_t size, int64_t *days)
{
    struct time_reader reader = {.cursor = {text, text + size}, .year_max = 99999999};
    struct nt_time infinity;
    cursor_skip_space(&reader.cursor);
    if (infinity_read(reader.cursor, &infinity)) {
        *days = infinity.us < 0 ? NT_DATE_MINUS_INFINITY : NT_DATE_INFINITY;
        return TIME_PARSED;
    }
    if (!reader_read(&reader)) return TIME_SYNTAX;
    if (!reader.has_zone_in_range || !reader_check(&reader)) return TIME_RANGE;
    *days = calendar_days(reader.calendar.year, reader.calendar.month, reader.calendar.day);
    return *days >= NT_DATE_MIN && *days < NT_DATE_END ? TIME_PARSED : TIME_FAR;
}

void date_append_text(int64_t days, struct buffer *out)
{
    if (days == NT_DATE_INFINITY || days == NT_DATE_MINUS_INFINITY) {
        buffer_append_text(out, days < 0 ? "-infinity" : "infinity");
        return;
    }
    struct calendar date;
    calendar_of_days(days, &date);
    int64_t year = date.year > 0 ? date.year : 1 - date.year;
    buffer_printf(out, "%04lld-%02d-%02d%s", (long long)year, date.month, date.day,
                  date.year > 0 ? "" : " BC");
}

bool date_to_time(int64_t days, struct nt_time *out)
{
    if (days == NT_DATE_INFINITY || days == NT_DATE_MINUS_INFINITY) {
        *out = days < 0 ? NT_TIME_MINUS_INFINITY : NT_TIME_INFINITY;
        return true;
    }
    if (days >= NT_TIME_END_US / US_PER_DAY) return false;
    out->us = days * US_PER_DAY;
    return true;
}

int64_t date_of_time(struct nt_time time)
{
    if (!time_is_finite(time)) return time.us < 0 ? NT_DATE_MINUS_INFINITY : NT_DATE_INFINITY;
    return time.us / US_PER_DAY - (time.us % US_PER_DAY < 0);
}

/* Months first, kept inside the month, then days, then the rest, each within the range. */
bool time_add(struct nt_time time, struct nt_interval interval, struct nt_time *out)
{
    *out = time;
    if (!time_is_finite(time)) return true;
    if (interval.months) {
        struct calendar calendar = calendar_of_time(time);
        int64_t months = calendar.year * 12 + calendar.month - 1 + interval.months;
        calendar.year = months / 12 - (months % 12 < 0);
        calendar.month = (int)(months - calendar.year * 12) + 1;
        int last = calendar_month_days(calendar.year, calendar.month);
        if (calendar.day > last) calendar.day = last;
        if (!calendar_to_time(calendar, out)) return false;
    }
    __int128 us = out->us + (__int128)interval.days * US_PER_DAY;
    if (us < NT_TIME_MIN_US || us >= NT_TIME_END_US) return false;
    us += interval.us;
    if (us < NT_TIME_MIN_US || us >= NT_TIME_END_US) return false;
    out->us = (int64_t)us;
    return true;
}

bool time_sub(struct nt_time x, struct nt_time y, struct nt_interval *out)
{
    int64_t us;
    if (!time_is_finite(x) || !time_is_finite(y)) return false;
    if (__builtin_sub_overflow(x.us, y.us, &us)) return false;
    *out = (struct nt_interval){.us = us % US_PER_DAY, .days = (int32_t)(us / US_PER_DAY)};
    return true;
}

/* The first year of the year's decade, century or millennium; there is no year 0, so the first
 * century is 1 to 100 and the one before it 100 BC to 1 BC. */
static int64_t year_trunc(enum nt_field field, int64_t year)
{
    switch (field) {
    case NT_FIELD_DECADE:
        return year > 0 ? year / 10 * 10 : -((8 - (year - 1)) / 10) * 10;
    case NT_FIELD_CENTURY:
        return year > 0 ? (year + 99) / 100 * 100 - 99 : -((99 - (year - 1)) / 100) * 100 + 1;
    case NT_FIELD_MILLENNIUM:
        return year > 0 ? (year + 999) / 1000 * 1000 - 999
                        : -((999 - (year - 1)) / 1000) * 1000 + 1;
    default:
        return year;
    }
}

static bool clock_trunc(struct nt_time time, int64_t unit_us, struct nt_time *out)
{
    int64_t rest = time.us % unit_us;
    if (rest < 0) rest += unit_us;
    out->us = time.us - rest;
    return time_is_in_range(out->us);
}

static bool week_trunc(struct nt_time time, struct nt_time *out)
{
    if (!clock_trunc(time, US_PER_DAY, out)) return false;
    out->us -= (calendar_weekday(out->us / US_PER_DAY) - 1) * US_PER_DAY;
    return time_is_in_range(out->us);
}

bool time_trunc(enum nt_field field, struct nt_time time, struct nt_time *out)
{
    *out = time;
    if (!time_is_finite(time)) return field <= NT_FIELD_MILLENNIUM;
    struct calendar date = calendar_of_time(time);
    switch (field) {
    case NT_FIELD_MICROSECONDS:
        return true;
    case NT_FIELD_MILLISECONDS:
        return clock_trunc(time, 1000, out);
    case NT_FIELD_SECOND:
        return clock_trunc(time, US_PER_SECOND, out);
    case NT_FIELD_MINUTE:
        return clock_trunc(time, US_PER_MINUTE, out);
    case NT_FIELD_HOUR:
        return clock_trunc(time, US_PER_HOUR, out);
    case NT_FIELD_DAY:
        return clock_trunc(time, US_PER_DAY, out);
    case NT_FIELD_WEEK:
        return week_trunc(time, out);
    case NT_FIELD_MONTH:
        break;
    case NT_FIELD_QUARTER:
        date.month = (date.month - 1) / 3 * 3 + 1;
        break;
    case NT_FIELD_YEAR:
    case NT_FIELD_DECADE:
    case NT_FIELD_CENTURY:
    case NT_FIELD_MILLENNIUM:
        date.year = year_trunc(field, date.year);
        date.month = 1;
        break;
    default:
        return false;
    }
    return calendar_to_time((struct calendar){.year = date.year, .month = date.month, .day = 1},
                            out);
}

/* PostgreSQL compares the first ten letters only. */
#define FIELD_LETTERS 10

int time_field(const char *name, size_t size)
{
    static const struct {
        enum nt_field field;
        const char *names; /* each after a space */
    } table[] = {
        {NT_FIELD_MICROSECONDS, " microsecon us usec usecs usecond useconds"},
        {NT_FIELD_MILLISECONDS, " millisecon ms msec msecs msecond mseconds"},
        {NT_FIELD_SECOND, " second seconds sec secs s"},
        {NT_FIELD_MINUTE, " minute minutes min mins m"},
        {NT_FIELD_HOUR, " hour hours hr hrs h"},
        {NT_FIELD_DAY, " day days d"},
        {NT_FIELD_WEEK, " week weeks w"},
        {NT_FIELD_MONTH, " month months mon mons"},
        {NT_FIELD_QUARTER, " quarter qtr"},
        {NT_FIELD_YEAR, " year years yr yrs y"},
        {NT_FIELD_DECADE, " decade decades dec decs"},
        {NT_FIELD_CENTURY, " century centuries cent c"},
        {NT_FIELD_MILLENNIUM, " millennium millennia mil mils"},
        {NT_FIELD_ISOYEAR, " isoyear"},
        {NT_FIELD_DOW, " dow"},
        {NT_FIELD_ISODOW, " isodow"},
        {NT_FIELD_DOY, " doy"},
        {NT_FIELD_EPOCH, " epoch"},
        {NT_FIELD_JULIAN, " julian jd j"},
        {NT_FIELD_TIMEZONE, " timezone"},
        {NT_FIELD_TIMEZONE_HOUR, " timezone_h"},
        {NT_FIELD_TIMEZONE_MINUTE, " timezone_m"},
    };
    if (size > FIELD_LETTERS) size = FIELD_LETTERS;
    if (!size) return -1;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        for (const char *at = table[i].names; *at;) {
            size_t length = strcspn(++at, " ");
            if (length == size && !strncasecmp(at, name, size)) return (int)table[i].field;
            at += length;
        }
    }
    return -1;
}
