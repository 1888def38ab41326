/* load.c: see load.h. */
#include "cli/load.h"

#include "base/lines.h"
#include "base/progress.h"
#include "cli/command.h"
#include "compiler/compile.h"
#include "decode/decode.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOAD_COMMIT_EVENTS 50000

enum nt_status load_compile(const char *path, const char *directory, const struct config *config,
                            struct nt_error *error)
{
    struct buffer diagnostics = {0};
    struct nt_arena arena;
    struct build_cache cache;
    nt_arena_init(&arena);
    bool has_cache = build_cache_find(config->compiler_cache_dir, config->compiler_cache_mb << 20,
                                      &arena, &cache);
    enum nt_status status =
        compile_file(path, directory, has_cache ? &cache : NULL, &diagnostics, error);
    bytes_print(buffer_bytes(&diagnostics), stderr);
    buffer_deinit(&diagnostics);
    nt_arena_deinit(&arena);
    return status;
}

enum nt_status loaded_init(struct loaded *loaded, const char *path, const struct config *config,
                           struct nt_error *error)
{
    *loaded = (struct loaded){0};
    snprintf(loaded->directory, sizeof loaded->directory, "/tmp/nowthen-XXXXXX");
    if (!mkdtemp(loaded->directory)) {
        loaded->directory[0] = 0;
        return error_errno(error, "cannot make a directory in /tmp for the program");
    }
    enum nt_status status = load_compile(path, loaded->directory, config, error);
    return status == NT_OK ? program_open(loaded->directory, &loaded->program, error) : status;
}

void loaded_deinit(struct loaded *loaded)
{
    static const char *const names[] = {"program.c", "program.so", "manifest.json"};
    program_close(loaded->program);
    loaded->program = NULL;
    if (!loaded->directory[0]) return;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[sizeof loaded->directory + 32];
        snprintf(path, sizeof path, "%s/%s", loaded->directory, names[i]);
        unlink(path);
    }
    rmdir(loaded->directory);
}

struct loading {
    struct store *store;
    const struct nt_program *program;
    uint16_t source;
    struct decoder *decoder;
    struct nt_value *row;
    struct nt_arena arena;
    struct lines lines;
    uint64_t rejected;
};

static void tell_rejected(struct loading *loading, const char *why)
{
    loading->rejected++;
    if (loading->rejected <= LOAD_REJECTED_SHOWN_MAX)
        fprintf(stderr, "%s:%" PRIu64 ": rejected: %s\n", loading->lines.path,
                loading->lines.number, why);
}

static enum nt_status load_line(struct loading *loading, struct bytes line, struct nt_error *error)
{
    struct nt_eval e = {.arena = &loading->arena};
    struct event event;
    if (!decoder_decode(loading->decoder, &e, line, loading->row) ||
        !event_admit(loading->program, loading->source, &e, loading->row, &event)) {
        tell_rejected(loading, e.error ? e.error : "not accepted");
        store_count(loading->store, STORE_REJECTED, 1);
        return NT_OK;
    }
    store_count(loading->store, STORE_ACCEPTED, 1);
    return store_apply(loading->store, &event, error);
}

static enum nt_status load_lines(struct loading *loading, struct nt_error *error)
{
    struct bytes line;
    struct progress progress;
    progress_start(&progress, loading->lines.path, "events", 0);
    enum nt_status status = lines_next(&loading->lines, &line, error);
    while (status == NT_OK && line.data) {
        nt_arena_reset(&loading->arena);
        status = load_line(loading, line, error);
        progress_add(&progress, 1);
        if (status == NT_OK && loading->lines.number % LOAD_COMMIT_EVENTS == 0)
            status = store_commit(loading->store, NULL, 0, error);
        if (cli_is_interrupted()) status = error_set(error, NT_INTERRUPTED, "interrupted");
        if (status == NT_OK) status = lines_next(&loading->lines, &line, error);
    }
    if (progress.was_shown) progress_finish(&progress);
    return status;
}

enum nt_status load_events(struct store *store, const struct nt_program *program,
                           const char *source, const char *path, struct nt_error *error)
{
    int index = program_source(program, source);
    if (index < 0)
        return error_set(error, NT_NOT_FOUND,
                         "there is no source \"%s\" in the definitions: --events SOURCE=FILE "
                         "names a foreign table",
                         source);
    const struct nt_source *described = &program->sources[index];
    struct loading loading = {.store = store, .program = program, .source = (uint16_t)index};
    enum nt_status status = lines_open(path, &loading.lines, error);
    if (status == NT_OK) status = decoder_create(described, &loading.decoder, error);
    if (status == NT_OK) {
        loading.row = memory_zalloc(described->column_count * sizeof loading.row[0]);
        status = load_lines(&loading, error);
        if (loading.rejected > LOAD_REJECTED_SHOWN_MAX)
            fprintf(stderr, "%s: %" PRIu64 " events rejected in all\n", path, loading.rejected);
        free(loading.row);
        decoder_destroy(loading.decoder);
    }
    nt_arena_deinit(&loading.arena);
    lines_close(&loading.lines);
    return status;
}
