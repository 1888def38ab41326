/* enumeration.c: see enumeration.h. */
#include "row/enumeration.h"

#include "row/array.h"

#include <string.h>

#define PLACE_SIZE 2
#define PLACE_BASE 255

void enum_append_name(const char *name, struct buffer *labels)
{
    buffer_append_byte(labels, (uint8_t)strlen(name));
    buffer_append_text(labels, name);
}

void enum_append_label(const char *label, unsigned place, struct buffer *labels)
{
    buffer_append_byte(labels, (uint8_t)strlen(label));
    buffer_append_byte(labels, (uint8_t)(1 + place / PLACE_BASE));
    buffer_append_byte(labels, (uint8_t)(1 + place % PLACE_BASE));
    buffer_append_text(labels, label);
}

struct bytes enum_name(struct nt_value labels)
{
    return (struct bytes){(const uint8_t *)labels.text + 1, (uint8_t)labels.text[0]};
}

bool enum_next(struct nt_value labels, size_t *at, struct bytes *label)
{
    if (*at == 0) *at = 1 + enum_name(labels).size;
    if (*at >= labels.size) return false;
    const uint8_t *entry = (const uint8_t *)labels.text + *at;
    *label = (struct bytes){entry + 1 + PLACE_SIZE, entry[0]};
    *at += 1 + PLACE_SIZE + label->size;
    return true;
}

struct nt_value enum_find(struct nt_value labels, const char *text, size_t size)
{
    struct bytes label;
    for (size_t at = 0; enum_next(labels, &at, &label);)
        if (label.size == size && memcmp(label.data, text, size) == 0)
            return nt_text((const char *)label.data - PLACE_SIZE, (uint32_t)(PLACE_SIZE + size));
    return NT_NULL;
}

/* PostgreSQL's message for a text that is no label. */
static struct nt_value label_fail(struct nt_eval *e, struct nt_value labels, struct nt_value text)
{
    struct bytes name = enum_name(labels);
    return nt_fail(e, nt_arena_printf(e->arena, "invalid input value for enum %.*s: \"%.*s\"",
                                      (int)name.size, (const char *)name.data, (int)text.size,
                                      text.text));
}

/* The casts from text and text[]; y: the labels. */

struct nt_value nt_enum_of_text(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    struct nt_value value = enum_find(y, x.text, x.size);
    return value.is_null ? label_fail(e, y, x) : value;
}

struct nt_value nt_enum_array_of_text(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    uint32_t count;
    if (x.is_null || y.is_null) return NT_NULL;
    struct nt_value *list = array_values(NT_TEXT, x, e->arena, &count);
    for (uint32_t i = 0; i < count; i++) list[i] = nt_enum_of_text(e, list[i], y);
    return e->error ? NT_NULL : array_make(NT_BYTEA, list, count, e->arena);
}

struct nt_value nt_enum_array_to_text(struct nt_eval *e, struct nt_value x)
{
    uint32_t count;
    if (x.is_null) return NT_NULL;
    struct nt_value *list = array_values(NT_BYTEA, x, e->arena, &count);
    for (uint32_t i = 0; i < count; i++) list[i] = nt_enum_to_text(e, list[i]);
    return array_make(NT_TEXT, list, count, e->arena);
}

struct nt_value nt_enum_to_text(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x.is_null ? NT_NULL : nt_text(x.text + PLACE_SIZE, x.size - PLACE_SIZE);
}
