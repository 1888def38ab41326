/* functions_array.c: the operators and functions of arrays, by PostgreSQL 15's arrayfuncs.c and
 * array_userfuncs.c. Elements are equal where nt_compare says so; a NULL is one only to those
 * that look for it. */
#include "nowthen/eval.h"
#include "row/array.h"
#include "row/value_text.h"

struct nt_value nt_array(struct nt_eval *e, enum nt_type element, int count,
                         const struct nt_value *list)
{
    return array_make(element, list, (uint32_t)count, e->arena);
}

struct nt_value nt_array_cast(struct nt_eval *e, enum nt_type from, enum nt_type to, nt_cast *cast,
                              struct nt_value array)
{
    uint32_t count;
    if (array.is_null) return NT_NULL;
    struct nt_value *values = array_values(from, array, e->arena, &count);
    for (uint32_t i = 0; i < count; i++) values[i] = cast(e, values[i]);
    return e->error ? NT_NULL : array_make(to, values, count, e->arena);
}

/* An empty array decides, even for NULL; then a NULL operand; then the elements up to the first
 * that decides. */
static struct nt_value compare_all(struct nt_eval *e, enum nt_type element, nt_operator *compare,
                                   struct nt_value x, struct nt_value array, bool is_any)
{
    struct array_reader reader = {0};
    struct nt_value value, result = nt_bool(!is_any);
    if (array.is_null) return NT_NULL;
    array_open(element, array, &reader);
    if (x.is_null && reader.count > 0) return NT_NULL;
    while (array_next(&reader, e->arena, &value)) {
        struct nt_value one = compare(e, x, value);
        result = is_any ? nt_or(result, one) : nt_and(result, one);
        if (e->error) return NT_NULL;
        if (is_any ? nt_is_true(result) : nt_is_false(result)) break;
    }
    return result;
}

struct nt_value nt_array_any(struct nt_eval *e, enum nt_type element, nt_operator *compare,
                             struct nt_value x, struct nt_value array)
{
    return compare_all(e, element, compare, x, array, true);
}

struct nt_value nt_array_all(struct nt_eval *e, enum nt_type element, nt_operator *compare,
                             struct nt_value x, struct nt_value array)
{
    return compare_all(e, element, compare, x, array, false);
}

#define COMPARISON(symbol, sign)                                                                   \
    struct nt_value nt_array_##symbol(struct nt_eval *e, enum nt_type element, struct nt_value x,  \
                                      struct nt_value y)                                           \
    {                                                                                              \
        (void)e;                                                                                   \
        if (x.is_null || y.is_null) return NT_NULL;                                                \
        return nt_bool(nt_compare(NT_ARRAY_OF(element), x, y) sign 0);                             \
    }
COMPARISON(eq, ==)
COMPARISON(ne, !=)
COMPARISON(lt, <)
COMPARISON(le, <=)
COMPARISON(gt, >)
COMPARISON(ge, >=)

static bool is_equal(enum nt_type type, struct nt_value x, struct nt_value y)
{
    return !x.is_null && !y.is_null && nt_compare(type, x, y) == 0;
}

/* Equal, or both NULL. */
static bool is_found(enum nt_type type, struct nt_value x, struct nt_value y)
{
    return x.is_null ? y.is_null : is_equal(type, x, y);
}

static bool list_holds(enum nt_type type, const struct nt_value *list, uint32_t count,
                       struct nt_value wanted)
{
    for (uint32_t i = 0; i < count; i++)
        if (is_equal(type, list[i], wanted)) return true;
    return false;
}

struct nt_value nt_array_contains(struct nt_eval *e, enum nt_type element, struct nt_value x,
                                  struct nt_value y)
{
    uint32_t count, wanted;
    if (x.is_null || y.is_null) return NT_NULL;
    const struct nt_value *list = array_values(element, x, e->arena, &count);
    const struct nt_value *all = array_values(element, y, e->arena, &wanted);
    for (uint32_t i = 0; i < wanted; i++)
        if (!list_holds(element, list, count, all[i])) return nt_bool(false);
    return nt_bool(true);
}

struct nt_value nt_array_is_contained(struct nt_eval *e, enum nt_type element, struct nt_value x,
                                      struct nt_value y)
{
    return nt_array_contains(e, element, y, x);
}

struct nt_value nt_array_overlaps(struct nt_eval *e, enum nt_type element, struct nt_value x,
                                  struct nt_value y)
{
    uint32_t count, wanted;
    if (x.is_null || y.is_null) return NT_NULL;
    const struct nt_value *list = array_values(element, x, e->arena, &count);
    const struct nt_value *any = array_values(element, y, e->arena, &wanted);
    for (uint32_t i = 0; i < wanted; i++)
        if (list_holds(element, list, count, any[i])) return nt_bool(true);
    return nt_bool(false);
}

/* A NULL array is none at all, next to one that is. */
struct nt_value nt_array_cat(struct nt_eval *e, enum nt_type element, struct nt_value x,
                             struct nt_value y)
{
    if (x.is_null || y.is_null) return x.is_null ? y : x;
    uint32_t count = array_count(x), more = array_count(y), total = 0;
    struct nt_value *list =
        nt_arena_alloc(e->arena, ((size_t)count + more) * sizeof(struct nt_value));
    struct nt_value parts[2] = {x, y};
    for (int i = 0; i < 2; i++) {
        struct array_reader reader = {0};
        array_open(element, parts[i], &reader);
        while (array_next(&reader, e->arena, &list[total])) total++;
    }
    return array_make(element, list, total, e->arena);
}

struct nt_value nt_array_append(struct nt_eval *e, enum nt_type element, struct nt_value x,
                                struct nt_value y)
{
    return nt_array_cat(e, element, x, array_make(element, &y, 1, e->arena));
}

struct nt_value nt_array_prepend(struct nt_eval *e, enum nt_type element, struct nt_value x,
                                 struct nt_value y)
{
    return nt_array_cat(e, element, array_make(element, &x, 1, e->arena), y);
}

struct nt_value nt_array_cardinality(struct nt_eval *e, enum nt_type element, struct nt_value x)
{
    (void)e;
    (void)element;
    return x.is_null ? NT_NULL : nt_integer(array_count(x));
}

/* Has the array that dimension? An empty one has none. */
static bool has_dimension(struct nt_value array, struct nt_value dimension)
{
    return !array.is_null && !dimension.is_null && dimension.integer == 1 && array_count(array) > 0;
}

struct nt_value nt_array_length(struct nt_eval *e, enum nt_type element, struct nt_value x,
                                struct nt_value y)
{
    return has_dimension(x, y) ? nt_array_cardinality(e, element, x) : NT_NULL;
}

struct nt_value nt_array_lower(struct nt_eval *e, enum nt_type element, struct nt_value x,
                               struct nt_value y)
{
    (void)e;
    (void)element;
    return has_dimension(x, y) ? nt_integer(1) : NT_NULL;
}

struct nt_value nt_array_dimensions(struct nt_eval *e, enum nt_type element, struct nt_value x)
{
    return nt_array_lower(e, element, x, nt_integer(1));
}

struct nt_value nt_array_position(struct nt_eval *e, enum nt_type element, struct nt_value x,
                                  struct nt_value y)
{
    return nt_array_position_from(e, element, x, y, nt_integer(1));
}

struct nt_value nt_array_position_from(struct nt_eval *e, enum nt_type element, struct nt_value x,
                                       struct nt_value y, struct nt_value z)
{
    uint32_t count;
    if (x.is_null) return NT_NULL;
    const struct nt_value *list = array_values(element, x, e->arena, &count);
    bool has_null = false;
    for (uint32_t i = 0; i < count; i++) has_null |= list[i].is_null;
    if (count == 0 || (y.is_null && !has_null)) return NT_NULL;
    if (z.is_null) return nt_fail(e, "initial position must not be null");
    for (int64_t i = 0; i < count; i++)
        if (i + 1 >= z.integer && is_found(element, list[i], y)) return nt_integer(i + 1);
    return NT_NULL;
}

struct nt_value nt_array_positions(struct nt_eval *e, enum nt_type element, struct nt_value x,
                                   struct nt_value y)
{
    uint32_t count, found = 0;
    if (x.is_null) return NT_NULL;
    struct nt_value *list = array_values(element, x, e->arena, &count);
    for (uint32_t i = 0; i < count; i++)
        if (is_found(element, list[i], y)) list[found++] = nt_integer((int64_t)i + 1);
    return array_make(NT_INT4, list, found, e->arena);
}

struct nt_value nt_array_remove(struct nt_eval *e, enum nt_type element, struct nt_value x,
                                struct nt_value y)
{
    uint32_t count, kept = 0;
    if (x.is_null) return NT_NULL;
    struct nt_value *list = array_values(element, x, e->arena, &count);
    for (uint32_t i = 0; i < count; i++)
        if (!is_found(element, list[i], y)) list[kept++] = list[i];
    return array_make(element, list, kept, e->arena);
}

struct nt_value nt_array_replace(struct nt_eval *e, enum nt_type element, struct nt_value x,
                                 struct nt_value y, struct nt_value z)
{
    uint32_t count;
    if (x.is_null) return NT_NULL;
    struct nt_value *list = array_values(element, x, e->arena, &count);
    for (uint32_t i = 0; i < count; i++)
        if (is_found(element, list[i], y)) list[i] = z;
    return array_make(element, list, count, e->arena);
}

struct nt_value nt_array_trim(struct nt_eval *e, enum nt_type element, struct nt_value x,
                              struct nt_value y)
{
    uint32_t count;
    if (x.is_null || y.is_null) return NT_NULL;
    const struct nt_value *list = array_values(element, x, e->arena, &count);
    if (y.integer >= 0 && y.integer <= count)
        return array_make(element, list, count - (uint32_t)y.integer, e->arena);
    return nt_fail(
        e, nt_arena_printf(e->arena, "number of elements to trim must be between 0 and %u", count));
}

static struct nt_value join(struct nt_eval *e, enum nt_type element, struct nt_value array,
                            struct nt_value separator, const struct nt_value *null_text)
{
    struct array_reader reader = {0};
    struct buffer out = {0};
    struct nt_value value;
    bool is_first = true;
    if (array.is_null || separator.is_null) return NT_NULL;
    array_open(element, array, &reader);
    while (array_next(&reader, e->arena, &value)) {
        if (value.is_null && (!null_text || null_text->is_null)) continue;
        if (!is_first) buffer_append(&out, separator.text, separator.size);
        is_first = false;
        if (value.is_null)
            buffer_append(&out, null_text->text, null_text->size);
        else
            value_append_text(element, value, &out);
    }
    struct nt_value text = nt_text(nt_arena_copy(e->arena, out.data, out.size), (uint32_t)out.size);
    buffer_deinit(&out);
    return text;
}

struct nt_value nt_array_join(struct nt_eval *e, enum nt_type element, struct nt_value x,
                              struct nt_value y)
{
    return join(e, element, x, y, NULL);
}

struct nt_value nt_array_join_nulls(struct nt_eval *e, enum nt_type element, struct nt_value x,
                                    struct nt_value y, struct nt_value z)
{
    return join(e, element, x, y, &z);
}

struct nt_value nt_array_index(struct nt_eval *e, enum nt_type element, struct nt_value x,
                               struct nt_value y)
{
    struct array_reader reader = {0};
    struct nt_value value = NT_NULL;
    if (x.is_null || y.is_null) return NT_NULL;
    array_open(element, x, &reader);
    if (y.integer < 1 || y.integer > reader.count) return NT_NULL;
    for (int64_t i = 0; i < y.integer; i++) array_next(&reader, e->arena, &value);
    return value;
}

struct nt_value nt_array_slice(struct nt_eval *e, enum nt_type element, struct nt_value x,
                               struct nt_value y, struct nt_value z)
{
    uint32_t count;
    if (x.is_null || y.is_null || z.is_null) return NT_NULL;
    const struct nt_value *list = array_values(element, x, e->arena, &count);
    int64_t first = y.integer < 1 ? 1 : y.integer;
    int64_t last = z.integer > count ? count : z.integer;
    if (last < first) return array_make(element, NULL, 0, e->arena);
    return array_make(element, list + first - 1, (uint32_t)(last - first + 1), e->arena);
}

struct nt_value nt_array_to_text(struct nt_eval *e, enum nt_type element, struct nt_value x)
{
    struct buffer out = {0};
    if (x.is_null) return NT_NULL;
    array_append_text(element, x, &out);
    struct nt_value text = nt_text(nt_arena_copy(e->arena, out.data, out.size), (uint32_t)out.size);
    buffer_deinit(&out);
    return text;
}

struct nt_value nt_text_to_array(struct nt_eval *e, enum nt_type element, struct nt_value x)
{
    struct nt_value array;
    if (x.is_null) return NT_NULL;
    return value_parse(e, NT_ARRAY_OF(element), x.text, x.size, &array) ? array : NT_NULL;
}
