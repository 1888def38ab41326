/* fuzz_program.h: everything.sql, compiled, loaded and kept in a store, for the targets that run
 * programs. */
#ifndef TESTS_FUZZ_PROGRAM_H
#define TESTS_FUZZ_PROGRAM_H

#include "fuzz.h"
#include "online/store.h"

/* Compiled when first asked for; loaded until the process ends. */
const struct nt_program *fuzz_program(void);

/* An empty store in memory on the event clock, which drops what is older than a window and an
 * hour. */
struct store *fuzz_store_open(void);

/* One event as JSON, decoded, admitted and applied; false: a dead letter. What of it is wrong in
 * the product ends the process. source is an index into the program's. */
bool fuzz_event_apply(struct store *store, uint16_t source, struct bytes event);
void fuzz_store_commit(struct store *store);

/* Each value printed, and read back from what was printed: the same value. */
void fuzz_value_print(enum nt_type type, struct nt_value value);

#endif
