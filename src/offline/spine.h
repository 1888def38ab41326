/*
 * spine.h: the rows a training set is asked for, read from CSV, and what is printed for them.
 *
 * A spine has a header; among its columns are the inputs of what is asked (a service's request
 * columns, or a view's key) and event_timestamp. All other columns pass through. Output: the
 * spine's columns as they were, then the outputs but for bare inputs that the spine has already,
 * one row per spine row, in the spine's order. snapshot and eval both read and print through this.
 */
#ifndef OFFLINE_SPINE_H
#define OFFLINE_SPINE_H

#include "base/bytes.h"
#include "nowthen/program.h"

#define SPINE_TIME_COLUMN   "event_timestamp"
#define SPINE_COMMIT_COLUMN "nowthen_commit"

/* What is asked: a service or a view. */
struct target {
    const struct nt_program *program;
    const struct nt_view *view;       /* NULL: a service */
    const struct nt_service *service; /* NULL: a view */
    const char *name;
    const struct nt_column *inputs; /* request columns, or the key */
    uint16_t input_count;
    uint16_t output_count; /* outputs of the service, or features of the view */
};

/* NT_NOT_FOUND: names what there is. */
enum nt_status target_find(const struct nt_program *program, const char *name,
                           struct target *target, struct nt_error *error);
const char *target_output_name(const struct target *target, uint16_t output);
enum nt_type target_output_type(const struct target *target, uint16_t output);
/* The input that an output is, bare; -1: none. */
int target_output_input(const struct target *target, uint16_t output);

struct spine;

struct spine_row {
    const struct nt_value *inputs; /* target->input_count */
    struct nt_time at;
    bool has_commit;
    uint64_t commit;      /* of nowthen_commit: which commit a lookup saw; 0: none was made yet */
    struct bytes columns; /* the spine's own columns as CSV, without the newline */
    const struct bytes *texts; /* the same one by one, for JSON; data NULL: NULL */
    uint64_t line;             /* of the file */
};

/* path "-" is standard input. NT_INVALID: a column is missing, or an output has the name of a
 * column of the spine. target is borrowed until close. */
enum nt_status spine_open(const char *path, const struct target *target, struct spine **spine,
                          struct nt_error *error);
void spine_close(struct spine *spine); /* NULL is fine */
/* The next row; all it points at lives in arena. *is_end: there was none. NT_INVALID: a value that
 * does not parse, with path:line and column. */
enum nt_status spine_next(struct spine *spine, struct nt_arena *arena, struct spine_row *row,
                          bool *is_end, struct nt_error *error);

/* One line of CSV, newline included. values[target->output_count]. */
void spine_append_header(const struct spine *spine, struct buffer *out);
void spine_append_row(const struct spine *spine, const struct spine_row *row,
                      const struct nt_value *values, struct buffer *out);
/* The same as one JSON object: the spine's columns as strings (NULL null), then the outputs. */
void spine_append_row_json(const struct spine *spine, const struct spine_row *row,
                           const struct nt_value *values, struct buffer *out);

#endif
