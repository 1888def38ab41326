/*
 * definitions.c: the difference between the active definitions and the new ones, and the statements
 * that make it so. Plan and apply run the same statements; a plan is rolled back.
 */
#include "offline/definitions.h"

#include "base/hash.h"
#include "offline/layout.h"
#include "offline/schemas.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FINGERPRINT_SIZE 40

struct apply {
    struct connection *connection;
    const struct nt_program *program;
    const char *directory;
    struct buffer *changes;
    struct answer *objects; /* of the active definitions: kind, name, fingerprint */
    struct nt_arena arena;
    bool is_changed;
};

/* One object of the new definitions. */
struct object {
    const char *kind, *name;
    char fingerprint[FINGERPRINT_SIZE];
    const struct nt_view *view; /* or NULL */
};

static void columns_print(const struct nt_column *columns, uint16_t count, struct buffer *out)
{
    for (uint16_t i = 0; i < count; i++)
        buffer_printf(out, "%s %d %d\n", columns[i].name, (int)columns[i].type,
                      columns[i].is_not_null);
}

static void fingerprint_set(struct object *object, const struct buffer *text)
{
    snprintf(object->fingerprint, sizeof object->fingerprint, "%016" PRIx64,
             hash64(text->data, text->size));
}

static struct object source_object(const struct nt_source *source)
{
    struct object object = {.kind = "source", .name = source->name};
    struct buffer text = {0};
    buffer_printf(&text, "%s %s %s %s %s %u\n", source->server, source->brokers, source->topic,
                  source->format, source->history ? source->history : "", source->event_time);
    columns_print(source->columns, source->column_count, &text);
    for (uint16_t i = 0; i < source->key_count; i++)
        buffer_printf(&text, "key %u\n", source->key[i]);
    for (uint16_t i = 0; i < source->made_count; i++)
        buffer_printf(&text, "%u %d %s\n", source->made[i].column, source->made[i].is_generated,
                      source->made[i].sql);
    fingerprint_set(&object, &text);
    buffer_deinit(&text);
    return object;
}

static struct object view_object(const struct nt_view *view)
{
    struct object object = {.kind = "view", .name = view->name, .view = view};
    snprintf(object.fingerprint, sizeof object.fingerprint, "%016" PRIx64, view->fingerprint);
    return object;
}

static struct object service_object(const struct nt_program *program,
                                    const struct nt_service *service)
{
    struct object object = {.kind = "service", .name = service->name};
    struct buffer text = {0};
    buffer_append_text(&text, service->sql);
    columns_print(service->columns, service->column_count, &text);
    for (uint16_t i = 0; i < service->join_count; i++)
        buffer_printf(&text, "%016" PRIx64 "\n",
                      program->views[service->joins[i].view].fingerprint);
    fingerprint_set(&object, &text);
    buffer_deinit(&text);
    return object;
}

/* The i-th object of the program, sources first; false past the last. */
static bool object_at(const struct nt_program *program, size_t i, struct object *object)
{
    if (i < program->source_count) {
        *object = source_object(&program->sources[i]);
        return true;
    }
    i -= program->source_count;
    if (i < program->view_count) {
        *object = view_object(&program->views[i]);
        return true;
    }
    i -= program->view_count;
    if (i < program->service_count) {
        *object = service_object(program, &program->services[i]);
        return true;
    }
    return false;
}

/* The fingerprint the active definitions have for an object; NULL: they have none. */
static const char *active_fingerprint(const struct apply *a, const char *kind, const char *name)
{
    for (size_t i = 0; i < answer_row_count(a->objects); i++)
        if (strcmp(answer_text(a->objects, i, 0), kind) == 0 &&
            strcmp(answer_text(a->objects, i, 1), name) == 0)
            return answer_text(a->objects, i, 2);
    return NULL;
}

static enum nt_status text_exec(struct apply *a, struct buffer *sql, struct nt_error *error)
{
    enum nt_status status = connection_exec(a->connection, buffer_text(sql), error);
    buffer_deinit(sql);
    return status;
}

static enum nt_status table_drop(struct apply *a, const char *view, struct nt_error *error)
{
    struct buffer sql = {0};
    buffer_append_text(&sql, "DROP TABLE IF EXISTS nowthen.");
    sql_append_name(&sql, view);
    return text_exec(a, &sql, error);
}

/* Makes the table of a view, or only says its comments anew. */
static enum nt_status table_make(struct apply *a, const struct nt_view *view, bool is_new,
                                 struct nt_error *error)
{
    struct layout layout;
    struct buffer sql = {0};
    enum nt_status status = layout_init(&layout, view, &a->arena, error);
    if (status != NT_OK) return status;
    if (is_new) {
        layout_append_create(&layout, &sql);
        buffer_append_text(&sql, "; ");
        layout_append_key(&layout, true, &sql);
        buffer_append_text(&sql, "; ");
    }
    layout_append_comments(&layout, &sql);
    status = text_exec(a, &sql, error);
    return status == NT_OK ? NT_OK
                           : error_prefix(error, "the offline table of view %s", view->name);
}

static enum nt_status object_apply(struct apply *a, const struct object *object,
                                   struct nt_error *error)
{
    const char *before = active_fingerprint(a, object->kind, object->name);
    enum nt_status status = NT_OK;
    if (before && strcmp(before, object->fingerprint) == 0)
        return object->view ? table_make(a, object->view, false, error) : NT_OK;
    buffer_printf(a->changes, "%c %s %s", before ? '~' : '+', object->kind, object->name);
    if (object->view && before)
        buffer_append_text(a->changes, ": changed; its offline table is dropped and made anew, "
                                       "empty until it is materialized");
    if (object->view && !before)
        buffer_printf(a->changes,
                      ": offline table nowthen.%s is created, empty until it is materialized",
                      object->name);
    buffer_append_byte(a->changes, '\n');
    if (object->view && before) status = table_drop(a, object->name, error);
    if (object->view && status == NT_OK) status = table_make(a, object->view, true, error);
    return status;
}

static bool object_is_new(const struct apply *a, const char *kind, const char *name)
{
    struct object object;
    for (size_t i = 0; object_at(a->program, i, &object); i++)
        if (strcmp(object.kind, kind) == 0 && strcmp(object.name, name) == 0) return true;
    return false;
}

static enum nt_status removed_apply(struct apply *a, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    for (size_t i = 0; i < answer_row_count(a->objects) && status == NT_OK; i++) {
        const char *kind = answer_text(a->objects, i, 0), *name = answer_text(a->objects, i, 1);
        bool is_view = strcmp(kind, "view") == 0;
        if (object_is_new(a, kind, name)) continue;
        buffer_printf(a->changes, "- %s %s%s\n", kind, name,
                      is_view ? ": its offline table is dropped" : "");
        if (is_view) status = table_drop(a, name, error);
    }
    return status;
}

static enum nt_status objects_write(struct apply *a, struct nt_error *error)
{
    struct buffer sql = {0};
    struct object object;
    buffer_append_text(&sql, "DELETE FROM nowthen.object; INSERT INTO nowthen.object VALUES ");
    for (size_t i = 0; object_at(a->program, i, &object); i++) {
        buffer_printf(&sql, "%s('%s', ", i ? ", " : "", object.kind);
        sql_append_literal(&sql, (struct bytes){(const uint8_t *)object.name, strlen(object.name)});
        buffer_printf(&sql, ", '%s')", object.fingerprint);
    }
    return text_exec(a, &sql, error);
}

static enum nt_status artefact_read(const struct apply *a, const char *name, struct buffer *bytes,
                                    struct nt_error *error)
{
    struct buffer path = {0};
    buffer_printf(&path, "%s/%s", a->directory, name);
    enum nt_status status = file_read(buffer_text(&path), bytes, error);
    buffer_deinit(&path);
    return status;
}

static enum nt_status program_insert(struct apply *a, int *version, struct nt_error *error)
{
    static const char sql[] =
        "INSERT INTO nowthen.program (fingerprint, definitions, c, program, manifest, is_active) "
        "VALUES ($1, $2, $3, $4, $5, true) ON CONFLICT (fingerprint) DO UPDATE SET "
        "definitions = excluded.definitions, c = excluded.c, program = excluded.program, "
        "manifest = excluded.manifest, applied_at = now(), is_active = true RETURNING version";
    struct buffer c = {0}, program = {0}, manifest = {0};
    struct answer *answer = NULL;
    enum nt_status status = artefact_read(a, "program.c", &c, error);
    if (status == NT_OK) status = artefact_read(a, "program.so", &program, error);
    if (status == NT_OK) status = artefact_read(a, "manifest.json", &manifest, error);
    if (status == NT_OK) {
        const struct parameter parameters[] = {
            parameter_text(a->program->fingerprint), parameter_text(a->program->definitions),
            parameter_text(buffer_text(&c)),         parameter_bytea(buffer_bytes(&program)),
            parameter_text(buffer_text(&manifest)),
        };
        status = connection_query_with(a->connection, sql, parameters, 5, &answer, error);
    }
    if (status == NT_OK) *version = (int)strtol(answer_text(answer, 0, 0), NULL, 10);
    answer_clear(answer);
    buffer_deinit(&c);
    buffer_deinit(&program);
    buffer_deinit(&manifest);
    return status;
}

/* The active program's fingerprint and version; an empty answer when nothing was applied. */
static enum nt_status active_read(struct apply *a, struct definitions_report *report,
                                  struct nt_error *error)
{
    struct answer *active = NULL;
    enum nt_status status = connection_query(
        a->connection,
        "SELECT fingerprint, version, definitions FROM nowthen.program WHERE is_active", &active,
        error);
    a->is_changed = true;
    if (status == NT_OK && answer_row_count(active) > 0) {
        /* Comments are not in the fingerprint, but they are kept too. */
        a->is_changed = strcmp(answer_text(active, 0, 0), a->program->fingerprint) != 0 ||
                        strcmp(answer_text(active, 0, 2), a->program->definitions) != 0;
        report->version = (int)strtol(answer_text(active, 0, 1), NULL, 10);
    }
    answer_clear(active);
    if (status != NT_OK) return status;
    return connection_query(a->connection, "SELECT kind, name, fingerprint FROM nowthen.object",
                            &a->objects, error);
}

static enum nt_status changes_apply(struct apply *a, struct definitions_report *report,
                                    struct nt_error *error)
{
    struct object object;
    size_t size = a->changes->size;
    enum nt_status status = removed_apply(a, error);
    for (size_t i = 0; status == NT_OK && object_at(a->program, i, &object); i++)
        status = object_apply(a, &object, error);
    if (status == NT_OK && a->changes->size == size)
        buffer_append_text(a->changes, "~ definitions: only their text or comments changed\n");
    if (status == NT_OK) status = objects_write(a, error);
    if (status == NT_OK)
        status = connection_exec(
            a->connection, "UPDATE nowthen.program SET is_active = false WHERE is_active", error);
    return status == NT_OK ? program_insert(a, &report->version, error) : status;
}

static enum nt_status apply_run(struct apply *a, struct definitions_report *report,
                                struct nt_error *error)
{
    struct buffer sql = {0};
    /* The lock is taken before IF NOT EXISTS looks: two first applies would both see nothing. */
    buffer_printf(&sql, "BEGIN; SELECT pg_advisory_xact_lock(hashtext('nowthen.apply'));\n%s",
                  schema_nowthen);
    enum nt_status status = text_exec(a, &sql, error);
    if (status == NT_OK) status = active_read(a, report, error);
    if (status != NT_OK) return status;
    if (a->is_changed) return changes_apply(a, report, error);
    buffer_append_text(a->changes, "nothing to change\n");
    return NT_OK;
}

enum nt_status definitions_apply(struct connection *connection, const struct nt_program *program,
                                 const char *directory, bool is_plan, struct buffer *changes,
                                 struct definitions_report *report, struct nt_error *error)
{
    struct apply a = {
        .connection = connection,
        .program = program,
        .directory = directory,
        .changes = changes,
    };
    *report = (struct definitions_report){0};
    enum nt_status status = apply_run(&a, report, error);
    if (status == NT_OK)
        status = connection_exec(connection, is_plan ? "ROLLBACK" : "COMMIT", error);
    if (status != NT_OK) connection_exec(connection, "ROLLBACK", NULL);
    report->is_changed = a.is_changed;
    answer_clear(a.objects);
    nt_arena_deinit(&a.arena);
    return status;
}
