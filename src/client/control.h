/* control.h: a command for the process that serves a store; serve/control.h takes it. */
#ifndef CLIENT_CONTROL_H
#define CLIENT_CONTROL_H

#include "base/bytes.h"

/* The status and the error are those of the command; its text is appended to answer. *is_served:
 * somebody serves the store in directory; false, and NT_OK: nobody does, and nothing was asked. */
enum nt_status control_ask(const char *directory, const char *const *words, size_t count,
                           bool *is_served, struct buffer *answer, struct nt_error *error);

#endif
