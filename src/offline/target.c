/* target.c: a service and a view look alike to those who ask them: inputs, a time, outputs. */
#include "offline/spine.h"
#include "runtime/view.h"

static enum nt_status target_missing(const struct nt_program *program, const char *name,
                                     struct nt_error *error)
{
    struct buffer names = {0};
    for (uint16_t i = 0; i < program->service_count; i++)
        buffer_printf(&names, "%s%s", names.size ? ", " : "", program->services[i].name);
    for (uint16_t i = 0; i < program->view_count; i++)
        buffer_printf(&names, "%s%s", names.size ? ", " : "", program->views[i].name);
    enum nt_status status = error_set(error, NT_NOT_FOUND,
                                      "no service or view \"%s\" in the definitions; there are: %s",
                                      name, names.size ? buffer_text(&names) : "none");
    buffer_deinit(&names);
    return status;
}

enum nt_status target_find(const struct nt_program *program, const char *name,
                           struct target *target, struct nt_error *error)
{
    int service = program_service(program, name), view = program_view(program, name);
    *target = (struct target){.program = program};
    if (service < 0 && view < 0) return target_missing(program, name, error);
    if (service >= 0) {
        target->service = &program->services[service];
        target->name = target->service->name;
        target->inputs = target->service->columns;
        target->input_count = target->service->column_count;
        target->output_count = target->service->output_count;
    } else {
        target->view = &program->views[view];
        target->name = target->view->name;
        target->inputs = target->view->keys;
        target->input_count = target->view->key_count;
        target->output_count = target->view->feature_count;
    }
    return NT_OK;
}

const char *target_output_name(const struct target *target, uint16_t output)
{
    return target->service ? target->service->outputs[output].name
                           : target->view->features[output].name;
}

enum nt_type target_output_type(const struct target *target, uint16_t output)
{
    return target->service ? target->service->outputs[output].type
                           : target->view->features[output].type;
}

int target_output_input(const struct target *target, uint16_t output)
{
    return target->service ? target->service->outputs[output].request
                           : target->view->features[output].key;
}
