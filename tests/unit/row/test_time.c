/* test_time.c: instants and intervals: text both ways, truncation, fields, the edges of the range.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../support/seed.h"
#include "row/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct nt_time instant(const char *text)
{
    struct nt_time time;
    if (time_parse(text, strlen(text), &time)) fail_msg("cannot read %s", text);
    return time;
}

static void text_is(void (*append)(struct nt_time, struct buffer *), struct nt_time time,
                    const char *expected)
{
    struct buffer text = {0};
    append(time, &text);
    assert_string_equal(buffer_text(&text), expected);
    buffer_deinit(&text);
}

/* date_trunc(unit, time) of PostgreSQL 15 in UTC. */
static const struct {
    const char *unit, *time, *truncated;
} truncations[] = {
    {"microseconds", "2029-06-06 10:32:29+00", "2029-06-06 10:32:29+00"},
    {"microseconds", "1995-06-20 23:24:10+00", "1995-06-20 23:24:10+00"},
    {"microseconds", "2017-03-02 16:55:59+00", "2017-03-02 16:55:59+00"},
    {"microseconds", "1994-12-24 09:13:43+00", "1994-12-24 09:13:43+00"},
    {"microseconds", "2016-02-07 10:51:02.5+00", "2016-02-07 10:51:02.5+00"},
    {"microseconds", "1990-07-13 04:01:15.000001+00", "1990-07-13 04:01:15.000001+00"},
    {"microseconds", "1997-10-25 06:21:00+00", "1997-10-25 06:21:00+00"},
    {"microseconds", "3622-09-28 17:58:12.000001+00 BC", "3622-09-28 17:58:12.000001+00 BC"},
    {"milliseconds", "1825-07-22 05:52:17+00 BC", "1825-07-22 05:52:17+00 BC"},
    {"milliseconds", "2012-06-17 14:20:12.000001+00", "2012-06-17 14:20:12+00"},
    {"milliseconds", "2021-04-20 14:42:26.5+00", "2021-04-20 14:42:26.5+00"},
    {"milliseconds", "2002-03-21 11:16:57.529661+00", "2002-03-21 11:16:57.529+00"},
    {"milliseconds", "2012-03-06 08:52:39.000001+00", "2012-03-06 08:52:39+00"},
    {"milliseconds", "2018-02-10 06:04:02+00", "2018-02-10 06:04:02+00"},
    {"milliseconds", "2025-09-14 04:42:31.5+00", "2025-09-14 04:42:31.5+00"},
    {"milliseconds", "1929-06-22 16:12:09+00 BC", "1929-06-22 16:12:09+00 BC"},
    {"second", "3521-01-31 21:04:45.456118+00 BC", "3521-01-31 21:04:45+00 BC"},
    {"second", "2007-03-03 02:26:56.5+00", "2007-03-03 02:26:56+00"},
    {"second", "82166-11-13 02:13:10+00", "82166-11-13 02:13:10+00"},
    {"second", "2012-11-25 20:40:57.000001+00", "2012-11-25 20:40:57+00"},
    {"second", "2026-10-23 04:34:31.5+00", "2026-10-23 04:34:31+00"},
    {"second", "1993-01-07 10:36:07+00", "1993-01-07 10:36:07+00"},
    {"second", "2014-11-29 02:44:40.5+00", "2014-11-29 02:44:40+00"},
    {"second", "2007-06-30 21:24:02+00", "2007-06-30 21:24:02+00"},
    {"minute", "0362-12-17 22:29:13+00 BC", "0362-12-17 22:29:00+00 BC"},
    {"minute", "infinity", "infinity"},
    {"minute", "1993-07-30 22:26:10+00", "1993-07-30 22:26:00+00"},
    {"minute", "2015-08-29 09:45:52.000001+00", "2015-08-29 09:45:00+00"},
    {"minute", "2005-04-15 17:04:37.000001+00", "2005-04-15 17:04:00+00"},
    {"minute", "2014-10-28 03:48:18.000001+00", "2014-10-28 03:48:00+00"},
    {"minute", "37894-11-15 05:38:35.000001+00", "37894-11-15 05:38:00+00"},
    {"minute", "2009-05-26 22:42:03+00", "2009-05-26 22:42:00+00"},
    {"hour", "2027-01-14 03:22:38+00", "2027-01-14 03:00:00+00"},
    {"hour", "1991-10-30 23:18:38.000001+00", "1991-10-30 23:00:00+00"},
    {"hour", "2028-08-02 21:25:03.615079+00", "2028-08-02 21:00:00+00"},
    {"hour", "infinity", "infinity"},
    {"hour", "2023-02-07 20:01:33.000001+00", "2023-02-07 20:00:00+00"},
    {"hour", "2022-06-23 05:14:45+00", "2022-06-23 05:00:00+00"},
    {"hour", "1997-02-05 14:32:38+00", "1997-02-05 14:00:00+00"},
    {"hour", "3670-09-28 19:15:34.5+00", "3670-09-28 19:00:00+00"},
    {"day", "2025-06-30 03:45:51.000001+00", "2025-06-30 00:00:00+00"},
    {"day", "1997-01-29 16:06:16+00", "1997-01-29 00:00:00+00"},
    {"day", "2001-03-23 00:04:08.595159+00", "2001-03-23 00:00:00+00"},
    {"day", "2015-10-30 19:02:44+00", "2015-10-30 00:00:00+00"},
    {"day", "1994-10-30 14:06:16.880489+00", "1994-10-30 00:00:00+00"},
    {"day", "2013-11-06 15:13:48.000001+00", "2013-11-06 00:00:00+00"},
    {"day", "2017-03-28 17:56:20+00", "2017-03-28 00:00:00+00"},
    {"day", "-infinity", "-infinity"},
    {"week", "1996-05-05 04:10:23.000001+00", "1996-04-29 00:00:00+00"},
    {"week", "1997-10-13 03:05:05.363197+00", "1997-10-13 00:00:00+00"},
    {"week", "2727-07-28 17:31:52.000001+00 BC", "2727-07-23 00:00:00+00 BC"},
    {"week", "2002-11-19 01:17:39+00", "2002-11-18 00:00:00+00"},
    {"week", "1991-02-28 00:16:17+00", "1991-02-25 00:00:00+00"},
    {"week", "-infinity", "-infinity"},
    {"week", "1995-05-28 07:08:42.5+00", "1995-05-22 00:00:00+00"},
    {"week", "2002-03-31 22:51:47+00", "2002-03-25 00:00:00+00"},
    {"month", "1998-03-20 21:14:03.5+00", "1998-03-01 00:00:00+00"},
    {"month", "2030-03-28 23:05:10.500459+00", "2030-03-01 00:00:00+00"},
    {"month", "2005-03-23 13:50:02.000001+00", "2005-03-01 00:00:00+00"},
    {"month", "2008-01-12 09:34:53.5+00", "2008-01-01 00:00:00+00"},
    {"month", "2024-11-12 14:16:21+00", "2024-11-01 00:00:00+00"},
    {"month", "2014-05-27 06:27:34.000001+00", "2014-05-01 00:00:00+00"},
    {"month", "2000-02-10 16:02:14.685415+00", "2000-02-01 00:00:00+00"},
    {"month", "2028-01-17 05:41:42.5+00", "2028-01-01 00:00:00+00"},
    {"quarter", "277176-08-29 13:32:37.218798+00", "277176-07-01 00:00:00+00"},
    {"quarter", "2025-02-04 04:51:12+00", "2025-01-01 00:00:00+00"},
    {"quarter", "2001-01-28 12:25:34.5+00", "2001-01-01 00:00:00+00"},
    {"quarter", "1997-10-24 19:32:58.000001+00", "1997-10-01 00:00:00+00"},
    {"quarter", "2011-05-29 00:11:36.751902+00", "2011-04-01 00:00:00+00"},
    {"quarter", "2007-02-12 07:12:45.000001+00", "2007-01-01 00:00:00+00"},
    {"quarter", "infinity", "infinity"},
    {"quarter", "2016-04-18 22:31:37+00", "2016-04-01 00:00:00+00"},
    {"year", "2030-06-28 20:02:24.5+00", "2030-01-01 00:00:00+00"},
    {"year", "2014-11-12 11:24:07+00", "2014-01-01 00:00:00+00"},
    {"year", "2028-07-05 12:19:56+00", "2028-01-01 00:00:00+00"},
    {"year", "2018-06-01 05:53:35+00", "2018-01-01 00:00:00+00"},
    {"year", "1990-05-08 08:53:19.861746+00", "1990-01-01 00:00:00+00"},
    {"year", "95856-06-18 21:56:52.5+00", "95856-01-01 00:00:00+00"},
    {"year", "2001-06-11 01:36:06+00", "2001-01-01 00:00:00+00"},
    {"year", "2022-08-22 14:31:49+00", "2022-01-01 00:00:00+00"},
    {"decade", "97075-06-26 02:33:42.5+00", "97070-01-01 00:00:00+00"},
    {"decade", "1997-01-12 23:29:59+00", "1990-01-01 00:00:00+00"},
    {"decade", "2014-02-09 09:03:28.000001+00", "2010-01-01 00:00:00+00"},
    {"decade", "infinity", "infinity"},
    {"decade", "infinity", "infinity"},
    {"decade", "-infinity", "-infinity"},
    {"decade", "111608-02-29 22:01:26.000001+00", "111600-01-01 00:00:00+00"},
    {"decade", "2010-02-23 00:09:48.5+00", "2010-01-01 00:00:00+00"},
    {"century", "2021-01-31 01:23:48.000001+00", "2001-01-01 00:00:00+00"},
    {"century", "2028-04-29 00:15:35+00", "2001-01-01 00:00:00+00"},
    {"century", "2008-10-29 21:52:54+00", "2001-01-01 00:00:00+00"},
    {"century", "infinity", "infinity"},
    {"century", "2022-12-17 13:41:44+00", "2001-01-01 00:00:00+00"},
    {"century", "2004-07-21 06:35:51.5+00", "2001-01-01 00:00:00+00"},
    {"century", "1990-06-03 12:00:25+00", "1901-01-01 00:00:00+00"},
    {"century", "2027-03-21 17:37:47+00", "2001-01-01 00:00:00+00"},
    {"millennium", "2024-10-28 02:20:44.000001+00", "2001-01-01 00:00:00+00"},
    {"millennium", "2028-10-17 13:55:18+00", "2001-01-01 00:00:00+00"},
    {"millennium", "2013-12-30 03:59:57.5+00", "2001-01-01 00:00:00+00"},
    {"millennium", "2013-11-17 09:03:42.329912+00", "2001-01-01 00:00:00+00"},
    {"millennium", "2028-06-27 07:58:23.5+00", "2001-01-01 00:00:00+00"},
    {"millennium", "2000-03-25 05:58:49.5+00", "1001-01-01 00:00:00+00"},
    {"millennium", "2008-10-24 06:39:26.000001+00", "2001-01-01 00:00:00+00"},
    {"millennium", "0655-03-29 14:28:21+00 BC", "1000-01-01 00:00:00+00 BC"},
};

static void truncation_is_postgresqls(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof truncations / sizeof truncations[0]; i++) {
        const char *unit = truncations[i].unit, *expected = truncations[i].truncated;
        struct nt_time out;
        int field = time_field(unit, strlen(unit));
        assert_true(field >= 0);
        if (time_trunc((enum nt_field)field, instant(truncations[i].time), &out))
            text_is(time_append_text, out, expected);
        else
            assert_string_equal(expected, "ERROR");
    }
}

static void fields_that_do_not_truncate_are_refused(void **state)
{
    (void)state;
    struct nt_time out;
    assert_false(time_trunc(NT_FIELD_DOW, instant("2013-01-01"), &out));
    assert_false(time_trunc(NT_FIELD_EPOCH, NT_TIME_INFINITY, &out));
}

static void fields_have_postgresqls_spellings(void **state)
{
    (void)state;
    assert_int_equal(time_field("Hours", 5), NT_FIELD_HOUR);
    assert_int_equal(time_field("hr", 2), NT_FIELD_HOUR);
    assert_int_equal(time_field("microseconds", 12), NT_FIELD_MICROSECONDS);
    assert_int_equal(time_field("timezone_minute", 15), NT_FIELD_TIMEZONE_MINUTE);
    assert_int_equal(time_field("mon", 3), NT_FIELD_MONTH);
    assert_int_equal(time_field("m", 1), NT_FIELD_MINUTE);
    assert_int_equal(time_field("fortnight", 9), -1);
    assert_int_equal(time_field("", 0), -1);
}

static void printed_times_read_back(void **state)
{
    (void)state;
    srand((unsigned)seed_take());
    struct buffer text = {0};
    for (int i = 0; i < 20000; i++) {
        uint64_t random = (uint64_t)rand() << 40 ^ (uint64_t)rand() << 20 ^ (uint64_t)rand();
        uint64_t range = (uint64_t)NT_TIME_END_US - (uint64_t)NT_TIME_MIN_US;
        struct nt_time time = {(int64_t)((uint64_t)NT_TIME_MIN_US + random % range)}, back;
        buffer_clear(&text);
        (i % 2 ? time_append_text : time_append_rfc3339)(time, &text);
        assert_int_equal(time_parse((char *)text.data, text.size, &back), TIME_PARSED);
        assert_true(back.us == time.us);
    }
    buffer_deinit(&text);
}

static void printed_intervals_read_back(void **state)
{
    (void)state;
    srand((unsigned)seed_take());
    struct buffer text = {0};
    for (int i = 0; i < 20000; i++) {
        struct nt_interval interval = {.us = ((int64_t)rand() - RAND_MAX / 2) *
                                             (INT64_C(1) << rand() % 32),
                                       .days = (rand() - RAND_MAX / 2) >> rand() % 31,
                                       .months = (rand() - RAND_MAX / 2) >> rand() % 31},
                           back;
        buffer_clear(&text);
        interval_append_text(interval, &text);
        assert_int_equal(interval_parse((char *)text.data, text.size, &back), TIME_PARSED);
        assert_memory_equal(&back, &interval, sizeof back);
    }
    buffer_deinit(&text);
}

static void the_range_ends_where_postgresqls_does(void **state)
{
    (void)state;
    struct nt_time out;
    text_is(time_append_text, (struct nt_time){NT_TIME_MIN_US}, "4714-11-24 00:00:00+00 BC");
    text_is(time_append_text, (struct nt_time){NT_TIME_END_US - 1},
            "294276-12-31 23:59:59.999999+00");
    assert_false(
        time_add((struct nt_time){NT_TIME_END_US - 1}, (struct nt_interval){.us = 1}, &out));
    assert_false(
        time_add((struct nt_time){NT_TIME_MIN_US}, (struct nt_interval){.days = -1}, &out));
    assert_true(time_add(NT_TIME_INFINITY, (struct nt_interval){.us = -1}, &out));
    assert_true(out.us == INT64_MAX);
    assert_int_equal(time_parse("294277-01-01 00:00:00+00", 24, &out), TIME_RANGE);
}

static void rfc3339_has_t_and_z(void **state)
{
    (void)state;
    text_is(time_append_rfc3339, instant("2013-01-01 10:17:00.25+00"), "2013-01-01T10:17:00.25Z");
    text_is(time_append_rfc3339, instant("2013-01-01 10:17:00+02"), "2013-01-01T08:17:00Z");
    text_is(time_append_rfc3339, NT_TIME_MINUS_INFINITY, "-infinity");
}

/* The common form has a reader of its own; a blank before it goes round that one. */
static void the_common_form_reads_as_the_others_do(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "2013-01-01T10:17:00Z",         "2013-01-01 10:17:00Z",        "2013-01-01T10:17:00.5Z",
        "2013-01-01T10:17:00.25Z",      "2013-01-01T10:17:00.999999Z", "2012-02-29T24:00:00Z",
        "2013-12-31T23:59:60Z",         "0001-01-01T00:00:00Z",        "2013-01-01T10:17:00.00001Z",
        "2013-02-29T00:00:00Z",         "2013-13-01T00:00:00Z",        "0000-01-01T00:00:00Z",
        "2013-01-01T25:00:00Z",         "2013-01-01T24:00:00.1Z",      "2013-01-01T10:60:00Z",
        "2013-01-01T10:17:00.Z",        "2013-01-01T10:17:00.1x3Z",    "2013-01-01T10:17:0xZ",
        "2013-01-01T10:17:00.1234567Z", "2x13-01-01T10:17:00Z",        "2013-01-00T10:17:00Z",
        "2013-01-01T10:17:00,5Z",       "2013-01-01-10:17:00Z",        "2013-01-01       Z ZZ",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char spaced[64];
        struct nt_time common = {0}, other = {0};
        int size = snprintf(spaced, sizeof spaced, " %s", texts[i]);
        enum time_parse expected = time_parse(spaced, (size_t)size, &other);
        assert_int_equal(time_parse(texts[i], strlen(texts[i]), &common), expected);
        if (expected == TIME_PARSED) assert_true(common.us == other.us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truncation_is_postgresqls),
        cmocka_unit_test(fields_that_do_not_truncate_are_refused),
        cmocka_unit_test(fields_have_postgresqls_spellings),
        cmocka_unit_test(printed_times_read_back),
        cmocka_unit_test(the_common_form_reads_as_the_others_do),
        cmocka_unit_test(printed_intervals_read_back),
        cmocka_unit_test(the_range_ends_where_postgresqls_does),
        cmocka_unit_test(rfc3339_has_t_and_z),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
