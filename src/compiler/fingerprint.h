/*
 * fingerprint.h: what names a program and the state of a view.
 *
 * A program's fingerprint is the hash of its canonical IR, the runtime's version, the ABI and the
 * flags the C compiler gets: two programs of one fingerprint give the same bits. A view's
 * fingerprint is the hash of the canonical IR of the view and its source (not of its brokers or
 * topic), so its state stays good when another view changes. A feature's is the hash of what
 * decides its value: two versions of a view give a feature of one fingerprint the same value.
 */
#ifndef COMPILER_FINGERPRINT_H
#define COMPILER_FINGERPRINT_H

#include "compiler/ir.h"

/* Sets program->fingerprint, every view's and every feature's. */
void program_fingerprint(struct ir_program *program);

/* The flags of the emitted C, NULL terminated; build.c passes them. */
extern const char *const program_flags[];

#endif
