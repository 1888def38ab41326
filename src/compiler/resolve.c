/* resolve.c: operators, implicit casts and common types, as PostgreSQL 15 resolves them. */
#include "compiler/resolve.h"

#include "compiler/candidates.h"

#include "row/value_text.h"

#include <string.h>

struct ir_expr *expr_make(struct nt_arena *arena, enum ir_op op, enum nt_type type, int offset,
                          int argument_count)
{
    struct ir_expr *expr = nt_arena_zalloc(arena, sizeof *expr);
    expr->op = op;
    expr->type = type;
    expr->place.offset = offset;
    expr->argument_count = argument_count;
    if (argument_count > 0)
        expr->arguments = nt_arena_zalloc(arena, (size_t)argument_count * sizeof *expr->arguments);
    return expr;
}

struct ir_expr *expr_const(struct nt_arena *arena, enum nt_type type, struct nt_value value,
                           int offset)
{
    struct ir_expr *expr = expr_make(arena, IR_CONST, type, offset, 0);
    expr->value = value;
    return expr;
}

struct ir_expr *expr_unknown(struct nt_arena *arena, const char *text, int offset)
{
    struct nt_value value = text ? nt_text(text, (uint32_t)strlen(text)) : NT_NULL;
    struct ir_expr *expr = expr_const(arena, NT_TEXT, value, offset);
    expr->is_unknown_literal = true;
    return expr;
}

struct ir_expr *expr_not_of(struct nt_arena *arena, struct ir_expr *inner)
{
    struct ir_expr *expr = expr_make(arena, IR_NOT, NT_BOOL, inner->place.offset, 1);
    expr->arguments[0] = inner;
    return expr;
}

struct ir_expr *expr_pair(struct nt_arena *arena, enum ir_op op, struct ir_expr *left,
                          struct ir_expr *right, int offset)
{
    struct ir_expr *expr = expr_make(arena, op, NT_BOOL, offset, 2);
    expr->arguments[0] = left;
    expr->arguments[1] = right;
    return expr;
}

const char *resolver_type_name(const struct resolver *resolver, enum nt_type type)
{
    if (!type_has_enum(type)) return type_name(type);
    const char *name = resolver_enum(resolver, type)->name;
    return nt_type_is_array(type) ? nt_arena_printf(resolver->arena, "%s[]", name) : name;
}

const char *expr_type_name(const struct resolver *resolver, const struct ir_expr *expr)
{
    return expr->is_unknown_literal ? "unknown" : resolver_type_name(resolver, expr->type);
}

/* Index of the cast's line, or -1; of arrays, that of their elements' cast. */
static int cast_find(enum nt_type from, enum nt_type to, enum ir_function_kind last_kind)
{
    if (nt_type_is_array(from) != nt_type_is_array(to)) return -1;
    from = nt_type_element(from);
    to = nt_type_element(to);
    for (int i = 0; i < ir_function_count; i++) {
        const struct ir_function *function = &ir_functions[i];
        if (function->kind >= IR_CAST_IMPLICIT && function->kind <= last_kind &&
            function->arguments[0] == from && function->result == to)
            return i;
    }
    return -1;
}

bool coerce_is_implicit(const struct ir_expr *expr, enum nt_type type)
{
    return expr->is_unknown_literal || expr->type == type ||
           cast_find(expr->type, type, IR_CAST_IMPLICIT) >= 0;
}

static bool literal_parse(struct resolver *resolver, struct nt_eval *e, enum nt_type type,
                          struct nt_value text, struct nt_value *value)
{
    if (!value_parse(e, type_seen(type), text.text, text.size, value)) return false;
    if (!type_has_enum(type)) return true;
    struct nt_value labels = resolver_enum(resolver, type)->labels;
    *value = nt_type_is_array(type) ? nt_enum_array_of_text(e, *value, labels)
                                    : nt_enum_of_text(e, *value, labels);
    return !e->error;
}

/* A literal read by the type's input function. */
static struct ir_expr *literal_read(struct resolver *resolver, const struct ir_expr *literal,
                                    enum nt_type type)
{
    int offset = literal->place.offset;
    if (literal->value.is_null) return expr_const(resolver->arena, type, NT_NULL, offset);
    struct nt_eval eval = {.arena = resolver->arena};
    struct nt_value value;
    if (!literal_parse(resolver, &eval, type, literal->value, &value)) {
        diagnostics_error(resolver->diagnostics, offset, "%s",
                          eval.error ? eval.error : "the literal cannot be read");
        return NULL;
    }
    return expr_const(resolver->arena, type, value, offset);
}

static struct ir_expr *call_make(struct resolver *resolver, int function,
                                 struct ir_expr **arguments, int count, int offset)
{
    struct ir_expr *expr =
        expr_make(resolver->arena, IR_CALL, ir_functions[function].result, offset, count);
    expr->function = function;
    for (int i = 0; i < count; i++) expr->arguments[i] = arguments[i];
    if (ir_functions[function].is_of_arrays)
        expr->type = ir_array_type(expr->type, ir_call_element(expr));
    return expr;
}

struct ir_expr *expr_internal(struct nt_arena *arena, const char *symbol, struct ir_expr *first,
                              struct ir_expr *second, int offset)
{
    int function = 0;
    while (strcmp(ir_functions[function].symbol, symbol) != 0) function++;
    struct ir_expr *expr =
        expr_make(arena, IR_CALL, ir_functions[function].result, offset, second ? 2 : 1);
    expr->function = function;
    expr->arguments[0] = first;
    if (second) expr->arguments[1] = second;
    return expr;
}

struct ir_expr *call_of(struct resolver *resolver, const char *symbol, struct ir_expr **arguments,
                        int count, int offset)
{
    int function = 0;
    while (strcmp(ir_functions[function].symbol, symbol) != 0) function++;
    return call_make(resolver, function, arguments, count, offset);
}

struct ir_expr *decay_make(struct resolver *resolver, struct ir_expr *term)
{
    int offset = term->place.offset;
    struct ir_expr *now = expr_make(resolver->arena, IR_NOW, NT_TIMESTAMPTZ, offset, 0);
    return expr_internal(resolver->arena, "decay", term, now, offset);
}

/* Types are the same, the literal is read, or the cast of at most that kind is put around. NULL
 * without a report: there is no such cast. */
static struct ir_expr *coerce(struct resolver *resolver, struct ir_expr *expr, enum nt_type type,
                              enum ir_function_kind kind, int offset, bool *is_missing)
{
    *is_missing = false;
    if (expr->is_unknown_literal) return literal_read(resolver, expr, type);
    if (expr->type == type) return expr;
    int cast = cast_find(expr->type, type, kind);
    if (cast < 0) {
        struct ir_expr *other = enum_cast(resolver, expr, type, kind, offset);
        if (!other) other = array_cast(resolver, expr, type, kind, offset);
        *is_missing = !other;
        return other;
    }
    struct ir_expr *out = call_make(resolver, cast, &expr, 1, offset);
    if (nt_type_is_array(type)) {
        out->op = IR_ARRAY_CAST;
        out->type = type;
    }
    return out;
}

static struct ir_expr *coerce_up_to(struct resolver *resolver, struct ir_expr *expr,
                                    enum nt_type type, enum ir_function_kind kind, const char *what)
{
    if (!expr) return NULL;
    bool is_missing;
    struct ir_expr *cast = coerce(resolver, expr, type, kind, expr->place.offset, &is_missing);
    if (is_missing)
        diagnostics_error(resolver->diagnostics, expr->place.offset,
                          "%s must be type %s, not type %s", what,
                          resolver_type_name(resolver, type), expr_type_name(resolver, expr));
    return cast;
}

struct ir_expr *coerce_implicit(struct resolver *resolver, struct ir_expr *expr, enum nt_type type,
                                const char *what)
{
    return coerce_up_to(resolver, expr, type, IR_CAST_IMPLICIT, what);
}

struct ir_expr *coerce_assignment(struct resolver *resolver, struct ir_expr *expr,
                                  enum nt_type type, const char *what)
{
    return coerce_up_to(resolver, expr, type, IR_CAST_ASSIGNMENT, what);
}

struct ir_expr *coerce_explicit(struct resolver *resolver, struct ir_expr *expr, enum nt_type type,
                                int offset)
{
    if (!expr) return NULL;
    bool is_missing;
    struct ir_expr *cast = coerce(resolver, expr, type, IR_CAST_EXPLICIT, offset, &is_missing);
    if (is_missing)
        diagnostics_error(resolver->diagnostics, offset, "cannot cast type %s to %s",
                          expr_type_name(resolver, expr), resolver_type_name(resolver, type));
    return cast;
}

struct ir_expr *coerce_typmod(struct resolver *resolver, struct ir_expr *expr, int32_t typmod,
                              int offset)
{
    if (!expr || !typmod) return expr;
    for (int i = 0; i < ir_function_count; i++) {
        if (ir_functions[i].kind != IR_TYPMOD || ir_functions[i].result != expr->type) continue;
        struct ir_expr *arguments[2] = {
            expr, expr_const(resolver->arena, NT_INT4, nt_integer(typmod), offset)};
        return call_make(resolver, i, arguments, 2, offset);
    }
    return expr;
}

struct ir_expr *coerce_known(struct resolver *resolver, struct ir_expr *expr)
{
    return expr && expr->is_unknown_literal ? literal_read(resolver, expr, NT_TEXT) : expr;
}

static bool cast_is_implicit(enum nt_type from, enum nt_type to)
{
    return from == to || cast_find(from, to, IR_CAST_IMPLICIT) >= 0;
}

/* select_common_type. -2: the types of two arguments do not go together. */
static int common_type(struct ir_expr *const *arguments, int count, const struct ir_expr **clash)
{
    int type = -1;
    for (int i = 0; i < count; i++) {
        if (arguments[i]->is_unknown_literal) continue;
        enum nt_type next = arguments[i]->type;
        if (type < 0) type = (int)next;
        if ((int)next == type) continue;
        *clash = arguments[i];
        if (type_category(next) != type_category((enum nt_type)type)) return -2;
        if (!type_is_preferred((enum nt_type)type) && cast_is_implicit((enum nt_type)type, next) &&
            !cast_is_implicit(next, (enum nt_type)type))
            type = (int)next;
    }
    return type;
}

int common_type_find(struct ir_expr *const *arguments, int count)
{
    const struct ir_expr *clash;
    int type = common_type(arguments, count, &clash);
    return type == -2 ? -1 : type;
}

bool coerce_common(struct resolver *resolver, struct ir_expr **arguments, int count,
                   const char *what, enum nt_type *type)
{
    for (int i = 0; i < count; i++)
        if (!arguments[i]) return false;
    const struct ir_expr *clash = NULL, *first = arguments[0];
    int found = common_type(arguments, count, &clash);
    if (found == -2) {
        for (int i = 0; first->is_unknown_literal && i < count; i++) first = arguments[i];
        *diagnostics_error(resolver->diagnostics, clash->place.offset,
                           "%s types %s and %s cannot be matched", what,
                           expr_type_name(resolver, first), expr_type_name(resolver, clash)) =
            nt_arena_printf(resolver->arena, "a cast, CAST(... AS %s)",
                            expr_type_name(resolver, first));
        return false;
    }
    *type = found < 0 ? NT_TEXT : (enum nt_type)found;
    bool is_right = true;
    for (int i = 0; i < count; i++) {
        arguments[i] = coerce_implicit(resolver, arguments[i], *type, what);
        is_right &= arguments[i] != NULL;
    }
    return is_right;
}

/* The type that a cast of one of them is likely to want. */
static const char *cast_type(const struct resolver *resolver, struct ir_expr *const *arguments,
                             int count)
{
    for (int i = 0; i < count; i++) {
        if (type_is_enum(arguments[i]->type)) return "text";
        if (nt_type_is_array(arguments[i]->type))
            return resolver_type_name(resolver, arguments[i]->type);
    }
    return "float8";
}

static bool operator_is_regular(const char *name)
{
    return strcmp(name, "~") == 0 || strcmp(name, "~*") == 0 || strcmp(name, "!~") == 0 ||
           strcmp(name, "!~*") == 0;
}

static void operator_report(struct resolver *resolver, const char *name,
                            struct ir_expr *const *arguments, int count, int offset,
                            bool is_ambiguous)
{
    const char *left = count == 2 ? expr_type_name(resolver, arguments[0]) : "";
    const char *right = expr_type_name(resolver, arguments[count - 1]);
    if (count == 2 && operator_is_regular(name)) {
        *diagnostics_error(resolver->diagnostics, offset,
                           "a regular expression is not part of the definition language") =
            "LIKE or ILIKE, several joined by OR";
        return;
    }
    if (!candidates_exist(IR_OPERATOR, name)) {
        *diagnostics_error(resolver->diagnostics, offset,
                           "operator %s is not part of the definition language", name) =
            "one of + - * / % ^ & | # ~ << >> = <> < <= > >= || @> <@ && LIKE AND OR NOT";
        return;
    }
    *diagnostics_error(resolver->diagnostics, offset, "operator %s: %s%s%s %s",
                       is_ambiguous ? "is not unique" : "does not exist", left,
                       count == 2 ? " " : "", name, right) =
        is_ambiguous
            ? "a cast that says which type the literal has, such as interval '1 day'"
            : nt_arena_printf(resolver->arena, "a cast of one side, such as CAST(... AS %s)",
                              cast_type(resolver, arguments, count));
}

/* PostgreSQL's date + interval is a timestamp without time zone, which the language has not; the
 * implicit cast to timestamptz would give it another meaning. */
static bool is_timestamp_sum(struct resolver *resolver, const char *name,
                             struct ir_expr *const *arguments, int count, int offset)
{
    if (count != 2 || (strcmp(name, "+") != 0 && strcmp(name, "-") != 0)) return false;
    for (int i = 0; i < 2; i++) {
        const struct ir_expr *date = arguments[i], *interval = arguments[1 - i];
        if (date->is_unknown_literal || interval->is_unknown_literal || date->type != NT_DATE ||
            interval->type != NT_INTERVAL)
            continue;
        *diagnostics_error(resolver->diagnostics, offset,
                           "date %s interval is timestamp without time zone, which is not part of "
                           "the definition language",
                           name) =
            "CAST(... AS timestamptz) around the date; or a whole number of days for the interval";
        return true;
    }
    return false;
}

struct ir_expr *resolve_line(struct resolver *resolver, int function, struct ir_expr **arguments,
                             int count, int offset)
{
    const struct ir_function *line = &ir_functions[function];
    struct ir_expr **cast = nt_arena_zalloc(resolver->arena, (size_t)(count + 1) * sizeof *cast);
    for (int i = 0; i < count; i++) {
        cast[i] =
            coerce_implicit(resolver, arguments[i], ir_function_argument(line, i), "argument");
        if (!cast[i]) return NULL;
    }
    return call_make(resolver, function, cast, count, offset);
}

/* text || x and x || text take any x, as CAST(x AS text). */
static bool concatenation_cast(struct resolver *resolver, struct ir_expr **arguments)
{
    bool has_text = false, has_bytes = false;
    for (int i = 0; i < 2; i++) {
        has_text |= arguments[i]->is_unknown_literal || arguments[i]->type == NT_TEXT;
        has_bytes |= !arguments[i]->is_unknown_literal && arguments[i]->type == NT_BYTEA;
    }
    bool is_bytes =
        has_bytes && (arguments[0]->is_unknown_literal || arguments[1]->is_unknown_literal);
    for (int i = 0; i < 2 && has_text && !is_bytes; i++)
        arguments[i] = coerce_explicit(resolver, arguments[i], NT_TEXT, arguments[i]->place.offset);
    return arguments[0] && arguments[1];
}

/* The comparison of two values of one enum, of which one may be a literal; the bytes that are kept
 * of them are in its order. -1: it is none. */
static int enum_comparison(const char *name, struct ir_expr **arguments, int count)
{
    if (count != 2) return -1;
    const struct ir_expr *known = arguments[arguments[0]->is_unknown_literal];
    if (known->is_unknown_literal || !type_is_enum(known->type)) return -1;
    for (int i = 0; i < ir_function_count; i++) {
        const struct ir_function *line = &ir_functions[i];
        if (line->kind != IR_OPERATOR || line->result != NT_BOOL ||
            line->arguments[0] != NT_BYTEA || strcmp(line->name, name) != 0)
            continue;
        for (int j = 0; j < 2; j++)
            if (!coerce_is_implicit(arguments[j], known->type)) return -1;
        return i;
    }
    return -1;
}

static struct ir_expr *resolve_enum(struct resolver *resolver, int function,
                                    struct ir_expr **arguments, int offset)
{
    bool is_missing;
    struct ir_expr *known = arguments[arguments[0]->is_unknown_literal], *pair[2];
    for (int i = 0; i < 2; i++) {
        pair[i] =
            coerce(resolver, arguments[i], known->type, IR_CAST_IMPLICIT, offset, &is_missing);
        if (!pair[i]) return NULL;
    }
    return call_make(resolver, function, pair, 2, offset);
}

struct ir_expr *resolve_operator(struct resolver *resolver, const char *name,
                                 struct ir_expr **arguments, int count, int offset)
{
    bool is_ambiguous;
    for (int i = 0; i < count; i++)
        if (!arguments[i]) return NULL;
    bool is_other;
    struct ir_expr *of_json = json_operator(resolver, name, arguments, count, offset, &is_other);
    if (!is_other) return of_json;
    if (arrays_are_meant(IR_OPERATOR, name, arguments, count)) {
        bool is_reported;
        struct ir_expr *out =
            resolve_array(resolver, IR_OPERATOR, name, arguments, count, offset, &is_reported);
        if (!out && !is_reported) operator_report(resolver, name, arguments, count, offset, false);
        return out;
    }
    if (is_timestamp_sum(resolver, name, arguments, count, offset)) return NULL;
    if (count == 2 && strcmp(name, "||") == 0 && !concatenation_cast(resolver, arguments))
        return NULL;
    int function = enum_comparison(name, arguments, count);
    if (function >= 0) return resolve_enum(resolver, function, arguments, offset);
    function = candidates_operator(name, arguments, count, &is_ambiguous);
    if (function < 0) {
        operator_report(resolver, name, arguments, count, offset, is_ambiguous);
        return NULL;
    }
    return resolve_line(resolver, function, arguments, count, offset);
}

/* "text, integer" */
static const char *types_text(struct resolver *resolver, struct ir_expr *const *arguments,
                              int count)
{
    const char *text = "";
    for (int i = 0; i < count; i++)
        text = nt_arena_printf(resolver->arena, "%s%s%s", text, i ? ", " : "",
                               expr_type_name(resolver, arguments[i]));
    return text;
}

struct ir_expr *resolve_function(struct resolver *resolver, const char *name,
                                 struct ir_expr **arguments, int count, int offset)
{
    bool is_ambiguous = false, is_reported = false, is_of_arrays;
    for (int i = 0; i < count; i++)
        if (!arguments[i]) return NULL;
    is_of_arrays = arrays_are_meant(IR_FUNCTION, name, arguments, count);
    struct ir_expr *out = is_of_arrays ? resolve_array(resolver, IR_FUNCTION, name, arguments,
                                                       count, offset, &is_reported)
                                       : NULL;
    if (out || is_reported) return out;
    int function = is_of_arrays ? -1 : candidates_function(name, arguments, count, &is_ambiguous);
    if (function >= 0) return resolve_line(resolver, function, arguments, count, offset);
    *diagnostics_error(resolver->diagnostics, offset, "function %s(%s) %s", name,
                       types_text(resolver, arguments, count),
                       is_ambiguous ? "is not unique" : "does not exist") =
        nt_arena_printf(resolver->arena,
                        "other arguments, or a cast of one, such as CAST(... AS %s)",
                        cast_type(resolver, arguments, count));
    return NULL;
}
