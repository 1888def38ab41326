/* agree.h: do two versions of a program, over stores at the same log positions, give the features
 * that they have in common the same bits? */
#ifndef CLI_AGREE_H
#define CLI_AGREE_H

#include "online/store.h"

#include <stdatomic.h>

#define AGREE_ENTITIES_MAX 10000 /* of a view, drawn from all; of a smaller one, all */

struct agree_side {
    const struct nt_program *program;
    struct store_snapshot *snapshot;
};

struct agree_report {
    uint64_t features;    /* common: of one name in views of one name, and one meaning */
    uint64_t entities;    /* compared, a view at a time */
    uint64_t differences; /* values */
    char first[256];      /* view.feature of the first difference; never a key or a value */
    char alone[256];      /* view.feature of a feature that only next has; "": there is none */
};

/* Every feature's value at `now`. NT_INTERRUPTED when *is_stopping is set. */
enum nt_status agree_compare(const struct agree_side *live, const struct agree_side *next,
                             struct nt_time now, const atomic_bool *is_stopping,
                             struct agree_report *report, struct nt_error *error);

#endif
