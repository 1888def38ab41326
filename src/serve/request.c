/* request.c: from a request's JSON to typed columns and wanted features, or a mistake named. */
#include "serve/request.h"

#include "decode/decode.h"
#include "row/time.h"
#include "runtime/view.h"
#include "serve/lookup.h"

#include <string.h>

#define CLASS_ERROR     "FeastError"
#define CLASS_SERVICE   "FeatureServiceNotFoundException"
#define CLASS_VIEW      "FeatureViewNotFoundException"
#define CLASS_COLLISION "FeatureNameCollisionError"

/* Everything that reading needs. */
struct reading {
    const struct nt_program *program;
    const struct json *document;
    struct nt_arena *arena;
    struct request *request;
    struct nt_error *error;
};

/* A JSON string as a C string; a zero inside ends it, which no name has. */
static const char *text_of(struct nt_arena *arena, struct bytes text)
{
    char *copy = nt_arena_alloc(arena, text.size + 1);
    if (text.size) memcpy(copy, text.data, text.size);
    copy[text.size] = 0;
    return copy;
}

static bool name_is(struct bytes name, const char *text)
{
    return name.size == strlen(text) && memcmp(name.data, text, name.size) == 0;
}

static const struct json *member(const struct reading *r, const char *name)
{
    const struct json *json = json_member(r->document, name);
    return json && json->kind != JSON_NULL ? json : NULL;
}

static enum nt_status entities_read(const struct reading *r)
{
    const struct json *entities = member(r, "entities");
    if (!entities || entities->kind != JSON_OBJECT || !entities->count) {
        return error_set(r->error, NT_INVALID,
                         "entities is missing or no object; write "
                         "\"entities\": {\"column\": [value, ...], ...}");
    }
    r->request->entities = entities;
    const struct json *first = &entities->children[0];
    for (size_t i = 0; i < entities->count; i++) {
        const struct json *column = &entities->children[i];
        const char *name = text_of(r->arena, column->name);
        if (column->kind != JSON_ARRAY) {
            return error_set(r->error, NT_INVALID,
                             "entities: column \"%s\" is no list; write \"%s\": [value, ...]", name,
                             name);
        }
        if (column->count != first->count) {
            return error_set(r->error, NT_INVALID,
                             "entities: all columns must have the same number of values, but "
                             "\"%s\" has %zu and \"%s\" has %zu",
                             text_of(r->arena, first->name), first->count, name, column->count);
        }
    }
    r->request->row_count = first->count;
    if (first->count > LOOKUP_ROWS_MAX) {
        return error_set(r->error, NT_INVALID,
                         "entities: %zu rows in one request; send at most %d at a time",
                         first->count, LOOKUP_ROWS_MAX);
    }
    return NT_OK;
}

static enum nt_status options_read(const struct reading *r)
{
    const struct json *full = member(r, "full_feature_names");
    if (full && full->kind != JSON_BOOL) {
        return error_set(r->error, NT_INVALID, "full_feature_names must be true or false");
    }
    r->request->is_full = full && full->boolean;
    const struct json *as_of = member(r, "as_of");
    r->request->has_as_of = as_of;
    if (!as_of) return NT_OK;
    struct nt_time *time = &r->request->as_of;
    const char *text = text_of(r->arena, as_of->text);
    if (as_of->kind != JSON_STRING || time_parse(text, strlen(text), time) != TIME_PARSED ||
        time->us < NT_TIME_MIN_US || time->us >= NT_TIME_END_US) {
        return error_set(r->error, NT_INVALID,
                         "as_of: expected a time such as \"2013-01-01T10:17:00Z\", got %s%.64s",
                         as_of->kind == JSON_STRING ? "" : "JSON ", text);
    }
    return NT_OK;
}

/* The column of that name and type; decoded when it is new. for_what says who needs it. */
static enum nt_status column_add(const struct reading *r, const struct nt_column *wanted,
                                 const char *for_what, uint16_t *index)
{
    struct request *request = r->request;
    for (size_t i = 0; i < request->column_count; i++) {
        struct request_column *known = &request->columns[i];
        if (known->type == wanted->type && known->typmod == wanted->typmod &&
            known->enumeration == wanted->enumeration && strcmp(known->name, wanted->name) == 0) {
            *index = (uint16_t)i;
            return NT_OK;
        }
    }
    const struct json *json = json_member(request->entities, wanted->name);
    if (!json) {
        return error_set(r->error, NT_INVALID, "entities: column \"%s\" is missing; %s needs it",
                         wanted->name, for_what);
    }
    struct nt_eval e = {.arena = r->arena};
    struct nt_value *values = nt_arena_alloc(r->arena, request->row_count * sizeof *values);
    for (size_t row = 0; row < request->row_count; row++) {
        const struct json *sent = &json->children[row];
        if (!decode_json_value(&e, wanted, sent, &values[row])) {
            return error_set(r->error, NT_INVALID, "entities: row %zu: %s", row + 1, e.error);
        }
    }
    *index = (uint16_t)request->column_count;
    request->columns[request->column_count++] = (struct request_column){
        wanted->name, wanted->type, wanted->typmod, wanted->enumeration, json, values};
    return NT_OK;
}

static enum nt_status service_read_request(const struct reading *r, const struct json *name)
{
    struct request *request = r->request;
    const char *text = text_of(r->arena, name->text);
    request->service = name->kind == JSON_STRING ? program_service(r->program, text) : -1;
    if (request->service < 0) {
        request->error_class = CLASS_SERVICE;
        return error_set(r->error, NT_NOT_FOUND, "Feature service %.200s does not exist", text);
    }
    const struct nt_service *service = &r->program->services[request->service];
    const char *for_what = nt_arena_printf(r->arena, "feature service %s", service->name);
    request->columns = nt_arena_alloc(r->arena, service->column_count * sizeof *request->columns);
    enum nt_status status = NT_OK;
    for (uint16_t i = 0, index; i < service->column_count && status == NT_OK; i++) {
        status = column_add(r, &service->columns[i], for_what, &index);
    }
    request->feature_count = service->output_count;
    request->features =
        nt_arena_zalloc(r->arena, request->feature_count * sizeof *request->features);
    for (uint16_t i = 0; i < service->output_count; i++) {
        const struct nt_output *output = &service->outputs[i];
        struct request_feature *feature = &request->features[i];
        feature->index = i;
        feature->type = output->type;
        feature->name = request->is_full
                            ? nt_arena_printf(r->arena, "%s__%s", service->name, output->name)
                            : output->name;
        feature->is_echoed = output->request >= 0 &&
                             strcmp(service->columns[output->request].name, feature->name) == 0;
    }
    return status;
}

/* The view among those of the request, with its key columns. */
static enum nt_status view_add(const struct reading *r, uint16_t view, uint16_t *index)
{
    struct request *request = r->request;
    for (size_t i = 0; i < request->view_count; i++) {
        if (request->views[i].view != view) continue;
        *index = (uint16_t)i;
        return NT_OK;
    }
    *index = (uint16_t)request->view_count;
    struct request_view *added = &request->views[request->view_count++];
    added->view = view;
    const struct nt_view *definition = &r->program->views[view];
    const char *for_what = nt_arena_printf(r->arena, "feature view %s", definition->name);
    enum nt_status status = NT_OK;
    for (uint16_t i = 0; i < definition->key_count && status == NT_OK; i++) {
        status = column_add(r, &definition->keys[i], for_what, &added->columns[i]);
    }
    return status;
}

/* Two features of one name: once is enough for the same one, and a collision for two. */
static enum nt_status feature_push(const struct reading *r, struct request_feature feature)
{
    struct request *request = r->request;
    for (size_t i = 0; i < request->feature_count; i++) {
        struct request_feature *known = &request->features[i];
        if (strcmp(known->name, feature.name) != 0) continue;
        if (known->source == feature.source && known->index == feature.index) return NT_OK;
        if (known->is_echoed && feature.is_echoed) return NT_OK; /* one key column of two views */
        request->error_class = CLASS_COLLISION;
        return error_set(r->error, NT_INVALID,
                         "two features are named %s; set \"full_feature_names\": true",
                         feature.name);
    }
    request->features[request->feature_count++] = feature;
    return NT_OK;
}

/* "view:feature" */
static enum nt_status reference_read(const struct reading *r, const struct json *reference)
{
    const char *text = text_of(r->arena, reference->text);
    const char *colon = strchr(text, ':');
    if (reference->kind != JSON_STRING || !colon) {
        return error_set(r->error, NT_INVALID, "features: expected \"view:feature\", got %.200s",
                         text);
    }
    const char *name =
        text_of(r->arena, (struct bytes){(const uint8_t *)text, (size_t)(colon - text)});
    int view = program_view(r->program, name);
    if (view < 0) {
        r->request->error_class = CLASS_VIEW;
        return error_set(r->error, NT_NOT_FOUND, "Feature view %.200s does not exist", name);
    }
    const struct nt_view *definition = &r->program->views[view];
    int index = view_feature(definition, colon + 1);
    if (index < 0) {
        return error_set(r->error, NT_NOT_FOUND, "Feature view %s has no feature %.200s", name,
                         colon + 1);
    }
    const struct nt_feature *found = &definition->features[index];
    struct request_feature feature = {
        .name = r->request->is_full ? nt_arena_printf(r->arena, "%s__%s", name, found->name)
                                    : found->name,
        .type = found->type,
        .index = (uint16_t)index,
    };
    feature.is_echoed =
        found->key >= 0 && strcmp(definition->keys[found->key].name, feature.name) == 0;
    enum nt_status status = view_add(r, (uint16_t)view, &feature.source);
    return status == NT_OK ? feature_push(r, feature) : status;
}

static enum nt_status features_read(const struct reading *r, const struct json *list)
{
    struct request *request = r->request;
    if (!list || list->kind != JSON_ARRAY || !list->count) {
        return error_set(r->error, NT_INVALID,
                         "nothing is asked for; write \"feature_service\": \"name\" or "
                         "\"features\": [\"view:feature\", ...]");
    }
    if (list->count > LOOKUP_FEATURES_MAX) {
        return error_set(r->error, NT_INVALID, "features: %zu in one request; at most %d are read",
                         list->count, LOOKUP_FEATURES_MAX);
    }
    size_t views = r->program->view_count;
    request->columns =
        nt_arena_alloc(r->arena, views * NT_KEY_COLUMNS_MAX * sizeof *request->columns);
    request->views = nt_arena_alloc(r->arena, views * sizeof *request->views);
    request->features = nt_arena_alloc(r->arena, list->count * sizeof *request->features);
    enum nt_status status = NT_OK;
    for (size_t i = 0; i < list->count && status == NT_OK; i++) {
        status = reference_read(r, &list->children[i]);
    }
    return status;
}

static enum nt_status room_make(const struct reading *r)
{
    struct request *request = r->request;
    size_t rows = request->row_count, columns = request->feature_count + request->column_count;
    if (rows * columns > LOOKUP_CELLS_MAX) {
        return error_set(r->error, NT_INVALID,
                         "%zu rows of %zu columns in one response; at most %d values are sent, ask "
                         "for fewer rows at a time",
                         rows, columns, LOOKUP_CELLS_MAX);
    }
    for (size_t i = 0; i < request->feature_count; i++) {
        struct request_feature *feature = &request->features[i];
        feature->values = nt_arena_alloc(r->arena, rows * sizeof *feature->values);
        feature->statuses = nt_arena_alloc(r->arena, rows);
    }
    return NT_OK;
}

enum nt_status request_read(const struct nt_program *program, const struct json *document,
                            struct nt_arena *arena, struct request *request, struct nt_error *error)
{
    struct reading r = {program, document, arena, request, error};
    *request = (struct request){.service = -1, .error_class = CLASS_ERROR};
    if (document->kind != JSON_OBJECT) {
        return error_set(error, NT_INVALID, "the request must be a JSON object");
    }
    enum nt_status status = entities_read(&r);
    if (status == NT_OK) status = options_read(&r);
    if (status != NT_OK) return status;
    const struct json *service = member(&r, "feature_service");
    if (service && service->text.size) {
        status = service_read_request(&r, service);
    } else {
        status = features_read(&r, member(&r, "features"));
    }
    return status == NT_OK ? room_make(&r) : status;
}

const struct request_column *request_echo(const struct request *request, const struct json *entity)
{
    for (size_t i = 0; i < request->feature_count; i++) {
        const struct request_feature *feature = &request->features[i];
        if (name_is(entity->name, feature->name) && !feature->is_echoed) return NULL;
    }
    for (size_t i = 0; i < request->column_count; i++) {
        const struct request_column *column = &request->columns[i];
        if (column->json == entity) return column;
    }
    return NULL;
}
