/*
 * calendar.h: the proleptic Gregorian calendar, shared by time.c, interval.c and functions_time.c.
 * Years are astronomical: 0 is 1 BC. Days count from 2000-01-01.
 */
#ifndef ROW_CALENDAR_H
#define ROW_CALENDAR_H

#include "nowthen/value.h"

#define US_PER_SECOND INT64_C(1000000)
#define US_PER_MINUTE (60 * US_PER_SECOND)
#define US_PER_HOUR   (60 * US_PER_MINUTE)
#define US_PER_DAY    (24 * US_PER_HOUR)
/* Of 2000-01-01. */
#define JULIAN_DAY_EPOCH 2451545

struct calendar {
    int64_t year;
    int month, day; /* from 1 */
    int hour, minute, second, us;
};

int64_t calendar_days(int64_t year, int month, int day);
int calendar_month_days(int64_t year, int month);
/* Sets year, month and day. */
void calendar_of_days(int64_t days, struct calendar *calendar);
/* Of a finite time. */
struct calendar calendar_of_time(struct nt_time time);
/* False: outside PostgreSQL's range. */
bool calendar_to_time(struct calendar calendar, struct nt_time *out);
/* The Monday of the day's week; weekday 1 is Monday, 7 Sunday. */
int calendar_weekday(int64_t days);

static inline bool time_is_finite(struct nt_time time)
{
    return time.us != INT64_MIN && time.us != INT64_MAX;
}

static inline bool time_is_in_range(int64_t us)
{
    return us >= NT_TIME_MIN_US && us < NT_TIME_END_US;
}

/* Walks over a text that is read. */
struct cursor {
    const char *at, *end;
};

static inline bool cursor_is_digit(const struct cursor *cursor)
{
    return cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9';
}

static inline bool cursor_is_alpha(const struct cursor *cursor)
{
    return cursor->at < cursor->end && ((*cursor->at | 32) >= 'a' && (*cursor->at | 32) <= 'z');
}

static inline bool cursor_take(struct cursor *cursor, char c)
{
    if (cursor->at == cursor->end || *cursor->at != c) return false;
    cursor->at++;
    return true;
}

/* Skips white space; true when there was some. */
bool cursor_skip_space(struct cursor *cursor);
/* Takes word, in any case, if it is next and no letter follows. */
bool cursor_take_word(struct cursor *cursor, const char *word);
/* Takes digits; false: none, or beyond int64. */
bool cursor_take_int(struct cursor *cursor, int64_t *value, int *digits);
/* The same with the sign taken before. */
bool cursor_take_signed(struct cursor *cursor, bool is_negative, int64_t *value);
/* Digits after a decimal point as a fraction of one, as the nearest double. */
double cursor_take_fraction(struct cursor *cursor);

#endif
