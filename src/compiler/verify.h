/* verify.h: what every pass after lowering relies on, checked: a broken program is an error of the
 * compiler, never bad C. */
#ifndef COMPILER_VERIFY_H
#define COMPILER_VERIFY_H

#include "compiler/ir.h"

/* NT_CORRUPT, naming what is broken. */
enum nt_status program_verify(const struct ir_program *program, struct nt_error *error);

#endif
