/* erasure.c: see erasure.h. */
#include "runtime/erasure.h"

#include "row/key.h"

#include <stdlib.h>
#include <string.h>

bool erasure_hash(const struct nt_source *source, const uint16_t *columns, uint16_t column_count,
                  const struct nt_value *key, char key_hash[HASH_HEX_SIZE])
{
    struct nt_column types[NT_KEY_COLUMNS_MAX];
    struct buffer bytes = {0};
    for (uint16_t i = 0; i < column_count; i++) types[i] = source->columns[columns[i]];
    bool is_key = key_append_all(types, column_count, key, &bytes);
    if (is_key) hash_hex(bytes.data, bytes.size, key_hash);
    buffer_deinit(&bytes);
    return is_key;
}

static int group_order(const struct erasure *x, const struct erasure *y)
{
    if (x->source != y->source) return x->source < y->source ? -1 : 1;
    if (x->column_count != y->column_count) return x->column_count < y->column_count ? -1 : 1;
    return memcmp(x->columns, y->columns, x->column_count * sizeof x->columns[0]);
}

static int erasure_order(const void *a, const void *b)
{
    const struct erasure *x = a, *y = b;
    int order = group_order(x, y);
    return order ? order : strcmp(x->key_hash, y->key_hash);
}

void erasures_sort(struct erasures *erasures)
{
    if (erasures->count)
        qsort(erasures->items, erasures->count, sizeof *erasures->items, erasure_order);
}

void erasures_add(struct erasures *erasures, struct nt_arena *arena, const struct erasure *item)
{
    struct erasure *items = nt_arena_alloc(arena, (erasures->count + 1) * sizeof *items);
    if (erasures->count) memcpy(items, erasures->items, erasures->count * sizeof *items);
    items[erasures->count] = *item;
    items[erasures->count++].topic = nt_arena_printf(arena, "%s", item->topic);
    erasures->items = items;
    erasures_sort(erasures);
}

static bool is_before(const struct erasure *erasure, uint16_t source, const char *topic,
                      int32_t partition, int64_t offset)
{
    return erasure->source == source && erasure->partition == partition &&
           offset < erasure->next_offset && strcmp(erasure->topic, topic) == 0;
}

/* Does the log stand where some erasure still matters? Nearly always it does not. */
static bool is_behind(const struct erasures *erasures, uint16_t source, const char *topic,
                      int32_t partition, int64_t offset)
{
    for (size_t i = 0; i < erasures->count; i++)
        if (is_before(&erasures->items[i], source, topic, partition, offset)) return true;
    return false;
}

/* The first item that is not before wanted. */
static size_t item_find(const struct erasures *erasures, const struct erasure *wanted)
{
    size_t low = 0, high = erasures->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (erasure_order(&erasures->items[middle], wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The items of one group: the same source, the same columns. */
static bool group_match(const struct erasures *erasures, const struct erasure *group,
                        const struct nt_value *row, const char *topic, int32_t partition,
                        int64_t offset)
{
    struct nt_value key[NT_KEY_COLUMNS_MAX];
    struct erasure wanted = *group;
    for (uint16_t i = 0; i < group->column_count; i++) key[i] = row[group->columns[i]];
    if (!erasure_hash(&erasures->program->sources[group->source], group->columns,
                      group->column_count, key, wanted.key_hash))
        return false;
    for (size_t i = item_find(erasures, &wanted);
         i < erasures->count && erasure_order(&erasures->items[i], &wanted) == 0; i++)
        if (is_before(&erasures->items[i], group->source, topic, partition, offset)) return true;
    return false;
}

bool erasures_match(const struct erasures *erasures, uint16_t source, const struct nt_value *row,
                    const char *topic, int32_t partition, int64_t offset)
{
    if (!is_behind(erasures, source, topic, partition, offset)) return false;
    const struct erasure *group = NULL;
    for (size_t i = 0; i < erasures->count; i++) {
        const struct erasure *item = &erasures->items[i];
        if (item->source != source || (group && group_order(group, item) == 0)) continue;
        group = item;
        if (group_match(erasures, group, row, topic, partition, offset)) return true;
    }
    return false;
}
