/*
 * time.h: instants, dates and intervals, by PostgreSQL's rules (proleptic Gregorian, UTC, ISO).
 */
#ifndef ROW_TIME_H
#define ROW_TIME_H

#include "base/bytes.h"
#include "nowthen/eval.h"

void time_append_text(struct nt_time time, struct buffer *out);    /* 2013-01-01 10:17:00.25+00 */
void time_append_rfc3339(struct nt_time time, struct buffer *out); /* 2013-01-01T10:17:00.25Z */
void interval_append_text(struct nt_interval interval, struct buffer *out);

/* PostgreSQL's timestamptz input for ISO 8601 and its own output: date and time with T or a space,
 * seconds and a fraction (to the microsecond, rounded) optional, zone Z, +hh, +hhmm or +hh:mm, none
 * means UTC; infinity, -infinity, BC. */
enum time_parse { TIME_PARSED, TIME_SYNTAX, TIME_RANGE, TIME_FAR /* a year no date has */ };
enum time_parse time_parse(const char *text, size_t size, struct nt_time *out);
/* date_in over the same forms, in days from 2000-01-01; a clock and a zone are read and ignored. */
enum time_parse date_parse(const char *text, size_t size, int64_t *days);
void date_append_text(int64_t days, struct buffer *out); /* 2013-01-01 */
/* Midnight UTC; false: outside the range of times. And the day that a time is in. */
bool date_to_time(int64_t days, struct nt_time *out);
int64_t date_of_time(struct nt_time time);
/* PostgreSQL's interval input: '1 day 02:00', '36 hours', '-1.5 days', ISO 'P1DT2H', '1:30'. */
enum time_parse interval_parse(const char *text, size_t size, struct nt_interval *out);

/* False: outside the range. */
bool time_add(struct nt_time time, struct nt_interval interval, struct nt_time *out);
bool time_sub(struct nt_time x, struct nt_time y, struct nt_interval *out);
bool interval_neg(struct nt_interval x, struct nt_interval *out);
int interval_compare(struct nt_interval x, struct nt_interval y);

/* date_trunc(field, time) in UTC; false: a field it does not know. */
bool time_trunc(enum nt_field field, struct nt_time time, struct nt_time *out);
/* By PostgreSQL's spelling and its aliases, any case ("hours", "hr" -> hour); -1: none. */
int time_field(const char *name, size_t size);

#endif
