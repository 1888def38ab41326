/*
 * enumeration.h: the labels of an enum as bytes, and its values.
 *
 *   labels   SIZE(1) name of the type, then for each label SIZE(1) PLACE(2) label
 *   value    PLACE(2) label: points into the labels
 *
 * PLACE counts from 0 in the order of the declaration: two digits of base 255, the higher first,
 * each one more than it is, so that no byte is zero. So the values, as bytea, compare as PostgreSQL
 * compares the enum's, and every value knows its text.
 */
#ifndef ROW_ENUMERATION_H
#define ROW_ENUMERATION_H

#include "base/bytes.h"
#include "nowthen/program.h"

#define ENUM_TEXT_MAX   63   /* bytes of a name or a label, as in PostgreSQL */
#define ENUM_LABELS_MAX 1000 /* they are looked through one by one */

void enum_append_name(const char *name, struct buffer *labels);
void enum_append_label(const char *label, unsigned place, struct buffer *labels);

/* The label's value; NULL: none of that text. */
struct nt_value enum_find(struct nt_value labels, const char *text, size_t size);
struct bytes enum_name(struct nt_value labels);
/* The labels in order: begin with at = 0. False: no more. */
bool enum_next(struct nt_value labels, size_t *at, struct bytes *label);
#endif
