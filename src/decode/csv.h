/*
 * csv.h: CSV as PostgreSQL's COPY ... CSV reads and writes it: an empty unquoted field is NULL, ""
 * is the empty text.
 */
#ifndef DECODE_CSV_H
#define DECODE_CSV_H

#include "base/bytes.h"
#include "nowthen/eval.h"

struct csv_field {
    struct bytes text;
    bool is_quoted;
    bool is_null; /* empty and not quoted */
};

struct csv_reader;

/* Reads a file in pieces of bounded memory. path "-" is standard input. */
enum nt_status csv_open(const char *path, struct csv_reader **reader, struct nt_error *error);
void csv_close(struct csv_reader *reader);
/* The next record; *count 0 at the end. Fields are borrowed until the next call. Errors carry
 * path:line. */
enum nt_status csv_next(struct csv_reader *reader, const struct csv_field **fields, size_t *count,
                        struct nt_error *error);
uint64_t csv_line(const struct csv_reader *reader); /* of the record read last, from 1 */

/* One value as a field, quoted as COPY does. is_first: no comma before it. */
void csv_append(enum nt_type type, struct nt_value value, bool is_first, struct buffer *out);
void csv_append_text(struct bytes text, bool is_null, bool is_first, struct buffer *out);

#endif
