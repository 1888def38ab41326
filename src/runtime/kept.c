/* kept.c: see kept.h. */
#include "runtime/kept.h"

#include "row/array.h"
#include "row/tuple.h"

#include <math.h>
#include <string.h>

#define ROOM_MIN 32 /* a numeric fits, and an interval */

static int order_of(int64_t x, int64_t y)
{
    return (x > y) - (x < y);
}

/* Among intervals of one length. */
static int interval_bits_order(const struct nt_interval *x, const struct nt_interval *y)
{
    int order = order_of(x->months, y->months);
    if (order == 0) order = order_of(x->days, y->days);
    return order ? order : order_of(x->us, y->us);
}

int value_order(enum nt_type type, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return y.is_null - x.is_null;
    int order = nt_compare(type, x, y);
    if (order) return order;
    if (nt_type_is_array(type)) return array_compare(nt_type_element(type), x, y, value_order);
    switch (type) {
    case NT_FLOAT4:
    case NT_FLOAT8:
        return isnan(x.float8) ? 0 : !signbit(x.float8) - !signbit(y.float8);
    case NT_NUMERIC:
        return x.numeric->scale - y.numeric->scale; /* kinds that are not finite have none */
    case NT_INTERVAL:
        return interval_bits_order(x.interval, y.interval);
    default:
        return 0;
    }
}

static void *room_of(struct kept *kept, size_t size, struct nt_arena *arena)
{
    if (size > kept->room_size || !kept->room) {
        uint64_t doubled = 2 * (uint64_t)kept->room_size;
        uint64_t room = size > doubled ? size : doubled;
        if (room < ROOM_MIN) room = ROOM_MIN;
        if (room > UINT32_MAX) room = UINT32_MAX;
        kept->room = nt_arena_alloc(arena, (size_t)room);
        kept->room_size = (uint32_t)room;
    }
    return kept->room;
}

/* Its limbs follow it. It may be what is kept already. */
static const struct nt_numeric *numeric_keep(struct kept *kept, const struct nt_numeric *x,
                                             struct nt_arena *arena)
{
    size_t size = x->limb_count * sizeof *x->limbs;
    struct nt_numeric *room = room_of(kept, sizeof *room + size, arena);
    if (size) memmove(room + 1, x->limbs, size);
    *room = *x;
    if (size) room->limbs = (const uint64_t *)(room + 1);
    return room;
}

void kept_set(struct kept *kept, enum nt_type type, struct nt_value value, struct nt_arena *arena)
{
    kept->value = value.is_null ? NT_NULL : value;
    if (value.is_null) return;
    if (nt_type_is_bytes(type)) {
        char *room = room_of(kept, value.size, arena);
        if (value.size) memmove(room, value.text, value.size);
        kept->value.text = room;
    } else if (type == NT_NUMERIC) {
        kept->value.numeric = numeric_keep(kept, value.numeric, arena);
    } else if (type == NT_INTERVAL) {
        struct nt_interval *room = room_of(kept, sizeof *room, arena);
        *room = *value.interval;
        kept->value.interval = room;
    } else if ((type == NT_FLOAT8 || type == NT_FLOAT4) && isnan(value.float8)) {
        kept->value.float8 = (double)NAN; /* every NaN is one */
    }
}

struct nt_value kept_get(const struct kept *kept, enum nt_type type, struct nt_arena *arena)
{
    return value_copy(type, kept->value, arena);
}

void kept_encode(const struct kept *kept, enum nt_type type, struct buffer *out)
{
    tuple_append(&type, 1, &kept->value, out);
}

bool kept_decode(struct kept *kept, enum nt_type type, struct reader *in, struct nt_arena *arena)
{
    struct nt_value value;
    if (!tuple_take(&type, 1, in, arena, &value)) return false;
    kept_set(kept, type, value, arena);
    return true;
}
