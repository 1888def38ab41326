/* fold.h: the value of a constant expression, computed by the functions that programs call. */
#ifndef COMPILER_FOLD_H
#define COMPILER_FOLD_H

#include "compiler/ir.h"

/* False: it reads something, or uses what is no constant or call. On an error of the expression
 * *message is PostgreSQL's text and the value is NULL. */
bool expr_fold(const struct ir_expr *expr, struct nt_arena *arena, struct nt_value *value,
               const char **message);

#endif
