/*
 * jsonb.h: jsonb as the text that PostgreSQL prints of it. Members are in the order of the length
 * of their names, then of their bytes, and of equal names there is the last; numbers are written
 * out, as numeric prints them; strings have the escapes they must have; one blank stands behind
 * each comma and colon. So a part of a value is a part of its text, and is read in place.
 */
#ifndef ROW_JSONB_H
#define ROW_JSONB_H

#include "base/bytes.h"
#include "nowthen/eval.h"

#define JSONB_DEPTH_MAX 500 /* arrays and objects within each other */

enum jsonb_kind {
    JSONB_NULL,
    JSONB_BOOLEAN,
    JSONB_NUMERIC,
    JSONB_STRING,
    JSONB_ARRAY,
    JSONB_OBJECT
};

/* Any JSON. False: e->error is PostgreSQL's message. */
bool jsonb_parse(struct nt_eval *e, struct bytes text, struct nt_value *value);
/* A JSON string of that content, with its quotes. */
void jsonb_append_string(struct bytes text, struct buffer *out);

enum jsonb_kind jsonb_kind(struct nt_value value);
/* The content of a JSON string, which is given with its quotes. */
struct nt_value jsonb_string(struct nt_eval *e, struct nt_value quoted);
/* The elements of an array or the members of an object in order: begin with at = 0. name, with its
 * quotes, is of a member. False: no more. */
bool jsonb_next(struct nt_value container, uint32_t *at, struct nt_value *name,
                struct nt_value *element);

#endif
