/* functions_jsonb.c: parts of a jsonb, and casts of its scalars (PostgreSQL 15's jsonfuncs.c and
 * jsonb.c). */
#include "row/jsonb.h"
#include "row/value_text.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static bool name_is(struct nt_eval *e, struct nt_value quoted, struct nt_value name)
{
    struct nt_value text = jsonb_string(e, quoted);
    return text.size == name.size && (name.size == 0 || !memcmp(text.text, name.text, name.size));
}

static struct nt_value field_find(struct nt_eval *e, struct nt_value x, struct nt_value field)
{
    struct nt_value name, element;
    if (jsonb_kind(x) != JSONB_OBJECT) return NT_NULL;
    for (uint32_t at = 0; jsonb_next(x, &at, &name, &element);)
        if (name_is(e, name, field)) return element;
    return NT_NULL;
}

static int64_t element_count(struct nt_value x)
{
    struct nt_value name, element;
    int64_t count = 0;
    for (uint32_t at = 0; jsonb_next(x, &at, &name, &element);) count++;
    return count;
}

/* Negative indexes count from the end. */
static struct nt_value element_find(struct nt_value x, int64_t index)
{
    struct nt_value name, element;
    if (index < 0) index += element_count(x);
    if (index < 0) return NT_NULL;
    for (uint32_t at = 0; jsonb_next(x, &at, &name, &element); index--)
        if (index == 0) return element;
    return NT_NULL;
}

/* As ->> and #>> give it: null is NULL, a string is its content. */
static struct nt_value text_of(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null || jsonb_kind(x) == JSONB_NULL) return NT_NULL;
    return jsonb_kind(x) == JSONB_STRING ? jsonb_string(e, x) : x;
}

struct nt_value nt_jsonb_field(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return x.is_null || y.is_null ? NT_NULL : field_find(e, x, y);
}

/* To PostgreSQL a scalar is an array of one here. */
struct nt_value nt_jsonb_element(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    (void)e;
    if (x.is_null || y.is_null || jsonb_kind(x) == JSONB_OBJECT) return NT_NULL;
    if (jsonb_kind(x) == JSONB_ARRAY) return element_find(x, y.integer);
    return y.integer == 0 || y.integer == -1 ? x : NT_NULL;
}

struct nt_value nt_jsonb_field_text(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return text_of(e, nt_jsonb_field(e, x, y));
}

struct nt_value nt_jsonb_element_text(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return text_of(e, nt_jsonb_element(e, x, y));
}

/* A step of a path within an array: strtoint. */
static struct nt_value step_element(struct nt_eval *e, struct nt_value x, struct nt_value step)
{
    const char *text = nt_arena_printf(e->arena, "%.*s", (int)step.size, step.text);
    char *end;
    errno = 0;
    long index = strtol(text, &end, 10);
    if (end == text || *end || errno || index < INT_MIN || index > INT_MAX) return NT_NULL;
    return element_find(x, index);
}

/* y: the path, an array of strings. */
struct nt_value nt_jsonb_path(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    struct nt_value name, step;
    if (x.is_null || y.is_null) return NT_NULL;
    for (uint32_t at = 0; !x.is_null && jsonb_next(y, &at, &name, &step);) {
        step = jsonb_string(e, step);
        x = jsonb_kind(x) == JSONB_ARRAY ? step_element(e, x, step) : field_find(e, x, step);
    }
    return x;
}

struct nt_value nt_jsonb_path_text(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return text_of(e, nt_jsonb_path(e, x, y));
}

/* Is it a name of an object, a string of an array, or the string itself? */
struct nt_value nt_jsonb_exists(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    struct nt_value name, element;
    if (x.is_null || y.is_null) return NT_NULL;
    enum jsonb_kind kind = jsonb_kind(x);
    if (kind == JSONB_STRING) return nt_bool(name_is(e, x, y));
    if (kind == JSONB_OBJECT) return nt_bool(!field_find(e, x, y).is_null);
    if (kind != JSONB_ARRAY) return nt_bool(false);
    for (uint32_t at = 0; jsonb_next(x, &at, &name, &element);)
        if (jsonb_kind(element) == JSONB_STRING && name_is(e, element, y)) return nt_bool(true);
    return nt_bool(false);
}

static const char *const kind_names[] = {"null", "boolean", "number", "string", "array", "object"};

struct nt_value nt_jsonb_typeof(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    if (x.is_null) return NT_NULL;
    const char *name = kind_names[jsonb_kind(x)];
    return nt_text(name, (uint32_t)strlen(name));
}

struct nt_value nt_jsonb_array_length(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null) return NT_NULL;
    enum jsonb_kind kind = jsonb_kind(x);
    if (kind == JSONB_ARRAY) return nt_integer(element_count(x));
    return nt_fail(e, kind == JSONB_OBJECT ? "cannot get array length of a non-array"
                                           : "cannot get array length of a scalar");
}

/* The scalar of the kind that a cast reads. */
static bool scalar_check(struct nt_eval *e, struct nt_value x, enum jsonb_kind wanted,
                         enum nt_type type)
{
    enum jsonb_kind kind = jsonb_kind(x);
    if (kind == wanted) return true;
    const char *name = kind == JSONB_NUMERIC ? "numeric" : kind_names[kind];
    nt_fail(e, nt_arena_printf(e->arena, "cannot cast jsonb %s to type %s", name, type_name(type)));
    return false;
}

struct nt_value nt_jsonb_to_bool(struct nt_eval *e, struct nt_value x)
{
    if (x.is_null || !scalar_check(e, x, JSONB_BOOLEAN, NT_BOOL)) return NT_NULL;
    return nt_bool(x.text[0] == 't');
}

static struct nt_value number_read(struct nt_eval *e, struct nt_value x, enum nt_type type,
                                   enum nt_type as)
{
    struct nt_value value;
    if (x.is_null || !scalar_check(e, x, JSONB_NUMERIC, type)) return NT_NULL;
    return value_parse(e, as, x.text, x.size, &value) ? value : NT_NULL;
}

struct nt_value nt_jsonb_to_numeric(struct nt_eval *e, struct nt_value x)
{
    return number_read(e, x, NT_NUMERIC, NT_NUMERIC);
}

struct nt_value nt_jsonb_to_int2(struct nt_eval *e, struct nt_value x)
{
    return nt_numeric_to_int2(e, number_read(e, x, NT_INT2, NT_NUMERIC));
}

struct nt_value nt_jsonb_to_int4(struct nt_eval *e, struct nt_value x)
{
    return nt_numeric_to_int4(e, number_read(e, x, NT_INT4, NT_NUMERIC));
}

struct nt_value nt_jsonb_to_int8(struct nt_eval *e, struct nt_value x)
{
    return nt_numeric_to_int8(e, number_read(e, x, NT_INT8, NT_NUMERIC));
}

struct nt_value nt_jsonb_to_float4(struct nt_eval *e, struct nt_value x)
{
    return number_read(e, x, NT_FLOAT4, NT_FLOAT4);
}

struct nt_value nt_jsonb_to_float8(struct nt_eval *e, struct nt_value x)
{
    return number_read(e, x, NT_FLOAT8, NT_FLOAT8);
}

struct nt_value nt_jsonb_to_text(struct nt_eval *e, struct nt_value x)
{
    (void)e;
    return x;
}

struct nt_value nt_text_to_jsonb(struct nt_eval *e, struct nt_value x)
{
    struct nt_value value;
    struct bytes text = {(const uint8_t *)x.text, x.size};
    return !x.is_null && jsonb_parse(e, text, &value) ? value : NT_NULL;
}
