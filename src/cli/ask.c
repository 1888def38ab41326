/* ask.c: see ask.h. */
#include "cli/ask.h"

#include "cli/command.h"
#include "decode/csv.h"
#include "decode/json.h"
#include "row/typmod.h"

#include <string.h>

enum nt_status ask(struct store_snapshot *snapshot, const struct target *target,
                   const struct nt_value *inputs, struct nt_time at, struct nt_eval *e,
                   struct nt_value *values, struct nt_error *error)
{
    if (target->service) {
        uint8_t *statuses = nt_arena_zalloc(e->arena, target->output_count);
        uint16_t service = (uint16_t)(target->service - target->program->services);
        return store_read_service(snapshot, service, inputs, at, e, values, statuses, error);
    }
    struct view_row row;
    uint16_t view = (uint16_t)(target->view - target->program->views);
    enum nt_status status = store_read(snapshot, view, inputs, at, e, &row, error);
    if (status == NT_OK) memcpy(values, row.features, target->output_count * sizeof values[0]);
    return status;
}

/* An output that only hands an input back under its own name is printed once. */
static bool is_repeated(const struct target *target, uint16_t output)
{
    int input = target_output_input(target, output);
    return input >= 0 &&
           strcmp(target->inputs[input].name, target_output_name(target, output)) == 0;
}

void ask_append_header(const struct target *target, struct buffer *out)
{
    bool is_first = true;
    for (uint16_t i = 0; i < target->input_count; i++, is_first = false) {
        const char *name = target->inputs[i].name;
        csv_append_text((struct bytes){(const uint8_t *)name, strlen(name)}, false, is_first, out);
    }
    for (uint16_t i = 0; i < target->output_count; i++) {
        if (is_repeated(target, i)) continue;
        const char *name = target_output_name(target, i);
        csv_append_text((struct bytes){(const uint8_t *)name, strlen(name)}, false, is_first, out);
        is_first = false;
    }
    buffer_append_byte(out, '\n');
}

static void append_csv(const struct target *target, const struct nt_value *inputs,
                       const struct nt_value *values, struct buffer *out)
{
    bool is_first = true;
    for (uint16_t i = 0; i < target->input_count; i++, is_first = false)
        csv_append(target->inputs[i].type, inputs[i], is_first, out);
    for (uint16_t i = 0; i < target->output_count; i++) {
        if (is_repeated(target, i)) continue;
        csv_append(target_output_type(target, i), values[i], is_first, out);
        is_first = false;
    }
}

static void append_member(const char *name, enum nt_type type, struct nt_value value,
                          struct buffer *out)
{
    if (out->data[out->size - 1] != '{') buffer_append_byte(out, ',');
    json_append_string((struct bytes){(const uint8_t *)name, strlen(name)}, out);
    buffer_append_byte(out, ':');
    json_append_value(type, value, out);
}

static void append_json(const struct target *target, const struct nt_value *inputs,
                        const struct nt_value *values, struct buffer *out)
{
    buffer_append_byte(out, '{');
    for (uint16_t i = 0; i < target->input_count; i++)
        append_member(target->inputs[i].name, target->inputs[i].type, inputs[i], out);
    for (uint16_t i = 0; i < target->output_count; i++)
        if (!is_repeated(target, i))
            append_member(target_output_name(target, i), target_output_type(target, i), values[i],
                          out);
    buffer_append_byte(out, '}');
}

void ask_append_row(const struct target *target, const struct nt_value *inputs,
                    const struct nt_value *values, bool is_json, struct buffer *out)
{
    if (is_json)
        append_json(target, inputs, values, out);
    else
        append_csv(target, inputs, values, out);
    buffer_append_byte(out, '\n');
}

static int input_find(const struct target *target, const char *name, size_t size)
{
    for (uint16_t i = 0; i < target->input_count; i++)
        if (strlen(target->inputs[i].name) == size &&
            memcmp(target->inputs[i].name, name, size) == 0)
            return i;
    return -1;
}

static enum nt_status parse_pair(const struct target *target, const char *const *pairs, size_t at,
                                 struct nt_eval *e, struct nt_value *inputs, struct nt_error *error)
{
    size_t size;
    const char *text;
    enum nt_status status = cli_column_split(pairs, at, &size, &text, error);
    if (status != NT_OK) return status;
    int input = input_find(target, pairs[at], size);
    if (input < 0)
        return error_set(error, NT_INVALID, "%s has no column \"%.*s\"", target->name, (int)size,
                         pairs[at]);
    e->error = NULL;
    const struct nt_column *column = &target->inputs[input];
    if (column_parse(e, column, text, strlen(text), &inputs[input])) return NT_OK;
    return error_set(error, NT_INVALID, "%s: %s", column->name, e->error);
}

enum nt_status ask_parse_inputs(const struct target *target, const char *const *pairs, size_t count,
                                struct nt_eval *e, struct nt_value *inputs, struct nt_error *error)
{
    for (uint16_t i = 0; i < target->input_count; i++) inputs[i] = NT_NULL;
    for (size_t i = 0; i < count; i++) {
        enum nt_status status = parse_pair(target, pairs, i, e, inputs, error);
        if (status != NT_OK) return status;
    }
    for (uint16_t i = 0; target->view && i < target->input_count; i++)
        if (inputs[i].is_null)
            return error_set(error, NT_INVALID, "the key of %s needs %s: --key %s=VALUE",
                             target->name, target->inputs[i].name, target->inputs[i].name);
    return NT_OK;
}
