/* functions_part.c: date_part, date_trunc, date_bin, to_timestamp, make_interval and the justify
 * functions (PostgreSQL 15's timestamp.c). */
#include "row/calendar.h"
#include "row/functions.h"
#include "row/numeric.h"
#include "row/time.h"

#include <math.h>
#include <stdlib.h>

#define DAYS_PER_MONTH  30
#define MONTHS_PER_YEAR 12
#define SECONDS_PER_DAY 86400

static struct nt_value interval_result(struct nt_eval *e, struct nt_interval x)
{
    return (struct nt_value){.interval = nt_arena_copy(e->arena, &x, sizeof x)};
}

static struct nt_value interval_overflow(struct nt_eval *e)
{
    return nt_fail(e, "interval out of range");
}

/* The fields of extract that are whole numbers, as float8. */
static struct nt_value whole_part(struct nt_value part)
{
    return part.is_null ? NT_NULL : nt_float8(numeric_to_double(*part.numeric));
}

/* PostgreSQL computes the parts that have a fraction in float8, one operation after another, so
 * they may differ from extract's by a rounding. */
struct nt_value nt_date_part_timestamptz(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    if (!time_is_finite(y.time)) return whole_part(nt_extract_timestamptz(e, x, y));
    struct calendar calendar = calendar_of_time(y.time);
    int64_t days = calendar_days(calendar.year, calendar.month, calendar.day), us;
    int seconds = (calendar.hour * 60 + calendar.minute) * 60 + calendar.second;
    switch (x.integer) {
    case NT_FIELD_MILLISECONDS:
        return nt_float8(calendar.second * 1000.0 + calendar.us / 1000.0);
    case NT_FIELD_SECOND:
        return nt_float8(calendar.second + calendar.us / 1000000.0);
    case NT_FIELD_JULIAN:
        return nt_float8((double)(days + JULIAN_DAY_EPOCH) +
                         (seconds + calendar.us / 1000000.0) / SECONDS_PER_DAY);
    case NT_FIELD_EPOCH:
        if (!__builtin_add_overflow(y.time.us, NT_UNIX_EPOCH_US, &us))
            return nt_float8((double)us / 1000000.0);
        return nt_float8(((double)y.time.us + (double)NT_UNIX_EPOCH_US) / 1000000.0);
    default:
        return whole_part(nt_extract_timestamptz(e, x, y));
    }
}

/* A year of 365.25 days and a month of 30. */
static double interval_epoch(struct nt_interval interval)
{
    double seconds = (double)interval.us / 1000000.0;
    seconds += 365.25 * SECONDS_PER_DAY * (interval.months / MONTHS_PER_YEAR);
    seconds += (double)DAYS_PER_MONTH * SECONDS_PER_DAY * (interval.months % MONTHS_PER_YEAR);
    return seconds + (double)SECONDS_PER_DAY * interval.days;
}

struct nt_value nt_date_part_interval(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    int64_t us = y.interval->us % US_PER_MINUTE;
    double second = (double)(us / US_PER_SECOND), fraction = (double)(us % US_PER_SECOND);
    switch (x.integer) {
    case NT_FIELD_MILLISECONDS:
        return nt_float8(second * 1000.0 + fraction / 1000.0);
    case NT_FIELD_SECOND:
        return nt_float8(second + fraction / 1000000.0);
    case NT_FIELD_EPOCH:
        return nt_float8(interval_epoch(*y.interval));
    default:
        return whole_part(nt_extract_interval(e, x, y));
    }
}

struct nt_value nt_date_trunc_timestamptz(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    struct nt_time result;
    if (x.is_null || y.is_null) return NT_NULL;
    if (!time_is_finite(y.time)) return y;
    if (!time_trunc((enum nt_field)x.integer, y.time, &result))
        return nt_fail(e, "timestamp out of range");
    return nt_timestamptz(result.us);
}

/* The unit in months, or 0 and the unit in microseconds. */
static int trunc_months(int64_t field, int64_t *us)
{
    *us = 0;
    switch (field) {
    case NT_FIELD_MILLENNIUM:
        return 1000 * MONTHS_PER_YEAR;
    case NT_FIELD_CENTURY:
        return 100 * MONTHS_PER_YEAR;
    case NT_FIELD_DECADE:
        return 10 * MONTHS_PER_YEAR;
    case NT_FIELD_YEAR:
        return MONTHS_PER_YEAR;
    case NT_FIELD_QUARTER:
        return 3;
    case NT_FIELD_MONTH:
        return 1;
    case NT_FIELD_HOUR:
        *us = US_PER_HOUR;
        return 0;
    case NT_FIELD_MINUTE:
        *us = US_PER_MINUTE;
        return 0;
    case NT_FIELD_SECOND:
        *us = US_PER_SECOND;
        return 0;
    case NT_FIELD_MILLISECONDS:
        *us = 1000;
        return 0;
    case NT_FIELD_MICROSECONDS:
        *us = 1;
        return 0;
    default: /* a day: all of the time, none of the days */
        return 0;
    }
}

/* Each part is cut towards zero by itself. */
struct nt_value nt_date_trunc_interval(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    int64_t us;
    if (x.is_null || y.is_null) return NT_NULL;
    struct nt_interval result = *y.interval;
    int months = trunc_months(x.integer, &us);
    if (months) {
        result.months -= result.months % months;
        result.days = 0;
    }
    result.us = us ? result.us - result.us % us : 0;
    return interval_result(e, result);
}

struct nt_value nt_timestamptz_bin(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                   struct nt_value z)
{
    int64_t stride, difference, bin;
    if (x.is_null || y.is_null || z.is_null) return NT_NULL;
    if (!time_is_finite(y.time)) return y;
    if (!time_is_finite(z.time)) return nt_fail(e, "origin out of range");
    if (x.interval->months)
        return nt_fail(e, "timestamps cannot be binned into intervals containing months or years");
    if (__builtin_mul_overflow(x.interval->days, US_PER_DAY, &stride) ||
        __builtin_add_overflow(stride, x.interval->us, &stride))
        return interval_overflow(e);
    if (stride <= 0) return nt_fail(e, "stride must be greater than zero");
    if (__builtin_sub_overflow(y.time.us, z.time.us, &difference)) return interval_overflow(e);
    int64_t rest = difference % stride;
    bin = z.time.us + (difference - rest);
    if (rest < 0 && __builtin_sub_overflow(bin, stride, &bin))
        return nt_fail(e, "timestamp out of range");
    if (!time_is_in_range(bin)) return nt_fail(e, "timestamp out of range");
    return nt_timestamptz(bin);
}

/* Seconds since 1970. */
struct nt_value nt_to_timestamp(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    double seconds = x.float8;
    if (isnan(seconds)) return nt_fail(e, "timestamp cannot be NaN");
    if (isinf(seconds)) return nt_timestamptz(seconds > 0 ? INT64_MAX : INT64_MIN);
    double least = (double)((NT_TIME_MIN_US + NT_UNIX_EPOCH_US) / US_PER_SECOND);
    double end = (double)(NT_TIME_END_US / US_PER_SECOND + NT_UNIX_EPOCH_US / US_PER_SECOND);
    double us = rint((seconds - (double)(NT_UNIX_EPOCH_US / US_PER_SECOND)) * 1000000.0);
    if (seconds < least || seconds >= end || !time_is_in_range((int64_t)us))
        return nt_fail(e, nt_arena_printf(e->arena, "timestamp out of range: \"%g\"", seconds));
    return nt_timestamptz((int64_t)us);
}

#define INTERVAL_PARTS 7

/* years, months, weeks, days, hours, mins, secs: all but the last are integers. What overflows is
 * an error, where PostgreSQL 15 wraps around. */
struct nt_value nt_make_interval(struct nt_eval *e, int count, const struct nt_value *list)
{
    for (int i = 0; i < count; i++)
        if (list[i].is_null) return NT_NULL;
    if (count != INTERVAL_PARTS) return NT_NULL;
    double seconds = list[6].float8, us = rint(seconds * 1000000.0);
    int64_t months = (int64_t)list[0].float8 * MONTHS_PER_YEAR + (int64_t)list[1].float8;
    int64_t days = (int64_t)list[2].float8 * 7 + (int64_t)list[3].float8;
    int64_t clock = (int64_t)list[4].float8 * US_PER_HOUR + (int64_t)list[5].float8 * US_PER_MINUTE;
    if (!(us >= -0x1p63 && us < 0x1p63) || months != (int32_t)months || days != (int32_t)days ||
        __builtin_add_overflow(clock, (int64_t)us, &clock))
        return interval_overflow(e);
    return interval_result(e, (struct nt_interval){clock, (int32_t)days, (int32_t)months});
}

/* Days and time of opposite signs: a day goes over. */
static void justify_signs(struct nt_interval *interval)
{
    int day = (interval->days > 0 && interval->us < 0) - (interval->days < 0 && interval->us > 0);
    interval->us += day * US_PER_DAY;
    interval->days -= day;
}

static bool days_to_months(struct nt_interval *interval)
{
    int months = interval->days / DAYS_PER_MONTH;
    interval->days -= months * DAYS_PER_MONTH;
    return !__builtin_add_overflow(interval->months, months, &interval->months);
}

static bool time_to_days(struct nt_interval *interval)
{
    int64_t days = interval->us / US_PER_DAY;
    interval->us -= days * US_PER_DAY;
    return !__builtin_add_overflow(interval->days, (int32_t)days, &interval->days);
}

struct nt_value nt_justify_hours(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    struct nt_interval result = *x.interval;
    if (!time_to_days(&result)) return interval_overflow(e);
    justify_signs(&result);
    return interval_result(e, result);
}

struct nt_value nt_justify_days(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    struct nt_interval result = *x.interval;
    if (!days_to_months(&result)) return interval_overflow(e);
    int month = (result.months > 0 && result.days < 0) - (result.months < 0 && result.days > 0);
    result.days += month * DAYS_PER_MONTH;
    result.months -= month;
    return interval_result(e, result);
}

struct nt_value nt_justify_interval(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    struct nt_interval result = *x.interval;
    bool is_same_way = (result.days > 0 && result.us > 0) || (result.days < 0 && result.us < 0);
    if ((is_same_way && !days_to_months(&result)) || !time_to_days(&result) ||
        !days_to_months(&result))
        return interval_overflow(e);
    bool is_below = result.days < 0 || (result.days == 0 && result.us < 0);
    bool is_above = result.days > 0 || (result.days == 0 && result.us > 0);
    int month = (result.months > 0 && is_below) - (result.months < 0 && is_above);
    result.days += month * DAYS_PER_MONTH;
    result.months -= month;
    justify_signs(&result);
    return interval_result(e, result);
}

struct nt_value nt_timestamptz_isfinite(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x.is_null ? NT_NULL : nt_bool(time_is_finite(x.time));
}

struct nt_value nt_date_isfinite(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    if (x.is_null) return NT_NULL;
    return nt_bool(x.integer != NT_DATE_INFINITY && x.integer != NT_DATE_MINUS_INFINITY);
}
