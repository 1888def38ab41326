/* emit_service.c: a service's functions and tables as C. */
#include "compiler/emit_file.h"

static const char *joins_write(struct emit_file *file, const struct ir_service *service,
                               const struct emit_service_functions *functions)
{
    const char *name =
        emit_table_share(file, "struct nt_join", service->name, "joins", service->join_count);
    for (int i = 0; i < service->join_count; i++)
        emit_line(file->c, 1, "{.alias = %s, .view = %d, .key = %s},",
                  emit_text(file, service->joins[i].alias), service->joins[i].view,
                  functions->key[i]);
    emit_table_end(file, service->join_count);
    return name;
}

static const char *inputs_write(struct emit_file *file, const struct ir_service *service,
                                const struct ir_output *output)
{
    const char *what = nt_arena_printf(file->arena, "%s_inputs", output->name);
    const char *name =
        emit_table_begin(file, "struct nt_input", service->name, what, output->input_count);
    for (int i = 0; i < output->input_count; i++)
        emit_line(file->c, 1, "{.join = %u, .feature = %u},", output->inputs[i].join,
                  output->inputs[i].feature);
    emit_table_end(file, output->input_count);
    return name;
}

static const char *outputs_write(struct emit_file *file, const struct ir_service *service,
                                 const struct emit_service_functions *functions)
{
    const char **inputs =
        nt_arena_alloc(file->arena, (size_t)service->output_count * sizeof *inputs);
    for (int i = 0; i < service->output_count; i++)
        inputs[i] = inputs_write(file, service, &service->outputs[i]);
    const char *name =
        emit_table_share(file, "struct nt_output", service->name, "outputs", service->output_count);
    for (int i = 0; i < service->output_count; i++) {
        const struct ir_output *output = &service->outputs[i];
        emit_line(file->c, 1, "{.name = %s, .type = %s, .request = %d,",
                  emit_text(file, output->name), emit_type(output->type), output->request);
        emit_text_field(file->c, 2, "sql", output->sql);
        emit_text_field(file->c, 2, "comment", output->comment);
        emit_line(file->c, 2, ".input_count = %d, .inputs = %s, .finish = %s},",
                  output->input_count, inputs[i], functions->finish[i]);
    }
    emit_table_end(file, service->output_count);
    return name;
}

static const char *grantees_write(struct emit_file *file, const struct ir_service *service)
{
    const char *name = emit_table_share(file, "char *const", service->name, "grantees", 1);
    for (int i = 0; i < service->grantee_count; i++)
        emit_line(file->c, 1, "%s,", emit_text(file, service->grantees[i]));
    emit_line(file->c, 1, "NULL,");
    emit_table_end(file, 1);
    return name;
}

const char *emit_service_tables(struct emit_file *file, const struct ir_service *service)
{
    emit_title(file, "service", service->name);
    struct emit_service_functions functions =
        emit_service(file->program, service, &file->globals, file->arena, file->c);
    const char *columns =
        emit_columns(file, service->name, "columns", service->columns, service->column_count);
    const char *joins = joins_write(file, service, &functions);
    const char *outputs = outputs_write(file, service, &functions);
    const char *grantees = grantees_write(file, service);
    struct buffer row = {0};
    emit_line(&row, 1, "{.name = %s, .request = %s,", emit_text(file, service->name),
              emit_text(file, service->request));
    emit_text_field(&row, 2, "sql", service->sql);
    emit_text_field(&row, 2, "comment", service->comment);
    emit_line(&row, 2, ".column_count = %d, .columns = %s,", service->column_count, columns);
    emit_line(&row, 2, ".join_count = %d, .joins = %s,", service->join_count, joins);
    emit_line(&row, 2, ".output_count = %d, .outputs = %s, .grantees = %s},", service->output_count,
              outputs, grantees);
    const char *text = nt_arena_copy(file->arena, buffer_text(&row), row.size + 1);
    buffer_deinit(&row);
    return text;
}
