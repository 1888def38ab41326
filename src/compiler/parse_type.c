/* parse_type.c: names of types, their lengths and precisions. */
#include "compiler/parse.h"
#include "row/typmod.h"

#include <string.h>

/* SQL name, our type, and for what we refuse the type to take instead. */
static const struct {
    const char *name;
    int type; /* enum nt_type, or -1 */
    const char *cure;
} type_names[] = {
    {"bool", NT_BOOL, NULL},
    {"int2", NT_INT2, NULL},
    {"int4", NT_INT4, NULL},
    {"int8", NT_INT8, NULL},
    {"float4", NT_FLOAT4, NULL},
    {"float8", NT_FLOAT8, NULL},
    {"numeric", NT_NUMERIC, NULL},
    {"text", NT_TEXT, NULL},
    {"varchar", NT_TEXT, NULL},
    {"bytea", NT_BYTEA, NULL},
    {"uuid", NT_UUID, NULL},
    {"date", NT_DATE, NULL},
    {"timestamptz", NT_TIMESTAMPTZ, NULL},
    {"interval", NT_INTERVAL, NULL},
    {"money", -1, "numeric"},
    {"bpchar", -1, "text"},
    {"char", -1, "text"},
    {"name", -1, "text"},
    {"timestamp", -1, "timestamptz"},
    {"time", -1, "interval"},
    {"timetz", -1, "timestamptz"},
    {"jsonb", NT_JSONB, NULL},
    {"json", -1, "jsonb"},
};

bool parse_type_is_known(const char *name)
{
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (strcmp(type_names[i].name, name) == 0) return true;
    return false;
}

#define TYPES_CURE                                                                                 \
    "boolean, smallint, integer, bigint, real, float8, numeric, text, varchar, bytea, uuid, "      \
    "date, "                                                                                       \
    "timestamptz, interval, jsonb or an enum of a CREATE TYPE above"

static bool type_refuse(struct parser *parser, int offset, const char *name, const char *cure)
{
    *diagnostics_error(parser->diagnostics, offset,
                       "type %s is not part of the definition language", name) = cure;
    return false;
}

/* The modifiers as whole numbers; false: one is not. */
static bool modifiers_read(const PgQuery__TypeName *type, int *values)
{
    for (size_t i = 0; i < type->n_typmods; i++) {
        const PgQuery__Node *node = type->typmods[i];
        if (i == 2 || node->node_case != PG_QUERY__NODE__NODE_A_CONST ||
            node->a_const->val_case != PG_QUERY__A__CONST__VAL_IVAL)
            return false;
        values[i] = node->a_const->ival->ival;
    }
    return true;
}

static bool varchar_set(struct parser *parser, int offset, int length, int32_t *typmod)
{
    if (length >= 1 && length <= TYPMOD_VARCHAR_MAX) {
        *typmod = typmod_varchar(length);
        return true;
    }
    diagnostics_error(parser->diagnostics, offset,
                      length < 1 ? "length for type varchar must be at least 1"
                                 : "length for type varchar cannot exceed %d",
                      TYPMOD_VARCHAR_MAX);
    return false;
}

static bool numeric_set(struct parser *parser, int offset, int precision, int scale,
                        int32_t *typmod)
{
    if (precision >= 1 && precision <= TYPMOD_PRECISION_MAX && scale >= -1000 &&
        scale <= TYPMOD_SCALE_MAX) {
        *typmod = typmod_numeric(precision, scale);
        return true;
    }
    *diagnostics_error(parser->diagnostics, offset,
                       "numeric has a precision of 1 to %d and a scale of -1000 to %d, got (%d, "
                       "%d)",
                       TYPMOD_PRECISION_MAX, TYPMOD_SCALE_MAX, precision, scale) =
        "numeric, which keeps the scale of each value";
    return false;
}

static bool modifiers_parse(struct parser *parser, const PgQuery__TypeName *type, int offset,
                            const char *name, int32_t *typmod)
{
    int values[2] = {0, 0};
    *typmod = 0;
    if (type->n_typmods == 0) return true;
    if (type->n_array_bounds) {
        *diagnostics_error(parser->diagnostics, offset,
                           "the elements of an array have no length or precision, got %s(...)[]",
                           name) =
            nt_arena_printf(parser->arena, "%s[]", strcmp(name, "varchar") == 0 ? "text" : name);
        return false;
    }
    if (modifiers_read(type, values)) {
        if (strcmp(name, "varchar") == 0 && type->n_typmods == 1)
            return varchar_set(parser, offset, values[0], typmod);
        if (strcmp(name, "numeric") == 0)
            return numeric_set(parser, offset, values[0], values[1], typmod);
    }
    bool is_interval = strcmp(name, "interval") == 0;
    *diagnostics_error(parser->diagnostics, offset,
                       is_interval ? "an interval's fields or precision are not part of the "
                                     "definition language"
                                   : "type %s with a length or precision is not part of the "
                                     "definition language",
                       name) = is_interval
                                   ? "the unit within the quotes: interval '1 hour'"
                                   : nt_arena_printf(parser->arena, "%s without parentheses", name);
    return false;
}

const char *parse_interval_unit(const PgQuery__TypeName *type)
{
    static const struct {
        int mask; /* INTERVAL_MASK of PostgreSQL's datetime.h */
        const char *unit;
    } fields[] = {{1 << 2, "year"},  {1 << 1, "month"},   {1 << 3, "day"},
                  {1 << 10, "hour"}, {1 << 11, "minute"}, {1 << 12, "second"}};
    int values[2] = {0, 0};
    bool is_interval =
        type->n_names > 0 && strcmp(parse_string(type->names[type->n_names - 1]), "interval") == 0;
    if (!is_interval || type->n_typmods != 1 || !modifiers_read(type, values)) return NULL;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].mask == values[0]) return fields[i].unit;
    return NULL;
}

/* The type as the user wrote it: the tree says int2 where that was smallint. */
static const char *type_word(struct parser *parser, int offset)
{
    int index = tokens_at(parser->tokens, offset);
    return tokens_slice(parser->tokens, index, index, parser->arena);
}

/* The brackets behind a type; PostgreSQL takes no notice of a number within. */
static bool array_parse_type(struct parser *parser, const PgQuery__TypeName *type, int offset,
                             const char *name, enum nt_type *out)
{
    if (type->setof) return type_refuse(parser, offset, "SETOF", parse_copy(parser, name));
    if (type->n_array_bounds > 1) {
        *diagnostics_error(parser->diagnostics, offset, "arrays have one dimension, got %zu",
                           type->n_array_bounds) = nt_arena_printf(parser->arena, "%s[]", name);
        return false;
    }
    if (type->n_array_bounds && *out == NT_JSONB)
        return type_refuse(parser, offset, "jsonb[]", "jsonb, which may be an array");
    if (type->n_array_bounds) *out = NT_ARRAY_OF(*out);
    return true;
}

bool parse_type(struct parser *parser, const PgQuery__TypeName *type, enum nt_type *out,
                int32_t *typmod)
{
    int offset = type->location >= 0 ? type->location : parser->place;
    const char *name = type->n_names ? parse_string(type->names[type->n_names - 1]) : "";
    bool is_catalog =
        type->n_names == 1 ||
        (type->n_names == 2 && strcmp(parse_string(type->names[0]), "pg_catalog") == 0);
    int enumeration = type->n_names == 1 ? parse_enum_find(parser, name) : -1;
    for (size_t i = 0; is_catalog && i < sizeof type_names / sizeof *type_names; i++) {
        if (strcmp(name, type_names[i].name) != 0) continue;
        if (type_names[i].type < 0)
            return type_refuse(parser, offset, type_word(parser, offset), type_names[i].cure);
        *out = (enum nt_type)type_names[i].type;
        return array_parse_type(parser, type, offset, name, out) &&
               modifiers_parse(parser, type, offset, name, typmod);
    }
    if (enumeration < 0) return type_refuse(parser, offset, type_word(parser, offset), TYPES_CURE);
    *out = (enum nt_type)(NT_TYPE_COUNT + enumeration);
    return array_parse_type(parser, type, offset, name, out) &&
           modifiers_parse(parser, type, offset, name, typmod);
}
