/* test_object_cache.c: programs built with a cache: what is made, what is kept, what may go wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/compile.h"
#include "compiler/ir.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEAD                                                                                       \
    "CREATE SERVER s FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'b:1');\n"                        \
    "CREATE FOREIGN TABLE e (k text, x int4, at timestamptz) SERVER s\n"                           \
    "  OPTIONS (topic 'e', format 'json', event_time 'at');\n"
#define VIEW(name, list)                                                                           \
    "CREATE MATERIALIZED VIEW " name " AS SELECT k, " list " FROM e GROUP BY k;\n"
#define FIRST HEAD VIEW("v", "sum(x) AS f") VIEW("w", "count(*) AS n")
#define OTHER HEAD VIEW("v", "-sum(x) AS f") VIEW("w", "count(*) AS n")

struct place {
    char directory[64];
    struct nt_arena arena;
    struct build_cache cache;
    struct buffer program; /* the bytes of program.so */
};

static struct place place_make(int64_t bytes_max)
{
    struct place place = {0};
    snprintf(place.directory, sizeof place.directory, "/tmp/nowthen-cache-XXXXXX");
    assert_non_null(mkdtemp(place.directory));
    nt_arena_init(&place.arena);
    place.cache.directory = nt_arena_printf(&place.arena, "%s/made/cache", place.directory);
    place.cache.bytes_max = bytes_max;
    setenv("CC", "cc", 1);
    setenv("NOWTHEN_INCLUDE", NOWTHEN_INCLUDE, 1);
    return place;
}

static void directory_empty(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    while (directory && (entry = readdir(directory)))
        if (entry->d_name[0] != '.') unlinkat(dirfd(directory), entry->d_name, 0);
    if (directory) closedir(directory);
    rmdir(path);
}

static void place_remove(struct place *place)
{
    directory_empty(nt_arena_printf(&place->arena, "%s/made/cache", place->directory));
    rmdir(nt_arena_printf(&place->arena, "%s/made", place->directory));
    directory_empty(place->directory);
    assert_int_equal(access(place->directory, F_OK), -1);
    buffer_deinit(&place->program);
    nt_arena_deinit(&place->arena);
}

static void build(struct place *place, const char *definitions, const struct build_cache *cache)
{
    struct buffer diagnostics = {0};
    struct nt_error error;
    struct ir_program *program;
    struct bytes text = {(const uint8_t *)definitions, strlen(definitions)};
    if (compile_definitions("d.sql", text, &place->arena, &program, &diagnostics, &error) ||
        build_program(program, place->directory, cache, &error))
        fail_msg("%s", error.text);
    buffer_deinit(&diagnostics);
    buffer_clear(&place->program);
    const char *path = nt_arena_printf(&place->arena, "%s/program.so", place->directory);
    assert_int_equal(file_read(path, &place->program, &error), NT_OK);
}

static int entry_count(const struct place *place)
{
    DIR *entries = opendir(place->cache.directory);
    int count = 0;
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries));) count += entry->d_name[0] != '.';
    closedir(entries);
    return count;
}

static void only_a_view_that_changed_is_compiled_again(void **state)
{
    (void)state;
    struct place place = place_make(1 << 20);
    build(&place, FIRST, &place.cache);
    assert_int_equal(entry_count(&place), 4); /* the views, the tables, the program */
    build(&place, FIRST, &place.cache);
    assert_int_equal(entry_count(&place), 4);
    build(&place, OTHER, &place.cache);
    assert_int_equal(entry_count(&place), 7); /* the view, the tables, the program */
    build(&place, FIRST, &place.cache);
    assert_int_equal(entry_count(&place), 7);
    place_remove(&place);
}

/* Changes the last byte of every entry. */
static void cache_damage(const struct place *place)
{
    DIR *entries = opendir(place->cache.directory);
    for (struct dirent *entry; (entry = readdir(entries));) {
        if (entry->d_name[0] == '.') continue;
        int fd = openat(dirfd(entries), entry->d_name, O_RDWR);
        off_t last = lseek(fd, -1, SEEK_END);
        char byte;
        assert_int_equal(pread(fd, &byte, 1, last), 1);
        byte ^= 1;
        assert_int_equal(pwrite(fd, &byte, 1, last), 1);
        close(fd);
    }
    closedir(entries);
}

static void cache_cut(const struct place *place)
{
    DIR *entries = opendir(place->cache.directory);
    for (struct dirent *entry; (entry = readdir(entries));) {
        if (entry->d_name[0] == '.') continue;
        int fd = openat(dirfd(entries), entry->d_name, O_RDWR);
        assert_int_equal(ftruncate(fd, 20), 0);
        close(fd);
    }
    closedir(entries);
}

static void a_program_is_the_same_whatever_the_cache_has(void **state)
{
    (void)state;
    struct place place = place_make(1 << 20);
    struct buffer first = {0};
    build(&place, FIRST, &place.cache);
    buffer_append(&first, place.program.data, place.program.size);
    for (int i = 0; i < 4; i++) {
        if (i == 1) cache_damage(&place);
        if (i == 2) cache_cut(&place);
        if (i == 3) build(&place, OTHER, &place.cache);
        build(&place, FIRST, &place.cache);
        assert_int_equal(place.program.size, first.size);
        assert_memory_equal(place.program.data, first.data, first.size);
    }
    buffer_deinit(&first);
    place_remove(&place);
}

static void a_cache_keeps_what_was_used_last_up_to_its_size(void **state)
{
    (void)state;
    struct place place = place_make(1 << 20);
    build(&place, FIRST, &place.cache);
    place.cache.bytes_max = 1;
    build(&place, FIRST, &place.cache); /* reads only, so nothing is removed */
    assert_int_equal(entry_count(&place), 4);
    build(&place, OTHER, &place.cache);
    assert_int_equal(entry_count(&place), 0);
    place_remove(&place);
}

static void a_cache_that_cannot_be_written_has_nothing(void **state)
{
    (void)state;
    struct place place = place_make(1 << 20);
    build(&place, FIRST, &(struct build_cache){"/dev/null/cache", 1 << 20});
    place_remove(&place);
}

static void the_place_of_a_cache_is_xdgs(void **state)
{
    (void)state;
    struct nt_arena arena;
    struct build_cache cache;
    nt_arena_init(&arena);
    setenv("XDG_CACHE_HOME", "/somewhere", 1);
    assert_true(build_cache_find("", 1, &arena, &cache));
    assert_string_equal(cache.directory, "/somewhere/nowthen");
    assert_false(build_cache_find("", 0, &arena, &cache));
    setenv("XDG_CACHE_HOME", "relative", 1);
    setenv("HOME", "/home/someone", 1);
    assert_true(build_cache_find("", 1, &arena, &cache));
    assert_string_equal(cache.directory, "/home/someone/.cache/nowthen");
    unsetenv("HOME");
    assert_false(build_cache_find("", 1, &arena, &cache));
    assert_true(build_cache_find("/given", 1, &arena, &cache));
    assert_string_equal(cache.directory, "/given");
    nt_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_view_that_changed_is_compiled_again),
        cmocka_unit_test(a_program_is_the_same_whatever_the_cache_has),
        cmocka_unit_test(a_cache_keeps_what_was_used_last_up_to_its_size),
        cmocka_unit_test(a_cache_that_cannot_be_written_has_nothing),
        cmocka_unit_test(the_place_of_a_cache_is_xdgs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
