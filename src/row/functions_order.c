/*
 * functions_order.c: a row's place in ORDER BY as bytes: for each value
 *
 *   1 byte   NULL: 0 where it comes last, 2 where first; else 1
 *   then     the bytes of key.h, complemented where ascending
 *
 * and behind them tuple.h of all values, which tells those apart that compare as equal.
 */
#include "nowthen/eval.h"

#include "row/key.h"
#include "row/tuple.h"

static void value_place(struct nt_order order, struct nt_value value, struct buffer *out)
{
    if (value.is_null) {
        buffer_append_byte(out, order.is_null_first ? 2 : 0);
        return;
    }
    buffer_append_byte(out, 1);
    size_t start = out->size;
    key_append(order.type, value, out);
    for (size_t i = start; i < out->size && !order.is_descending; i++) out->data[i] ^= 0xff;
}

static struct nt_value place_of(struct nt_eval *e, const struct buffer *bytes)
{
    return nt_text(nt_arena_copy(e->arena, bytes->data, bytes->size), (uint32_t)bytes->size);
}

struct nt_value nt_row_key(struct nt_eval *e, unsigned count, const struct nt_order *orders,
                           const struct nt_value *values)
{
    struct buffer out = {0};
    for (unsigned i = 0; i < count; i++) value_place(orders[i], values[i], &out);
    struct nt_value place = place_of(e, &out);
    buffer_deinit(&out);
    return place;
}

struct nt_value nt_row_order(struct nt_eval *e, unsigned count, const struct nt_order *orders,
                             const struct nt_value *values)
{
    struct buffer out = {0};
    enum nt_type *types = nt_arena_alloc(e->arena, count * sizeof *types);
    for (unsigned i = 0; i < count; i++) {
        value_place(orders[i], values[i], &out);
        types[i] = orders[i].type;
    }
    tuple_append(types, count, values, &out);
    struct nt_value place = place_of(e, &out);
    buffer_deinit(&out);
    return place;
}
