/* typmod.c: see typmod.h; varchar.c and numeric.c of PostgreSQL 15. */
#include "row/typmod.h"

#include "row/enumeration.h"
#include "row/numeric.h"
#include "row/value_text.h"

#define HEADER 4 /* VARHDRSZ, which PostgreSQL adds to both */

int32_t typmod_varchar(int length)
{
    return length + HEADER;
}

int32_t typmod_numeric(int precision, int scale)
{
    return ((precision << 16) | (scale & 0x7ff)) + HEADER;
}

static int precision_of(int32_t typmod)
{
    return (typmod - HEADER) >> 16 & 0xffff;
}

/* 11 bits with a sign. */
static int scale_of(int32_t typmod)
{
    return (((typmod - HEADER) & 0x7ff) ^ 1024) - 1024;
}

void typmod_append_type(enum nt_type type, int32_t typmod, struct buffer *out)
{
    if (!typmod)
        buffer_append_text(out, type_name(type));
    else if (type == NT_TEXT)
        buffer_printf(out, "character varying(%d)", typmod - HEADER);
    else
        buffer_printf(out, "%s(%d,%d)", type_name(type), precision_of(typmod), scale_of(typmod));
}

/* Bytes of the first count characters of UTF-8; size where there are no more. */
static uint32_t characters_size(struct nt_value text, int count)
{
    for (uint32_t i = 0; i < text.size; i++)
        if ((text.text[i] & 0xc0) != 0x80 && count-- == 0) return i;
    return text.size;
}

static bool varchar_assign(struct nt_eval *e, int length, struct nt_value *value)
{
    uint32_t size = characters_size(*value, length);
    for (uint32_t i = size; i < value->size; i++) {
        if (value->text[i] == ' ') continue;
        nt_fail(e,
                nt_arena_printf(e->arena, "value too long for type character varying(%d)", length));
        return false;
    }
    value->size = size;
    return true;
}

static bool numeric_assign(struct nt_eval *e, int32_t typmod, struct nt_value *value)
{
    struct nt_numeric x;
    if (!numeric_fit(e->arena, *value->numeric, precision_of(typmod), scale_of(typmod), &x)) {
        nt_fail(e, "numeric field overflow");
        return false;
    }
    value->numeric = nt_arena_copy(e->arena, &x, sizeof x);
    return true;
}

/* Is it a label, or each of the array? */
static bool enum_assign(struct nt_eval *e, const struct nt_column *column, struct nt_value text)
{
    struct nt_value labels = column->enumeration->labels;
    struct nt_value known = nt_type_is_array(column->type) ? nt_enum_array_of_text(e, text, labels)
                                                           : nt_enum_of_text(e, text, labels);
    return !known.is_null;
}

bool column_assign(struct nt_eval *e, const struct nt_column *column, struct nt_value *value)
{
    if (value->is_null) return true;
    if (column->enumeration) return enum_assign(e, column, *value);
    if (!column->typmod) return true;
    return column->type == NT_TEXT ? varchar_assign(e, column->typmod - HEADER, value)
                                   : numeric_assign(e, column->typmod, value);
}

bool column_parse(struct nt_eval *e, const struct nt_column *column, const char *text, size_t size,
                  struct nt_value *value)
{
    return value_parse(e, column->type, text, size, value) && column_assign(e, column, value);
}

/* The casts ::varchar(n) and ::numeric(p, s); y is the modifier. A text is cut without a word. */

struct nt_value nt_text_typmod(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    (void)e;
    if (x.is_null || y.is_null) return NT_NULL;
    x.size = characters_size(x, (int)y.integer - HEADER);
    return x;
}

struct nt_value nt_numeric_typmod(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null || !numeric_assign(e, (int32_t)y.integer, &x)) return NT_NULL;
    return x;
}
