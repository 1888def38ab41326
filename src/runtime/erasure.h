/*
 * erasure.h: events of the log that are to be forgotten: those of an erased entity, up to the
 * position that the log had been read to when it was erased. Pure.
 *
 * An entity is known by the source, the columns that are its key there, and the hash of the key's
 * bytes: who keeps the list does not keep the key.
 */
#ifndef RUNTIME_ERASURE_H
#define RUNTIME_ERASURE_H

#include "base/hash.h"
#include "nowthen/arena.h"
#include "nowthen/program.h"

struct erasure {
    uint16_t source;
    uint16_t columns[NT_KEY_COLUMNS_MAX]; /* of the source */
    uint16_t column_count;
    char key_hash[HASH_HEX_SIZE];
    const char *topic; /* borrowed */
    int32_t partition;
    int64_t next_offset; /* events before this one are forgotten */
};

struct erasures {
    const struct nt_program *program;
    struct erasure *items; /* sorted by erasures_sort */
    size_t count;
    char stamp[96]; /* of the notes they were read from; "": there were none */
};

/* The hash of a key, in the order of columns; false: a part is NULL, which no entity has. */
bool erasure_hash(const struct nt_source *source, const uint16_t *columns, uint16_t column_count,
                  const struct nt_value *key, char key_hash[HASH_HEX_SIZE]);
/* Once, before the first erasures_match. */
void erasures_sort(struct erasures *erasures);
/* One more, whose topic is copied. */
void erasures_add(struct erasures *erasures, struct nt_arena *arena, const struct erasure *item);
/* Is the event one of an erased entity? row[column_count] of the source. */
bool erasures_match(const struct erasures *erasures, uint16_t source, const struct nt_value *row,
                    const char *topic, int32_t partition, int64_t offset);

#endif
