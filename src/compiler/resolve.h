/*
 * resolve.h: PostgreSQL's rules of types: which operator is meant, which casts are implied, what
 * the common type of a CASE is. Follows parse_oper.c, parse_func.c and parse_coerce.c of PostgreSQL
 * 15, over the lines of functions.def.
 *
 * Each gives NULL (or false) after reporting; a NULL expression handed in was reported before.
 */
#ifndef COMPILER_RESOLVE_H
#define COMPILER_RESOLVE_H

#include "compiler/diagnostics.h"
#include "compiler/ir.h"

struct resolver {
    struct nt_arena *arena;
    struct diagnostics *diagnostics;
    const struct ir_program *program; /* for its enums */
};

struct ir_expr *expr_make(struct nt_arena *arena, enum ir_op op, enum nt_type type, int offset,
                          int argument_count);
struct ir_expr *expr_const(struct nt_arena *arena, enum nt_type type, struct nt_value value,
                           int offset);
/* A quoted literal, or NULL, that has no type yet. */
struct ir_expr *expr_unknown(struct nt_arena *arena, const char *text, int offset);
/* NOT of a boolean; two copies of a conjunction. */
struct ir_expr *expr_not_of(struct nt_arena *arena, struct ir_expr *inner);
struct ir_expr *expr_pair(struct nt_arena *arena, enum ir_op op, struct ir_expr *left,
                          struct ir_expr *right, int offset);

/* The type in words: "integer", "unknown". */
const char *expr_type_name(const struct resolver *resolver, const struct ir_expr *expr);
const char *resolver_type_name(const struct resolver *resolver, enum nt_type type);
/* A call of a function that has no name in the language, by its symbol. */
struct ir_expr *expr_internal(struct nt_arena *arena, const char *symbol, struct ir_expr *first,
                              struct ir_expr *second, int offset);
/* Does PostgreSQL cast this to type by itself? */
bool coerce_is_implicit(const struct ir_expr *expr, enum nt_type type);
/* The expression as type by implicit casts; what says who needs it: "argument of WHERE". */
struct ir_expr *coerce_implicit(struct resolver *resolver, struct ir_expr *expr, enum nt_type type,
                                const char *what);
/* The same with the casts that an assignment does by itself. */
struct ir_expr *coerce_assignment(struct resolver *resolver, struct ir_expr *expr,
                                  enum nt_type type, const char *what);
/* CAST(expr AS type). */
struct ir_expr *coerce_explicit(struct resolver *resolver, struct ir_expr *expr, enum nt_type type,
                                int offset);
/* json.c: an operator over a jsonb that is not found by its types alone, or refused; *is_other: it
 * is none. */
struct ir_expr *json_operator(struct resolver *resolver, const char *name,
                              struct ir_expr *const *arguments, int count, int offset,
                              bool *is_other);
/* True, after reporting, where a jsonb stands as what must be a scalar: "a feature". */
bool json_refuse(struct resolver *resolver, const struct ir_expr *expr, const char *what);
/* What ::varchar(n) and ::numeric(p, s) do after the cast; typmod 0: nothing. */
struct ir_expr *coerce_typmod(struct resolver *resolver, struct ir_expr *expr, int32_t typmod,
                              int offset);
/* An unknown literal that nothing gave a type to is text. */
struct ir_expr *coerce_known(struct resolver *resolver, struct ir_expr *expr);
/* select_common_type, and every argument cast to it; what: "CASE", "COALESCE". */
bool coerce_common(struct resolver *resolver, struct ir_expr **arguments, int count,
                   const char *what, enum nt_type *type);
/* The common type of those that have one, or -1; arguments as they are. */
int common_type_find(struct ir_expr *const *arguments, int count);

/* A call of the function of that symbol, as it is. */
struct ir_expr *call_of(struct resolver *resolver, const char *symbol, struct ir_expr **arguments,
                        int count, int offset);
/* resolve_enum.c: the enum of a type that is one, or an array of one. */
const struct ir_enum *resolver_enum(const struct resolver *resolver, enum nt_type type);
/* An enum, or an array of one, as text, and the text as the enum; what their types are when it is
 * settled what is kept of an enum. */
struct ir_expr *enum_to_text(struct nt_arena *arena, struct ir_expr *expr);
struct ir_expr *enum_of_text(struct nt_arena *arena, struct ir_expr *text,
                             const struct ir_enum *enumeration, int offset);
/* From a text only where it is written; to a text as to any in an assignment; so for arrays of
 * both. NULL: neither. */
struct ir_expr *enum_cast(struct resolver *resolver, struct ir_expr *expr, enum nt_type type,
                          enum ir_function_kind kind, int offset);

/* What a term of a decayed sum is at now(). */
struct ir_expr *decay_make(struct resolver *resolver, struct ir_expr *term);

/* The operator that is meant, its arguments cast. */
struct ir_expr *resolve_operator(struct resolver *resolver, const char *name,
                                 struct ir_expr **arguments, int count, int offset);

/* resolve_array.c: does a line of arrays.def have that name, and no other, or is an argument an
 * array? Then the line that is meant, its arguments cast; NULL without a report: none is. */
bool arrays_are_meant(enum ir_function_kind kind, const char *name,
                      struct ir_expr *const *arguments, int count);
struct ir_expr *resolve_array(struct resolver *resolver, enum ir_function_kind kind,
                              const char *name, struct ir_expr *const *arguments, int count,
                              int offset, bool *is_reported);

/* Between an array and text, by the output and the input function. NULL: not such a cast. */
struct ir_expr *array_cast(struct resolver *resolver, struct ir_expr *expr, enum nt_type type,
                           enum ir_function_kind kind, int offset);

/* A call of that line of the table, its arguments cast. */
struct ir_expr *resolve_line(struct resolver *resolver, int function, struct ir_expr **arguments,
                             int count, int offset);
/* The function of that name which is meant, its arguments cast. */
struct ir_expr *resolve_function(struct resolver *resolver, const char *name,
                                 struct ir_expr **arguments, int count, int offset);

#endif
