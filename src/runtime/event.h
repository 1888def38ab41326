/* event.h: from a decoded row to the views it is in: NOT NULL, CHECK, WHERE, key, arguments. Pure.
 */
#ifndef RUNTIME_EVENT_H
#define RUNTIME_EVENT_H

#include "base/bytes.h"
#include "nowthen/program.h"

struct event_entry {
    uint16_t view;              /* index into program->views */
    bool has_null_key;          /* belongs to no entity: counted, not an error */
    struct nt_value *key;       /* view->key_count */
    struct nt_value *arguments; /* view->argument_count */
    struct bytes key_bytes;     /* row/key.h encoding of key */
};

struct event {
    uint16_t source;            /* index into program->sources */
    const struct nt_value *row; /* of its columns: the caller's */
    struct nt_time event_time;
    uint32_t entry_count; /* feeds of views whose WHERE lets it in; none at infinity */
    struct event_entry *entries;
};

/* Checks row and admits it to every view of its source. All that event points at lives in e->arena,
 * but for the row.
 * False: a dead letter; e->error says why; nothing of it may be applied anywhere. */
bool event_admit(const struct nt_program *program, uint16_t source, struct nt_eval *e,
                 const struct nt_value *row, struct event *event);

#endif
