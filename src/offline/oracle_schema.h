/* oracle_schema.h: the DDL of schemas asof, asof_row and asof_once for a program. */
#ifndef OFFLINE_ORACLE_SCHEMA_H
#define OFFLINE_ORACLE_SCHEMA_H

#include "nowthen/program.h"
#include "offline/connection.h"

#define ORACLE_SCHEMA      "asof"
#define ORACLE_ROW_SCHEMA  "asof_row"
#define ORACLE_ONCE_SCHEMA "asof_once"

enum nt_status oracle_schema_create(struct connection *connection, const struct nt_program *program,
                                    struct nt_error *error);
void oracle_append_name(const char *schema, const char *name, struct buffer *sql);
/* The type of a column, as the definition file names it. */
void oracle_append_type(const struct nt_column *column, struct buffer *sql);

#endif
