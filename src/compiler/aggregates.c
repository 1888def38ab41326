/* aggregates.c: calls of aggregates against the lines of nowthen/aggregates.def. */
#include "compiler/aggregates.h"

#include "compiler/fold.h"

#include "row/time.h"
#include "row/value_text.h"

#include <string.h>

/* Marks among a line's argument types. CONSTANT_t is a constant of type t. */
enum { WITHIN_MARK = 100, DISTINCT_MARK, CONSTANT_MARK = 200 };

#define DAY_US         INT64_C(86400000000)
#define LENGTH_MAX     1000 /* of an array that an aggregate makes */
#define LINE_MAX_WORDS (AGGREGATE_ARGUMENTS_MAX + 1)

struct aggregate_line {
    const char *symbol, *name;
    int result;
    int word_count;
    int words[LINE_MAX_WORDS]; /* types and marks */
};

/* aggregates.def writes bare names of types: they are given values for the length of this table. */
static const struct aggregate_line *aggregate_lines(int *count)
{
    enum {
#define NT_TYPE_BARE(name, sql, oid) name,
        NT_TYPES(NT_TYPE_BARE)
#undef NT_TYPE_BARE
            ANY = AGGREGATE_ANY,
        SCALAR = AGGREGATE_SCALAR,
        ORDERED = AGGREGATE_ORDERED,
        SAME = AGGREGATE_SAME,
        DECAYED = AGGREGATE_DECAYED,
        ARRAY = AGGREGATE_ARRAY,
        BOUND = AGGREGATE_BOUND,
        ORDER_BY = AGGREGATE_ORDER,
        DISTINCT = DISTINCT_MARK,
        INT4_ARRAY = NT_INT4_ARRAY,
        WITHIN_GROUP = WITHIN_MARK,
        CONSTANT_FLOAT8 = CONSTANT_MARK + FLOAT8,
        CONSTANT_INTERVAL = CONSTANT_MARK + INTERVAL,
        CONSTANT_INT4 = CONSTANT_MARK + INT4,
    };
    static const struct aggregate_line lines[] = {
#define NT_AGGREGATE(symbol, sql, result, ...)                                                     \
    {#symbol, sql, result, sizeof((int[]){0, __VA_ARGS__}) / sizeof(int) - 1, {__VA_ARGS__}},
#include "nowthen/aggregates.def"
#undef NT_AGGREGATE
    };
    *count = sizeof lines / sizeof *lines;
    return lines;
}

static struct aggregate_shape shape_of(const struct aggregate_line *line)
{
    struct aggregate_shape shape = {line->symbol, line->name, line->result, .direct_count = -1};
    for (int i = 0; i < line->word_count; i++) {
        int word = line->words[i];
        if (word == WITHIN_MARK) {
            shape.direct_count = shape.count;
            continue;
        }
        if (word == DISTINCT_MARK) {
            shape.is_distinct = true;
            continue;
        }
        shape.is_constant[shape.count] = word >= CONSTANT_MARK;
        shape.types[shape.count++] = word >= CONSTANT_MARK ? word - CONSTANT_MARK : word;
    }
    if (shape.direct_count < 0) shape.direct_count = shape.count;
    return shape;
}

static bool argument_fits(int type, const struct ir_expr *argument, bool with_casts)
{
    if (type == AGGREGATE_ANY) return true;
    if (type == AGGREGATE_ORDER) return argument->op == IR_ROW_ORDER;
    if (type == AGGREGATE_BOUND) return coerce_is_implicit(argument, NT_FLOAT8);
    if (type == AGGREGATE_SCALAR)
        return argument->is_unknown_literal || !nt_type_is_array(argument->type);
    if (type == AGGREGATE_ORDERED)
        return argument->is_unknown_literal ||
               (argument->type != NT_BOOL && argument->type != NT_UUID &&
                argument->type != NT_BYTEA && argument->type != NT_JSONB);
    if (with_casts) return coerce_is_implicit(argument, (enum nt_type)type);
    return !argument->is_unknown_literal && (int)argument->type == type;
}

static bool call_is_shaped(const struct ast_expr *call, const struct aggregate_shape *shape)
{
    return strcmp(shape->name, call->name) == 0 && shape->count == call->argument_count &&
           (!shape->is_distinct || call->is_distinct) &&
           shape->direct_count == call->direct_count && call->is_star == (shape->count == 0);
}

/* Do lines of that shape take one type only? A literal is taken for no type where several wait for
 * it: PostgreSQL finds most of these not unique. */
static bool call_is_unique(const struct ast_expr *call)
{
    int line_count, found = 0;
    const struct aggregate_line *lines = aggregate_lines(&line_count);
    for (int i = 0; i < line_count; i++) {
        const struct aggregate_shape shape = shape_of(&lines[i]);
        found += call_is_shaped(call, &shape);
    }
    return found == 1;
}

static bool call_fits(const struct ast_expr *call, struct ir_expr *const *arguments,
                      const struct aggregate_shape *shape, bool with_casts)
{
    if (!call_is_shaped(call, shape)) return false;
    for (int i = 0; i < shape->count; i++) {
        bool is_free = shape->is_constant[i]; /* a constant is cast in any case */
        if (!argument_fits(shape->types[i], arguments[i], with_casts || is_free)) return false;
        if (with_casts && !is_free && arguments[i]->is_unknown_literal && !call_is_unique(call))
            return false;
    }
    return true;
}

bool aggregate_find(const struct ast_expr *call, struct ir_expr *const *arguments,
                    struct aggregate_shape *shape)
{
    int line_count;
    const struct aggregate_line *lines = aggregate_lines(&line_count);
    for (int i = 0; i < 2 * line_count; i++) {
        *shape = shape_of(&lines[i % line_count]);
        if (call_fits(call, arguments, shape, i >= line_count)) return true;
    }
    return false;
}

bool aggregate_ignores_copies(const struct aggregate_shape *shape)
{
    static const char *const names[] = {"min",     "max",   "bool_and",
                                        "bool_or", "every", "approx_count_distinct"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], shape->name) == 0) return true;
    return false;
}

/* How many elements an array has. */
static bool length_check(struct resolver *resolver, int offset, const char *name,
                         const struct nt_value *value)
{
    if (value->integer >= 1 && value->integer <= LENGTH_MAX) return true;
    *diagnostics_error(resolver->diagnostics, offset,
                       "the number of %s must be from 1 to %d, got %d", name, LENGTH_MAX,
                       (int)value->integer) = "10";
    return false;
}

/* The fraction of a percentile. */
static bool fraction_check(struct resolver *resolver, int offset, struct nt_value *value)
{
    if (value->float8 >= 0 && value->float8 <= 1) return true; /* NaN is not */
    *diagnostics_error(resolver->diagnostics, offset, "percentile value %g is not between 0 and 1",
                       value->float8) = "0.5";
    return false;
}

/* The half-life of a decayed sum, made microseconds. */
static bool half_life_check(struct resolver *resolver, int offset, struct nt_value *value)
{
    const struct nt_interval *interval = value->interval;
    int64_t us;
    if (interval->months == 0 && !__builtin_mul_overflow((int64_t)interval->days, DAY_US, &us) &&
        !__builtin_add_overflow(us, interval->us, &us) && us > 0) {
        *value = nt_integer(us);
        return true;
    }
    struct buffer text = {0};
    interval_append_text(*interval, &text);
    *diagnostics_error(resolver->diagnostics, offset,
                       "a half-life must be a positive interval of days or smaller, got interval "
                       "'%s'",
                       buffer_text(&text)) = "interval '1 day'";
    buffer_deinit(&text);
    return false;
}

bool aggregate_add_parameter(struct resolver *resolver, const struct aggregate_shape *shape,
                             struct ir_expr *argument, enum nt_type type,
                             struct ir_measure *measure)
{
    static const struct {
        enum nt_type type;
        const char *noun, *cure;
    } kinds[] = {{NT_FLOAT8, "fraction", "0.5"},
                 {NT_INTERVAL, "half-life", "interval '1 day'"},
                 {NT_INT4, "number", "10"}};
    struct nt_value value;
    const char *message = NULL;
    int offset = argument->place.offset, kind = 0;
    struct ir_expr *cast = coerce_implicit(resolver, argument, type, "parameter of an aggregate");
    if (!cast) return false;
    while (kinds[kind].type != type) kind++;
    bool is_constant = expr_fold(cast, resolver->arena, &value, &message);
    if (!is_constant || message || value.is_null) {
        *diagnostics_error(resolver->diagnostics, offset, "the %s of %s must be a constant%s%s",
                           kinds[kind].noun, shape->name, message ? ": " : "",
                           message ? message : "") = kinds[kind].cure;
        return false;
    }
    bool is_right = type == NT_INTERVAL ? half_life_check(resolver, offset, &value)
                    : type == NT_INT4   ? length_check(resolver, offset, shape->name, &value)
                                        : fraction_check(resolver, offset, &value);
    measure->parameters[measure->parameter_count] = value;
    measure->parameter_types[measure->parameter_count++] = type == NT_FLOAT8 ? type : NT_INT8;
    return is_right;
}

/* Bounds that no value goes with are refused once, not event by event. */
static bool bounds_check(struct resolver *resolver, struct ir_expr *const *parts, int offset)
{
    struct nt_value value;
    const char *message = NULL;
    struct ir_expr *zero[4] = {expr_const(resolver->arena, NT_FLOAT8, nt_float8(0), offset),
                               parts[1], parts[2], parts[3]};
    struct ir_expr *call = call_of(resolver, "float8_width_bucket", zero, 4, offset);
    if (!expr_fold(call, resolver->arena, &value, &message) || !message) return true;
    *diagnostics_error(resolver->diagnostics, offset, "the bounds of histogram: %s", message) =
        "histogram(column, 0, 100, 10)";
    return false;
}

struct ir_expr *aggregate_take_histogram(struct resolver *resolver,
                                         const struct aggregate_shape *shape,
                                         struct ir_expr *const *arguments,
                                         struct ir_measure *measure)
{
    struct ir_expr *parts[4];
    int offset = arguments[1]->place.offset;
    if (!aggregate_add_parameter(resolver, shape, arguments[3], NT_INT4, measure)) return NULL;
    for (int i = 0; i < 3; i++) {
        parts[i] = coerce_implicit(resolver, arguments[i], NT_FLOAT8, "argument of an aggregate");
        if (!parts[i]) return NULL;
    }
    parts[3] = expr_const(resolver->arena, NT_INT4, measure->parameters[0], offset);
    if (!bounds_check(resolver, parts, offset)) return NULL;
    return call_of(resolver, "float8_width_bucket", parts, 4, arguments[0]->place.offset);
}
