/*
 * decode.h: bytes of an event to a typed row of its source. One decoder per thread and source.
 *
 * JSON: an object; a column is the member of its name, missing is NULL, unknown members are
 * skipped, of a repeated member the last counts. boolean: true, false · integer, bigint: an
 * integral number in range, or a string of one · double precision: a number, or a string PostgreSQL
 * reads as one
 * ("NaN", "Infinity") · numeric: a number (its digits as written) or a string · text: a string ·
 * timestamp with time zone, interval: a string PostgreSQL reads as one · an array: an array of
 * these and nulls, or a string PostgreSQL reads as one. Anything else is an error.
 */
#ifndef DECODE_DECODE_H
#define DECODE_DECODE_H

#include "base/bytes.h"
#include "nowthen/program.h"

struct decoder;

/* NT_INVALID: a format that is not known. */
enum nt_status decoder_create(const struct nt_source *source, struct decoder **decoder,
                              struct nt_error *error);
void decoder_destroy(struct decoder *decoder);
/* row[source->column_count]; what it points at lives in e->arena or in bytes. False: a dead letter;
 * e->error says why, naming the column, the value and what was expected. */
bool decoder_decode(struct decoder *decoder, struct nt_eval *e, struct bytes bytes,
                    struct nt_value *row);

/* The columns of a row that the event leaves open: a default where is_given[column] is false, then
 * what is generated, which an event must not give. False as in decoder_decode. */
bool decode_made(const struct nt_source *source, struct nt_eval *e, const bool *is_given,
                 struct nt_value *row);

/* One member as a value of type, by the rules above; false as in decoder_decode. */
struct json;
bool decode_json_value(struct nt_eval *e, const struct nt_column *column, const struct json *json,
                       struct nt_value *value);

#endif
