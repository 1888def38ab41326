/* case_driver.c: see case_driver.h. */
#include "case_driver.h"

#include "registry/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum nt_status read_target(const struct case_body *body, const struct target *target,
                                  const struct spine_row *row, struct nt_eval *e,
                                  struct nt_value *values, struct nt_error *error)
{
    const struct nt_program *program = target->program;
    if (target->view) {
        struct view_row answer;
        uint16_t view = (uint16_t)(target->view - program->views);
        enum nt_status status =
            body->read(body->self, view, row->inputs, row->at, e, &answer, error);
        if (status == NT_OK)
            memcpy(values, answer.features, target->output_count * sizeof values[0]);
        return status;
    }
    const struct nt_service *service = target->service;
    struct view_row *joins = nt_arena_zalloc(e->arena, service->join_count * sizeof joins[0]);
    for (uint16_t j = 0; j < service->join_count; j++) {
        struct nt_value key[NT_KEY_COLUMNS_MAX];
        service->joins[j].key(e, row->inputs, key);
        enum nt_status status =
            body->read(body->self, service->joins[j].view, key, row->at, e, &joins[j], error);
        if (status != NT_OK) return status;
    }
    uint8_t *statuses = nt_arena_alloc(e->arena, target->output_count);
    service_read(service, row->inputs, joins, row->at, e, values, statuses);
    return NT_OK;
}

static enum nt_status print_answers(const struct case_body *body, const struct target *target,
                                    const char *path, struct nt_error *error)
{
    struct spine *spine;
    struct nt_arena arena = {0};
    struct buffer out = {0};
    enum nt_status status = spine_open(path, target, &spine, error);
    if (status != NT_OK) return status;
    spine_append_header(spine, &out);
    for (;;) {
        struct spine_row row;
        bool is_end;
        nt_arena_reset(&arena);
        status = spine_next(spine, &arena, &row, &is_end, error);
        if (status != NT_OK || is_end) break;
        struct nt_eval e = {.arena = &arena, .now = row.at};
        struct nt_value *values =
            nt_arena_zalloc(&arena, (target->output_count + 1u) * sizeof values[0]);
        status = read_target(body, target, &row, &e, values, error);
        if (status != NT_OK) break;
        spine_append_row(spine, &row, values, &out);
    }
    if (status == NT_OK) bytes_print(buffer_bytes(&out), stdout);
    spine_close(spine);
    buffer_deinit(&out);
    nt_arena_deinit(&arena);
    return status;
}

static enum nt_status load_file(const struct case_body *body, const struct nt_program *program,
                                char *pair, struct nt_error *error)
{
    char *path = strchr(pair, '=');
    if (!path) return error_set(error, NT_INVALID, "expected SOURCE=FILE, got %s", pair);
    *path++ = 0;
    int source = program_source(program, pair);
    if (source < 0) return error_set(error, NT_NOT_FOUND, "no source %s", pair);
    return body->load(body->self, program, (uint16_t)source, path, error);
}

int case_main(int argc, char **argv,
              enum nt_status (*open)(const struct nt_program *program, struct case_body *body,
                                     struct nt_error *error),
              void (*close)(struct case_body *body))
{
    if (argc < 4) {
        fprintf(stderr, "usage: %s PROGRAM_DIRECTORY NAME SPINE SOURCE=FILE ...\n", argv[0]);
        return status_exit_code(NT_INVALID);
    }
    struct nt_error error = {0};
    struct program *loaded = NULL;
    struct case_body body = {0};
    struct target target;
    enum nt_status status = program_open(argv[1], &loaded, &error);
    if (status == NT_OK) status = target_find(program_get(loaded), argv[2], &target, &error);
    if (status == NT_OK) status = open(program_get(loaded), &body, &error);
    for (int i = 4; i < argc && status == NT_OK; i++)
        status = load_file(&body, program_get(loaded), argv[i], &error);
    if (status == NT_OK) status = print_answers(&body, &target, argv[3], &error);
    if (status != NT_OK) fprintf(stderr, "%s: %s\n", argv[0], error.text);
    close(&body);
    program_close(loaded);
    return status_exit_code(status);
}
