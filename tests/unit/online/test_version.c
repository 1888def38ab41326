/* Versions of a store: what the links name, what is shared, and what is removed. */
#include "../../support/store_fixture.h"
#include "online/version.h"

#include <unistd.h>

#define FIRST  "11111111111111111111111111111111"
#define SECOND "22222222222222222222222222222222"
#define THIRD  "33333333333333333333333333333333"

struct fixture {
    char root[64], program[80], built[80];
};

static void store_make_at(const char *path)
{
    struct kv *kv;
    assert_int_equal(kv_rocks_open(path, KV_CACHE_BYTES, &kv, NULL), NT_OK);
    kv->ops->close(kv);
}

static void file_make(const char *directory, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    assert_int_equal(file_write(path, (struct bytes){(const uint8_t *)text, strlen(text)}, NULL),
                     NT_OK);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    snprintf(f->root, sizeof f->root, "/tmp/nowthen-version-XXXXXX");
    if (!mkdtemp(f->root)) return -1;
    snprintf(f->program, sizeof f->program, "%s/compiled", f->root);
    snprintf(f->built, sizeof f->built, "%s/built", f->root);
    char command[256];
    snprintf(command, sizeof command, "mkdir %s", f->program);
    if (system(command) != 0) return -1;
    file_make(f->program, "program.so", "code");
    file_make(f->program, "manifest.json", "{}");
    store_make_at(f->root);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char command[256];
    snprintf(command, sizeof command, "rm -rf %s", f->root);
    int failed = system(command);
    free(f);
    return failed;
}

static void assert_live_store(const struct fixture *f, const char *expected)
{
    struct buffer path = {0};
    version_live_store(f->root, &path);
    assert_string_equal(buffer_text(&path) + strlen(f->root), expected);
    assert_true(kv_rocks_exists(buffer_text(&path)));
    buffer_deinit(&path);
}

static bool has_store(const struct fixture *f, const char *fingerprint)
{
    struct buffer path = {0};
    version_store_path(f->root, fingerprint, &path);
    bool is_there = kv_rocks_exists(buffer_text(&path));
    buffer_deinit(&path);
    return is_there;
}

static void first_note(const struct fixture *f)
{
    assert_int_equal(version_keep(f->root, FIRST, f->program, NULL), NT_OK);
    assert_int_equal(version_share(f->root, FIRST, NULL, NULL), NT_OK);
    assert_int_equal(version_set(f->root, VERSION_LIVE, FIRST, NULL), NT_OK);
}

static void second_note(const struct fixture *f)
{
    store_make_at(f->built);
    assert_int_equal(version_keep(f->root, SECOND, f->program, NULL), NT_OK);
    assert_int_equal(version_adopt(f->root, SECOND, f->built, NULL), NT_OK);
    assert_int_equal(version_set(f->root, VERSION_PREVIOUS, FIRST, NULL), NT_OK);
    assert_int_equal(version_set(f->root, VERSION_LIVE, SECOND, NULL), NT_OK);
}

static void a_store_without_versions_is_itself(void **state)
{
    struct fixture *f = *state;
    char fingerprint[HASH_HEX_SIZE];
    assert_live_store(f, "");
    assert_false(version_get(f->root, VERSION_LIVE, fingerprint));
    assert_false(version_get(f->root, VERSION_PREVIOUS, fingerprint));
    assert_int_equal(version_forget(f->root, NULL), NT_NOT_FOUND);
}

static void links_name_the_live_version_and_the_one_before(void **state)
{
    struct fixture *f = *state;
    char fingerprint[HASH_HEX_SIZE];
    first_note(f);
    assert_live_store(f, "/versions/" FIRST "/store");
    second_note(f);
    assert_live_store(f, "/versions/" SECOND "/store");
    assert_true(version_get(f->root, VERSION_LIVE, fingerprint));
    assert_string_equal(fingerprint, SECOND);
    assert_true(version_get(f->root, VERSION_PREVIOUS, fingerprint));
    assert_string_equal(fingerprint, FIRST);
    struct buffer path = {0}, text = {0};
    version_program_path(f->root, SECOND, &path);
    buffer_append_text(&path, "/program.so");
    assert_int_equal(file_read(buffer_text(&path), &text, NULL), NT_OK);
    assert_string_equal(buffer_text(&text), "code");
    buffer_deinit(&path);
    buffer_deinit(&text);
}

static void a_store_is_moved_in_once(void **state)
{
    struct fixture *f = *state;
    struct nt_error error;
    assert_int_equal(version_keep(f->root, SECOND, f->program, NULL), NT_OK);
    assert_int_equal(version_adopt(f->root, SECOND, f->built, &error), NT_NOT_FOUND);
    store_make_at(f->built);
    assert_int_equal(version_adopt(f->root, SECOND, f->built, &error), NT_OK);
    store_make_at(f->built);
    assert_int_equal(version_adopt(f->root, SECOND, f->built, &error), NT_INVALID);
    assert_non_null(strstr(error.text, "already: upgrade without --from"));
}

static void what_is_neither_live_nor_before_is_removed(void **state)
{
    struct fixture *f = *state;
    first_note(f);
    second_note(f);
    assert_int_equal(version_keep(f->root, THIRD, f->program, NULL), NT_OK);
    store_make_at(f->built);
    assert_int_equal(version_adopt(f->root, THIRD, f->built, NULL), NT_OK);
    assert_int_equal(version_prune(f->root, THIRD, NULL), NT_OK);
    assert_true(has_store(f, FIRST) && has_store(f, SECOND) && has_store(f, THIRD));
    assert_int_equal(version_prune(f->root, SECOND, NULL), NT_OK);
    assert_true(has_store(f, FIRST) && has_store(f, SECOND));
    assert_false(has_store(f, THIRD));
    assert_int_equal(version_forget(f->root, NULL), NT_OK);
    assert_false(has_store(f, FIRST));
    assert_false(kv_rocks_exists(f->root));
    assert_live_store(f, "/versions/" SECOND "/store");
}

static void a_store_that_two_versions_share_outlives_one(void **state)
{
    struct fixture *f = *state;
    first_note(f);
    assert_int_equal(version_keep(f->root, SECOND, f->program, NULL), NT_OK);
    assert_int_equal(version_share(f->root, SECOND, FIRST, NULL), NT_OK);
    assert_int_equal(version_set(f->root, VERSION_LIVE, SECOND, NULL), NT_OK);
    assert_int_equal(version_prune(f->root, SECOND, NULL), NT_OK);
    assert_live_store(f, "/versions/" SECOND "/store");
}

int main(void)
{
#define STORED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        STORED(a_store_without_versions_is_itself),
        STORED(links_name_the_live_version_and_the_one_before),
        STORED(a_store_is_moved_in_once),
        STORED(what_is_neither_live_nor_before_is_removed),
        STORED(a_store_that_two_versions_share_outlives_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
