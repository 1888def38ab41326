/*
 * repeats.h: a source's event key where it is settled among all events of the source, not within a
 * timeline. Pure.
 *
 * The accepted events of equal keys are in an order: by event time, at one time the greater row
 * first. In a view whose reach is R an event repeats the one before it, and does not count, when
 * that is of the same time or later than R before it. So the earliest wins, whatever came first; a
 * chain of repeats, each within R of the one before, is one event; and adding an event can only
 * ever make the one event behind it a repeat.
 */
#ifndef RUNTIME_REPEATS_H
#define RUNTIME_REPEATS_H

#include "base/bytes.h"
#include "nowthen/program.h"

/* Is an event key of the source settled so, by any view of the program? */
bool source_has_repeats(const struct nt_program *program, uint16_t source);
/* Of a view that reads the source: in this way, and not in another or not at all. */
bool view_has_repeats(const struct nt_program *program, const struct nt_view *view,
                      uint16_t source);

/* before: the event time of the one before it in the order. */
bool repeats_within(const struct nt_view *view, struct nt_time before, struct nt_time time);

/* A row's event key as bytes, none a prefix of another's. */
void event_key_append(const struct nt_source *source, const struct nt_value *row,
                      struct buffer *out);
/* All of a row, and back: what it points at is in arena or in the bytes read. */
void event_row_append(const struct nt_source *source, const struct nt_value *row,
                      struct buffer *out);
bool event_row_take(const struct nt_source *source, struct reader *in, struct nt_arena *arena,
                    struct nt_value *row);
/* PostgreSQL's order of rows, column by column, but NULL least; those that are equal to it and
 * differ (1.0 and 1.00) are told apart by their bytes. */
int event_row_compare(const struct nt_source *source, const struct nt_value *x,
                      const struct nt_value *y);

#endif
