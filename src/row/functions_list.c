/* functions_list.c: a text to the list of its parts: text_to_array of PostgreSQL 15's varlena.c. */
#include "nowthen/eval.h"

#include "base/bytes.h"
#include "row/array.h"

#include <string.h>

/* How many bytes up to the separator; up to the end where there is none. */
static uint32_t part_size(struct nt_value rest, struct nt_value separator)
{
    const char *found = memmem(rest.text, rest.size, separator.text, separator.size);
    return found ? (uint32_t)(found - rest.text) : rest.size;
}

static uint32_t character_size(struct nt_value rest)
{
    uint32_t size = 1;
    while (size < rest.size && ((uint8_t)rest.text[size] & 0xc0) == 0x80) size++;
    return size;
}

static void part_add(struct nt_value part, struct nt_value null_text, struct buffer *list)
{
    bool is_null = !null_text.is_null && part.size == null_text.size &&
                   memcmp(part.text, null_text.text, part.size) == 0;
    struct nt_value value = is_null ? NT_NULL : part;
    buffer_append(list, &value, sizeof value);
}

/* Between separators; without one, each character. */
static void parts_add(struct nt_value rest, struct nt_value separator, struct nt_value null_text,
                      struct buffer *list)
{
    bool by_character = separator.is_null;
    for (bool is_more = rest.size > 0; is_more;) {
        uint32_t size = by_character          ? character_size(rest)
                        : separator.size == 0 ? rest.size
                                              : part_size(rest, separator);
        part_add(nt_text(rest.text, size), null_text, list);
        is_more = size < rest.size;
        uint32_t taken = is_more && !by_character ? size + separator.size : size;
        rest = nt_text(rest.text + taken, rest.size - taken);
    }
}

struct nt_value nt_text_to_list_nulls(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                      struct nt_value z)
{
    struct buffer list = {0};
    if (x.is_null) return NT_NULL;
    parts_add(x, y, z, &list);
    struct nt_value array = array_make(NT_TEXT, (const struct nt_value *)(const void *)list.data,
                                       (uint32_t)(list.size / sizeof(struct nt_value)), e->arena);
    buffer_deinit(&list);
    return array;
}

struct nt_value nt_text_to_list(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return nt_text_to_list_nulls(e, x, y, NT_NULL);
}
