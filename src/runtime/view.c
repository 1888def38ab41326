/* view.c: see view.h. */
#include "runtime/view.h"

#include "row/tuple.h"

#include <string.h>

const char *feature_status_name(enum feature_status status)
{
    switch (status) {
    case FEATURE_PRESENT:
        return "PRESENT";
    case FEATURE_NULL_VALUE:
        return "NULL_VALUE";
    case FEATURE_NOT_FOUND:
        return "NOT_FOUND";
    case FEATURE_ERROR:
        return "ERROR";
    }
    return "ERROR";
}

static void row_set_all(const struct nt_view *view, enum feature_status status,
                        struct view_row *row)
{
    for (unsigned i = 0; i < view->feature_count; i++) {
        row->features[i] = NT_NULL;
        row->statuses[i] = (uint8_t)status;
    }
}

static bool feature_reads_error(const struct nt_feature *feature, const char *const *errors)
{
    for (unsigned i = 0; errors && i < feature->term_count; i++) {
        if (errors[feature->terms[i]]) return true;
    }
    return false;
}

static enum feature_status feature_finish(const struct nt_feature *feature,
                                          const struct nt_value *key, const struct nt_value *terms,
                                          const char *const *errors, struct nt_eval *e,
                                          struct nt_value *value)
{
    *value = NT_NULL;
    if (feature_reads_error(feature, errors)) return FEATURE_ERROR;
    struct nt_value result = feature->key >= 0 ? key[feature->key] : feature->finish(e, key, terms);
    bool failed = e->error != NULL;
    e->error = NULL;
    if (failed) return FEATURE_ERROR;
    if (result.is_null) return FEATURE_NULL_VALUE;
    *value = result;
    return FEATURE_PRESENT;
}

/* The row may outlive the caller's key. */
static struct nt_value *key_copy(const struct nt_view *view, const struct nt_value *key,
                                 struct nt_arena *arena)
{
    struct nt_value *copy = nt_arena_alloc(arena, view->key_count * sizeof *copy);
    for (unsigned i = 0; i < view->key_count; i++) {
        copy[i] = value_copy(view->keys[i].type, key[i], arena);
    }
    return copy;
}

enum view_presence view_presence(const struct nt_view *view, const struct nt_value *key,
                                 const struct nt_value *terms, const char *const *errors,
                                 struct nt_time now, struct nt_eval *e)
{
    struct nt_value is_met;
    if (!terms || terms[0].is_null || terms[0].integer == 0) return VIEW_ABSENT;
    if (!view->having) return VIEW_PRESENT;
    e->now = now;
    e->error = NULL;
    if (feature_finish(view->having, key, terms, errors, e, &is_met) == FEATURE_ERROR)
        return VIEW_FAILED;
    return nt_is_true(is_met) ? VIEW_PRESENT : VIEW_ABSENT;
}

void view_fill(const struct nt_view *view, enum view_presence presence, const struct nt_value *key,
               const struct nt_value *terms, const char *const *errors, struct nt_time now,
               struct nt_eval *e, struct view_row *row)
{
    e->now = now;
    e->error = NULL;
    row->features = nt_arena_alloc(e->arena, view->feature_count * sizeof *row->features);
    row->statuses = nt_arena_alloc(e->arena, view->feature_count * sizeof *row->statuses);
    row->is_present = presence != VIEW_ABSENT;
    row->has_failed = presence == VIEW_FAILED;
    if (presence != VIEW_PRESENT) {
        row_set_all(view, row->has_failed ? FEATURE_ERROR : FEATURE_NOT_FOUND, row);
        return;
    }
    struct nt_value *own = key_copy(view, key, e->arena);
    for (unsigned i = 0; i < view->feature_count; i++) {
        row->statuses[i] =
            (uint8_t)feature_finish(&view->features[i], own, terms, errors, e, &row->features[i]);
    }
}

void view_finish(const struct nt_view *view, const struct nt_value *key,
                 const struct nt_value *terms, const char *const *errors, struct nt_time now,
                 struct nt_eval *e, struct view_row *row)
{
    enum view_presence presence = view_presence(view, key, terms, errors, now, e);
    view_fill(view, presence, key, terms, errors, now, e, row);
}

enum nt_status view_read(const struct nt_view *view, struct timeline *timeline,
                         const struct nt_value *key, struct nt_time now, struct nt_eval *e,
                         struct view_row *row, struct nt_error *error)
{
    struct nt_value *terms = NULL;
    const char **errors = NULL;
    e->now = now;
    e->error = NULL;
    if (timeline) {
        terms = nt_arena_zalloc(e->arena, view->term_count * sizeof *terms);
        errors = nt_arena_zalloc(e->arena, view->term_count * sizeof *errors);
        enum nt_status status = timeline_read(timeline, now, NULL, e, terms, errors, error);
        if (status != NT_OK) return status;
    }
    view_finish(view, key, terms, errors, now, e, row);
    return NT_OK;
}

/* PostgreSQL computes a joined view's row before anything of it is read, so that an error in it is
 * the output's, whatever coalesce or CASE would make of a NULL. */
static bool output_reads_error(const struct nt_output *output, const struct view_row *joins)
{
    for (unsigned i = 0; i < output->input_count; i++) {
        const struct nt_input *input = &output->inputs[i];
        if (joins[input->join].statuses[input->feature] == FEATURE_ERROR) return true;
    }
    return false;
}

/* The status of an output that came out NULL without failing. */
static enum feature_status null_status(const struct nt_output *output, const struct view_row *joins)
{
    bool is_found = output->input_count == 0;
    for (unsigned i = 0; i < output->input_count; i++)
        is_found |= joins[output->inputs[i].join].is_present;
    return is_found ? FEATURE_NULL_VALUE : FEATURE_NOT_FOUND;
}

static enum feature_status output_finish(const struct nt_output *output,
                                         const struct nt_value *request,
                                         const struct view_row *joins,
                                         const struct nt_value *const *features, struct nt_eval *e,
                                         struct nt_value *value)
{
    *value = NT_NULL;
    if (output_reads_error(output, joins)) return FEATURE_ERROR;
    struct nt_value result =
        output->request >= 0 ? request[output->request] : output->finish(e, request, features);
    bool failed = e->error != NULL;
    e->error = NULL;
    if (failed) return FEATURE_ERROR;
    *value = result;
    return result.is_null ? null_status(output, joins) : FEATURE_PRESENT;
}

void service_read(const struct nt_service *service, const struct nt_value *request,
                  const struct view_row *joins, struct nt_time now, struct nt_eval *e,
                  struct nt_value *values, uint8_t *statuses)
{
    e->now = now;
    e->error = NULL;
    const struct nt_value **features =
        nt_arena_alloc(e->arena, service->join_count * sizeof *features);
    for (unsigned i = 0; i < service->join_count; i++) features[i] = joins[i].features;
    for (unsigned i = 0; i < service->output_count; i++) {
        statuses[i] =
            (uint8_t)output_finish(&service->outputs[i], request, joins, features, e, &values[i]);
    }
}

bool view_takes_sorted(const struct nt_view *view)
{
    for (unsigned i = 0; i < view->key_count; i++)
        if (view->feeds[0].key_columns[i] == NT_NO_COLUMN) return false;
    return view->feed_count == 1 && !view->has_repeats;
}

bool view_reads(const struct nt_view *view, uint16_t source)
{
    for (unsigned i = 0; i < view->feed_count; i++)
        if (view->feeds[i].source == source) return true;
    return false;
}

int program_view(const struct nt_program *program, const char *name)
{
    for (int i = 0; i < program->view_count; i++) {
        if (strcmp(program->views[i].name, name) == 0) return i;
    }
    return -1;
}

int program_service(const struct nt_program *program, const char *name)
{
    for (int i = 0; i < program->service_count; i++) {
        if (strcmp(program->services[i].name, name) == 0) return i;
    }
    return -1;
}

int program_source(const struct nt_program *program, const char *name)
{
    for (int i = 0; i < program->source_count; i++) {
        if (strcmp(program->sources[i].name, name) == 0) return i;
    }
    return -1;
}

int view_feature(const struct nt_view *view, const char *name)
{
    for (int i = 0; i < view->feature_count; i++) {
        if (strcmp(view->features[i].name, name) == 0) return i;
    }
    return -1;
}
