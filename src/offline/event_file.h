/* event_file.h: a file of events, JSON lines or CSV, as rows of a source with their line numbers.
 */
#ifndef OFFLINE_EVENT_FILE_H
#define OFFLINE_EVENT_FILE_H

#include "base/bytes.h"
#include "nowthen/program.h"

struct event_file;

enum nt_status event_file_open(const char *path, const struct nt_source *source,
                               struct event_file **file, struct nt_error *error);
void event_file_close(struct event_file *file); /* NULL is fine */
/* The next event: row[source->column_count], pointing into e->arena or lent until the next call.
 * *is_good false: it does not decode and e->error says why. Empty lines are passed over. */
enum nt_status event_file_next(struct event_file *file, struct nt_eval *e, struct nt_value *row,
                               bool *is_good, bool *is_end, struct nt_error *error);
uint64_t event_file_line(const struct event_file *file); /* of the event read last, from 1 */

#endif
