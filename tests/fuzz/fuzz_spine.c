/*
 * fuzz_spine.c: a spine as CSV, asked of a service or of a view with a key of many types, as the
 * first byte says: read, and printed again with answers of NULL, as CSV and as JSON.
 */
#include "fuzz_program.h"
#include "offline/spine.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const targets[] = {"model", "keyed", "rest_keyed", "more"};
static char directory[256], path[300];

static void directory_remove(void)
{
    fuzz_directory_remove(directory);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    fuzz_program();
    fuzz_directory_make(directory, sizeof directory);
    snprintf(path, sizeof path, "%s/input", directory);
    atexit(directory_remove);
    return 0;
}

static void row_check(const struct target *target, const struct spine_row *row)
{
    for (uint16_t i = 0; i < target->input_count; i++)
        fuzz_value_print(target->inputs[i].type, row->inputs[i]);
}

static void spine_run(const struct target *target)
{
    struct spine *spine;
    struct nt_error error = {0};
    struct nt_arena arena = {0};
    struct buffer out = {0};
    if (spine_open(path, target, &spine, &error) != NT_OK) {
        FUZZ_CHECK(error.status == NT_INVALID && error.text[0]);
        return;
    }
    spine_append_header(spine, &out);
    for (bool is_end = false; !is_end;) {
        struct spine_row row;
        nt_arena_reset(&arena);
        if (spine_next(spine, &arena, &row, &is_end, &error) != NT_OK) {
            FUZZ_CHECK(error.status == NT_INVALID && error.text[0]);
            break;
        }
        if (is_end) break;
        struct nt_value *values = nt_arena_alloc(&arena, target->output_count * sizeof values[0]);
        for (uint16_t i = 0; i < target->output_count; i++) values[i] = NT_NULL;
        row_check(target, &row);
        spine_append_row(spine, &row, values, &out);
        spine_append_row_json(spine, &row, values, &out);
    }
    spine_close(spine);
    nt_arena_deinit(&arena);
    buffer_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    struct target target;
    FILE *file = fopen(path, "wb");
    FUZZ_CHECK(file && fwrite(data + 1, 1, size - 1, file) == size - 1);
    FUZZ_CHECK(fclose(file) == 0);
    FUZZ_CHECK(target_find(fuzz_program(), targets[data[0] % 4], &target, NULL) == NT_OK);
    spine_run(&target);
    return 0;
}
