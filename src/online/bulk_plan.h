/* bulk_plan.h: the plan of a bulk build as the bytes of one record. Not for other rooms. */
#ifndef ONLINE_BULK_PLAN_H
#define ONLINE_BULK_PLAN_H

#include "nowthen/arena.h"
#include "online/bulk.h"

void bulk_plan_append(const struct bulk_plan *plan, struct buffer *out);
/* All that it points at lives in arena. False: the bytes are not a plan. */
bool bulk_plan_take(struct bytes bytes, struct nt_arena *arena, struct bulk_plan *plan);

#endif
