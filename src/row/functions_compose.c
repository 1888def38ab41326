/* functions_compose.c: texts made of others: case, concatenation, replacement and padding. */
#include "row/functions.h"

#include "base/lookup3.h"
#include "row/md5.h"
#include "row/text.h"

static struct text_maker maker_of(struct nt_eval *e, uint64_t size)
{
    return (struct text_maker){nt_arena_alloc(e->arena, size + 1), 0};
}

static struct nt_value made(const struct text_maker *out)
{
    return nt_text(out->text, out->size);
}

static struct nt_value mapped(struct nt_eval *e, struct nt_value x, char (*map)(char))
{
    if (x.is_null) return NT_NULL;
    struct text_maker out = maker_of(e, x.size);
    for (uint32_t i = 0; i < x.size; i++) out.text[i] = map(x.text[i]);
    out.size = x.size;
    return made(&out);
}

struct nt_value nt_text_lower(struct nt_eval *e, struct nt_value x)
{
    return mapped(e, x, text_lower);
}

struct nt_value nt_text_upper(struct nt_eval *e, struct nt_value x)
{
    return mapped(e, x, text_upper);
}

static bool is_alphanumeric(char c)
{
    return (text_lower(c) >= 'a' && text_lower(c) <= 'z') || (c >= '0' && c <= '9');
}

struct nt_value nt_text_initcap(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    struct text_maker out = maker_of(e, x.size);
    bool is_within = false;
    for (; out.size < x.size; out.size++) {
        char c = x.text[out.size];
        out.text[out.size] = is_within ? text_lower(c) : text_upper(c);
        is_within = is_alphanumeric(c);
    }
    return made(&out);
}

/* t and f, as concat writes a boolean. */
struct nt_value nt_bool_out(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x.is_null ? NT_NULL : nt_text(x.boolean ? "t" : "f", 1);
}

/* NULLs are passed over; separator NULL: none. */
static struct nt_value joined(struct nt_eval *e, struct nt_value separator, int count,
                              const struct nt_value *list)
{
    uint64_t size = 0;
    for (int i = 0; i < count; i++) size += (uint64_t)list[i].size + separator.size;
    if (size > UINT32_MAX) return nt_fail(e, "requested length too large");
    struct text_maker out = maker_of(e, size);
    bool is_first = true;
    for (int i = 0; i < count; i++) {
        if (list[i].is_null) continue;
        if (!is_first) text_add(&out, separator.text, separator.size);
        text_add(&out, list[i].text, list[i].size);
        is_first = false;
    }
    return made(&out);
}

struct nt_value nt_text_concat(struct nt_eval *e, int count, const struct nt_value *list)
{
    return joined(e, nt_text("", 0), count, list);
}

struct nt_value nt_text_concat_ws(struct nt_eval *e, int count, const struct nt_value *list)
{
    return list[0].is_null ? NT_NULL : joined(e, list[0], count - 1, list + 1);
}

struct nt_value nt_text_join(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    struct nt_value list[2] = {x, y};
    return x.is_null || y.is_null ? NT_NULL : joined(e, nt_text("", 0), 2, list);
}

struct nt_value nt_bytea_join(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return nt_text_join(e, x, y);
}

struct nt_value nt_text_replace(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                struct nt_value z)
{
    if (x.is_null || y.is_null || z.is_null) return NT_NULL;
    if (y.size == 0) return x;
    uint64_t count = 0;
    int64_t at;
    uint32_t from = 0;
    for (; (at = text_find(x, y, from)) >= 0; count++) from = (uint32_t)at + y.size;
    if (x.size + count * z.size > UINT32_MAX) return nt_fail(e, "requested length too large");
    struct text_maker out = maker_of(e, x.size + count * z.size);
    for (from = 0; (at = text_find(x, y, from)) >= 0; from = (uint32_t)at + y.size) {
        text_add(&out, x.text + from, (uint32_t)at - from);
        text_add(&out, z.text, z.size);
    }
    text_add(&out, x.text + from, x.size - from);
    return made(&out);
}

/* Characters of y become those of z at the same place; without one there they go. */
struct nt_value nt_text_translate(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                  struct nt_value z)
{
    if (x.is_null || y.is_null || z.is_null) return NT_NULL;
    struct text_maker out = maker_of(e, (uint64_t)x.size * 4);
    for (uint32_t i = 0, size; i < x.size; i += size) {
        size = text_char_size(x, i);
        uint32_t from = 0, to = 0;
        bool is_found = false;
        while (from < y.size && !is_found) {
            uint32_t next = text_char_size(y, from);
            is_found = next == size && memcmp(y.text + from, x.text + i, size) == 0;
            from += is_found ? 0 : next;
            to += is_found || to == z.size ? 0 : text_char_size(z, to);
        }
        if (!is_found)
            text_add(&out, x.text + i, size);
        else if (to < z.size)
            text_add(&out, z.text + to, text_char_size(z, to));
    }
    return made(&out);
}

struct nt_value nt_text_repeat(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    int64_t count = y.integer < 0 ? 0 : y.integer;
    if (count * x.size > TEXT_MADE_MAX) return nt_fail(e, "requested length too large");
    struct text_maker out = maker_of(e, (uint64_t)(count * x.size));
    for (; x.size && count > 0; count--) text_add(&out, x.text, x.size);
    return made(&out);
}

struct nt_value nt_text_reverse(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    struct text_maker out = maker_of(e, x.size);
    for (uint32_t end = x.size, first; end > 0; end = first) {
        first = end - 1;
        while (!text_starts_char(x.text[first])) first--;
        text_add(&out, x.text + first, end - first);
    }
    return made(&out);
}

/* x cut to length characters or filled up with those of fill, over and over. */
static struct nt_value pad(struct nt_eval *e, struct nt_value x, struct nt_value length,
                           struct nt_value fill, bool at_start)
{
    if (x.is_null || length.is_null || fill.is_null) return NT_NULL;
    int64_t wanted = length.integer < 0 ? 0 : length.integer, have = text_length(x);
    if (wanted > TEXT_MADE_MAX / 4) return nt_fail(e, "requested length too large");
    struct nt_value kept = text_slice(x, 0, text_offset(x, wanted));
    int64_t missing = fill.size && wanted > have ? wanted - have : 0;
    struct text_maker out = maker_of(e, kept.size + (uint64_t)missing * 4);
    if (!at_start) text_add(&out, kept.text, kept.size);
    for (uint32_t at = 0; missing > 0; missing--) {
        uint32_t size = text_char_size(fill, at);
        text_add(&out, fill.text + at, size);
        at = at + size < fill.size ? at + size : 0;
    }
    if (at_start) text_add(&out, kept.text, kept.size);
    return made(&out);
}

struct nt_value nt_text_lpad(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return pad(e, x, y, nt_text(" ", 1), true);
}

struct nt_value nt_text_rpad(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return pad(e, x, y, nt_text(" ", 1), false);
}

struct nt_value nt_text_lpad_with(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                  struct nt_value z)
{
    return pad(e, x, y, z, true);
}

struct nt_value nt_text_rpad_with(struct nt_eval *e, struct nt_value x, struct nt_value y,
                                  struct nt_value z)
{
    return pad(e, x, y, z, false);
}

struct nt_value nt_text_md5(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    char *hex = nt_arena_alloc(e->arena, MD5_TEXT_SIZE);
    md5_text(x.text, x.size, hex);
    return nt_text(hex, MD5_TEXT_SIZE);
}

struct nt_value nt_bytea_md5(struct nt_eval *e, struct nt_value x)
{
    return nt_text_md5(e, x);
}

/* The low half of the 64 bits is PostgreSQL's hash of 32. */
struct nt_value nt_text_hash(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    if (x.is_null) return NT_NULL;
    return nt_integer((int32_t)hash_lookup3((struct bytes){(const uint8_t *)x.text, x.size}));
}

static struct nt_value hexadecimal(struct nt_eval *e, uint64_t x)
{
    char *text = nt_arena_printf(e->arena, "%llx", (unsigned long long)x);
    return nt_text(text, (uint32_t)strlen(text));
}

struct nt_value nt_int4_to_hex(struct nt_eval *e, struct nt_value x)
{
    return x.is_null ? NT_NULL : hexadecimal(e, (uint32_t)x.integer);
}

struct nt_value nt_int8_to_hex(struct nt_eval *e, struct nt_value x)
{
    return x.is_null ? NT_NULL : hexadecimal(e, (uint64_t)x.integer);
}
