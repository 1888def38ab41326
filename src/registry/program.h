/* program.h: loading a compiled program. Never compiles. */
#ifndef REGISTRY_PROGRAM_H
#define REGISTRY_PROGRAM_H

#include "base/error.h"
#include "nowthen/program.h"

struct program; /* a loaded shared object */

/* Loads directory/program.so after checking it against directory/manifest.json: NT_NOT_FOUND,
 * NT_CORRUPT (bytes differ from the manifest's hash, no nt_program symbol), NT_MISMATCH (another
 * ABI or fingerprint). The file must not be replaced in place while it is open: build and load
 * write to new names and rename. */
enum nt_status program_open(const char *directory, struct program **program,
                            struct nt_error *error);
/* After this nothing of the program may be used. NULL is fine. */
void program_close(struct program *program);
const struct nt_program *program_get(const struct program *program); /* borrowed */

#endif
