/*
 * candidates.h: which line of functions.def a name and its arguments mean, by PostgreSQL's rules of
 * preference.
 */
#ifndef COMPILER_CANDIDATES_H
#define COMPILER_CANDIDATES_H

#include "compiler/ir.h"

char type_category(enum nt_type type);
bool type_is_preferred(enum nt_type type);

/* Index into ir_functions; -1: none fits, or more than one. */
int candidates_operator(const char *name, struct ir_expr *const *arguments, int count,
                        bool *is_ambiguous);
int candidates_function(const char *name, struct ir_expr *const *arguments, int count,
                        bool *is_ambiguous);
/* Is there a line of that name at all? */
bool candidates_exist(enum ir_function_kind kind, const char *name);

#endif
