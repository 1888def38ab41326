/* functions_date.c: arithmetic of dates and their parts (PostgreSQL 15's date.c). */
#include "row/calendar.h"
#include "row/functions.h"
#include "row/narrow.h"
#include "row/numeric.h"
#include "row/time.h"

static bool date_is_finite(int64_t days)
{
    return days != NT_DATE_INFINITY && days != NT_DATE_MINUS_INFINITY;
}

static struct nt_value date_result(struct nt_eval *e, int64_t days)
{
    if (!date_is_finite(days) || !integer_is(NT_DATE, days)) return nt_fail(e, "date out of range");
    return nt_integer(days);
}

struct nt_value nt_date_sub(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    if (!date_is_finite(x.integer) || !date_is_finite(y.integer))
        return nt_fail(e, "cannot subtract infinite dates");
    return nt_integer(x.integer - y.integer);
}

/* The infinities stay. */
struct nt_value nt_date_add_int4(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    return date_is_finite(x.integer) ? date_result(e, x.integer + y.integer) : x;
}

struct nt_value nt_int4_add_date(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return nt_date_add_int4(e, y, x);
}

struct nt_value nt_date_sub_int4(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    return date_is_finite(x.integer) ? date_result(e, x.integer - y.integer) : x;
}

struct nt_value nt_date_to_timestamptz(struct nt_eval *e, struct nt_value x)
{
    struct nt_time time;
    if (x.is_null) return NT_NULL;
    if (!date_to_time(x.integer, &time)) return nt_fail(e, "date out of range for timestamp");
    return nt_timestamptz(time.us);
}

struct nt_value nt_timestamptz_to_date(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x.is_null ? NT_NULL : nt_integer(date_of_time(x.time));
}

static struct nt_value infinite_date_part(struct nt_eval *e, int64_t field, bool is_negative)
{
    bool comes_round = field == NT_FIELD_DAY || field == NT_FIELD_MONTH ||
                       field == NT_FIELD_QUARTER || field == NT_FIELD_WEEK ||
                       field == NT_FIELD_DOW || field == NT_FIELD_ISODOW || field == NT_FIELD_DOY;
    if (comes_round) return NT_NULL;
    enum nt_numeric_kind kind = is_negative ? NT_NUMERIC_MINUS_INFINITY : NT_NUMERIC_INFINITY;
    return numeric_result(e, (struct nt_numeric){.kind = (uint8_t)kind});
}

/* x is an enum nt_field that a date has. */
struct nt_value nt_extract_date(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    if (!date_is_finite(y.integer)) return infinite_date_part(e, x.integer, y.integer < 0);
    int64_t seconds = (y.integer + NT_UNIX_EPOCH_US / US_PER_DAY) * 86400;
    if (x.integer == NT_FIELD_EPOCH) return numeric_result(e, numeric_of_int(seconds));
    if (x.integer == NT_FIELD_JULIAN)
        return numeric_result(e, numeric_of_int(y.integer + JULIAN_DAY_EPOCH));
    return days_part(e, x.integer, y.integer);
}

/* A negative year is BC; there is no year 0. */
struct nt_value nt_date_make(struct nt_eval *e, struct nt_value x, struct nt_value y,
                             struct nt_value z)
{
    if (x.is_null || y.is_null || z.is_null) return NT_NULL;
    int64_t year = x.integer < 0 ? x.integer + 1 : x.integer;
    bool is_day = x.integer != 0 && y.integer >= 1 && y.integer <= 12 && z.integer >= 1 &&
                  z.integer <= calendar_month_days(year, (int)y.integer);
    int64_t days = is_day ? calendar_days(year, (int)y.integer, (int)z.integer) : 0;
    if (is_day && days >= NT_DATE_MIN && days < NT_DATE_END) return nt_integer(days);
    return nt_fail(e, nt_arena_printf(e->arena, "date%s out of range: %lld-%02lld-%02lld",
                                      is_day ? "" : " field value", (long long)x.integer,
                                      (long long)y.integer, (long long)z.integer));
}
