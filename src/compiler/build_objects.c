/*
 * build_objects.c: a program from objects, one for each piece that emit.c gives.
 *
 * A piece is named by the hash of all that it is made from: its C, the installed headers, the
 * compiler and its flags; the program by those of its pieces. What the cache has under a name is
 * not made again, and what is made does not depend on what the cache had.
 */
#include "compiler/build.h"
#include "compiler/fingerprint.h"
#include "compiler/object_cache.h"

#include "base/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RUNS_MAX 64
#define PRODUCT  "program.so"

static const char *const headers[] = {"arena.h",        "eval.h",        "program.h", "value.h",
                                      "aggregates.def", "functions.def", "arrays.def"};

struct objects {
    const struct build *build;
    struct buffer base; /* what all objects are made from */
    struct build_run runs[RUNS_MAX];
    const char *made[RUNS_MAX]; /* the name of what a run makes */
    int first, running, running_max;
};

/* Another compiler of the same name is another one. */
static void compiler_append(struct nt_arena *arena, const char *word, struct buffer *base)
{
    const char *path = getenv("PATH");
    char *rest = nt_arena_printf(arena, "%s", strchr(word, '/') || !path ? "" : path);
    const char *directory = strchr(word, '/') ? "" : strtok_r(rest, ":", &rest);
    buffer_printf(base, "%s ", word);
    for (; directory; directory = strtok_r(rest, ":", &rest)) {
        struct stat status;
        const char *slash = directory[0] ? "/" : "";
        if (stat(nt_arena_printf(arena, "%s%s%s", directory, slash, word), &status)) continue;
        buffer_printf(base, "%lld %lld.%09ld ", (long long)status.st_size,
                      (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
        return;
    }
}

static enum nt_status base_read(struct objects *objects, struct nt_error *error)
{
    const struct build *build = objects->build;
    enum nt_status status = NT_OK;
    for (int i = 0; i < build->compiler_words; i++)
        compiler_append(build->arena, build->compiler[i], &objects->base);
    for (const char *const *flag = program_flags; *flag; flag++)
        buffer_printf(&objects->base, "%s ", *flag);
    for (size_t i = 0; i < sizeof headers / sizeof *headers && status == NT_OK; i++)
        status =
            file_read(nt_arena_printf(build->arena, "%s/nowthen/%s", build->include, headers[i]),
                      &objects->base, error);
    return status;
}

/* The name of what is made from these bytes and the base. */
static const char *name_of(struct objects *objects, struct bytes from)
{
    char hex[HASH_HEX_SIZE];
    size_t size = objects->base.size;
    buffer_append(&objects->base, from.data, from.size);
    hash_hex(objects->base.data, objects->base.size, hex);
    objects->base.size = size;
    return nt_arena_printf(objects->build->arena, "%s", hex);
}

static const char *work_path(const struct objects *objects, const char *name, const char *end)
{
    return nt_arena_printf(objects->build->arena, "%s/%s%s", objects->build->work, name, end);
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

/* Waits for the oldest run and keeps its object. */
static enum nt_status run_finish(struct objects *objects, struct nt_error *error)
{
    int slot = objects->first;
    objects->first = (objects->first + 1) % RUNS_MAX;
    objects->running--;
    enum nt_status status = build_run_end(objects->build, &objects->runs[slot], error);
    if (status == NT_OK)
        object_cache_put(objects->build->cache, objects->made[slot],
                         work_path(objects, objects->made[slot], ".o"));
    return status;
}

/* The source has the object's name, which the compiler writes into the object. */
static enum nt_status unit_start(struct objects *objects, struct bytes text, const char *name,
                                 struct nt_error *error)
{
    struct nt_arena *arena = objects->build->arena;
    const char *source = nt_arena_printf(arena, "%s.c", name);
    const char *words[] = {"-c", "-o", nt_arena_printf(arena, "%s.o", name), source, NULL};
    struct buffer c = {0};
    buffer_append_text(&c, EMIT_INCLUDE);
    buffer_append(&c, text.data, text.size);
    enum nt_status status = text_write(work_path(objects, source, ""), buffer_bytes(&c), error);
    buffer_deinit(&c);
    if (status == NT_OK && objects->running == objects->running_max)
        status = run_finish(objects, error);
    if (status != NT_OK) return status;
    int slot = (objects->first + objects->running) % RUNS_MAX;
    objects->made[slot] = name;
    status = build_run_start(objects->build, words, true, nt_arena_printf(arena, "%s.said", name),
                             &objects->runs[slot], error);
    if (status == NT_OK) objects->running++;
    return status;
}

static enum nt_status units_build(struct objects *objects, const struct emit_units *units,
                                  const char **names, struct nt_error *error)
{
    const struct build_cache *cache = objects->build->cache;
    enum nt_status status = NT_OK;
    for (int i = 0; i < units->count && status == NT_OK; i++)
        if (!object_cache_get(cache, names[i], work_path(objects, names[i], ".o")))
            status = unit_start(objects, units->list[i].text, names[i], error);
    while (objects->running > 0) {
        struct nt_error later;
        enum nt_status ended = run_finish(objects, status == NT_OK ? error : &later);
        if (status == NT_OK) status = ended;
    }
    return status;
}

/* list: the objects. They go by a file, since there may be more than a command line holds. */
static enum nt_status objects_link(struct objects *objects, struct bytes list,
                                   struct nt_error *error)
{
    static const char *const words[] = {"-o", PRODUCT, "@objects.list", NULL};
    struct build_run run;
    enum nt_status status = text_write(work_path(objects, "objects.list", ""), list, error);
    if (status == NT_OK)
        status = build_run_start(objects->build, words, false, "link.said", &run, error);
    return status == NT_OK ? build_run_end(objects->build, &run, error) : status;
}

static enum nt_status program_make(struct objects *objects, const struct emit_units *units,
                                   struct nt_error *error)
{
    const struct build_cache *cache = objects->build->cache;
    struct buffer list = {0};
    const char **names =
        nt_arena_zalloc(objects->build->arena, ((size_t)units->count + 1) * sizeof *names);
    for (int i = 0; i < units->count; i++) {
        names[i] = name_of(objects, units->list[i].text);
        buffer_printf(&list, "%s.o\n", names[i]);
    }
    const char *product = work_path(objects, PRODUCT, "");
    const char *name = name_of(objects, buffer_bytes(&list));
    enum nt_status status = NT_OK;
    if (!object_cache_get(cache, name, product)) {
        status = units_build(objects, units, names, error);
        if (status == NT_OK) status = objects_link(objects, buffer_bytes(&list), error);
        if (status == NT_OK) object_cache_put(cache, name, product);
        object_cache_trim(cache);
    }
    buffer_deinit(&list);
    return status;
}

enum nt_status build_objects(const struct build *build, const struct ir_program *program,
                             struct nt_error *error)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct objects objects = {.build = build,
                              .running_max = processors < 1          ? 1
                                             : processors > RUNS_MAX ? RUNS_MAX
                                                                     : (int)processors};
    struct emit_units units;
    emit_units(program, build->arena, &units);
    enum nt_status status = base_read(&objects, error);
    if (status == NT_OK) status = program_make(&objects, &units, error);
    buffer_deinit(&objects.base);
    return status;
}
