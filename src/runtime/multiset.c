/* multiset.c: see multiset.h. A sorted array; the encoding is varint count, then each value
 * (row/tuple.h) and, with counts, a varint. */
#include "runtime/multiset.h"

#include "row/tuple.h"

#include <assert.h>
#include <string.h>

#define CAPACITY_MIN 4

static void entries_swap(struct multiset_entry *x, struct multiset_entry *y)
{
    struct multiset_entry kept = *x;
    *x = *y;
    *y = kept;
}

static void multiset_reserve(struct multiset *set, uint64_t need, struct nt_arena *arena)
{
    if (need <= set->capacity) return;
    uint64_t capacity = 2 * (uint64_t)set->capacity;
    if (capacity < need) capacity = need;
    if (capacity < CAPACITY_MIN) capacity = CAPACITY_MIN;
    assert(capacity <= UINT32_MAX);
    struct multiset_entry *entries = nt_arena_zalloc(arena, capacity * sizeof *entries);
    if (set->capacity) memcpy(entries, set->entries, set->capacity * sizeof *entries);
    set->entries = entries;
    set->capacity = (uint32_t)capacity;
}

void multiset_clear(struct multiset *set)
{
    set->count = 0;
}

/* The first entry that is not before value. */
static uint32_t multiset_find(const struct multiset *set, enum nt_type type, struct nt_value value)
{
    uint32_t low = 0, high = set->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (value_order(type, set->entries[middle].kept.value, value) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void multiset_add(struct multiset *set, enum nt_type type, struct nt_value value, uint64_t count,
                  struct nt_arena *arena)
{
    uint32_t place = multiset_find(set, type, value);
    if (place < set->count && value_order(type, set->entries[place].kept.value, value) == 0) {
        set->entries[place].count += count;
        return;
    }
    multiset_reserve(set, (uint64_t)set->count + 1, arena);
    struct multiset_entry spare = set->entries[set->count];
    kept_set(&spare.kept, type, value, arena);
    spare.count = count;
    memmove(&set->entries[place + 1], &set->entries[place],
            (set->count - place) * sizeof *set->entries);
    set->entries[place] = spare;
    set->count++;
}

/* From the back: entries before `mine` are still to be placed, those from `place` on are done, and
 * what is between is spare. */
void multiset_merge(struct multiset *set, enum nt_type type, const struct multiset *other,
                    struct nt_arena *arena)
{
    uint64_t most = (uint64_t)set->count + other->count;
    multiset_reserve(set, most, arena);
    struct multiset_entry *entries = set->entries;
    uint64_t mine = set->count, place = most;
    for (uint64_t theirs = other->count; theirs > 0;) {
        const struct multiset_entry *next = &other->entries[theirs - 1];
        int order = mine ? value_order(type, entries[mine - 1].kept.value, next->kept.value) : -1;
        place--;
        if (order >= 0) {
            mine--;
            entries_swap(&entries[mine], &entries[place]);
            if (order == 0) entries[place].count += next->count;
        } else {
            kept_set(&entries[place].kept, type, next->kept.value, arena);
            entries[place].count = next->count;
        }
        theirs -= order <= 0;
    }
    uint64_t gap = place - mine;
    for (uint64_t i = place; gap && i < most; i++) entries_swap(&entries[i - gap], &entries[i]);
    set->count = (uint32_t)(most - gap);
}

void multiset_encode(const struct multiset *set, enum nt_type type, bool with_counts,
                     struct buffer *out)
{
    buffer_append_varint(out, set->count);
    for (uint32_t i = 0; i < set->count; i++) {
        value_append(type, set->entries[i].kept.value, out);
        if (with_counts) buffer_append_varint(out, set->entries[i].count);
    }
}

bool multiset_decode(struct multiset *set, enum nt_type type, bool with_counts, struct reader *in,
                     struct nt_arena *arena)
{
    uint64_t count = reader_varint(in);
    if (in->is_short || count > (uint64_t)(in->end - in->next)) return false;
    multiset_reserve(set, count, arena);
    for (uint64_t i = 0; i < count; i++) {
        struct nt_value value;
        struct multiset_entry *entry = &set->entries[i];
        if (!value_take(type, in, arena, &value)) return false;
        if (i && value_order(type, entry[-1].kept.value, value) >= 0) return false;
        kept_set(&entry->kept, type, value, arena);
        entry->count = with_counts ? reader_varint(in) : 1;
        if (in->is_short || entry->count == 0) return false;
        set->count++;
    }
    return true;
}

uint64_t multiset_total(const struct multiset *set)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < set->count; i++) total += set->entries[i].count;
    return total;
}

struct nt_value multiset_at(const struct multiset *set, uint64_t place)
{
    uint32_t i = 0;
    while (place >= set->entries[i].count) place -= set->entries[i++].count;
    return set->entries[i].kept.value;
}

uint32_t multiset_group_end(const struct multiset *set, enum nt_type type, uint32_t first)
{
    struct nt_value value = set->entries[first].kept.value;
    uint32_t end = first + 1;
    while (end < set->count && nt_compare(type, value, set->entries[end].kept.value) == 0) end++;
    return end;
}
