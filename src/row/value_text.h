/*
 * value_text.h: values as PostgreSQL prints and reads them (TimeZone UTC, DateStyle ISO,
 * IntervalStyle postgres, extra_float_digits 1): t and f, shortest round-trip floats, numerics with
 * their scale, 2013-01-01 10:17:00+00, 1 day 02:00:00.
 */
#ifndef ROW_VALUE_TEXT_H
#define ROW_VALUE_TEXT_H

#include "base/bytes.h"
#include "nowthen/eval.h"

const char *type_name(enum nt_type type); /* as SQL writes it */
uint32_t type_oid(enum nt_type type);     /* of no array */

/* PostgreSQL's output function: no quoting; value is not NULL. */
void value_append_text(enum nt_type type, struct nt_value value, struct buffer *out);
/* PostgreSQL's input function. False: e->error is PostgreSQL's message (invalid input syntax for
 * type integer: "x"). The text is copied where the value needs it. A time without a zone is UTC. */
bool value_parse(struct nt_eval *e, enum nt_type type, const char *text, size_t size,
                 struct nt_value *value);

#endif
