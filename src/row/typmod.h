/*
 * typmod.h: lengths and precisions: varchar(n) and numeric(p, s). A type modifier is PostgreSQL's
 * atttypmod, or 0 where the type has none. varchar is text to us, as the two share bytes,
 * functions and order in PostgreSQL; varchar(n) is text with a modifier. And what else a column
 * asks of its values: labels of an enum.
 */
#ifndef ROW_TYPMOD_H
#define ROW_TYPMOD_H

#include "base/bytes.h"
#include "nowthen/program.h"

#define TYPMOD_VARCHAR_MAX   10485760
#define TYPMOD_PRECISION_MAX 1000
#define TYPMOD_SCALE_MAX     1000

int32_t typmod_varchar(int length);
int32_t typmod_numeric(int precision, int scale);
/* The type as SQL writes it: character varying(10), numeric(5,2), text. */
void typmod_append_type(enum nt_type type, int32_t typmod, struct buffer *out);
/* *value as the column takes it: rounded, without the blanks that are too many. False: it does not
 * fit, or is no label of the column's enum; e->error is PostgreSQL's message. NULL fits. */
bool column_assign(struct nt_eval *e, const struct nt_column *column, struct nt_value *value);
/* Text to a value of the column. False: e->error is PostgreSQL's message. */
bool column_parse(struct nt_eval *e, const struct nt_column *column, const char *text, size_t size,
                  struct nt_value *value);

#endif
