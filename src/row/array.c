/* array.c: see array.h. */
#include "row/array.h"

#include "row/tuple.h"

static bool element_is_null(const uint8_t *nulls, uint32_t index)
{
    return nulls[index / 8] >> index % 8 & 1;
}

bool array_open(enum nt_type element, struct nt_value array, struct array_reader *reader)
{
    struct reader in = reader_of((struct bytes){(const uint8_t *)array.text, array.size});
    uint64_t count = reader_varint(&in);
    if (in.is_short || (count + 7) / 8 > (uint64_t)(in.end - in.next)) return false;
    const uint8_t *nulls = reader_take(&in, (size_t)(count + 7) / 8);
    if (count > UINT32_MAX) return false;
    *reader = (struct array_reader){element, (uint32_t)count, 0, nulls, in};
    return true;
}

bool array_next(struct array_reader *reader, struct nt_arena *arena, struct nt_value *value)
{
    if (reader->next == reader->count) return false;
    *value = NT_NULL;
    if (element_is_null(reader->nulls, reader->next++)) return true;
    if (value_take(reader->element, &reader->in, arena, value)) return true;
    reader->next = reader->count;
    return false;
}

uint32_t array_count(struct nt_value array)
{
    struct array_reader reader;
    return array_open(NT_BOOL, array, &reader) ? reader.count : 0;
}

struct nt_value *array_values(enum nt_type element, struct nt_value array, struct nt_arena *arena,
                              uint32_t *count)
{
    struct array_reader reader = {0};
    array_open(element, array, &reader);
    struct nt_value *values = nt_arena_alloc(arena, (size_t)reader.count * sizeof *values);
    *count = 0;
    while (*count < reader.count && array_next(&reader, arena, &values[*count])) ++*count;
    return values;
}

struct nt_value array_make(enum nt_type element, const struct nt_value *values, uint32_t count,
                           struct nt_arena *arena)
{
    struct buffer out = {0};
    buffer_append_varint(&out, count);
    for (uint32_t i = 0; i < count; i += 8) {
        unsigned bits = 0;
        for (uint32_t j = i; j < count && j < i + 8; j++)
            bits |= (unsigned)values[j].is_null << (j - i);
        buffer_append_byte(&out, (uint8_t)bits);
    }
    for (uint32_t i = 0; i < count; i++)
        if (!values[i].is_null) value_append(element, values[i], &out);
    struct nt_value array = nt_text(nt_arena_copy(arena, out.data, out.size), (uint32_t)out.size);
    buffer_deinit(&out);
    return array;
}

/* NULLs are equal, and greater than all else; the shorter of two that begin alike is less. */
int array_compare(enum nt_type element, struct nt_value x, struct nt_value y,
                  int (*order)(enum nt_type type, struct nt_value x, struct nt_value y))
{
    struct array_reader left = {0}, right = {0};
    struct nt_arena arena = {0};
    struct nt_value a, b;
    int result = 0;
    array_open(element, x, &left);
    array_open(element, y, &right);
    while (result == 0 && array_next(&left, &arena, &a) && array_next(&right, &arena, &b))
        result = a.is_null || b.is_null ? a.is_null - b.is_null : order(element, a, b);
    nt_arena_deinit(&arena);
    if (result == 0) result = (left.count > right.count) - (left.count < right.count);
    return result;
}
