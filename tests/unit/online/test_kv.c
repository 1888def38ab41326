/* The key-value seam: both bodies through the same tests, then what only RocksDB can do. */
#include "online/kv.h"

#include "../../support/seed.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct kv *kv;
    bool is_rocks;
    char path[64];
};

static struct bytes text(const char *s)
{
    return (struct bytes){(const uint8_t *)s, strlen(s)};
}

static int setup_memory(void **state)
{
    struct fixture *fixture = memory_zalloc(sizeof *fixture);
    fixture->kv = kv_memory_open();
    *state = fixture;
    return 0;
}

static int setup_rocks(void **state)
{
    struct fixture *fixture = memory_zalloc(sizeof *fixture);
    struct nt_error error;
    fixture->is_rocks = true;
    snprintf(fixture->path, sizeof fixture->path, "/tmp/nowthen-kv-XXXXXX");
    if (!mkdtemp(fixture->path)) return -1;
    if (kv_rocks_open(fixture->path, KV_CACHE_BYTES, &fixture->kv, &error) != NT_OK) return -1;
    *state = fixture;
    return 0;
}

static int path_remove(const char *path, const struct stat *stat, int kind, struct FTW *ftw)
{
    (void)stat, (void)kind, (void)ftw;
    return remove(path);
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    if (fixture->kv) fixture->kv->ops->close(fixture->kv);
    if (fixture->is_rocks) nftw(fixture->path, path_remove, 16, FTW_DEPTH | FTW_PHYS);
    free(fixture);
    return 0;
}

static void put(struct kv *kv, enum kv_family family, const char *key, const char *value)
{
    struct kv_batch batch = {0};
    kv_batch_put(&batch, family, text(key), text(value));
    assert_int_equal(kv->ops->write(kv, &batch, NULL), NT_OK);
    kv_batch_deinit(&batch);
}

static void assert_value(struct kv *kv, struct kv_snapshot *snapshot, enum kv_family family,
                         const char *key, const char *expected)
{
    struct buffer value = {0};
    assert_int_equal(kv->ops->get(kv, snapshot, family, text(key), &value, NULL), NT_OK);
    assert_string_equal(buffer_text(&value), expected);
    buffer_deinit(&value);
}

static bool visit_append(void *self, struct bytes key, struct bytes value)
{
    buffer_printf(self, "%.*s=%.*s ", (int)key.size, (const char *)key.data, (int)value.size,
                  (const char *)value.data);
    return true;
}

static void assert_scan(struct kv *kv, struct kv_snapshot *snapshot, const char *prefix,
                        const char *expected)
{
    struct buffer out = {0};
    assert_int_equal(kv->ops->scan(kv, snapshot, KV_ROW, text(prefix), visit_append, &out, NULL),
                     NT_OK);
    assert_string_equal(buffer_text(&out), expected);
    buffer_deinit(&out);
}

static void a_missing_key_appends_nothing(void **state)
{
    struct fixture *fixture = *state;
    assert_value(fixture->kv, NULL, KV_ROW, "nobody", "");
}

static void families_do_not_mix(void **state)
{
    struct kv *kv = ((struct fixture *)*state)->kv;
    put(kv, KV_ROW, "a", "row");
    put(kv, KV_META, "a", "meta");
    assert_value(kv, NULL, KV_ROW, "a", "row");
    assert_value(kv, NULL, KV_TILE, "a", "");
    assert_value(kv, NULL, KV_META, "a", "meta");
}

static void a_batch_applies_in_order(void **state)
{
    struct kv *kv = ((struct fixture *)*state)->kv;
    struct kv_batch batch = {0};
    kv_batch_put(&batch, KV_ROW, text("a"), text("1"));
    kv_batch_put(&batch, KV_ROW, text("a"), text(""));
    kv_batch_put(&batch, KV_ROW, text("b"), text(""));
    kv_batch_put(&batch, KV_ROW, text("b"), text("2"));
    assert_int_equal(kv->ops->write(kv, &batch, NULL), NT_OK);
    assert_value(kv, NULL, KV_ROW, "a", "");
    assert_value(kv, NULL, KV_ROW, "b", "2");
    kv_batch_deinit(&batch);
}

static void a_scan_is_in_order_and_ends_with_its_prefix(void **state)
{
    struct kv *kv = ((struct fixture *)*state)->kv;
    put(kv, KV_ROW, "b2", "4");
    put(kv, KV_ROW, "a", "1");
    put(kv, KV_ROW, "b1", "3");
    put(kv, KV_ROW, "b", "2");
    put(kv, KV_ROW, "c", "5");
    put(kv, KV_TILE, "b3", "other family");
    assert_scan(kv, NULL, "b", "b=2 b1=3 b2=4 ");
    assert_scan(kv, NULL, "", "a=1 b=2 b1=3 b2=4 c=5 ");
    assert_scan(kv, NULL, "d", "");
}

static void a_scan_goes_on_behind_a_key(void **state)
{
    struct kv *kv = ((struct fixture *)*state)->kv;
    struct buffer out = {0};
    for (const char *const *key = (const char *const[]){"a", "b1", "b2", "b22", "b3", "c", NULL};
         *key; key++)
        put(kv, KV_ROW, *key, "x");
    assert_int_equal(
        kv->ops->scan_after(kv, NULL, KV_ROW, text("b"), text("b2"), visit_append, &out, NULL),
        NT_OK);
    assert_string_equal(buffer_text(&out), "b22=x b3=x ");
    buffer_clear(&out);
    /* The key need not be there any more. */
    assert_int_equal(
        kv->ops->scan_after(kv, NULL, KV_ROW, text("b"), text("b21"), visit_append, &out, NULL),
        NT_OK);
    assert_string_equal(buffer_text(&out), "b22=x b3=x ");
    buffer_clear(&out);
    assert_int_equal(
        kv->ops->scan_after(kv, NULL, KV_ROW, text("b"), text("b3"), visit_append, &out, NULL),
        NT_OK);
    assert_int_equal(out.size, 0);
    buffer_deinit(&out);
}

static void a_snapshot_shows_what_was_there(void **state)
{
    struct kv *kv = ((struct fixture *)*state)->kv;
    put(kv, KV_ROW, "a", "1");
    put(kv, KV_ROW, "b", "1");
    struct kv_snapshot *one = kv->ops->snapshot_open(kv);
    put(kv, KV_ROW, "a", "2");
    put(kv, KV_ROW, "b", "");
    put(kv, KV_ROW, "c", "2");
    struct kv_snapshot *two = kv->ops->snapshot_open(kv);
    put(kv, KV_ROW, "a", "3");
    assert_scan(kv, one, "", "a=1 b=1 ");
    assert_scan(kv, two, "", "a=2 c=2 ");
    assert_value(kv, one, KV_ROW, "b", "1");
    kv->ops->snapshot_close(kv, one);
    assert_scan(kv, two, "", "a=2 c=2 ");
    kv->ops->snapshot_close(kv, two);
    assert_scan(kv, NULL, "", "a=3 c=2 ");
}

/* Half of the keys differ in their first bytes, half of them only far behind. */
static void key_print(unsigned slot, char key[48])
{
    const char *begin = slot < 50 ? "k" : "kone-card-of-a-name-that-goes-on-and-on-";
    snprintf(key, 48, "%s%02u", begin, slot);
}

static void random_batches_equal_an_array(void **state)
{
    struct kv *kv = ((struct fixture *)*state)->kv;
    uint64_t seed = seed_take();
    unsigned expected[100] = {0}, number = 0;
    for (int i = 0; i < 300; i++) {
        struct kv_batch batch = {0};
        for (uint64_t size = seed_next(&seed) % 40; size > 0; size--) {
            unsigned slot = (unsigned)(seed_next(&seed) % 100);
            char key[48], value[16];
            bool is_delete = seed_next(&seed) % 3 == 0;
            key_print(slot, key);
            snprintf(value, sizeof value, "%u", ++number);
            kv_batch_put(&batch, KV_ROW, text(key), text(is_delete ? "" : value));
            expected[slot] = is_delete ? 0 : number;
        }
        assert_int_equal(kv->ops->write(kv, &batch, NULL), NT_OK);
        kv_batch_deinit(&batch);
    }
    struct buffer all = {0};
    for (unsigned slot = 0; slot < 100; slot++) {
        char key[48];
        key_print(slot, key);
        if (expected[slot]) buffer_printf(&all, "%s=%u ", key, expected[slot]);
    }
    assert_scan(kv, NULL, "k", buffer_text(&all));
    buffer_deinit(&all);
}

static void what_was_written_survives_closing(void **state)
{
    struct fixture *fixture = *state;
    put(fixture->kv, KV_TILE, "a", "1");
    fixture->kv->ops->close(fixture->kv);
    assert_int_equal(kv_rocks_open(fixture->path, KV_CACHE_BYTES, &fixture->kv, NULL), NT_OK);
    assert_value(fixture->kv, NULL, KV_TILE, "a", "1");
}

static void what_was_written_survives_the_death_of_the_process(void **state)
{
    struct fixture *fixture = *state;
#ifdef __SANITIZE_THREAD__
    skip(); /* it does not follow the threads that a fork of a process with threads begins */
#endif
    fixture->kv->ops->close(fixture->kv);
    fixture->kv = NULL;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct kv *kv;
        struct kv_batch batch = {0};
        if (kv_rocks_open(fixture->path, KV_CACHE_BYTES, &kv, NULL) != NT_OK) _exit(1);
        kv_batch_put(&batch, KV_ROW, text("a"), text("1"));
        kv_batch_put(&batch, KV_META, text("position"), text("7"));
        _exit(kv->ops->write(kv, &batch, NULL) == NT_OK ? 0 : 2); /* nothing is closed */
    }
    int how;
    waitpid(child, &how, 0);
    assert_int_equal(how, 0);
    assert_int_equal(kv_rocks_open(fixture->path, KV_CACHE_BYTES, &fixture->kv, NULL), NT_OK);
    assert_value(fixture->kv, NULL, KV_ROW, "a", "1");
    assert_value(fixture->kv, NULL, KV_META, "position", "7");
}

static void a_held_lock_is_unavailable_and_names_the_path(void **state)
{
    struct fixture *fixture = *state;
    struct kv *other;
    struct nt_error error;
    assert_int_equal(kv_rocks_open(fixture->path, KV_CACHE_BYTES, &other, &error), NT_UNAVAILABLE);
    assert_non_null(strstr(error.text, fixture->path));
    assert_non_null(strstr(error.text, "another process has it open"));
}

static void a_damaged_directory_is_corrupt(void **state)
{
    struct fixture *fixture = *state;
    fixture->kv->ops->close(fixture->kv);
    fixture->kv = NULL;
    char current[96];
    snprintf(current, sizeof current, "%s/CURRENT", fixture->path);
    FILE *file = fopen(current, "w");
    assert_non_null(file);
    fputs("rubbish", file);
    fclose(file);
    struct nt_error error;
    assert_int_equal(kv_rocks_open(fixture->path, KV_CACHE_BYTES, &fixture->kv, &error),
                     NT_CORRUPT);
    assert_non_null(strstr(error.text, fixture->path));
}

static void a_path_under_a_file_is_an_error_that_names_it(void **state)
{
    (void)state;
    struct kv *kv;
    struct nt_error error;
    assert_int_equal(kv_rocks_open("/dev/null/store", KV_CACHE_BYTES, &kv, &error), NT_IO);
    assert_non_null(strstr(error.text, "/dev/null/store"));
}

static void a_copy_that_cannot_be_made_is_no_damage_to_the_store(void **state)
{
    struct fixture *fixture = *state;
    struct nt_error error;
    assert_int_equal(kv_rocks_copy(fixture->kv, "/nosuch/copy", &error), NT_NOT_FOUND);
    assert_non_null(strstr(error.text, "directory /nosuch/copy"));
    assert_null(strstr(error.text, fixture->path));
    assert_int_equal(kv_rocks_copy(fixture->kv, "/dev/null/copy", &error), NT_IO);
    assert_int_equal(kv_rocks_copy(fixture->kv, fixture->path, &error), NT_INVALID);
}

#define BOTH(test)                                                                                 \
    {#test " (memory)", test, setup_memory, teardown, NULL},                                       \
    {                                                                                              \
#test " (rocks)", test, setup_rocks, teardown, NULL                                        \
    }
#define ROCKS(test) cmocka_unit_test_setup_teardown(test, setup_rocks, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(a_missing_key_appends_nothing),
        BOTH(families_do_not_mix),
        BOTH(a_batch_applies_in_order),
        BOTH(a_scan_is_in_order_and_ends_with_its_prefix),
        BOTH(a_scan_goes_on_behind_a_key),
        BOTH(a_snapshot_shows_what_was_there),
        BOTH(random_batches_equal_an_array),
        ROCKS(what_was_written_survives_closing),
        ROCKS(what_was_written_survives_the_death_of_the_process),
        ROCKS(a_held_lock_is_unavailable_and_names_the_path),
        ROCKS(a_damaged_directory_is_corrupt),
        ROCKS(a_copy_that_cannot_be_made_is_no_damage_to_the_store),
        cmocka_unit_test(a_path_under_a_file_is_an_error_that_names_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
