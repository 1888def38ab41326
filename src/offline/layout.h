/*
 * layout.h: the offline table of a view, nowthen.<view>: one row per change of value.
 *
 *   key columns    NOT NULL
 *   valid_from     timestamptz NOT NULL: from here on the row holds, until the key's next row
 *   present        boolean NOT NULL: false where the entity has no row from here on; then all NULL.
 *                  Of a view whose HAVING reads the clock: whether it has events
 *   errors         text[]: the features (and terms) that are NULL because their expression failed;
 *                  having$ where HAVING did
 *   features       in SELECT order, without bare keys and without those that read the clock
 *   term$<n>       the terms that features, and a HAVING, reading the clock need, to be finished at
 *                  a reader's T
 *   PRIMARY KEY (key columns, valid_from)
 *
 * Text is COLLATE "C". So the plain as-of join, latest valid_from <= T, gives V(T)[key].
 */
#ifndef OFFLINE_LAYOUT_H
#define OFFLINE_LAYOUT_H

#include "nowthen/program.h"
#include "offline/connection.h"
#include "offline/rows.h"
#include "runtime/view.h"

/* The stored feature and term columns; key, valid_from, present and errors are not among them. */
struct layout_column {
    const char *name;
    enum nt_type type;
    bool is_term;
    uint16_t index; /* of the view's features or terms */
};

struct layout {
    const struct nt_view *view;
    uint16_t column_count;
    struct layout_column *columns; /* in the arena */
};

/* NT_INVALID: a feature has a name that the table needs for itself, or there are too many. */
enum nt_status layout_init(struct layout *layout, const struct nt_view *view,
                           struct nt_arena *arena, struct nt_error *error);

void layout_append_name(const struct nt_view *view, struct buffer *sql); /* "nowthen"."<view>" */
/* CREATE TABLE, without the primary key. */
void layout_append_create(const struct layout *layout, struct buffer *sql);
/* COMMENT ON the table and its features, each statement ended by a semicolon. */
void layout_append_comments(const struct layout *layout, struct buffer *sql);
/* ALTER TABLE ... ADD / DROP the primary key. */
void layout_append_key(const struct layout *layout, bool is_added, struct buffer *sql);
/* key, valid_from, present, errors, columns: the list for COPY and SELECT. */
void layout_append_columns(const struct layout *layout, struct buffer *sql);

/* The tail of a stored row in binary COPY: present, errors, columns. Equal bytes: the same value.
 * row from view_finish over terms; errors[term] as timeline_read gave it. No row at all: row all
 * zero, terms NULL. Returns what it stored as present. */
bool layout_append_tail(const struct layout *layout, const struct view_row *row,
                        const struct nt_value *terms, const char *const *errors,
                        struct buffer *tail);

/* A stored row, read back. What it points at lives in arena or in the bytes it was read from. */
struct layout_row {
    struct nt_value *key; /* view->key_count */
    struct nt_time valid_from;
    struct bytes tail;
};
bool layout_take_row(const struct layout *layout, struct bytes tuple, struct nt_arena *arena,
                     struct layout_row *row);

/* V(now) of a tail: stored features as they are, those that read the clock finished at now. False:
 * the bytes are no tail of this layout. Everything in row lives in e->arena but text, in tail. */
bool layout_finish(const struct layout *layout, struct bytes tail, const struct nt_value *key,
                   struct nt_time now, struct nt_eval *e, struct view_row *row);

#endif
