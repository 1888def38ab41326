/* lower_source.c: servers, event sources and request tables. */
#include "compiler/lower.h"

#include <stdio.h>
#include <string.h>

#define NAME_SIZE_MAX 63 /* NAMEDATALEN - 1 */

static bool option_refuse(struct lower *lower, const struct ast_option *option, const char *of,
                          const char *known)
{
    bool is_secret = strstr(option->name.text, "password") || strstr(option->name.text, "secret");
    *diagnostics_error(lower->diagnostics, option->name.offset,
                       is_secret ? "a definition file holds no secrets, got option \"%s\" of %s"
                                 : "there is no option \"%s\" of %s",
                       option->name.text, of) =
        is_secret ? "it in the environment or the configuration" : known;
    return false;
}

/* Every option is one of names, given once; values[i] is the i-th or NULL. */
static bool options_read(struct lower *lower, const struct ast_table *table, const char *of,
                         const char *const *names, const char **values, const char *known)
{
    bool is_right = true;
    for (int i = 0; i < table->option_count; i++) {
        const struct ast_option *option = &table->options[i];
        int index = 0;
        while (names[index] && strcmp(names[index], option->name.text) != 0) index++;
        if (!names[index]) {
            is_right = option_refuse(lower, option, of, known);
        } else if (values[index]) {
            diagnostics_error(lower->diagnostics, option->name.offset,
                              "option \"%s\" provided more than once", option->name.text);
            is_right = false;
        } else if (!*option->value) {
            diagnostics_error(lower->diagnostics, option->name.offset, "option \"%s\" is empty",
                              option->name.text);
            is_right = false;
        } else {
            values[index] = option->value;
        }
    }
    return is_right;
}

static const struct ast_table *server_find(const struct lower *lower, const char *name)
{
    for (int i = 0; i < lower->server_count; i++)
        if (strcmp(lower->servers[i].name.text, name) == 0) return &lower->servers[i];
    return NULL;
}

static const char *const server_options[] = {"brokers", NULL};
#define SERVER_CURE "OPTIONS (brokers 'localhost:9092')"

static bool server_check(struct lower *lower, const struct ast_table *table)
{
    const char *brokers = NULL;
    bool is_right = options_read(lower, table, "a server", server_options, &brokers, SERVER_CURE);
    if (server_find(lower, table->name.text) || strcmp(table->name.text, "request") == 0) {
        *diagnostics_error(lower->diagnostics, table->name.offset, "server \"%s\" already exists",
                           table->name.text) = "another name";
        return false;
    }
    if (strcmp(table->server, "kafka") != 0) {
        *diagnostics_error(lower->diagnostics, table->name.offset,
                           "events come from Kafka, got foreign data wrapper \"%s\"",
                           table->server) =
            nt_arena_printf(lower->arena,
                            "CREATE SERVER %s FOREIGN DATA WRAPPER kafka " SERVER_CURE,
                            table->name.text);
        is_right = false;
    }
    return is_right;
}

bool lower_server(struct lower *lower, const struct ast_table *table, bool is_refused)
{
    bool is_right = !is_refused && server_check(lower, table);
    lower->servers =
        array_more(lower->arena, lower->servers, lower->server_count, sizeof *lower->servers);
    lower->servers[lower->server_count++] = *table;
    return is_right;
}

static struct ir_column *columns_lower(struct lower *lower, const struct ast_table *table)
{
    struct ir_column *columns =
        nt_arena_zalloc(lower->arena, ((size_t)table->column_count + 1) * sizeof *columns);
    for (int i = 0; i < table->column_count; i++)
        columns[i] = (struct ir_column){.name = table->columns[i].name.text,
                                        .type = table->columns[i].type,
                                        .typmod = table->columns[i].typmod,
                                        .is_not_null = table->columns[i].is_not_null};
    return columns;
}

bool lower_request(struct lower *lower, const struct ast_table *table)
{
    bool is_right = check_columns(lower, table);
    if (table->option_count > 0) {
        *diagnostics_error(lower->diagnostics, table->options[0].name.offset,
                           "a request table has no options") = "SERVER request";
        is_right = false;
    }
    if (table->check_count > 0) {
        *diagnostics_error(lower->diagnostics, table->checks[0].offset,
                           "a request table has no CHECK: a request is answered, not rejected") =
            "the condition in the service, as CASE WHEN ... THEN ... END";
        is_right = false;
    }
    if (table->key_count > 0) {
        *diagnostics_error(lower->diagnostics, table->key_offset,
                           "a request table has no PRIMARY KEY: a request is no event") =
            "the table without it";
        is_right = false;
    }
    for (int i = 0; i < table->column_count; i++) {
        if (!table->columns[i].is_not_null) continue;
        *diagnostics_error(lower->diagnostics, table->columns[i].not_null_offset,
                           "a request column may be NULL: a request is answered, not rejected") =
            "the column without NOT NULL; coalesce(column, value) in the service";
        is_right = false;
    }
    for (int i = 0; i < table->column_count; i++) {
        if (!table->columns[i].made) continue;
        *diagnostics_error(lower->diagnostics, table->columns[i].made_offset,
                           table->columns[i].is_generated
                               ? "a request column is given by the caller, not GENERATED"
                               : "a request column has no DEFAULT: what is not given is NULL") =
            table->columns[i].is_generated ? "the expression in the service"
                                           : "coalesce(column, value) in the service";
        is_right = false;
    }
    lower->requests =
        array_more(lower->arena, lower->requests, lower->request_count, sizeof *lower->requests);
    lower->requests[lower->request_count++] =
        (struct request){table->name.text, table->column_count, columns_lower(lower, table)};
    return is_right;
}

/* makeObjectName: the longer of the two names gives way until all fits. */
static const char *constraint_name(struct nt_arena *arena, const char *table, const char *column,
                                   const char *label)
{
    size_t first = strlen(table), second = column ? strlen(column) : 0;
    size_t fixed = strlen(label) + 1 + (column ? 1 : 0);
    while (first + second + fixed > NAME_SIZE_MAX) {
        if (first > second)
            first--;
        else
            second--;
    }
    if (!column) return nt_arena_printf(arena, "%.*s_%s", (int)first, table, label);
    return nt_arena_printf(arena, "%.*s_%.*s_%s", (int)first, table, (int)second, column, label);
}

static bool check_name_is_taken(const struct ir_source *source, const char *name)
{
    for (int i = 0; i < source->check_count; i++)
        if (strcmp(source->checks[i].name, name) == 0) return true;
    return false;
}

/* The one column that the condition reads; -1: none; -2: several. */
static int column_read(const struct ir_expr *expr, int found)
{
    if (expr->op == IR_COLUMN) return found == -1 || found == expr->index ? expr->index : -2;
    for (int i = 0; i < expr->argument_count && found != -2; i++)
        found = column_read(expr->arguments[i], found);
    return found;
}

/* ChooseConstraintName: flights_arr_delay_check, then ..._check1. */
static const char *check_choose_name(struct lower *lower, const struct ir_source *source,
                                     const struct ir_expr *condition)
{
    int column = column_read(condition, -1);
    const char *column_name = column >= 0 ? source->columns[column].name : NULL;
    const char *name = constraint_name(lower->arena, source->name, column_name, "check");
    for (int i = 1; check_name_is_taken(source, name); i++)
        name = constraint_name(lower->arena, source->name, column_name,
                               nt_arena_printf(lower->arena, "check%d", i));
    return name;
}

static bool check_lower(struct lower *lower, const struct ast_check *check,
                        struct ir_source *source)
{
    struct event_columns columns = {source->name, source->name, source->column_count,
                                    source->columns};
    const struct bind_scope scope = {.resolver = &lower->resolver,
                                     .where = "CHECK",
                                     .now_cure = "a comparison with a constant",
                                     .self = &columns,
                                     .column = event_column};
    struct ir_expr *condition = bind_condition(&scope, check->condition, "argument of CHECK");
    if (!expr_check_size(lower, condition)) return false;
    if (check->name && check_name_is_taken(source, check->name)) {
        diagnostics_error(lower->diagnostics, check->offset,
                          "check constraint \"%s\" already exists", check->name);
        return false;
    }
    struct ir_check *out = &source->checks[source->check_count];
    out->name = check->name ? check->name : check_choose_name(lower, source, condition);
    out->sql = check->sql;
    out->condition = condition;
    source->check_count++;
    return true;
}

enum { OPTION_TOPIC, OPTION_FORMAT, OPTION_EVENT_TIME, OPTION_HISTORY, OPTION_COUNT };
static const char *const source_options[] = {"topic", "format", "event_time", "history", NULL};
#define SOURCE_CURE                                                                                \
    "OPTIONS (topic '...', format 'json', event_time 'column', history 'schema.table')"

static bool event_time_find(struct lower *lower, const struct ast_table *table, const char *name,
                            struct ir_source *source)
{
    source->event_time = column_find(source->columns, source->column_count, name);
    if (source->event_time < 0) {
        *diagnostics_error(lower->diagnostics, table->name.offset,
                           "event_time names column \"%s\", which \"%s\" does not have", name,
                           source->name) =
            nt_arena_printf(lower->arena, "one of %s",
                            names_of_columns(lower->arena, source->columns, source->column_count));
        return false;
    }
    struct ir_column *column = &source->columns[source->event_time];
    if (column->type != NT_TIMESTAMPTZ) {
        *diagnostics_error(lower->diagnostics, table->columns[source->event_time].name.offset,
                           "the event time must be timestamp with time zone") =
            nt_arena_printf(lower->arena, "%s timestamptz NOT NULL", name);
        return false;
    }
    column->is_not_null = true; /* an event without its time is a dead letter (contract 4) */
    return true;
}

static bool source_set_options(struct lower *lower, const struct ast_table *table,
                               struct ir_source *source)
{
    const char *values[OPTION_COUNT] = {NULL};
    if (!options_read(lower, table, "an event source", source_options, values, SOURCE_CURE))
        return false;
    for (int i = OPTION_TOPIC; i <= OPTION_EVENT_TIME; i++) {
        if (values[i]) continue;
        *diagnostics_error(lower->diagnostics, table->name.offset,
                           "event source \"%s\" has no option %s", table->name.text,
                           source_options[i]) = SOURCE_CURE;
        return false;
    }
    if (strcmp(values[OPTION_FORMAT], "json") != 0) {
        *diagnostics_error(lower->diagnostics, table->name.offset,
                           "events are JSON objects, got format '%s'", values[OPTION_FORMAT]) =
            "format 'json'";
        return false;
    }
    source->topic = values[OPTION_TOPIC];
    source->format = values[OPTION_FORMAT];
    source->history = values[OPTION_HISTORY];
    return event_time_find(lower, table, values[OPTION_EVENT_TIME], source);
}

static bool source_set_server(struct lower *lower, const struct ast_table *table,
                              struct ir_source *source)
{
    const struct ast_table *server = server_find(lower, table->server);
    source->server = table->server;
    source->brokers = ""; /* then kafka.brokers of the configuration says it */
    if (!server) {
        *diagnostics_error(lower->diagnostics, table->name.offset,
                           "server \"%s\" does not exist before this statement", table->server) =
            nt_arena_printf(lower->arena,
                            "CREATE SERVER %s FOREIGN DATA WRAPPER kafka " SERVER_CURE
                            " above it, or SERVER request",
                            table->server);
        return false;
    }
    for (int i = 0; i < server->option_count; i++)
        if (strcmp(server->options[i].name.text, "brokers") == 0)
            source->brokers = server->options[i].value;
    return true;
}

bool lower_source(struct lower *lower, const struct ast_table *table)
{
    struct ir_program *program = lower->program;
    program->sources =
        array_more(lower->arena, program->sources, program->source_count, sizeof *program->sources);
    struct ir_source *source = &program->sources[program->source_count++];
    source->name = table->name.text;
    source->column_count = table->column_count;
    source->columns = columns_lower(lower, table);
    source->checks =
        nt_arena_zalloc(lower->arena, ((size_t)table->check_count + 1) * sizeof *source->checks);
    bool is_right = check_name(lower, table->name, "source");
    is_right &= check_source_columns(lower, table);
    is_right &= lower_made(lower, table, source);
    is_right &= source_set_server(lower, table, source);
    is_right = source_set_options(lower, table, source) && is_right;
    if (is_right) is_right = lower_event_key(lower, table, source);
    for (int i = 0; i < table->check_count; i++)
        is_right &= check_lower(lower, &table->checks[i], source);
    return is_right;
}
