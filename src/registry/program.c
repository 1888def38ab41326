/*
 * program.c: a compiled program is believed only after its bytes hash to what the manifest says,
 * and its table agrees with the manifest and with this build's ABI.
 */
#include "registry/program.h"

#include "base/bytes.h"
#include "base/hash.h"
#include "registry/manifest.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

struct program {
    void *handle;
    const struct nt_program *table;
};

static enum nt_status bytes_check(const char *directory, const struct manifest *manifest,
                                  struct nt_error *error)
{
    struct buffer path = {0}, program = {0};
    buffer_printf(&path, "%s/program.so", directory);
    enum nt_status status = file_read(buffer_text(&path), &program, error);
    if (status == NT_OK) {
        char hash[HASH_HEX_SIZE];
        hash_hex(program.data, program.size, hash);
        if (strcmp(hash, manifest->program_hash) != 0)
            status =
                error_set(error, NT_CORRUPT,
                          "%s/program.so hashes to %s, its manifest says %s: the file is damaged "
                          "or was replaced; compile or load the definitions again",
                          directory, hash, manifest->program_hash);
    }
    buffer_deinit(&path);
    buffer_deinit(&program);
    return status;
}

static enum nt_status table_check(const char *directory, const struct manifest *manifest,
                                  const struct nt_program *table, struct nt_error *error)
{
    if (table->abi != NT_PROGRAM_ABI)
        return error_set(
            error, NT_MISMATCH,
            "%s/program.so is built for program ABI %u, this nowthen has %d: compile the "
            "definitions again with this version",
            directory, table->abi, NT_PROGRAM_ABI);
    if (strcmp(table->fingerprint, manifest->fingerprint) != 0)
        return error_set(
            error, NT_MISMATCH,
            "%s/program.so has fingerprint %s, its manifest says %s: compile or load the "
            "definitions again",
            directory, table->fingerprint, manifest->fingerprint);
    return NT_OK;
}

static enum nt_status table_find(struct program *program, const char *directory,
                                 struct nt_error *error)
{
    struct buffer path = {0};
    /* An absolute or dotted path keeps dlopen from searching the system's libraries. */
    buffer_printf(&path, "%s%s/program.so", directory[0] == '/' ? "" : "./", directory);
    enum nt_status status = NT_OK;
    program->handle = dlopen(buffer_text(&path), RTLD_NOW | RTLD_LOCAL);
    if (!program->handle)
        status = error_set(error, NT_CORRUPT, "cannot load %s: %s", buffer_text(&path), dlerror());
    if (status == NT_OK) program->table = dlsym(program->handle, "nt_program");
    if (status == NT_OK && !program->table)
        status = error_set(error, NT_CORRUPT,
                           "%s has no symbol nt_program: it is not a compiled definition file",
                           buffer_text(&path));
    buffer_deinit(&path);
    return status;
}

enum nt_status program_open(const char *directory, struct program **program, struct nt_error *error)
{
    struct manifest manifest;
    *program = NULL;
    enum nt_status status = manifest_read(directory, &manifest, error);
    if (status == NT_OK) status = bytes_check(directory, &manifest, error);
    if (status != NT_OK) return status;
    struct program *opened = memory_zalloc(sizeof *opened);
    status = table_find(opened, directory, error);
    if (status == NT_OK) status = table_check(directory, &manifest, opened->table, error);
    if (status != NT_OK) {
        program_close(opened);
        return status;
    }
    *program = opened;
    return NT_OK;
}

void program_close(struct program *program)
{
    if (!program) return;
    if (program->handle) dlclose(program->handle);
    free(program);
}

const struct nt_program *program_get(const struct program *program)
{
    return program->table;
}
