/* calendar.c: days and civil dates, after Howard Hinnant's "chrono-compatible low-level date
 * algorithms": a year begins in March, so the leap day is its last, and 400 years are an era. */
#include "row/calendar.h"

#include <string.h>
#include <strings.h>

#define DAYS_PER_ERA 146097
/* From 0000-03-01 to 2000-01-01. */
#define EPOCH_SHIFT 730425

static int64_t floor_div(int64_t x, int64_t y)
{
    return x / y - (x % y < 0);
}

int64_t calendar_days(int64_t year, int month, int day)
{
    if (month <= 2) year--;
    int64_t era = floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - EPOCH_SHIFT;
}

void calendar_of_days(int64_t days, struct calendar *calendar)
{
    days += EPOCH_SHIFT;
    int64_t era = floor_div(days, DAYS_PER_ERA);
    int64_t day_of_era = days - era * DAYS_PER_ERA;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (int)((5 * day_of_year + 2) / 153);
    calendar->day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    calendar->month = shifted < 10 ? shifted + 3 : shifted - 9;
    calendar->year = year_of_era + era * 400 + (calendar->month <= 2);
}

int calendar_month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && is_leap ? 29 : days[month - 1];
}

struct calendar calendar_of_time(struct nt_time time)
{
    struct calendar calendar;
    int64_t days = floor_div(time.us, US_PER_DAY);
    int64_t rest = time.us - days * US_PER_DAY;
    calendar_of_days(days, &calendar);
    calendar.hour = (int)(rest / US_PER_HOUR);
    calendar.minute = (int)(rest / US_PER_MINUTE % 60);
    calendar.second = (int)(rest / US_PER_SECOND % 60);
    calendar.us = (int)(rest % US_PER_SECOND);
    return calendar;
}

bool calendar_to_time(struct calendar calendar, struct nt_time *out)
{
    if (calendar.year < -4800 || calendar.year > 300000) return false;
    int64_t days = calendar_days(calendar.year, calendar.month, calendar.day);
    int64_t rest = calendar.hour * US_PER_HOUR + calendar.minute * US_PER_MINUTE +
                   calendar.second * US_PER_SECOND + calendar.us;
    int64_t us;
    if (__builtin_mul_overflow(days, US_PER_DAY, &us) || __builtin_add_overflow(us, rest, &us))
        return false;
    out->us = us;
    return time_is_in_range(us);
}

int calendar_weekday(int64_t days)
{
    /* 2000-01-01 was a Saturday. */
    int64_t since_monday = days + 5;
    return (int)(since_monday - floor_div(since_monday, 7) * 7) + 1;
}

bool cursor_skip_space(struct cursor *cursor)
{
    const char *start = cursor->at;
    while (cursor->at < cursor->end &&
           (*cursor->at == ' ' || (*cursor->at >= '\t' && *cursor->at <= '\r')))
        cursor->at++;
    return cursor->at > start;
}

bool cursor_take_word(struct cursor *cursor, const char *word)
{
    size_t size = strlen(word);
    if ((size_t)(cursor->end - cursor->at) < size || strncasecmp(cursor->at, word, size))
        return false;
    struct cursor after = {cursor->at + size, cursor->end};
    if (cursor_is_alpha(&after)) return false;
    *cursor = after;
    return true;
}

bool cursor_take_int(struct cursor *cursor, int64_t *value, int *digits)
{
    int64_t x = 0;
    int count = 0;
    for (; cursor_is_digit(cursor); cursor->at++, count++)
        if (__builtin_mul_overflow(x, 10, &x) || __builtin_add_overflow(x, *cursor->at - '0', &x))
            return false;
    *value = x;
    if (digits) *digits = count;
    return count > 0;
}

bool cursor_take_signed(struct cursor *cursor, bool is_negative, int64_t *value)
{
    int64_t x = 0;
    const char *start = cursor->at;
    for (; cursor_is_digit(cursor); cursor->at++) {
        int digit = *cursor->at - '0';
        if (__builtin_mul_overflow(x, 10, &x) ||
            __builtin_add_overflow(x, is_negative ? -digit : digit, &x))
            return false;
    }
    *value = x;
    return cursor->at > start;
}

/* Fifteen digits over a power of ten are both exact doubles, so their quotient is the nearest. */
double cursor_take_fraction(struct cursor *cursor)
{
    double numerator = 0, denominator = 1;
    for (int i = 0; cursor_is_digit(cursor); cursor->at++, i++) {
        if (i >= 15) continue;
        numerator = numerator * 10 + (*cursor->at - '0');
        denominator *= 10;
    }
    return numerator / denominator;
}
