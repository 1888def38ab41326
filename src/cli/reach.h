/*
 * reach.h: does the store of a new version reach as far back as that of the live one? What both
 * have is compared (agree.h); of what is new nothing else shows that no event is missing.
 */
#ifndef CLI_REACH_H
#define CLI_REACH_H

#include "online/store.h"

struct reach_side {
    const struct nt_program *program;
    struct store *store;
    const struct store_snapshot *snapshot;
};

/* positions: of the live version. NT_DIFFERENT: it has read what the new one has not; the error
 * names feature, the new one that it is about. */
enum nt_status reach_compare(const struct reach_side *live, const struct reach_side *next,
                             const struct store_position *positions, size_t count,
                             const char *feature, struct nt_error *error);

#endif
