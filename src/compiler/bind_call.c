/* bind_call.c: calls of functions and aggregates. */
#include "compiler/bind.h"
#include "compiler/candidates.h"

#include <string.h>

#define FUNCTIONS_CURE "one of the functions and aggregates that docs/definitions.md lists"

bool aggregate_is_known(const char *name)
{
    static const char *const names[] = {
#define NT_AGGREGATE(symbol, sql, ...) sql,
#include "nowthen/aggregates.def"
#undef NT_AGGREGATE
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

#define REGULAR_REASON                                                                             \
    "reads a regular expression, which PostgreSQL's own engine alone matches as it does"
#define REGULAR_CURE  "LIKE, split_part, strpos, replace or translate"
#define LISTED_REASON "has no bound to the number of its elements"
#define LISTED_CURE   "(array_agg(value ORDER BY time DESC))[1:100]"

#define RANK_REASON "compares entities with each other, and each is read alone"
#define RANK_CURE   "the feature that is ranked; width_bucket(feature, low, high, count) for classes"

/* Functions of PostgreSQL that somebody will miss. */
static const struct refusal {
    const char *name, *reason, *cure;
} refused[] = {
    {"age", "counts months of different lengths, so it is no span of time that can be compared",
     "the difference of two times, x - y, in days; or extract(year FROM ...) of each"},
    {"random", "has another value each time", "a hash of the key, such as md5(key)"},
    {"clock_timestamp", "is not the time of the read", "now()"},
    {"statement_timestamp", "is not the time of the read", "now()"},
    {"timeofday", "is not the time of the read", "now()"},
    {"gen_random_uuid", "has another value each time", "a hash of the key, such as md5(key)"},
    {"string_agg", "has no bound to the number of its elements",
     "array_to_string((array_agg(value ORDER BY time DESC))[1:100], ',')"},
    {"unnest", "gives several rows, and an entity has one", "a view with a row for each element"},
    {"generate_series", "gives several rows, and an entity has one", "an aggregate"},
    {"regexp_matches", "gives several rows, and an entity has one", "LIKE"},
    {"enum_range", "gives an array of the labels", "the labels, one by one: x IN ('a', 'b')"},
    {"enum_first", "reads the type and no value", "the label itself, as a literal"},
    {"enum_last", "reads the type and no value", "the label itself, as a literal"},
    {"transaction_timestamp", "is now() by another name", "now()"},
    {"timezone", "gives a timestamp without time zone, and knows rules of zones that change",
     "the time itself, which is UTC; extract(hour FROM x AT TIME ZONE 'UTC') and (x AT TIME ZONE "
     "'UTC')::date are taken"},
    {"regexp_replace", REGULAR_REASON, REGULAR_CURE},
    {"regexp_match", REGULAR_REASON, REGULAR_CURE},
    {"regexp_like", REGULAR_REASON, REGULAR_CURE},
    {"regexp_count", REGULAR_REASON, REGULAR_CURE},
    {"regexp_instr", REGULAR_REASON, REGULAR_CURE},
    {"regexp_substr", REGULAR_REASON, REGULAR_CURE},
    {"regexp_split_to_array", REGULAR_REASON, REGULAR_CURE},
    {"json_agg", LISTED_REASON, LISTED_CURE},
    {"jsonb_agg", LISTED_REASON, LISTED_CURE},
    {"to_date", "depends on the settings of the server", "CAST('2013-01-01' AS date)"},
    {"to_number", "depends on the settings of the server", "CAST('1.5' AS numeric)"},
};

static const struct refusal *refusal_find(const char *name)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (strcmp(refused[i].name, name) == 0) return &refused[i];
    return NULL;
}

static struct ir_expr *call_refuse(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct diagnostics *diagnostics = scope->resolver->diagnostics;
    const struct refusal *refusal = refusal_find(expr->name);
    if (refusal) {
        *diagnostics_error(diagnostics, expr->offset,
                           "function %s is not part of the definition language: it %s", expr->name,
                           refusal->reason) = refusal->cure;
        return NULL;
    }
    *diagnostics_error(diagnostics, expr->offset,
                       "function %s is not part of the definition language", expr->name) =
        FUNCTIONS_CURE;
    return NULL;
}

static struct ir_expr *aggregate_refuse(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct diagnostics *diagnostics = scope->resolver->diagnostics;
    if (scope->is_in_aggregate)
        *diagnostics_error(diagnostics, expr->offset, "aggregate function calls cannot be nested") =
            "an aggregate of the event's columns; combine aggregates outside of it";
    else
        *diagnostics_error(diagnostics, expr->offset, "aggregate functions are not allowed in %s",
                           scope->where) = "the aggregate as a feature of a materialized view";
    return NULL;
}

/* Window functions that are no aggregates. */
static const struct refusal over_refused[] = {
    {"lag", "gives the value of another event",
     "(array_agg(value ORDER BY time DESC))[2], the value before the latest, in a view with GROUP "
     "BY"},
    {"lead", "gives the value of another event", "(array_agg(value ORDER BY time))[2]"},
    {"first_value", "gives the value of another event", "first(value, time)"},
    {"last_value", "gives the value of another event", "last(value, time)"},
    {"nth_value", "gives the value of another event", "(array_agg(value ORDER BY time))[n]"},
    {"row_number", "counts the rows before one",
     "count(*); SELECT DISTINCT ON (key) for the latest row"},
    {"rank", RANK_REASON, RANK_CURE},
    {"dense_rank", RANK_REASON, RANK_CURE},
    {"percent_rank", RANK_REASON, RANK_CURE},
    {"cume_dist", RANK_REASON, RANK_CURE},
    {"ntile", RANK_REASON, RANK_CURE},
};

static struct ir_expr *over_refuse(const struct bind_scope *scope, const struct ast_expr *expr)
{
    for (size_t i = 0; i < sizeof over_refused / sizeof *over_refused; i++) {
        if (strcmp(over_refused[i].name, expr->name) != 0) continue;
        *diagnostics_error(scope->resolver->diagnostics, expr->offset,
                           "window function %s is not part of the definition language: it %s",
                           expr->name, over_refused[i].reason) = over_refused[i].cure;
        return NULL;
    }
    *diagnostics_error(scope->resolver->diagnostics, expr->offset,
                       "%s OVER gives a value per event, of a frame that ends at the event; the "
                       "window of a feature ends at now()",
                       expr->name) =
        nt_arena_printf(scope->resolver->arena,
                        "%s(...) FILTER (WHERE event_time > now() - interval '...'); an aggregate "
                        "OVER the frame of the latest event in SELECT DISTINCT ON (key)",
                        expr->name);
    return NULL;
}

/* The parts of a call that only aggregates have. */
static bool call_is_plain(const struct bind_scope *scope, const struct ast_expr *expr)
{
    bool is_plain =
        !expr->filter && !expr->is_distinct && expr->direct_count == expr->argument_count;
    if (is_plain) return true;
    *diagnostics_error(scope->resolver->diagnostics, expr->offset,
                       "%s belongs to aggregates, and %s is none that is known here",
                       expr->filter        ? "FILTER"
                       : expr->is_distinct ? "DISTINCT"
                                           : "WITHIN GROUP",
                       expr->name) = "one of count, sum, avg, min, max, first and last";
    return false;
}

static struct ir_expr **arguments_bind(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct ir_expr **arguments = nt_arena_zalloc(
        scope->resolver->arena, (size_t)(expr->argument_count + 1) * sizeof *arguments);
    bool is_right = true;
    for (int i = 0; i < expr->argument_count; i++) {
        arguments[i] = bind_expr(scope, expr->arguments[i]);
        is_right &= arguments[i] != NULL;
    }
    return is_right ? arguments : NULL;
}

/* concat takes any type, by its output function, which says t and f of a boolean. */
static struct ir_expr *bind_concat(const struct bind_scope *scope, const struct ast_expr *expr,
                                   struct ir_expr **arguments)
{
    struct resolver *resolver = scope->resolver;
    if (strcmp(expr->name, "concat_ws") == 0 && expr->argument_count < 2) {
        *diagnostics_error(resolver->diagnostics, expr->offset,
                           "concat_ws needs a separator and something to join") =
            "concat_ws(',', x, y)";
        return NULL;
    }
    for (int i = 0; i < expr->argument_count; i++) {
        struct ir_expr *argument = arguments[i];
        bool is_bool = !argument->is_unknown_literal && argument->type == NT_BOOL;
        for (int line = 0; is_bool && line < ir_function_count; line++)
            if (ir_functions[line].kind == IR_INTERNAL &&
                ir_functions[line].arguments[0] == NT_BOOL)
                argument = resolve_line(resolver, line, &arguments[i], 1, expr->offset);
        arguments[i] = coerce_explicit(resolver, argument, NT_TEXT, argument->place.offset);
        if (!arguments[i]) return NULL;
    }
    return resolve_function(resolver, expr->name, arguments, expr->argument_count, expr->offset);
}

/* num_nulls and num_nonnulls take any types: the sum of what is NULL. */
static struct ir_expr *bind_nulls(const struct bind_scope *scope, const struct ast_expr *expr,
                                  struct ir_expr **arguments)
{
    struct resolver *resolver = scope->resolver;
    struct ir_expr *sum = NULL;
    for (int i = 0; i < expr->argument_count; i++) {
        struct ir_expr *is_null = expr_make(resolver->arena, IR_IS_NULL, NT_BOOL, expr->offset, 1);
        is_null->arguments[0] = coerce_known(resolver, arguments[i]);
        if (strcmp(expr->name, "num_nonnulls") == 0)
            is_null = expr_not_of(resolver->arena, is_null);
        struct ir_expr *pair[2] = {sum, coerce_explicit(resolver, is_null, NT_INT4, expr->offset)};
        sum = sum ? resolve_operator(resolver, "+", pair, 2, expr->offset) : pair[1];
    }
    return sum;
}

/* The patterns of to_char are checked once, against any time. */
static bool template_check(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct resolver *resolver = scope->resolver;
    const struct ast_expr *pattern = expr->argument_count == 2 ? expr->arguments[1] : expr;
    struct nt_eval e = {.arena = resolver->arena};
    if (pattern->kind == AST_STRING)
        nt_timestamptz_to_char(&e, nt_timestamptz(0),
                               nt_text(pattern->name, (uint32_t)strlen(pattern->name)));
    if (pattern->kind == AST_STRING && !e.error) return true;
    *diagnostics_error(resolver->diagnostics, pattern->offset, "%s",
                       e.error ? e.error : "to_char takes a time and a pattern that is a literal") =
        "YYYY MM DD HH24 HH12 MI SS MS US Q DDD D WW IYYY IW ID, other text in double quotes: "
        "to_char(ts, 'YYYY-MM-DD\"T\"HH24:MI')";
    return false;
}

/* substring(text FROM text) is a regular expression to PostgreSQL; a literal alone would be taken
 * for the integer that we know. */
static bool is_pattern(const struct ast_expr *expr, struct ir_expr *const *arguments)
{
    return strcmp(expr->name, "substring") == 0 && expr->argument_count > 1 &&
           (arguments[1]->is_unknown_literal || arguments[1]->type == NT_TEXT);
}

/* A name of a type over one argument is a cast: date(arrived_at). */
static bool is_cast(const struct ast_expr *expr, enum nt_type *type)
{
    static const struct {
        const char *name;
        enum nt_type type;
    } types[] = {{"bool", NT_BOOL},         {"int2", NT_INT2},     {"int4", NT_INT4},
                 {"int8", NT_INT8},         {"float4", NT_FLOAT4}, {"float8", NT_FLOAT8},
                 {"numeric", NT_NUMERIC},   {"text", NT_TEXT},     {"date", NT_DATE},
                 {"uuid", NT_UUID},         {"bytea", NT_BYTEA},   {"timestamptz", NT_TIMESTAMPTZ},
                 {"interval", NT_INTERVAL}, {"jsonb", NT_JSONB}};
    for (size_t i = 0; expr->argument_count == 1 && i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, expr->name) != 0) continue;
        *type = types[i].type;
        return true;
    }
    return false;
}

/* array_agg whose arguments are not three, x, the order and the bound. */
static bool list_is_refused(const struct bind_scope *scope, const struct ast_expr *expr)
{
    int count = expr->argument_count;
    bool has_order = count > 1 && expr->arguments[1]->kind == AST_ORDER;
    if (strcmp(expr->name, "array_agg") != 0 || (count == 3 && has_order)) return false;
    *diagnostics_error(scope->resolver->diagnostics, expr->offset,
                       count == 2 && !has_order
                           ? "array_agg without ORDER BY lists events as they arrived"
                           : "array_agg without a bound lists any number of events") =
        "(array_agg(value ORDER BY time DESC))[1:100]";
    return true;
}

struct ir_expr *bind_order(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct nt_arena *arena = scope->resolver->arena;
    int count = expr->argument_count;
    struct ir_expr *out = expr_make(arena, IR_ROW_ORDER, NT_TEXT, expr->offset, count);
    struct nt_order *orders = nt_arena_zalloc(arena, (size_t)count * sizeof *orders);
    bool is_right = true;
    out->index = 1; /* what compares as equal is left to the values */
    out->orders = orders;
    for (int i = 0; i < count; i++) {
        struct ir_expr *value = bind_value(scope, expr->arguments[i]);
        is_right &= value && !json_refuse(scope->resolver, value, "an item of ORDER BY");
        if (!is_right) continue;
        out->arguments[i] = value;
        orders[i] = (struct nt_order){value->type, expr->sorts[i].is_descending,
                                      expr->sorts[i].is_null_first};
    }
    return is_right ? out : NULL;
}

struct ir_expr *bind_call(const struct bind_scope *scope, const struct ast_expr *expr)
{
    bool is_aggregate = aggregate_is_known(expr->name);
    if (list_is_refused(scope, expr)) return NULL;
    if (expr->over && !(is_aggregate && scope->wants_over)) return over_refuse(scope, expr);
    if (is_aggregate)
        return scope->aggregate && scope->wants_over == (expr->over != NULL)
                   ? scope->aggregate(scope, expr)
                   : aggregate_refuse(scope, expr);
    if (refusal_find(expr->name)) return call_refuse(scope, expr);
    if (!call_is_plain(scope, expr)) return NULL;
    bool is_other;
    struct ir_expr *of_time = bind_time_call(scope, expr, &is_other);
    if (!is_other) return of_time;
    enum nt_type type;
    if (is_cast(expr, &type))
        return coerce_explicit(scope->resolver, bind_expr(scope, expr->arguments[0]), type,
                               expr->offset);
    bool counts_nulls = expr->argument_count > 0 && (strcmp(expr->name, "num_nulls") == 0 ||
                                                     strcmp(expr->name, "num_nonnulls") == 0);
    if (!counts_nulls && !candidates_exist(IR_FUNCTION, expr->name))
        return call_refuse(scope, expr);
    if (strcmp(expr->name, "to_char") == 0 && !template_check(scope, expr)) return NULL;
    struct ir_expr **arguments = arguments_bind(scope, expr);
    if (!arguments) return NULL;
    if (counts_nulls) return bind_nulls(scope, expr, arguments);
    if (strncmp(expr->name, "concat", strlen("concat")) == 0)
        return bind_concat(scope, expr, arguments);
    if (is_pattern(expr, arguments)) {
        *diagnostics_error(scope->resolver->diagnostics, expr->offset,
                           "a regular expression is not part of the definition language") =
            "LIKE, split_part, or substring(text FROM position FOR length)";
        return NULL;
    }
    return resolve_function(scope->resolver, expr->name, arguments, expr->argument_count,
                            expr->offset);
}
