/* functions_time.c: arithmetic of times and intervals, extract (PostgreSQL 15's timestamp.c). */
#include "row/calendar.h"
#include "row/functions.h"
#include "row/numeric.h"
#include "row/time.h"

#include <math.h>

static struct nt_value interval_result(struct nt_eval *e, struct nt_interval x)
{
    return (struct nt_value){.interval = nt_arena_copy(e->arena, &x, sizeof x)};
}

static struct nt_value interval_overflow(struct nt_eval *e)
{
    return nt_fail(e, "interval out of range");
}

struct nt_value nt_timestamptz_sub(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    struct nt_interval result;
    if (x.is_null || y.is_null) return NT_NULL;
    if (!time_is_finite(x.time) || !time_is_finite(y.time))
        return nt_fail(e, "cannot subtract infinite timestamps");
    if (!time_sub(x.time, y.time, &result)) return interval_overflow(e);
    return interval_result(e, result);
}

struct nt_value nt_timestamptz_add_interval(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    struct nt_time result;
    if (x.is_null || y.is_null) return NT_NULL;
    if (!time_add(x.time, *y.interval, &result)) return nt_fail(e, "timestamp out of range");
    return nt_timestamptz(result.us);
}

struct nt_value nt_interval_add_timestamptz(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return nt_timestamptz_add_interval(e, y, x);
}

/* As PostgreSQL does: the interval is negated first. */
struct nt_value nt_timestamptz_sub_interval(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    struct nt_interval negated;
    if (x.is_null || y.is_null) return NT_NULL;
    if (!interval_neg(*y.interval, &negated)) return nt_fail(e, "timestamp out of range");
    return nt_timestamptz_add_interval(e, x, (struct nt_value){.interval = &negated});
}

struct nt_value nt_interval_add(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    struct nt_interval sum;
    if (x.is_null || y.is_null) return NT_NULL;
    if (__builtin_add_overflow(x.interval->us, y.interval->us, &sum.us) ||
        __builtin_add_overflow(x.interval->days, y.interval->days, &sum.days) ||
        __builtin_add_overflow(x.interval->months, y.interval->months, &sum.months))
        return interval_overflow(e);
    return interval_result(e, sum);
}

struct nt_value nt_interval_sub(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    struct nt_interval difference;
    if (x.is_null || y.is_null) return NT_NULL;
    if (__builtin_sub_overflow(x.interval->us, y.interval->us, &difference.us) ||
        __builtin_sub_overflow(x.interval->days, y.interval->days, &difference.days) ||
        __builtin_sub_overflow(x.interval->months, y.interval->months, &difference.months))
        return interval_overflow(e);
    return interval_result(e, difference);
}

struct nt_value nt_interval_neg(struct nt_eval *e, struct nt_value x)
{
    struct nt_interval negated;
    if (x.is_null) return NT_NULL;
    if (!interval_neg(*x.interval, &negated)) return interval_overflow(e);
    return interval_result(e, negated);
}

static double round_to_us(double x)
{
    return rint(x * 1e6) / 1e6;
}

static bool double_to_int32(double x, int32_t *out)
{
    if (!(x >= INT32_MIN && x <= INT32_MAX)) return false;
    *out = (int32_t)x;
    return true;
}

/* Exact months, days and microseconds as doubles, to whole ones: what is left of a month goes to
 * days of 30 to a month, what is left of a day to the time. */
static struct nt_value interval_cascade(struct nt_eval *e, double months, double days, double us)
{
    struct nt_interval result;
    if (!double_to_int32(months, &result.months) || !double_to_int32(days, &result.days))
        return interval_overflow(e);
    double rest_days = round_to_us((months - result.months) * 30);
    double rest_seconds = round_to_us((days - result.days + rest_days - (int)rest_days) * 86400);
    if (fabs(rest_seconds) >= 86400) {
        result.days += (int)(rest_seconds / 86400);
        rest_seconds -= (int)(rest_seconds / 86400) * 86400;
    }
    if (__builtin_add_overflow(result.days, (int32_t)rest_days, &result.days))
        return interval_overflow(e);
    us = rint(us + rest_seconds * 1e6);
    if (!(us >= -0x1p63 && us < 0x1p63)) return interval_overflow(e);
    result.us = (int64_t)us;
    return interval_result(e, result);
}

struct nt_value nt_interval_mul(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    return interval_cascade(e, x.interval->months * y.float8, x.interval->days * y.float8,
                            (double)x.interval->us * y.float8);
}

struct nt_value nt_float8_mul_interval(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return nt_interval_mul(e, y, x);
}

struct nt_value nt_interval_div(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    if (y.float8 == 0) return nt_fail(e, "division by zero");
    return interval_cascade(e, x.interval->months / y.float8, x.interval->days / y.float8,
                            (double)x.interval->us / y.float8);
}

static struct nt_value integer_part(struct nt_eval *e, int64_t x)
{
    return numeric_result(e, numeric_of_int(x));
}

/* value / 10^scale, with that scale. */
static struct nt_value scaled_part(struct nt_eval *e, __int128 value, int scale)
{
    struct nt_numeric result;
    if (!numeric_make(value, scale, &result)) return numeric_overflow(e);
    return numeric_result(e, result);
}

/* Parts that only grow are infinite at the infinities; those that come round are NULL. */
static struct nt_value infinite_part(struct nt_eval *e, int64_t field, bool is_negative)
{
    switch (field) {
    case NT_FIELD_YEAR:
    case NT_FIELD_DECADE:
    case NT_FIELD_CENTURY:
    case NT_FIELD_MILLENNIUM:
    case NT_FIELD_ISOYEAR:
    case NT_FIELD_JULIAN:
    case NT_FIELD_EPOCH:
        return numeric_result(e, (struct nt_numeric){.kind = is_negative ? NT_NUMERIC_MINUS_INFINITY
                                                                         : NT_NUMERIC_INFINITY});
    default:
        return NT_NULL;
    }
}

/* The Monday on which ISO year begins: its week has January 4th. */
static int64_t iso_year_start(int64_t year)
{
    int64_t fourth = calendar_days(year, 1, 4);
    return fourth - (calendar_weekday(fourth) - 1);
}

static int64_t iso_year(int64_t year, int64_t days)
{
    if (days < iso_year_start(year)) return year - 1;
    return days >= iso_year_start(year + 1) ? year + 1 : year;
}

/* There is no year 0 in what is shown: 0 is 1 BC. */
static int64_t year_shown(int64_t year)
{
    return year > 0 ? year : year - 1;
}

/* Decades count from the year 0, centuries and millennia from the year 1. */
static int64_t years_part(int64_t field, int64_t year)
{
    switch (field) {
    case NT_FIELD_DECADE:
        return year > 0 ? year / 10 : -((8 - (year - 1)) / 10);
    case NT_FIELD_CENTURY:
        return year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100);
    case NT_FIELD_MILLENNIUM:
        return year > 0 ? (year + 999) / 1000 : -((999 - (year - 1)) / 1000);
    default:
        return year_shown(year);
    }
}

static struct nt_value julian_part(struct nt_eval *e, int64_t days, int64_t us_of_day)
{
    struct nt_numeric fraction, sum;
    if (!numeric_div(e->arena, numeric_of_int(us_of_day), numeric_of_int(US_PER_DAY), &fraction) ||
        !numeric_add(e->arena, numeric_of_int(days + JULIAN_DAY_EPOCH), fraction, &sum))
        return numeric_overflow(e);
    return numeric_result(e, sum);
}

static struct nt_value date_part(struct nt_eval *e, int64_t field, struct nt_time time,
                                 struct calendar date)
{
    int64_t days = calendar_days(date.year, date.month, date.day);
    int64_t year = iso_year(date.year, days);
    switch (field) {
    case NT_FIELD_WEEK:
        return integer_part(e, (days - iso_year_start(year)) / 7 + 1);
    case NT_FIELD_ISOYEAR:
        return integer_part(e, year_shown(year));
    case NT_FIELD_ISODOW:
        return integer_part(e, calendar_weekday(days));
    case NT_FIELD_DOW:
        return integer_part(e, calendar_weekday(days) % 7);
    case NT_FIELD_DOY:
        return integer_part(e, days - calendar_days(date.year, 1, 1) + 1);
    case NT_FIELD_JULIAN:
        return julian_part(e, days, time.us - days * US_PER_DAY);
    default:
        return integer_part(e, years_part(field, date.year));
    }
}

struct nt_value days_part(struct nt_eval *e, int64_t field, int64_t days)
{
    struct calendar date;
    calendar_of_days(days, &date);
    switch (field) {
    case NT_FIELD_DAY:
        return integer_part(e, date.day);
    case NT_FIELD_MONTH:
        return integer_part(e, date.month);
    case NT_FIELD_QUARTER:
        return integer_part(e, (date.month - 1) / 3 + 1);
    default:
        return date_part(e, field, (struct nt_time){0}, date);
    }
}

/* x is an enum nt_field; the time zone is UTC. */
struct nt_value nt_extract_timestamptz(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    if (!time_is_finite(y.time)) return infinite_part(e, x.integer, y.time.us < 0);
    struct calendar calendar = calendar_of_time(y.time);
    int64_t us = calendar.second * US_PER_SECOND + calendar.us;
    switch (x.integer) {
    case NT_FIELD_MICROSECONDS:
        return integer_part(e, us);
    case NT_FIELD_MILLISECONDS:
        return scaled_part(e, us, 3);
    case NT_FIELD_SECOND:
        return scaled_part(e, us, 6);
    case NT_FIELD_MINUTE:
        return integer_part(e, calendar.minute);
    case NT_FIELD_HOUR:
        return integer_part(e, calendar.hour);
    case NT_FIELD_DAY:
        return integer_part(e, calendar.day);
    case NT_FIELD_MONTH:
        return integer_part(e, calendar.month);
    case NT_FIELD_QUARTER:
        return integer_part(e, (calendar.month - 1) / 3 + 1);
    case NT_FIELD_EPOCH:
        return scaled_part(e, (__int128)y.time.us + NT_UNIX_EPOCH_US, 6);
    case NT_FIELD_TIMEZONE:
    case NT_FIELD_TIMEZONE_HOUR:
    case NT_FIELD_TIMEZONE_MINUTE:
        return integer_part(e, 0);
    default:
        return date_part(e, x.integer, y.time, calendar);
    }
}

/* A year of 365.25 days and a month of 30, in quarters of a day so that all is whole. */
static struct nt_value interval_epoch(struct nt_eval *e, struct nt_interval interval)
{
    int64_t quarter_days = INT64_C(1461) * (interval.months / 12) +
                           INT64_C(120) * (interval.months % 12) + INT64_C(4) * interval.days;
    return scaled_part(e, (__int128)quarter_days * (US_PER_DAY / 4) + interval.us, 6);
}

struct nt_value nt_extract_interval(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    static const char *const names[] = {
#define FIELD_NAME(name, sql) sql,
        NT_FIELDS(FIELD_NAME)
#undef FIELD_NAME
    };
    if (x.is_null || y.is_null) return NT_NULL;
    const struct nt_interval *interval = y.interval;
    int years = interval->months / 12, months = interval->months % 12;
    switch (x.integer) {
    case NT_FIELD_MICROSECONDS:
        return integer_part(e, interval->us % US_PER_MINUTE);
    case NT_FIELD_MILLISECONDS:
        return scaled_part(e, interval->us % US_PER_MINUTE, 3);
    case NT_FIELD_SECOND:
        return scaled_part(e, interval->us % US_PER_MINUTE, 6);
    case NT_FIELD_MINUTE:
        return integer_part(e, interval->us / US_PER_MINUTE % 60);
    case NT_FIELD_HOUR:
        return integer_part(e, interval->us / US_PER_HOUR);
    case NT_FIELD_DAY:
        return integer_part(e, interval->days);
    case NT_FIELD_MONTH:
        return integer_part(e, months);
    case NT_FIELD_QUARTER:
        return integer_part(e, months / 3 + 1);
    case NT_FIELD_YEAR:
        return integer_part(e, years);
    case NT_FIELD_DECADE:
        return integer_part(e, years / 10);
    case NT_FIELD_CENTURY:
        return integer_part(e, years / 100);
    case NT_FIELD_MILLENNIUM:
        return integer_part(e, years / 1000);
    case NT_FIELD_EPOCH:
        return interval_epoch(e, *interval);
    default:
        return nt_fail(e, nt_arena_printf(e->arena, "unit \"%s\" not supported for type interval",
                                          names[x.integer]));
    }
}
