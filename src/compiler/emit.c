/*
 * emit.c: the IR as C in units: for each view and service its functions and tables, then the
 * sources and the rows of nt_program, the one exported symbol. One after the other they are one C
 * file; each is one too, so that a changed view is compiled alone.
 */
#include "compiler/compile.h"
#include "compiler/diagnostics.h"
#include "compiler/emit_file.h"

#include <inttypes.h>
#include <string.h>

static const char *const fields[] = {
#define FIELD_ENUMERATOR(name, sql) "NT_FIELD_" #name,
    NT_FIELDS(FIELD_ENUMERATOR)
#undef FIELD_ENUMERATOR
};

/* Names of an object's tables; "NULL" where a table would be empty. */
const char *emit_table_begin(struct emit_file *file, const char *type, const char *object,
                             const char *what, int count)
{
    if (!count) return "NULL";
    const char *name =
        emit_name(&file->globals, file->arena, nt_arena_printf(file->arena, "%s_%s", object, what));
    emit_line(file->c, 0, "static const %s %s[] = {", type, name);
    return name;
}

/* The same for a table that the last unit points at. */
const char *emit_table_share(struct emit_file *file, const char *type, const char *object,
                             const char *what, int count)
{
    if (!count) return "NULL";
    const char *name =
        emit_name(&file->globals, file->arena, nt_arena_printf(file->arena, "%s_%s", object, what));
    emit_line(&file->externs, 0, "extern const %s %s[];", type, name);
    emit_line(file->c, 0, "const %s %s[] = {", type, name);
    return name;
}

void emit_table_end(struct emit_file *file, int count)
{
    if (count) emit_line(file->c, 0, "};\n");
}

const char *emit_text(struct emit_file *file, const char *text)
{
    return text ? emit_literal(file->arena, text, strlen(text)) : "NULL";
}

/* A row of numbers: what each is of an object, in one table. */
static const char *numbers_write(struct emit_file *file, const char *object, const char *what,
                                 const int *numbers, int count)
{
    const char *name = emit_table_begin(file, "uint16_t", object, what, count);
    struct buffer line = {0};
    for (int i = 0; i < count; i++) buffer_printf(&line, "%s%d", i ? ", " : "", numbers[i]);
    if (count) emit_line(file->c, 1, "%s", buffer_text(&line));
    buffer_deinit(&line);
    emit_table_end(file, count);
    return name;
}

static const char *steps_write(struct emit_file *file, const char *view, const char *what,
                               const struct ir_bound *bound)
{
    const char *name =
        emit_table_begin(file, "struct nt_bound_step", view, what, bound->step_count);
    for (int i = 0; i < bound->step_count; i++) {
        const struct nt_bound_step *step = &bound->steps[i];
        if (step->kind == NT_BOUND_TRUNC)
            emit_line(file->c, 1, "{.kind = NT_BOUND_TRUNC, .field = %s},", fields[step->field]);
        else if (step->us == INT64_MIN)
            emit_line(file->c, 1, "{.kind = NT_BOUND_MINUS, .us = INT64_MIN},");
        else
            emit_line(file->c, 1, "{.kind = %s, .us = INT64_C(%" PRId64 ")},",
                      step->kind == NT_BOUND_BIN ? "NT_BOUND_BIN" : "NT_BOUND_MINUS", step->us);
    }
    emit_table_end(file, bound->step_count);
    return name;
}

static const char *bound_text(struct emit_file *file, const struct ir_bound *bound,
                              const char *steps)
{
    if (!bound->is_set) return "{.is_set = false}";
    return nt_arena_printf(file->arena,
                           "{.is_set = true, .is_inclusive = %s, .step_count = %d, .steps = %s}",
                           bound->is_inclusive ? "true" : "false", bound->step_count, steps);
}

static const char *windows_write(struct emit_file *file, const struct ir_view *view)
{
    const char **rows = nt_arena_alloc(file->arena, (size_t)view->window_count * sizeof *rows);
    for (int i = 0; i < view->window_count; i++) {
        const struct ir_window *window = &view->windows[i];
        const char *lower = steps_write(
            file, view->name, nt_arena_printf(file->arena, "window_%d_lower", i), &window->lower);
        const char *upper = steps_write(
            file, view->name, nt_arena_printf(file->arena, "window_%d_upper", i), &window->upper);
        const char *frame =
            window->has_frame
                ? nt_arena_printf(file->arena,
                                  ", .has_frame = true, .frame_us = INT64_C(%" PRId64 ")",
                                  window->frame_us)
                : "";
        rows[i] = nt_arena_printf(file->arena, "{.lower = %s, .upper = %s%s},",
                                  bound_text(file, &window->lower, lower),
                                  bound_text(file, &window->upper, upper), frame);
    }
    const char *name =
        emit_table_share(file, "struct nt_window", view->name, "windows", view->window_count);
    for (int i = 0; i < view->window_count; i++) {
        if (view->windows[i].sql && *view->windows[i].sql)
            emit_comment(file->c, 1, view->windows[i].sql);
        emit_line(file->c, 1, "%s", rows[i]);
    }
    emit_table_end(file, view->window_count);
    return name;
}

static void parameter_write(struct emit_file *file, const struct ir_measure *measure, int i)
{
    struct nt_value value = measure->parameters[i];
    const char *text =
        measure->parameter_types[i] == NT_FLOAT8
            ? nt_arena_printf(file->arena, ".float8 = %a", value.float8)
            : nt_arena_printf(file->arena, ".integer = INT64_C(%" PRId64 ")", value.integer);
    emit_line(file->c, 2, ".parameter_count = %d, .parameters[%d] = {%s},",
              measure->parameter_count, i, text);
}

static void measure_write(struct emit_file *file, const struct ir_measure *measure)
{
    if (measure->sql) emit_comment(file->c, 1, measure->sql);
    emit_line(file->c, 1, "{.aggregate = &nt_aggregate_%s, .result = %s, .filter = %d,",
              measure->is_distinct ? "distinct" : measure->aggregate, emit_type(measure->result),
              measure->filter);
    if (measure->is_distinct)
        emit_line(file->c, 2, ".over = &nt_aggregate_%s,", measure->aggregate);
    for (int i = 0; i < measure->parameter_count; i++) parameter_write(file, measure, i);
    if (measure->argument_count == 0)
        emit_line(file->c, 2, ".argument_count = 0},");
    else if (measure->argument_count == 1)
        emit_line(file->c, 2, ".argument_count = 1, .arguments = {%d}, .types = {%s}},",
                  measure->arguments[0], emit_type(measure->types[0]));
    else
        emit_line(file->c, 2, ".argument_count = 2, .arguments = {%d, %d}, .types = {%s, %s}},",
                  measure->arguments[0], measure->arguments[1], emit_type(measure->types[0]),
                  emit_type(measure->types[1]));
}

static const char *measures_write(struct emit_file *file, const struct ir_view *view)
{
    const char *name =
        emit_table_share(file, "struct nt_measure", view->name, "measures", view->measure_count);
    for (int i = 0; i < view->measure_count; i++) measure_write(file, &view->measures[i]);
    emit_table_end(file, view->measure_count);
    return name;
}

static const char *terms_write(struct emit_file *file, const struct ir_view *view)
{
    const char *name =
        emit_table_share(file, "struct nt_term", view->name, "terms", view->term_count);
    for (int i = 0; i < view->term_count; i++)
        emit_line(file->c, 1, "{.measure = %d, .window = %d},", view->terms[i].measure,
                  view->terms[i].window);
    emit_table_end(file, view->term_count);
    return name;
}

static const char *arguments_write(struct emit_file *file, const struct ir_view *view)
{
    const char *name =
        emit_table_share(file, "enum nt_type", view->name, "arguments", view->argument_count);
    for (int i = 0; i < view->argument_count; i++)
        emit_line(file->c, 1, "%s,", emit_type(view->arguments[i].expr->type));
    emit_table_end(file, view->argument_count);
    return name;
}

static const char *feature_terms_write(struct emit_file *file, const struct ir_view *view,
                                       const struct ir_feature *feature)
{
    const char *what =
        nt_arena_printf(file->arena, "%s_terms", feature->name ? feature->name : "having");
    return numbers_write(file, view->name, what, feature->terms, feature->term_count);
}

static void feature_write(struct emit_file *file, const struct ir_feature *feature,
                          const char *terms, const char *finish)
{
    emit_line(file->c, 1, "{.name = %s, .type = %s, .key = %d, .reads_clock = %s,",
              emit_text(file, feature->name), emit_type(feature->type), feature->key,
              feature->reads_clock ? "true" : "false");
    emit_text_field(file->c, 2, "sql", feature->sql);
    emit_text_field(file->c, 2, "comment", feature->comment);
    emit_line(file->c, 2, ".fingerprint = UINT64_C(0x%016" PRIx64 "),", feature->fingerprint);
    emit_line(file->c, 2, ".term_count = %d, .terms = %s, .finish = %s},", feature->term_count,
              terms, finish);
}

/* A table of one, or "NULL". */
static const char *having_write(struct emit_file *file, const struct ir_view *view,
                                const char *finish)
{
    if (!view->having) return "NULL";
    const char *terms = feature_terms_write(file, view, view->having);
    const char *name = emit_table_share(file, "struct nt_feature", view->name, "havings", 1);
    feature_write(file, view->having, terms, finish);
    emit_table_end(file, 1);
    return name;
}

static const char *features_write(struct emit_file *file, const struct ir_view *view,
                                  const struct emit_view_functions *functions)
{
    const char **terms = nt_arena_alloc(file->arena, (size_t)view->feature_count * sizeof *terms);
    for (int i = 0; i < view->feature_count; i++)
        terms[i] = feature_terms_write(file, view, &view->features[i]);
    const char *name =
        emit_table_share(file, "struct nt_feature", view->name, "features", view->feature_count);
    for (int i = 0; i < view->feature_count; i++)
        feature_write(file, &view->features[i], terms[i], functions->finish[i]);
    emit_table_end(file, view->feature_count);
    return name;
}

void emit_title(struct emit_file *file, const char *kind, const char *name)
{
    emit_comment(file->c, 0, nt_arena_printf(file->arena, "---- %s %s ----", kind, name));
    buffer_append_byte(file->c, '\n');
}

static const char *made_table_write(struct emit_file *file, const struct ir_source *source)
{
    const char **makes =
        nt_arena_alloc(file->arena, ((size_t)source->made_count + 1) * sizeof *makes);
    for (int i = 0; i < source->made_count; i++)
        makes[i] = emit_made(source, &source->made[i], &file->globals, file->arena, file->c);
    const char *name =
        emit_table_begin(file, "struct nt_made", source->name, "made", source->made_count);
    for (int i = 0; i < source->made_count; i++) {
        emit_line(file->c, 1, "{.column = %d, .is_generated = %s, .make = %s,",
                  source->made[i].column, source->made[i].is_generated ? "true" : "false",
                  makes[i]);
        emit_text_field(file->c, 2, "sql", source->made[i].sql);
        emit_line(file->c, 1, "},");
    }
    emit_table_end(file, source->made_count);
    return name;
}

/* Rows of nt_program's tables are kept until all that they point at is written. */
static const char *source_write(struct emit_file *file, const struct ir_source *source)
{
    emit_title(file, "source", source->name);
    const char *made = made_table_write(file, source);
    const char *key = numbers_write(file, source->name, "key", source->key, source->key_count);
    const char *check = emit_check(source, &file->globals, file->arena, file->c);
    const char *columns =
        emit_columns(file, source->name, "columns", source->columns, source->column_count);
    struct buffer row = {0};
    emit_line(&row, 1, "{.name = %s, .server = %s,", emit_text(file, source->name),
              emit_text(file, source->server));
    emit_line(&row, 2, ".brokers = %s,", emit_text(file, source->brokers));
    emit_line(&row, 2, ".topic = %s, .format = %s, .history = %s,", emit_text(file, source->topic),
              emit_text(file, source->format), emit_text(file, source->history));
    emit_text_field(&row, 2, "comment", source->comment);
    if (source->key_count)
        emit_line(&row, 2, ".key_count = %d, .key = %s,", source->key_count, key);
    if (source->made_count)
        emit_line(&row, 2, ".made_count = %d, .made = %s,", source->made_count, made);
    emit_line(&row, 2, ".columns = %s, .column_count = %d, .event_time = %d, .check = %s},",
              columns, source->column_count, source->event_time, check);
    const char *text = nt_arena_copy(file->arena, buffer_text(&row), row.size + 1);
    buffer_deinit(&row);
    return text;
}

static const char *key_columns_write(struct emit_file *file, const struct ir_view *view,
                                     const struct ir_feed *feed)
{
    const char *name =
        emit_table_begin(file, "uint16_t", view->name, "key_columns", view->key_count);
    for (int i = 0; i < view->key_count; i++)
        emit_line(file->c, 1, feed->key_columns[i] < 0 ? "NT_NO_COLUMN," : "%d,",
                  feed->key_columns[i]);
    emit_table_end(file, view->key_count);
    return name;
}

static const char *feeds_write(struct emit_file *file, const struct ir_view *view,
                               const struct emit_view_functions *functions)
{
    const char **keys = nt_arena_alloc(file->arena, (size_t)view->feed_count * sizeof *keys);
    for (int i = 0; i < view->feed_count; i++)
        keys[i] = key_columns_write(file, view, &view->feeds[i]);
    const char *name =
        emit_table_share(file, "struct nt_feed", view->name, "feeds", view->feed_count);
    for (int i = 0; i < view->feed_count; i++)
        emit_line(file->c, 1, "{.source = %d, .key_columns = %s, .admit = %s},",
                  view->feeds[i].source, keys[i], functions->admit[i]);
    emit_table_end(file, view->feed_count);
    return name;
}

static const char *view_write(struct emit_file *file, const struct ir_view *view)
{
    emit_title(file, "view", view->name);
    struct emit_view_functions functions =
        emit_view(file->program, view, &file->globals, file->arena, file->c);
    const char *keys = emit_columns(file, view->name, "keys", view->keys, view->key_count);
    const char *feeds = feeds_write(file, view, &functions);
    const char *arguments = arguments_write(file, view);
    const char *windows = windows_write(file, view);
    const char *measures = measures_write(file, view);
    const char *terms = terms_write(file, view);
    const char *features = features_write(file, view, &functions);
    const char *having = having_write(file, view, functions.having);
    struct buffer row = {0};
    emit_line(&row, 1, "{.name = %s,", emit_text(file, view->name));
    emit_text_field(&row, 2, "sql", view->sql);
    emit_text_field(&row, 2, "comment", view->comment);
    emit_line(&row, 2, ".fingerprint = UINT64_C(0x%016" PRIx64 "),", view->fingerprint);
    emit_line(&row, 2, ".feed_count = %d, .feeds = %s,", view->feed_count, feeds);
    emit_line(&row, 2, ".key_count = %d, .keys = %s,", view->key_count, keys);
    emit_line(&row, 2, ".argument_count = %d, .arguments = %s,", view->argument_count, arguments);
    if (view->has_event_key) emit_line(&row, 2, ".has_event_key = true,");
    if (view->has_repeats)
        emit_line(&row, 2, ".has_repeats = true, .repeats_us = INT64_C(%" PRId64 "),",
                  view->repeats_us);
    emit_line(&row, 2, ".window_count = %d, .windows = %s,", view->window_count, windows);
    emit_line(&row, 2, ".measure_count = %d, .measures = %s,", view->measure_count, measures);
    emit_line(&row, 2, ".term_count = %d, .terms = %s,", view->term_count, terms);
    emit_line(&row, 2, ".feature_count = %d, .features = %s, .having = %s},", view->feature_count,
              features, having);
    const char *text = nt_arena_copy(file->arena, buffer_text(&row), row.size + 1);
    buffer_deinit(&row);
    return text;
}

static const char *rows_write(struct emit_file *file, const char *type, const char *name,
                              const char **rows, int count)
{
    if (!count) return "NULL";
    emit_title(file, "all", name);
    const char *table = emit_name(&file->globals, file->arena, name);
    emit_line(file->c, 0, "static const struct %s %s[] = {", type, table);
    for (int i = 0; i < count; i++) buffer_append_text(file->c, rows[i]);
    emit_line(file->c, 0, "};\n");
    return table;
}

static const char *event_views_write(struct emit_file *file)
{
    const struct ir_program *program = file->program;
    int count = program->event_view_count;
    if (count) emit_title(file, "views", "of events");
    const char *name = emit_table_begin(file, "struct nt_event_view", "event", "views", count);
    for (int i = 0; i < count; i++) {
        emit_line(file->c, 1, "{.name = %s,", emit_text(file, program->event_views[i].name));
        emit_text_field(file->c, 2, "sql", program->event_views[i].sql);
        emit_text_field(file->c, 2, "comment", program->event_views[i].comment);
        emit_line(file->c, 1, "},");
    }
    emit_table_end(file, count);
    return name;
}

static void program_write(struct emit_file *file, const char **sources, const char **views,
                          const char **services)
{
    const struct ir_program *program = file->program;
    const char *source_table =
        rows_write(file, "nt_source", "sources", sources, program->source_count);
    const char *view_table = rows_write(file, "nt_view", "views", views, program->view_count);
    const char *service_table =
        rows_write(file, "nt_service", "services", services, program->service_count);
    const char *event_view_table = event_views_write(file);
    const char *enum_table = emit_enums(file);
    emit_line(file->c, 0, "NT_API const struct nt_program nt_program = {");
    emit_line(file->c, 1, ".abi = %d,", NT_PROGRAM_ABI);
    emit_line(file->c, 1, ".fingerprint = %s,", emit_text(file, program->fingerprint));
    emit_text_field(file->c, 1, "definitions", program->definitions);
    if (program->enum_count)
        emit_line(file->c, 1, ".enum_count = %d, .enums = %s,", program->enum_count, enum_table);
    emit_line(file->c, 1, ".source_count = %d, .sources = %s,", program->source_count,
              source_table);
    if (program->event_view_count)
        emit_line(file->c, 1, ".event_view_count = %d, .event_views = %s,",
                  program->event_view_count, event_view_table);
    emit_line(file->c, 1, ".view_count = %d, .views = %s,", program->view_count, view_table);
    emit_line(file->c, 1, ".service_count = %d, .services = %s,", program->service_count,
              service_table);
    emit_line(file->c, 0, "};");
}

static const char **rows_make(struct nt_arena *arena, int count)
{
    return nt_arena_alloc(arena, (size_t)count * sizeof(const char *));
}

/* What c has from offset on, as a unit of its own. */
static void unit_end(struct emit_file *file, const char *name, size_t offset,
                     struct emit_units *units)
{
    units->list = array_more(file->arena, units->list, units->count, sizeof *units->list);
    units->list[units->count++] = (struct emit_unit){
        .name = name,
        .text = {nt_arena_copy(file->arena, file->c->data + offset, file->c->size - offset),
                 file->c->size - offset}};
}

static void tables_write(struct emit_file *file, const char **views, const char **services)
{
    const struct ir_program *program = file->program;
    const char **sources = rows_make(file->arena, program->source_count);
    emit_comment(file->c, 0,
                 nt_arena_printf(file->arena,
                                 "A Nowthen program, emitted by nowthen compile.\n"
                                 "Fingerprint %s.",
                                 program->fingerprint));
    buffer_append_byte(file->c, '\n');
    for (int i = 0; i < program->source_count; i++)
        sources[i] = source_write(file, &program->sources[i]);
    if (file->externs.size) {
        buffer_append(file->c, file->externs.data, file->externs.size);
        buffer_append_byte(file->c, '\n');
    }
    program_write(file, sources, views, services);
}

void emit_units(const struct ir_program *program, struct nt_arena *arena, struct emit_units *units)
{
    struct buffer c = {0};
    struct emit_file file = {.program = program, .c = &c, .arena = arena};
    const char **views = rows_make(arena, program->view_count);
    const char **services = rows_make(arena, program->service_count);
    file.enums = rows_make(arena, program->enum_count);
    for (int i = 0; i < program->enum_count; i++)
        file.enums[i] = emit_name(&file.globals, arena,
                                  nt_arena_printf(arena, "enum_%s", program->enums[i].name));
    *units = (struct emit_units){0};
    for (int i = 0; i < program->view_count; i++) {
        size_t offset = c.size;
        views[i] = view_write(&file, &program->views[i]);
        unit_end(&file, program->views[i].name, offset, units);
    }
    for (int i = 0; i < program->service_count; i++) {
        size_t offset = c.size;
        services[i] = emit_service_tables(&file, &program->services[i]);
        unit_end(&file, program->services[i].name, offset, units);
    }
    size_t offset = c.size;
    tables_write(&file, views, services);
    unit_end(&file, "the tables", offset, units);
    buffer_deinit(&file.externs);
    buffer_deinit(&c);
}

void emit_program(const struct ir_program *program, struct buffer *c)
{
    struct nt_arena arena;
    struct emit_units units;
    nt_arena_init(&arena);
    emit_units(program, &arena, &units);
    buffer_append_text(c, EMIT_INCLUDE);
    for (int i = 0; i < units.count; i++)
        buffer_append(c, units.list[i].text.data, units.list[i].text.size);
    nt_arena_deinit(&arena);
}
