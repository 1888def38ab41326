/*
 * once.h: of a source with an event key, the rows that count in a view which settles that among all
 * events (runtime/repeats.h): all accepted rows go in, in any order, and are sorted by event key;
 * those that repeat no other come out. Rows of entities that nobody asks about must be among them.
 */
#ifndef OFFLINE_ONCE_H
#define OFFLINE_ONCE_H

#include "base/bytes.h"
#include "nowthen/program.h"

struct once;

/* Called for every event, once where the very same came twice, by source, key and its order among
 * those of the key; all is borrowed for the call. */
typedef enum nt_status once_visit(void *self, uint16_t source, struct bytes key,
                                  struct nt_time time, const struct nt_value *row,
                                  struct nt_error *error);

struct once *once_create(const struct nt_program *program, uint16_t view);
void once_destroy(struct once *once); /* NULL is fine */
/* Before the first once_next. */
void once_visit_set(struct once *once, once_visit *visit, void *self);
enum nt_status once_add(struct once *once, uint16_t source, const struct nt_value *row,
                        struct nt_error *error);
/* The next row that counts, valid until the next call. *row NULL: there is none. */
enum nt_status once_next(struct once *once, uint16_t *source, const struct nt_value **row,
                         struct nt_error *error);

#endif
