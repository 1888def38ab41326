/*
 * build.c: the emitted C through the system's C compiler into a directory.
 *
 * Everything is made in a directory of its own inside the target and moved out by rename, the
 * manifest last and after the old one is gone: whoever finds a manifest finds the program it speaks
 * of. No shell is involved. The manifest is JSON, one field a line:
 *   {
 *   "abi": 1,
 *   "fingerprint": "32 hex digits, as in nt_program",
 *   "program_hash": "32 hex digits, hash_hex of the bytes of program.so",
 *   "sources": ["flights"],
 *   "views": [{"name": "aircraft", "fingerprint": "16 hex digits"}],
 *   "services": ["delay_model_v1"]
 *   }
 */
#include "compiler/build.h"
#include "compiler/fingerprint.h"

#include "base/hash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* How much of the C compiler's complaint is kept. */
#define COMPLAINT_SIZE_MAX 1500
#define ARGUMENTS_MAX      64

static bool file_exists(const char *path)
{
    return access(path, R_OK) == 0;
}

/* <directory of the executable>/../include, where the package puts it. */
static const char *include_of_executable(struct nt_arena *arena)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    if (size <= 0) return NULL;
    path[size] = 0;
    char *slash = strrchr(path, '/');
    if (!slash) return NULL;
    *slash = 0;
    return nt_arena_printf(arena, "%s/../include", path);
}

static enum nt_status include_find(struct nt_arena *arena, const char **include,
                                   struct nt_error *error)
{
    const char *candidates[] = {getenv("NOWTHEN_INCLUDE"), include_of_executable(arena),
                                NOWTHEN_SOURCE_INCLUDE};
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        if (!candidates[i]) continue;
        const char *header = nt_arena_printf(arena, "%s/nowthen/program.h", candidates[i]);
        if (!file_exists(header)) continue;
        char *absolute = realpath(candidates[i], NULL);
        if (!absolute) return error_errno(error, "%s", candidates[i]);
        *include = nt_arena_printf(arena, "%s", absolute);
        free(absolute);
        return NT_OK;
    }
    return error_set(error, NT_NOT_FOUND,
                     "the header nowthen/program.h is not at %s/nowthen/program.h; set "
                     "NOWTHEN_INCLUDE to the directory that holds nowthen/",
                     candidates[1] ? candidates[1] : NOWTHEN_SOURCE_INCLUDE);
}

/* The words of CC, or cc; false: too many. */
static bool compiler_words(struct nt_arena *arena, char **words, int *count)
{
    const char *command = getenv("CC");
    if (!command || !command[strspn(command, " ")]) command = "cc";
    char *rest = nt_arena_printf(arena, "%s", command);
    for (char *word = strtok_r(rest, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        if (*count == ARGUMENTS_MAX / 2) return false;
        words[(*count)++] = word;
    }
    return true;
}

enum nt_status build_run_start(const struct build *build, const char *const *extra, bool is_object,
                               const char *said, struct build_run *run, struct nt_error *error)
{
    char *words[ARGUMENTS_MAX] = {0};
    int count = 0;
    for (; count < build->compiler_words; count++) words[count] = build->compiler[count];
    for (const char *const *flag = program_flags; *flag; flag++)
        if (!is_object || strcmp(*flag, "-shared") != 0)
            words[count++] = nt_arena_printf(build->arena, "%s", *flag);
    words[count++] = nt_arena_printf(build->arena, "-I%s", build->include);
    for (; *extra; extra++) words[count++] = nt_arena_printf(build->arena, "%s", *extra);
    *run = (struct build_run){.compiler = build->compiler[0], .said = said};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, build->work);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, said, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    int failure = posix_spawnp(&run->child, words[0], &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure)
        return error_set(error, NT_NOT_FOUND,
                         "cannot run the C compiler %s: %s; install one or set CC", words[0],
                         strerror(failure));
    return NT_OK;
}

static enum nt_status complaint_report(const char *compiler, struct buffer *complaint, int result,
                                       struct nt_error *error)
{
    if (complaint->size > COMPLAINT_SIZE_MAX) complaint->size = COMPLAINT_SIZE_MAX;
    while (complaint->size && complaint->data[complaint->size - 1] == '\n') complaint->size--;
    /* Ctrl-C goes to all that run in the terminal, the C compiler too. */
    if (WIFSIGNALED(result) && (WTERMSIG(result) == SIGINT || WTERMSIG(result) == SIGTERM))
        return error_set(error, NT_INTERRUPTED, "the C compiler %s was interrupted", compiler);
    if (WIFSIGNALED(result))
        return error_set(error, NT_IO, "the C compiler %s was killed by signal %d: %s", compiler,
                         WTERMSIG(result), buffer_text(complaint));
    return error_set(error, NT_IO, "the C compiler %s failed with exit status %d: %s", compiler,
                     WEXITSTATUS(result), buffer_text(complaint));
}

enum nt_status build_run_end(const struct build *build, struct build_run *run,
                             struct nt_error *error)
{
    int result = 0;
    while (waitpid(run->child, &result, 0) < 0)
        if (errno != EINTR) return error_errno(error, "waiting for the C compiler");
    if (result == 0) return NT_OK;
    struct buffer complaint = {0};
    enum nt_status status = file_read(
        nt_arena_printf(build->arena, "%s/%s", build->work, run->said), &complaint, error);
    if (status == NT_OK) status = complaint_report(run->compiler, &complaint, result, error);
    buffer_deinit(&complaint);
    return status;
}

/* All of the program as one piece. */
static enum nt_status build_whole(const struct build *build, struct nt_error *error)
{
    static const char *const words[] = {"-o", "program.so", "program.c", NULL};
    struct build_run run;
    enum nt_status status = build_run_start(build, words, false, "said", &run, error);
    return status == NT_OK ? build_run_end(build, &run, error) : status;
}

static void json_text(struct buffer *out, const char *text)
{
    buffer_append_byte(out, '"');
    for (; *text; text++) {
        uint8_t byte = (uint8_t)*text;
        if (byte == '"' || byte == '\\')
            buffer_printf(out, "\\%c", byte);
        else if (byte < ' ')
            buffer_printf(out, "\\u%04x", byte);
        else
            buffer_append_byte(out, byte);
    }
    buffer_append_byte(out, '"');
}

static void manifest_views(struct buffer *out, const struct ir_program *program)
{
    buffer_append_text(out, "\"views\": [");
    for (int i = 0; i < program->view_count; i++) {
        buffer_append_text(out, i ? ", {\"name\": " : "{\"name\": ");
        json_text(out, program->views[i].name);
        buffer_printf(out, ", \"fingerprint\": \"%016" PRIx64 "\"}", program->views[i].fingerprint);
    }
    buffer_append_text(out, "],\n");
}

static void manifest_text(struct buffer *out, const struct ir_program *program, const char *hash)
{
    buffer_printf(out, "{\n\"abi\": %d,\n\"fingerprint\": \"%s\",\n\"program_hash\": \"%s\",\n",
                  NT_PROGRAM_ABI, program->fingerprint, hash);
    buffer_append_text(out, "\"sources\": [");
    for (int i = 0; i < program->source_count; i++) {
        if (i) buffer_append_text(out, ", ");
        json_text(out, program->sources[i].name);
    }
    buffer_append_text(out, "],\n");
    manifest_views(out, program);
    buffer_append_text(out, "\"services\": [");
    for (int i = 0; i < program->service_count; i++) {
        if (i) buffer_append_text(out, ", ");
        json_text(out, program->services[i].name);
    }
    buffer_append_text(out, "]\n}\n");
}

static enum nt_status manifest_write(const struct build *build, const struct ir_program *program,
                                     struct nt_error *error)
{
    struct buffer bytes = {0};
    enum nt_status status =
        file_read(nt_arena_printf(build->arena, "%s/program.so", build->work), &bytes, error);
    if (!status) {
        char hash[HASH_HEX_SIZE];
        hash_hex(bytes.data, bytes.size, hash);
        buffer_clear(&bytes);
        manifest_text(&bytes, program, hash);
        status = file_write(nt_arena_printf(build->arena, "%s/manifest.json", build->work),
                            buffer_bytes(&bytes), error);
    }
    buffer_deinit(&bytes);
    return status;
}

static enum nt_status source_write(const struct build *build, const struct ir_program *program,
                                   struct nt_error *error)
{
    struct buffer c = {0};
    emit_program(program, &c);
    enum nt_status status = file_write(nt_arena_printf(build->arena, "%s/program.c", build->work),
                                       buffer_bytes(&c), error);
    buffer_deinit(&c);
    return status;
}

static const char *const products[] = {"program.c", "program.so", "manifest.json"};
#define PRODUCT_COUNT (sizeof products / sizeof products[0])

static enum nt_status products_move(const struct build *build, struct nt_error *error)
{
    const char *manifest = nt_arena_printf(build->arena, "%s/manifest.json", build->directory);
    if (unlink(manifest) && errno != ENOENT) return error_errno(error, "%s", manifest);
    for (size_t i = 0; i < PRODUCT_COUNT; i++) {
        const char *from = nt_arena_printf(build->arena, "%s/%s", build->work, products[i]);
        const char *to = nt_arena_printf(build->arena, "%s/%s", build->directory, products[i]);
        if (rename(from, to)) return error_errno(error, "%s", to);
    }
    return NT_OK;
}

static void work_remove(const struct build *build)
{
    DIR *work = opendir(build->work);
    struct dirent *entry;
    while (work && (entry = readdir(work)))
        if (entry->d_name[0] != '.') unlinkat(dirfd(work), entry->d_name, 0);
    if (work) closedir(work);
    rmdir(build->work);
}

/* The directory with its parents. */
static enum nt_status directory_make(struct nt_arena *arena, const char *directory,
                                     struct nt_error *error)
{
    char *path = nt_arena_printf(arena, "%s", directory);
    for (char *at = path + 1; *at; at++) {
        if (*at != '/') continue;
        *at = 0;
        if (mkdir(path, 0777) && errno != EEXIST) return error_errno(error, "%s", path);
        *at = '/';
    }
    if (mkdir(path, 0777) && errno != EEXIST) return error_errno(error, "%s", path);
    return NT_OK;
}

/* Which compiler, and where its headers are. */
static enum nt_status tools_find(struct build *build, struct nt_error *error)
{
    char **words = nt_arena_zalloc(build->arena, ARGUMENTS_MAX * sizeof *words);
    build->compiler = words;
    if (!compiler_words(build->arena, words, &build->compiler_words))
        return error_set(error, NT_INVALID, "CC has more than %d words", ARGUMENTS_MAX / 2);
    return include_find(build->arena, &build->include, error);
}

static enum nt_status products_build(struct build *build, const struct ir_program *program,
                                     struct nt_error *error)
{
    enum nt_status status = source_write(build, program, error);
    if (!status) status = tools_find(build, error);
    if (!status)
        status = build->cache ? build_objects(build, program, error) : build_whole(build, error);
    if (!status) status = manifest_write(build, program, error);
    if (!status) status = products_move(build, error);
    return status;
}

enum nt_status build_program(const struct ir_program *program, const char *directory,
                             const struct build_cache *cache, struct nt_error *error)
{
    struct nt_arena arena;
    nt_arena_init(&arena);
    bool was_there = access(directory, F_OK) == 0;
    enum nt_status status = directory_make(&arena, directory, error);
    if (!status) {
        char *work = nt_arena_printf(&arena, "%s/.build-XXXXXX", directory);
        if (mkdtemp(work)) {
            struct build build = {
                .directory = directory, .work = work, .arena = &arena, .cache = cache};
            status = products_build(&build, program, error);
            work_remove(&build);
        } else {
            status = error_errno(error, "%s", work);
        }
        if (status && !was_there) rmdir(directory);
    }
    nt_arena_deinit(&arena);
    return status;
}
