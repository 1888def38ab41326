/*
 * timeline_record.c: nodes to records and back. Integers are little-endian or LEB128 (varint); a
 * record ends with the low 4 bytes of hash64 of all before it.
 *
 *   root   version (1) · horizon (8) · newest (8) · partials of lifetime measures · node
 *   node   0: no events
 *          1: varint count · first time (8) · per event: varint time since the one before (but for
 *             the first) · varint size · tuple
 *          2: slots in use (2) · first time (8) · per slot: varint count · varint first time since
 *             the node's · varint last since first · varint size · partials of every measure
 *
 * The prefix of an inner node is not written: it follows from its first and last time. Everything
 * is a function of the events and the horizon. Partials are decoded when a read first wants them.
 */
#include "base/hash.h"
#include "runtime/aggregate.h"
#include "runtime/timeline_node.h"

#include <inttypes.h>
#include <string.h>

#define RECORD_VERSION  1
#define CHECKSUM_SIZE   4
#define VARINT_SIZE_MAX 10

enum node_kind { NODE_EMPTY, NODE_LEAF, NODE_INNER };

enum nt_status node_corrupt(const struct timeline *timeline, struct timeline_id id,
                            const char *what, struct nt_error *error)
{
    const char *cure = "restore the store from a checkpoint, or rebuild it from its source";
    if (id.is_root) {
        return error_set(error, NT_CORRUPT, "view %s: root record of a timeline: %s; %s",
                         timeline->view->name, what, cure);
    }
    return error_set(error, NT_CORRUPT, "view %s: node %016" PRIx64 "/%u of a timeline: %s; %s",
                     timeline->view->name, id.prefix, id.bits, what, cure);
}

static void checksum_append(struct buffer *out, size_t start)
{
    buffer_append_u32(out, (uint32_t)hash64(out->data + start, out->size - start));
}

static void leaf_encode(struct node *node, struct buffer *out)
{
    const int64_t *times = leaf_times(node);
    buffer_append_byte(out, NODE_LEAF);
    buffer_append_varint(out, node->leaf.count);
    buffer_append_u64(out, (uint64_t)times[0]);
    for (uint32_t i = 0; i < node->leaf.count; i++) {
        uint32_t begin = leaf_begin(node, i), size = leaf_ends(node)[i] - begin;
        if (i) buffer_append_varint(out, (uint64_t)times[i] - (uint64_t)times[i - 1]);
        buffer_append_varint(out, size);
        buffer_append(out, leaf_tuples(node) + begin, size);
    }
}

/* Their size, then they themselves: it is known in the end, and moved to the front. */
static void partials_encode(const struct timeline *timeline, const char *states, struct buffer *out)
{
    uint8_t varint[VARINT_SIZE_MAX];
    size_t start = out->size;
    states_encode(timeline, states, out);
    size_t size = out->size - start;
    buffer_append_varint(out, size);
    size_t head = out->size - start - size;
    memcpy(varint, out->data + start + size, head);
    memmove(out->data + start + head, out->data + start, size);
    memcpy(out->data + start, varint, head);
}

static void slot_encode(const struct timeline *timeline, const struct slot *slot, int64_t base_us,
                        struct buffer *out)
{
    buffer_append_varint(out, slot->count);
    buffer_append_varint(out, (uint64_t)slot->first_us - (uint64_t)base_us);
    buffer_append_varint(out, (uint64_t)slot->last_us - (uint64_t)slot->first_us);
    if (slot->states) {
        partials_encode(timeline, slot->states, out);
    } else {
        buffer_append_varint(out, slot->encoded.size);
        buffer_append(out, slot->encoded.data, slot->encoded.size);
    }
}

static void inner_encode(const struct timeline *timeline, struct node *node, struct buffer *out)
{
    unsigned used = node->inner.used;
    const struct slot *slots = node_slots(node);
    int64_t base_us = slots[slots_first(used)].first_us;
    buffer_append_byte(out, NODE_INNER);
    buffer_append_byte(out, (uint8_t)used);
    buffer_append_byte(out, (uint8_t)(used >> 8));
    buffer_append_u64(out, (uint64_t)base_us);
    for (unsigned s = 0; s < SLOTS; s++) {
        if (used >> s & 1) slot_encode(timeline, &slots[s], base_us, out);
    }
}

static void body_encode(const struct timeline *timeline, struct node *node, struct buffer *out)
{
    if (!node)
        buffer_append_byte(out, NODE_EMPTY);
    else if (node->is_leaf)
        leaf_encode(node, out);
    else
        inner_encode(timeline, node, out);
}

void node_encode(const struct timeline *timeline, struct node *node, struct buffer *out)
{
    size_t start = out->size;
    body_encode(timeline, node, out);
    checksum_append(out, start);
}

void root_encode(const struct timeline *timeline, struct buffer *out)
{
    size_t start = out->size;
    buffer_append_byte(out, RECORD_VERSION);
    buffer_append_u64(out, (uint64_t)timeline->horizon_us);
    buffer_append_u64(out, (uint64_t)timeline->newest_us);
    for (unsigned i = 0; i < timeline->view->measure_count; i++) {
        const struct nt_measure *measure = &timeline->view->measures[i];
        if (!timeline->is_lifetime[i]) continue;
        measure->aggregate->encode(measure, timeline->lifetime + timeline->offsets[i], out);
    }
    body_encode(timeline, timeline->top, out);
    checksum_append(out, start);
}

/* An event takes two bytes at least: times that do not differ and an empty tuple. */
#define EVENT_SIZE_MIN 2

static bool leaf_take(struct timeline *timeline, struct timeline_id id, struct reader *in,
                      struct node **out)
{
    uint64_t count = reader_varint(in), us = reader_u64(in);
    size_t rest = (size_t)(in->end - in->next);
    if (in->is_short || count == 0 || count > rest / EVENT_SIZE_MIN + 1) return false;
    if (rest > UINT32_MAX) return false;
    struct node *node = *out = leaf_create(timeline, id, (uint32_t)count, (uint32_t)rest);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t since = i ? reader_varint(in) : 0;
        uint64_t size = reader_varint(in);
        const uint8_t *tuple = reader_take(in, (size_t)size);
        if (in->is_short || (int64_t)(us + since) < (int64_t)us) return false;
        us += since;
        leaf_append(node, (int64_t)us, (struct bytes){tuple, (size_t)size});
    }
    return true;
}

static bool slot_decode(struct slot *slot, uint64_t base_us, struct reader *in)
{
    slot->count = reader_varint(in);
    slot->first_us = (int64_t)(base_us + reader_varint(in));
    slot->last_us = (int64_t)((uint64_t)slot->first_us + reader_varint(in));
    uint64_t size = reader_varint(in);
    slot->encoded = (struct bytes){reader_take(in, (size_t)size), (size_t)size};
    return !in->is_short && slot->count > 0 && slot->first_us <= slot->last_us;
}

/* Each slot's times lie in it: node->id is that of the whole span. */
static bool slots_agree(struct node *node)
{
    unsigned bits = node->id.bits;
    for (unsigned used = node->inner.used; used; used &= used - 1) {
        unsigned s = slots_first(used);
        const struct slot *slot = &node_slots(node)[s];
        uint64_t first = time_bits(slot->first_us), last = time_bits(slot->last_us);
        if (bits_cut(first, bits) != node->id.prefix || bits_cut(last, bits) != node->id.prefix ||
            bits_slot(first, bits) != s || bits_slot(last, bits) != s) {
            return false;
        }
    }
    return true;
}

static bool inner_decode(struct node *node, struct reader *in)
{
    unsigned used = reader_byte(in);
    used |= (unsigned)reader_byte(in) << 8;
    uint64_t base_us = reader_u64(in);
    if (in->is_short || slots_count(used) < 2) return false;
    node->inner.used = (uint16_t)used;
    for (unsigned s = 0; s < SLOTS; s++) {
        if ((used >> s & 1) && !slot_decode(&node_slots(node)[s], base_us, in)) return false;
    }
    struct timeline_id id = span_id((int64_t)base_us, node_slots(node)[slots_last(used)].last_us);
    if (id.bits > 60 ||
        (!node->id.is_root && (id.prefix != node->id.prefix || id.bits != node->id.bits)))
        return false;
    id.is_root = node->id.is_root;
    node->id = id;
    return slots_agree(node);
}

/* The partials stay encoded, so they are copied as they are. */
static bool inner_take(struct timeline *timeline, struct timeline_id id, struct reader *in,
                       struct node **out)
{
    size_t rest = (size_t)(in->end - in->next);
    struct bytes copy = {nt_arena_copy(timeline->pool.arena, in->next, rest), rest};
    *in = reader_of(copy);
    *out = inner_create(timeline, id);
    return inner_decode(*out, in);
}

static bool body_decode(struct timeline *timeline, struct timeline_id id, struct reader *in,
                        struct node **node)
{
    uint8_t kind = reader_byte(in);
    *node = NULL;
    if (in->is_short || kind > NODE_INNER) return false;
    if (kind == NODE_EMPTY) return id.is_root && in->next == in->end;
    bool is_good =
        kind == NODE_LEAF ? leaf_take(timeline, id, in, node) : inner_take(timeline, id, in, node);
    if (is_good) (*node)->is_dirty = false;
    return is_good && in->next == in->end;
}

/* Borrowed, without the checksum; size 0: there is no such record. */
static enum nt_status record_load(struct timeline *timeline, struct timeline_id id,
                                  struct bytes *record, struct nt_error *error)
{
    *record = (struct bytes){0};
    if (!timeline->source.load) return NT_OK;
    struct bytes raw = {0};
    enum nt_status status = timeline->source.load(timeline->source.self, id, &raw, error);
    if (status != NT_OK || raw.size == 0) return status;
    if (raw.size <= CHECKSUM_SIZE) return node_corrupt(timeline, id, "it is cut short", error);
    size_t size = raw.size - CHECKSUM_SIZE;
    struct reader end = {raw.data + size, raw.data + raw.size, false};
    if (reader_u32(&end) != (uint32_t)hash64(raw.data, size)) {
        return node_corrupt(timeline, id, "its checksum does not match its bytes", error);
    }
    *record = (struct bytes){raw.data, size};
    return NT_OK;
}

enum nt_status node_load(struct timeline *timeline, struct timeline_id id, struct node **node,
                         struct nt_error *error)
{
    struct bytes record;
    enum nt_status status = record_load(timeline, id, &record, error);
    if (status != NT_OK) return status;
    if (record.size == 0) return node_corrupt(timeline, id, "it is missing", error);
    struct reader in = reader_of(record);
    if (!body_decode(timeline, id, &in, node)) {
        return node_corrupt(timeline, id, "its bytes are not a node", error);
    }
    (*node)->is_stored = true;
    return NT_OK;
}

static bool root_decode(struct timeline *timeline, struct reader *in)
{
    if (reader_byte(in) != RECORD_VERSION) return false;
    timeline->horizon_us = (int64_t)reader_u64(in);
    timeline->newest_us = (int64_t)reader_u64(in);
    for (unsigned i = 0; i < timeline->view->measure_count; i++) {
        const struct nt_measure *measure = &timeline->view->measures[i];
        if (!timeline->is_lifetime[i]) continue;
        char *state = timeline->lifetime + timeline->offsets[i];
        if (!measure->aggregate->decode(measure, state, in, timeline->pool.arena)) return false;
    }
    return body_decode(timeline, ROOT_ID, in, &timeline->top);
}

enum nt_status root_load(struct timeline *timeline, struct nt_error *error)
{
    finger_settle(timeline);
    if (timeline->is_loaded) return NT_OK;
    struct bytes record;
    enum nt_status status = record_load(timeline, ROOT_ID, &record, error);
    if (status != NT_OK) return status;
    struct reader in = reader_of(record);
    if (record.size && !root_decode(timeline, &in)) {
        return node_corrupt(timeline, ROOT_ID, "its bytes are not a root of this version", error);
    }
    timeline->is_loaded = true;
    return NT_OK;
}
