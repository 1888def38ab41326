/*
 * emit.h: what the files of the emitter share: names, lines and one C function being written.
 *
 * The emitted C is for people too: one function per phase and object, named after it, the SQL it
 * comes from in a comment above, columns under their own names.
 */
#ifndef COMPILER_EMIT_H
#define COMPILER_EMIT_H

#include "compiler/ir.h"

/* Identifiers taken in one C scope, at the place of their hash or behind it; NULL: free. All zero:
 * none. */
struct emit_names {
    const char **places;
    size_t count, capacity; /* a power of two, at most half of them taken */
};

/* A C identifier made of wanted (any text) that is not in the scope yet, is no keyword and cannot
 * meet a name of the headers; then it is in the scope. In arena. */
const char *emit_name(struct emit_names *names, struct nt_arena *arena, const char *wanted);

#define EMIT_LEAVES (IR_INPUT - IR_COLUMN + 1)

/* What an expression reads, as C: leaf i of an op is access[i], under the name names[i] once it is
 * declared. */
struct emit_leaf {
    int count;
    const char **access;
    const char **wanted;  /* names to declare them under */
    const char **comment; /* or NULL */
    const char **names;   /* NULL where not declared */
};

/* A C function being written. */
struct emit_function {
    struct buffer *c;
    struct nt_arena *arena;
    struct emit_names names;
    int indent;
    struct emit_leaf leaves[EMIT_LEAVES];
};

/* emit_text.c: lines, comments, literals. */
void emit_line(struct buffer *c, int indent, const char *format, ...)
    __attribute__((format(printf, 3, 4))); /* broken at commas beyond 100 columns */
void emit_comment(struct buffer *c, int indent, const char *text);
const char *emit_literal(struct nt_arena *arena, const char *text, size_t size);
/* A long text as a C string of one piece a line; NULL as NULL. */
void emit_text_field(struct buffer *c, int indent, const char *field, const char *text);

const char *emit_type(enum nt_type type); /* "NT_INT4", "NT_ARRAY_OF(NT_INT4)" */

/* emit_expr.c */
struct emit_leaf emit_leaf_make(struct nt_arena *arena, int count);
/* Declares the leaves that expr reads, in order of index; none when expr itself is a leaf. */
void emit_leaves_declare(struct emit_function *function, const struct ir_expr *expr);
/* Writes the statements that expr needs and returns the C expression of its value. */
const char *emit_value(struct emit_function *function, const struct ir_expr *expr);
/* The arguments as C, in SQL's order of evaluation. */
const char **emit_arguments(struct emit_function *function, const struct ir_expr *expr);
/* emit_array.c: those of IR_ARRAY, IR_ARRAY_CAST, IR_ANY, IR_ALL. */
const char *emit_array(struct emit_function *function, const struct ir_expr *expr);
/* The same as a C condition: is it true? */
const char *emit_condition(struct emit_function *function, const struct ir_expr *expr);
/* Can its evaluation set e->error? Then SQL's laziness must be kept. */
bool emit_can_fail(const struct ir_expr *expr);

/* emit_function.c: the phases. Names of the functions come back. */
struct emit_view_functions {
    const char **admit;  /* of each feed */
    const char **finish; /* of each feature */
    const char *having;  /* NULL: none */
};
struct emit_service_functions {
    const char **key;    /* of each join */
    const char **finish; /* of each output */
};
const char *emit_check(const struct ir_source *source, struct emit_names *globals,
                       struct nt_arena *arena, struct buffer *c);
const char *emit_made(const struct ir_source *source, const struct ir_made *made,
                      struct emit_names *globals, struct nt_arena *arena, struct buffer *c);
struct emit_view_functions emit_view(const struct ir_program *program, const struct ir_view *view,
                                     struct emit_names *globals, struct nt_arena *arena,
                                     struct buffer *c);
struct emit_service_functions emit_service(const struct ir_program *program,
                                           const struct ir_service *service,
                                           struct emit_names *globals, struct nt_arena *arena,
                                           struct buffer *c);

#endif
