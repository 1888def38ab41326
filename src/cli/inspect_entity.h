/* inspect_entity.h: one entity's timeline, readable: for nowthen inspect --view --key. */
#ifndef CLI_INSPECT_ENTITY_H
#define CLI_INSPECT_ENTITY_H

#include "base/config.h"
#include "base/error.h"

#include <stddef.h>

/* pairs: COLUMN=VALUE. NT_NOT_FOUND: no such view, or the store has no such entity. */
enum nt_status inspect_entity(const struct config *config, const char *view,
                              const char *const *pairs, size_t count, struct nt_error *error);

#endif
