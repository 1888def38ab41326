/* archive_tables.h: the tables of an archive (archive.h says what they are). Not for other rooms.
 */
#ifndef OFFLINE_ARCHIVE_TABLES_H
#define OFFLINE_ARCHIVE_TABLES_H

#include "nowthen/program.h"
#include "offline/connection.h"

/* The months of the years 1 to 9999, counted from the year 0; ARCHIVE_REST is all other times. */
#define ARCHIVE_REST (-1)
int32_t archive_month(struct nt_time time);

/* Makes what is missing. *is_partitioned: months are to be made. */
enum nt_status archive_table_create(struct connection *connection, const struct nt_source *source,
                                    bool *is_partitioned, struct nt_error *error);
enum nt_status archive_month_create(struct connection *connection, const struct nt_source *source,
                                    int32_t month, struct nt_error *error);
enum nt_status archive_positions_create(struct connection *connection, struct nt_error *error);

/* Is there a nowthen.archive? */
enum nt_status archive_is_there(struct connection *connection, bool *is_there,
                                struct nt_error *error);
/* What it says of a source, rows of partition and next offset; none: the source is not archived. */
enum nt_status archive_marks_fetch(struct connection *connection, const struct nt_source *source,
                                   struct answer **answer, struct nt_error *error);
/* Of a source that is archived at all, a partition without a line has not been read. */
int64_t archive_marks_next(const struct answer *answer, int32_t partition);

#endif
