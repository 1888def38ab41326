/*
 * emit_file.h: the tables of a program: shared by emit.c, which leads, and emit_service.c.
 */
#ifndef COMPILER_EMIT_FILE_H
#define COMPILER_EMIT_FILE_H

#include "compiler/emit.h"

/* The file being written. */
struct emit_file {
    const struct ir_program *program;
    struct buffer *c;
    struct nt_arena *arena;
    const char **enums; /* the C name of each */
    struct emit_names globals;
    struct buffer externs; /* the tables of other units, for the last */
};

/* A table of an object under a name of its own; "NULL" where it would be empty. */
const char *emit_table_begin(struct emit_file *file, const char *type, const char *object,
                             const char *what, int count);
/* The same for a table that the last unit points at. */
const char *emit_table_share(struct emit_file *file, const char *type, const char *object,
                             const char *what, int count);
void emit_table_end(struct emit_file *file, int count);
/* Text as a C literal; NULL as NULL. */
const char *emit_text(struct emit_file *file, const char *text);
const char *emit_columns(struct emit_file *file, const char *object, const char *what,
                         const struct ir_column *columns, int count);
/* What columns point at; the name of a table of their addresses. */
const char *emit_enums(struct emit_file *file);
/* The heading of an object. */
void emit_title(struct emit_file *file, const char *kind, const char *name);

/* emit_service.c: functions and tables of a service; its row in nt_program's table comes back. */
const char *emit_service_tables(struct emit_file *file, const struct ir_service *service);

#endif
