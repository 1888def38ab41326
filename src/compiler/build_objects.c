/*
 * build_objects.c: a program from objects, one for each piece that emit.c gives.
 *
 * An object's name is the hash of all that it is made from: its C, the installed headers, the
 * compiler and its flags. So it is never stale, and a view that did not change is found. Objects
 * that were not used for a month are removed.
 */
#include "compiler/build.h"
#include "compiler/fingerprint.h"

#include "base/hash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define RUNS_MAX     64
#define OBJECT_AGE_S (30 * 24 * 60 * 60)

static const char *const headers[] = {"arena.h", "eval.h",         "program.h",
                                      "value.h", "aggregates.def", "functions.def"};

/* Builds that one directory's objects take part in. */
struct objects {
    const struct build *build;
    const char *directory;
    struct buffer base; /* what all objects are made from */
    struct build_run runs[RUNS_MAX];
    const char *targets[RUNS_MAX]; /* where the object of a run goes */
    int first, running, running_max;
    int made;
};

static enum nt_status base_read(struct objects *objects, struct nt_error *error)
{
    const struct build *build = objects->build;
    enum nt_status status = NT_OK;
    for (int i = 0; i < build->compiler_words; i++)
        buffer_printf(&objects->base, "%s ", build->compiler[i]);
    for (const char *const *flag = program_flags; *flag; flag++)
        buffer_printf(&objects->base, "%s ", *flag);
    for (size_t i = 0; i < sizeof headers / sizeof *headers && status == NT_OK; i++)
        status =
            file_read(nt_arena_printf(build->arena, "%s/nowthen/%s", build->include, headers[i]),
                      &objects->base, error);
    return status;
}

static const char *object_path(struct objects *objects, struct bytes text)
{
    char hex[HASH_HEX_SIZE];
    size_t size = objects->base.size;
    buffer_append(&objects->base, text.data, text.size);
    hash_hex(objects->base.data, objects->base.size, hex);
    objects->base.size = size;
    return nt_arena_printf(objects->build->arena, "%s/%s.o", objects->directory, hex);
}

/* Without a sync: what is in work is gone with it. */
static enum nt_status text_write(const char *path, struct bytes bytes, struct nt_error *error)
{
    FILE *file = fopen(path, "we");
    if (!file) return error_errno(error, "%s", path);
    bool is_written = fwrite(bytes.data, 1, bytes.size, file) == bytes.size;
    if (fclose(file) || !is_written) return error_errno(error, "%s", path);
    return NT_OK;
}

/* With one: a name must never stand for less than all of its object. */
static enum nt_status object_keep(const char *made, const char *target, struct nt_error *error)
{
    int fd = open(made, O_RDONLY | O_CLOEXEC);
    bool is_kept = fd >= 0 && fsync(fd) == 0;
    enum nt_status status = is_kept ? NT_OK : error_errno(error, "%s", made);
    if (fd >= 0) close(fd);
    if (status == NT_OK && rename(made, target)) status = error_errno(error, "%s", made);
    return status;
}

/* Waits for the oldest run and puts its object in place. */
static enum nt_status run_finish(struct objects *objects, struct nt_error *error)
{
    int slot = objects->first;
    objects->first = (objects->first + 1) % RUNS_MAX;
    objects->running--;
    enum nt_status status = build_run_end(objects->build, &objects->runs[slot], error);
    if (status != NT_OK) return status;
    const char *made = nt_arena_printf(objects->build->arena, "%s/%s.o", objects->build->work,
                                       objects->runs[slot].said);
    return object_keep(made, objects->targets[slot], error);
}

static enum nt_status unit_start(struct objects *objects, const struct emit_unit *unit,
                                 const char *target, struct nt_error *error)
{
    struct nt_arena *arena = objects->build->arena;
    const char *name = nt_arena_printf(arena, "unit%d", objects->made++);
    const char *source = nt_arena_printf(arena, "%s.c", name);
    const char *words[] = {"-c", "-o", nt_arena_printf(arena, "%s.o", name), source, NULL};
    struct buffer c = {0};
    buffer_append_text(&c, EMIT_INCLUDE);
    buffer_append(&c, unit->text.data, unit->text.size);
    enum nt_status status = text_write(
        nt_arena_printf(arena, "%s/%s", objects->build->work, source), buffer_bytes(&c), error);
    buffer_deinit(&c);
    if (status == NT_OK && objects->running == objects->running_max)
        status = run_finish(objects, error);
    if (status != NT_OK) return status;
    int slot = (objects->first + objects->running) % RUNS_MAX;
    objects->targets[slot] = target;
    status = build_run_start(objects->build, words, true, name, &objects->runs[slot], error);
    if (status == NT_OK) objects->running++;
    return status;
}

/* An object that is there is young again. */
static bool object_touch(const char *path)
{
    return utimensat(AT_FDCWD, path, NULL, 0) == 0;
}

static enum nt_status units_build(struct objects *objects, const struct emit_units *units,
                                  const char **paths, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    for (int i = 0; i < units->count && status == NT_OK; i++) {
        paths[i] = object_path(objects, units->list[i].text);
        if (!object_touch(paths[i])) status = unit_start(objects, &units->list[i], paths[i], error);
    }
    while (objects->running > 0) {
        struct nt_error later;
        enum nt_status ended = run_finish(objects, status == NT_OK ? error : &later);
        if (status == NT_OK) status = ended;
    }
    return status;
}

/* The paths go by a file, since there may be more than a command line holds. */
static enum nt_status objects_link(struct objects *objects, const char **paths, int count,
                                   struct nt_error *error)
{
    const struct build *build = objects->build;
    struct buffer list = {0};
    for (int i = 0; i < count; i++) {
        const char *name = strrchr(paths[i], '/') + 1;
        buffer_printf(&list, "../objects/%s\n", name);
    }
    const char *words[] = {"-o", "program.so", "@objects.list", NULL};
    struct build_run run;
    enum nt_status status = text_write(
        nt_arena_printf(build->arena, "%s/objects.list", build->work), buffer_bytes(&list), error);
    if (status == NT_OK) status = build_run_start(build, words, false, "link", &run, error);
    if (status == NT_OK) status = build_run_end(build, &run, error);
    buffer_deinit(&list);
    return status;
}

static void objects_forget_old(const struct objects *objects)
{
    DIR *directory = opendir(objects->directory);
    struct dirent *entry;
    time_t now = time(NULL);
    while (directory && (entry = readdir(directory))) {
        struct stat found;
        size_t size = strlen(entry->d_name);
        if (size < 3 || strcmp(entry->d_name + size - 2, ".o") != 0) continue;
        if (fstatat(dirfd(directory), entry->d_name, &found, 0) == 0 &&
            now - found.st_mtime > OBJECT_AGE_S)
            unlinkat(dirfd(directory), entry->d_name, 0);
    }
    if (directory) closedir(directory);
}

enum nt_status build_objects(const struct build *build, const struct ir_program *program,
                             struct nt_error *error)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct objects objects = {.build = build,
                              .directory =
                                  nt_arena_printf(build->arena, "%s/objects", build->directory),
                              .running_max = processors < 1          ? 1
                                             : processors > RUNS_MAX ? RUNS_MAX
                                                                     : (int)processors};
    if (mkdir(objects.directory, 0777) && errno != EEXIST)
        return error_errno(error, "%s", objects.directory);
    struct emit_units units;
    emit_units(program, build->arena, &units);
    const char **paths = nt_arena_zalloc(build->arena, (size_t)units.count * sizeof *paths);
    enum nt_status status = base_read(&objects, error);
    if (status == NT_OK) status = units_build(&objects, &units, paths, error);
    if (status == NT_OK) status = objects_link(&objects, paths, units.count, error);
    if (status == NT_OK) objects_forget_old(&objects);
    buffer_deinit(&objects.base);
    return status;
}
