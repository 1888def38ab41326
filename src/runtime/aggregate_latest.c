/*
 * aggregate_latest.c: last_n(x, ts, n): x of the n latest events, the newest first, as an array.
 * Events whose ts is NULL are ignored, a NULL x is one like another. Among events of equal ts the
 * greater x comes first, NULL last; then the greater spelling of that ts (1 day, 24:00), so the
 * partial, the n first of that order, stays a function of the multiset.
 *
 * (array_agg(x ORDER BY ...))[1:n] is the same by the place of an event in ORDER BY. With DISTINCT
 * the place is that of x, and of events of one place, whose x are equal, the first is kept: what
 * has fallen behind the n first places does not come back, so this partial is such a function too.
 */
#include "runtime/aggregate.h"
#include "runtime/kept.h"

#include "row/array.h"

#include <string.h>

#define CAPACITY_MIN 4

struct latest_entry {
    struct kept at; /* never NULL */
    struct kept value;
};

/* All zero is empty. entries[count, capacity) are spare, with the memory they own. */
struct latest {
    struct latest_entry *entries; /* in order */
    uint32_t count;
    uint32_t capacity;
};

enum { ALL, DISTINCT }; /* nt_aggregate.variant */

static uint32_t count_max(const struct nt_measure *measure)
{
    return (uint32_t)measure->parameters[0].integer;
}

static void latest_init(const struct nt_measure *measure, void *state)
{
    (void)measure;
    *(struct latest *)state = (struct latest){0};
}

static void latest_clear(const struct nt_measure *measure, void *state)
{
    (void)measure;
    ((struct latest *)state)->count = 0;
}

static void latest_reserve(struct latest *latest, uint32_t need, struct nt_arena *arena)
{
    if (need <= latest->capacity) return;
    uint32_t capacity = 2 * latest->capacity;
    if (capacity < need) capacity = need;
    if (capacity < CAPACITY_MIN) capacity = CAPACITY_MIN;
    struct latest_entry *entries = nt_arena_zalloc(arena, capacity * sizeof *entries);
    if (latest->capacity) memcpy(entries, latest->entries, latest->capacity * sizeof *entries);
    latest->entries = entries;
    latest->capacity = capacity;
}

/* Less than 0: the first comes before the second. */
static int order_of(const struct nt_measure *measure, struct nt_value at, struct nt_value value,
                    const struct latest_entry *other)
{
    int order = nt_compare(measure->types[1], other->at.value, at);
    if (order == 0) order = value_order(measure->types[0], other->value.value, value);
    return order ? order : value_order(measure->types[1], other->at.value, at);
}

static void entry_set(const struct nt_measure *measure, struct latest_entry *entry,
                      struct nt_value at, struct nt_value value, struct nt_arena *arena)
{
    kept_set(&entry->at, measure->types[1], at, arena);
    kept_set(&entry->value, measure->types[0], value, arena);
}

/* The first entry that comes after these. */
static uint32_t latest_find(const struct nt_measure *measure, const struct latest *latest,
                            struct nt_value at, struct nt_value value)
{
    uint32_t low = 0, high = latest->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (order_of(measure, at, value, &latest->entries[middle]) < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The entry of the same place, beside the found one; NULL: there is none. */
static struct latest_entry *latest_same(const struct nt_measure *measure,
                                        const struct latest *latest, uint32_t found,
                                        struct nt_value at)
{
    for (uint32_t i = found ? found - 1 : 0; i <= found && i < latest->count; i++)
        if (nt_compare(measure->types[1], latest->entries[i].at.value, at) == 0)
            return &latest->entries[i];
    return NULL;
}

static void latest_add(const struct nt_measure *measure, void *state,
                       const struct nt_value *arguments, struct nt_arena *arena)
{
    struct latest *latest = state;
    struct nt_value value = arguments[0], at = arguments[1];
    if (at.is_null) return;
    uint32_t low = latest_find(measure, latest, at, value);
    struct latest_entry *same =
        measure->aggregate->variant == DISTINCT ? latest_same(measure, latest, low, at) : NULL;
    if (same && order_of(measure, at, value, same) < 0) entry_set(measure, same, at, value, arena);
    if (same || low >= count_max(measure)) return;
    if (latest->count < count_max(measure)) {
        latest_reserve(latest, latest->count + 1, arena);
        latest->count++;
    }
    struct latest_entry entry = latest->entries[latest->count - 1]; /* spare, or the one to go */
    entry_set(measure, &entry, at, value, arena);
    memmove(&latest->entries[low + 1], &latest->entries[low],
            (latest->count - 1 - low) * sizeof entry);
    latest->entries[low] = entry;
}

static void latest_merge_distinct(const struct nt_measure *measure, void *state, const void *other_,
                                  struct nt_arena *arena)
{
    const struct latest *other = other_;
    for (uint32_t i = 0; i < other->count; i++) {
        const struct latest_entry *entry = &other->entries[i];
        latest_add(measure, state, (struct nt_value[]){entry->value.value, entry->at.value}, arena);
    }
}

/* From the back: what is too many goes, then each place gets the later of two. */
static void latest_merge(const struct nt_measure *measure, void *state, const void *other_,
                         struct nt_arena *arena)
{
    struct latest *latest = state;
    const struct latest *other = other_;
    uint32_t mine = latest->count, theirs = other->count;
    latest_reserve(latest, mine + theirs < count_max(measure) ? mine + theirs : count_max(measure),
                   arena);
    struct latest_entry *entries = latest->entries;
    uint32_t place = mine + theirs;
    for (; theirs > 0; place--) {
        const struct latest_entry *next = &other->entries[theirs - 1];
        bool is_theirs = mine == 0 || order_of(measure, next->at.value, next->value.value,
                                               &entries[mine - 1]) >= 0;
        bool is_kept = place <= count_max(measure);
        if (is_theirs && is_kept)
            entry_set(measure, &entries[place - 1], next->at.value, next->value.value, arena);
        if (!is_theirs && is_kept) {
            struct latest_entry spare = entries[place - 1];
            entries[place - 1] = entries[mine - 1];
            entries[mine - 1] = spare;
        }
        if (is_theirs)
            theirs--;
        else
            mine--;
    }
    uint32_t count = latest->count + other->count;
    latest->count = count < count_max(measure) ? count : count_max(measure);
}

static struct nt_value latest_final(struct nt_eval *e, const struct nt_measure *measure,
                                    const void *state)
{
    const struct latest *latest = state;
    if (latest->count == 0) return NT_NULL;
    struct nt_value *values = nt_arena_alloc(e->arena, latest->count * sizeof *values);
    for (uint32_t i = 0; i < latest->count; i++) values[i] = latest->entries[i].value.value;
    return array_make(measure->types[0], values, latest->count, e->arena);
}

static void latest_encode(const struct nt_measure *measure, const void *state, struct buffer *out)
{
    const struct latest *latest = state;
    buffer_append_varint(out, latest->count);
    for (uint32_t i = 0; i < latest->count; i++) {
        kept_encode(&latest->entries[i].at, measure->types[1], out);
        kept_encode(&latest->entries[i].value, measure->types[0], out);
    }
}

static bool latest_decode(const struct nt_measure *measure, void *state, struct reader *in,
                          struct nt_arena *arena)
{
    struct latest *latest = state;
    uint64_t count = reader_varint(in);
    if (in->is_short || count > count_max(measure) || count > (uint64_t)(in->end - in->next))
        return false;
    latest_reserve(latest, (uint32_t)count, arena);
    for (; latest->count < count; latest->count++) {
        struct latest_entry *entry = &latest->entries[latest->count];
        if (!kept_decode(&entry->at, measure->types[1], in, arena) || entry->at.value.is_null ||
            !kept_decode(&entry->value, measure->types[0], in, arena))
            return false;
        if (latest->count && order_of(measure, entry->at.value, entry->value.value, &entry[-1]) < 0)
            return false;
    }
    return true;
}

#define LATEST(which, sql, how, join)                                                              \
    const struct nt_aggregate nt_aggregate_##which = {                                             \
        .symbol = #which,                                                                          \
        .name = sql,                                                                               \
        .state_size = sizeof(struct latest),                                                       \
        .variant = how,                                                                            \
        .grows = true,                                                                             \
        .init = latest_init,                                                                       \
        .clear = latest_clear,                                                                     \
        .add = latest_add,                                                                         \
        .merge = join,                                                                             \
        .final = latest_final,                                                                     \
        .encode = latest_encode,                                                                   \
        .decode = latest_decode,                                                                   \
    };
LATEST(last_n, "last_n", ALL, latest_merge)
LATEST(array_agg, "array_agg", ALL, latest_merge)
LATEST(array_agg_distinct, "array_agg", DISTINCT, latest_merge_distinct)
