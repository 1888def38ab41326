/* emit_function.c: the phases of a program as C functions: check, admit, finish, and a join's key.
 */
#include "compiler/emit.h"

#include <string.h>

static struct emit_function function_begin(struct nt_arena *arena, struct buffer *c)
{
    static const char *const parameters[] = {"e",         "row",     "key",  "terms",
                                             "arguments", "request", "joins"};
    struct emit_function function = {.c = c, .arena = arena, .indent = 1};
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++)
        emit_name(&function.names, arena, parameters[i]);
    return function;
}

static struct emit_leaf *function_leaf(struct emit_function *function, enum ir_op op)
{
    return &function->leaves[op - IR_COLUMN];
}

static void columns_set(struct emit_function *function, enum ir_op op, const char *array,
                        const struct ir_column *columns, int count)
{
    struct emit_leaf *leaf = function_leaf(function, op);
    *leaf = emit_leaf_make(function->arena, count);
    for (int i = 0; i < count; i++) {
        leaf->access[i] = nt_arena_printf(function->arena, "%s[%d]", array, i);
        leaf->wanted[i] = columns[i].name;
    }
}

static const char *quoted(struct nt_arena *arena, const char *text)
{
    return emit_literal(arena, text, strlen(text));
}

static void not_null_write(struct emit_function *function, const struct ir_source *source,
                           int index)
{
    const char *message = nt_arena_printf(
        function->arena,
        "null value in column \"%s\" of relation \"%s\" violates not-null constraint",
        source->columns[index].name, source->name);
    emit_line(function->c, 1, "if (row[%d].is_null)", index);
    emit_line(function->c, 2, "return nt_reject(e, %s);", quoted(function->arena, message));
}

/* Rejected when the condition is false; NULL passes. An error inside it rejects with that error. */
static void check_write(struct emit_function *function, const struct ir_source *source,
                        const struct ir_check *check)
{
    struct nt_arena *arena = function->arena;
    emit_comment(function->c, 1,
                 check->sql ? nt_arena_printf(arena, "%s: %s", check->name, check->sql)
                            : check->name);
    const char *message =
        nt_arena_printf(arena, "new row for relation \"%s\" violates check constraint \"%s\"",
                        source->name, check->name);
    const char *value = emit_value(function, check->condition);
    const char *name = emit_name(&function->names, arena, "is_met");
    emit_line(function->c, 1, "const struct nt_value %s = %s;", name, value);
    if (emit_can_fail(check->condition)) emit_line(function->c, 1, "if (e->error) return false;");
    emit_line(function->c, 1, "if (nt_is_false(%s))", name);
    emit_line(function->c, 2, "return nt_reject(e, %s);", quoted(arena, message));
}

/* The event time is never NULL once admitted, whether the file says so or not. */
const char *emit_check(const struct ir_source *source, struct emit_names *globals,
                       struct nt_arena *arena, struct buffer *c)
{
    const char *name = emit_name(globals, arena, nt_arena_printf(arena, "%s_check", source->name));
    struct emit_function function = function_begin(arena, c);
    columns_set(&function, IR_COLUMN, "row", source->columns, source->column_count);
    emit_line(c, 0, "static bool %s(struct nt_eval *e, const struct nt_value *row)", name);
    emit_line(c, 0, "{");
    for (int i = 0; i < source->column_count; i++)
        if (source->columns[i].is_not_null || i == source->event_time)
            not_null_write(&function, source, i);
    for (int i = 0; i < source->check_count; i++)
        emit_leaves_declare(&function, source->checks[i].condition);
    for (int i = 0; i < source->check_count; i++)
        check_write(&function, source, &source->checks[i]);
    emit_line(c, 1, "return true;");
    emit_line(c, 0, "}\n");
    return name;
}

static void finish_body(struct emit_function *function, const struct ir_expr *expr)
{
    emit_leaves_declare(function, expr);
    const char *value = emit_value(function, expr);
    emit_line(function->c, 1, "return %s;", value);
    emit_line(function->c, 0, "}\n");
}

const char *emit_made(const struct ir_source *source, const struct ir_made *made,
                      struct emit_names *globals, struct nt_arena *arena, struct buffer *c)
{
    const char *column = source->columns[made->column].name;
    const char *name =
        emit_name(globals, arena, nt_arena_printf(arena, "%s_%s", source->name, column));
    struct emit_function function = function_begin(arena, c);
    columns_set(&function, IR_COLUMN, "row", source->columns, source->column_count);
    emit_comment(c, 0,
                 nt_arena_printf(arena,
                                 made->is_generated ? "%s.%s: GENERATED ALWAYS AS (%s)"
                                                    : "%s.%s: DEFAULT %s",
                                 source->name, column, made->sql));
    emit_line(c, 0, "static struct nt_value %s(struct nt_eval *e, const struct nt_value *row)",
              name);
    emit_line(c, 0, "{");
    finish_body(&function, made->expr);
    return name;
}

/* The conjuncts of WHERE one after the other: as in PostgreSQL the first that is not true ends it.
 */
static void where_write(struct emit_function *function, const struct ir_expr *where)
{
    if (where->op == IR_AND) {
        for (int i = 0; i < where->argument_count; i++) where_write(function, where->arguments[i]);
        return;
    }
    const char *condition = emit_condition(function, where);
    emit_line(function->c, 1,
              *condition == '!' ? "if (!(%s)) return false;" : "if (!%s) return false;", condition);
}

/* "nt_is_true(arguments[2]) || ..." over the filters of the measures that read the argument, if
 * every one of them has a filter: PostgreSQL evaluates an aggregate's arguments only where its
 * FILTER is true. NULL: it is needed always. */
static const char *argument_guard(struct nt_arena *arena, const struct ir_view *view, int argument)
{
    const char *guard = NULL;
    uint8_t *is_listed = nt_arena_zalloc(arena, (size_t)view->argument_count);
    for (int m = 0; m < view->measure_count; m++) {
        const struct ir_measure *measure = &view->measures[m];
        if (measure->filter == argument) return NULL;
        bool reads = false;
        for (int i = 0; i < measure->argument_count; i++)
            reads |= measure->arguments[i] == argument;
        if (!reads) continue;
        if (measure->filter < 0) return NULL;
        if (is_listed[measure->filter]) continue;
        is_listed[measure->filter] = 1;
        guard = nt_arena_printf(arena, "%s%snt_is_true(arguments[%d])", guard ? guard : "",
                                guard ? " || " : "", measure->filter);
    }
    return guard;
}

static void argument_write(struct emit_function *function, const struct ir_view *view,
                           const struct ir_feed *feed, int index, const char *guard)
{
    const char *sql = view->arguments[index].sql;
    if (sql && *sql) emit_comment(function->c, 1, sql);
    if (guard) {
        emit_line(function->c, 1, "arguments[%d] = NT_NULL;", index);
        emit_line(function->c, 1, "if (%s) {", guard);
        function->indent = 2;
    }
    const char *value = emit_value(function, feed->arguments[index]);
    emit_line(function->c, function->indent, "arguments[%d] = %s;", index, value);
    if (guard) emit_line(function->c, 1, "}");
    function->indent = 1;
}

static void arguments_write(struct emit_function *function, const struct ir_view *view,
                            const struct ir_feed *feed)
{
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < view->argument_count; i++) {
            const char *guard =
                emit_can_fail(feed->arguments[i]) ? argument_guard(function->arena, view, i) : NULL;
            if (!guard == !pass) argument_write(function, view, feed, i, guard);
        }
    }
}

static void admit_body(struct emit_function *function, const struct ir_view *view,
                       const struct ir_feed *feed)
{
    if (feed->where) {
        emit_leaves_declare(function, feed->where);
        if (feed->where_sql && *feed->where_sql)
            emit_comment(function->c, 1,
                         nt_arena_printf(function->arena, "WHERE %s", feed->where_sql));
        where_write(function, feed->where);
        buffer_append_byte(function->c, '\n');
    }
    for (int i = 0; i < view->key_count; i++) emit_leaves_declare(function, feed->keys[i]);
    for (int i = 0; i < view->argument_count; i++)
        emit_leaves_declare(function, feed->arguments[i]);
    for (int i = 0; i < view->key_count; i++)
        emit_line(function->c, 1, "key[%d] = %s; /* %s */", i, emit_value(function, feed->keys[i]),
                  emit_name(&(struct emit_names){0}, function->arena, view->keys[i].name));
    arguments_write(function, view, feed);
    emit_line(function->c, 1, "return !e->error;");
}

static const char *admit_write(const struct ir_program *program, const struct ir_view *view,
                               const struct ir_feed *feed, struct emit_names *globals,
                               struct nt_arena *arena, struct buffer *c)
{
    const struct ir_source *source = &program->sources[feed->source];
    const char *name = emit_name(
        globals, arena,
        view->feed_count == 1 ? nt_arena_printf(arena, "%s_admit", view->name)
                              : nt_arena_printf(arena, "%s_admit_%s", view->name, source->name));
    struct emit_function function = function_begin(arena, c);
    columns_set(&function, IR_COLUMN, "row", source->columns, source->column_count);
    emit_line(c, 0,
              "static bool %s(struct nt_eval *e, const struct nt_value *row, struct nt_value *key, "
              "struct nt_value *arguments)",
              name);
    emit_line(c, 0, "{");
    admit_body(&function, view, feed);
    emit_line(c, 0, "}\n");
    return name;
}

static const char *aggregate_name(const char *symbol)
{
    static const struct {
        const char *symbol, *name;
    } names[] = {
#define NT_AGGREGATE(symbol, name, ...) {#symbol, name},
#include "nowthen/aggregates.def"
#undef NT_AGGREGATE
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strcmp(names[i].symbol, symbol)) return names[i].name;
    return symbol;
}

static void terms_set(struct emit_function *function, const struct ir_view *view)
{
    struct emit_leaf *leaf = function_leaf(function, IR_TERM);
    *leaf = emit_leaf_make(function->arena, view->term_count);
    for (int i = 0; i < view->term_count; i++) {
        const struct ir_measure *measure = &view->measures[view->terms[i].measure];
        const char *window = view->windows[view->terms[i].window].sql;
        leaf->access[i] = nt_arena_printf(function->arena, "terms[%d]", i);
        leaf->wanted[i] =
            nt_arena_printf(function->arena, "%s_%d", aggregate_name(measure->aggregate), i);
        if (measure->sql)
            leaf->comment[i] =
                nt_arena_printf(function->arena, "%s%s%s", measure->sql,
                                window && *window ? " over " : "", window ? window : "");
    }
}

static const char *feature_write(const struct ir_view *view, const struct ir_feature *feature,
                                 struct emit_names *globals, struct nt_arena *arena,
                                 struct buffer *c)
{
    const char *what = feature->name ? feature->name : "having";
    const char *name = emit_name(globals, arena, nt_arena_printf(arena, "%s_%s", view->name, what));
    struct emit_function function = function_begin(arena, c);
    columns_set(&function, IR_KEY, "key", view->keys, view->key_count);
    terms_set(&function, view);
    emit_comment(c, 0,
                 nt_arena_printf(arena, feature->name ? "%s.%s: %s" : "%s: HAVING %.0s%s",
                                 view->name, what, feature->sql ? feature->sql : what));
    emit_line(c, 0,
              "static struct nt_value %s(struct nt_eval *e, const struct nt_value *key, "
              "const struct nt_value *terms)",
              name);
    emit_line(c, 0, "{");
    finish_body(&function, feature->expr);
    return name;
}

struct emit_view_functions emit_view(const struct ir_program *program, const struct ir_view *view,
                                     struct emit_names *globals, struct nt_arena *arena,
                                     struct buffer *c)
{
    struct emit_view_functions functions;
    functions.admit = nt_arena_alloc(arena, (size_t)view->feed_count * sizeof(char *));
    for (int i = 0; i < view->feed_count; i++)
        functions.admit[i] = admit_write(program, view, &view->feeds[i], globals, arena, c);
    functions.finish = nt_arena_alloc(arena, (size_t)view->feature_count * sizeof(char *));
    for (int i = 0; i < view->feature_count; i++)
        functions.finish[i] = feature_write(view, &view->features[i], globals, arena, c);
    functions.having = view->having ? feature_write(view, view->having, globals, arena, c) : NULL;
    return functions;
}

static const char *join_write(const struct ir_program *program, const struct ir_service *service,
                              const struct ir_join *join, struct emit_names *globals,
                              struct nt_arena *arena, struct buffer *c)
{
    const struct ir_view *view = &program->views[join->view];
    const char *name =
        emit_name(globals, arena, nt_arena_printf(arena, "%s_%s_key", service->name, join->alias));
    struct emit_function function = function_begin(arena, c);
    columns_set(&function, IR_COLUMN, "request", service->columns, service->column_count);
    emit_line(c, 0,
              "static void %s(struct nt_eval *e, const struct nt_value *request, "
              "struct nt_value *key)",
              name);
    emit_line(c, 0, "{");
    for (int i = 0; i < view->key_count; i++) emit_leaves_declare(&function, join->key[i]);
    for (int i = 0; i < view->key_count; i++)
        emit_line(c, 1, "key[%d] = %s;", i, emit_value(&function, join->key[i]));
    emit_line(c, 0, "}\n");
    return name;
}

static void inputs_set(struct emit_function *function, const struct ir_program *program,
                       const struct ir_service *service, const struct ir_output *output)
{
    struct emit_leaf *leaf = function_leaf(function, IR_INPUT);
    *leaf = emit_leaf_make(function->arena, output->input_count);
    for (int i = 0; i < output->input_count; i++) {
        struct nt_input input = output->inputs[i];
        const struct ir_join *join = &service->joins[input.join];
        leaf->access[i] =
            nt_arena_printf(function->arena, "joins[%u][%u]", input.join, input.feature);
        leaf->wanted[i] = nt_arena_printf(function->arena, "%s_%s", join->alias,
                                          program->views[join->view].features[input.feature].name);
    }
}

static const char *output_write(const struct ir_program *program, const struct ir_service *service,
                                const struct ir_output *output, struct emit_names *globals,
                                struct nt_arena *arena, struct buffer *c)
{
    const char *name =
        emit_name(globals, arena, nt_arena_printf(arena, "%s_%s", service->name, output->name));
    struct emit_function function = function_begin(arena, c);
    columns_set(&function, IR_COLUMN, "request", service->columns, service->column_count);
    inputs_set(&function, program, service, output);
    emit_comment(c, 0,
                 nt_arena_printf(arena, "%s.%s: %s", service->name, output->name,
                                 output->sql ? output->sql : output->name));
    emit_line(c, 0,
              "static struct nt_value %s(struct nt_eval *e, const struct nt_value *request, "
              "const struct nt_value *const *joins)",
              name);
    emit_line(c, 0, "{");
    finish_body(&function, output->expr);
    return name;
}

struct emit_service_functions emit_service(const struct ir_program *program,
                                           const struct ir_service *service,
                                           struct emit_names *globals, struct nt_arena *arena,
                                           struct buffer *c)
{
    struct emit_service_functions functions;
    functions.key = nt_arena_alloc(arena, (size_t)service->join_count * sizeof(char *));
    functions.finish = nt_arena_alloc(arena, (size_t)service->output_count * sizeof(char *));
    for (int i = 0; i < service->join_count; i++)
        functions.key[i] = join_write(program, service, &service->joins[i], globals, arena, c);
    for (int i = 0; i < service->output_count; i++)
        functions.finish[i] =
            output_write(program, service, &service->outputs[i], globals, arena, c);
    return functions;
}
