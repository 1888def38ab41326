/* definitions_load.c: from the registry to a directory that program_open takes. */
#include "offline/definitions.h"
#include "registry/program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* mkdir -p */
static enum nt_status directory_make(const char *path, struct nt_error *error)
{
    char *part = memory_strdup(path);
    enum nt_status status = NT_OK;
    for (char *slash = part + 1; status == NT_OK; slash++) {
        char saved = *slash;
        if (saved != '/' && saved != 0) continue;
        *slash = 0;
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            status = error_errno(error, "cannot make directory %s", part);
        *slash = saved;
        if (saved == 0) break;
    }
    free(part);
    return status;
}

static enum nt_status artefact_write(const char *directory, const char *name, struct bytes bytes,
                                     struct nt_error *error)
{
    struct buffer path = {0};
    buffer_printf(&path, "%s/%s", directory, name);
    enum nt_status status = file_write(buffer_text(&path), bytes, error);
    buffer_deinit(&path);
    return status;
}

/* Is the program there, whole, and the very one that manifest speaks of? */
static bool is_whole(const char *directory, const char *manifest)
{
    struct program *program;
    struct buffer path = {0}, kept = {0};
    buffer_printf(&path, "%s/manifest.json", directory);
    bool is_same = file_read(buffer_text(&path), &kept, NULL) == NT_OK &&
                   strcmp(buffer_text(&kept), manifest) == 0;
    buffer_deinit(&path);
    buffer_deinit(&kept);
    if (!is_same || program_open(directory, &program, NULL) != NT_OK) return false;
    program_close(program);
    return true;
}

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

/* The manifest goes last: until it is there the directory holds no program. */
static enum nt_status artefacts_write(const char *directory, const struct answer *answer,
                                      struct nt_error *error)
{
    struct buffer program = {0};
    enum nt_status status = NT_OK;
    if (!answer_bytea(answer, 0, 3, &program))
        status =
            error_set(error, NT_CORRUPT, "nowthen.program holds no program bytes: apply again");
    if (status == NT_OK) status = directory_make(directory, error);
    if (status == NT_OK)
        status =
            artefact_write(directory, "program.c", text_bytes(answer_text(answer, 0, 2)), error);
    if (status == NT_OK)
        status = artefact_write(directory, "program.so", buffer_bytes(&program), error);
    if (status == NT_OK)
        status = artefact_write(directory, "manifest.json", text_bytes(answer_text(answer, 0, 1)),
                                error);
    buffer_deinit(&program);
    return status;
}

static enum nt_status active_fetch(struct connection *connection, struct answer **answer,
                                   struct nt_error *error)
{
    static const char hint[] =
        "no definitions are applied in this database: run nowthen apply first";
    enum nt_status status = connection_query(
        connection, "SELECT fingerprint, manifest, c, program FROM nowthen.program WHERE is_active",
        answer, error);
    if (status == NT_NOT_FOUND) return error_set(error, NT_NOT_FOUND, "%s", hint);
    if (status == NT_OK && answer_row_count(*answer) == 0)
        status = error_set(error, NT_NOT_FOUND, "%s", hint);
    return status;
}

enum nt_status definitions_load(struct connection *connection, const char *cache,
                                struct buffer *directory, struct nt_error *error)
{
    struct answer *answer = NULL;
    enum nt_status status = active_fetch(connection, &answer, error);
    if (status == NT_OK) {
        buffer_clear(directory);
        buffer_printf(directory, "%s/%s", cache, answer_text(answer, 0, 0));
        if (!is_whole(buffer_text(directory), answer_text(answer, 0, 1)))
            status = artefacts_write(buffer_text(directory), answer, error);
    }
    answer_clear(answer);
    return status;
}
