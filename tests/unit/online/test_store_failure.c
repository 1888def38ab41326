/* The store when it cannot go on: other definitions, a disk that fails. */
#include "../../support/store_fixture.h"

static enum nt_status reopen(const char *path, const struct nt_program *program,
                             struct nt_error *error)
{
    struct store *store = NULL;
    struct store_options options = options_event();
    enum nt_status status = store_open(program, rocks_open(path), &options, &store, error);
    store_close(store);
    return status;
}

static void a_store_of_other_definitions_is_refused(void **state)
{
    (void)state;
    char path[] = "/tmp/nowthen-store-XXXXXX";
    struct nt_error error;
    struct nt_program program = fixture_program;
    struct nt_view views[2] = {fixture_views[0], fixture_views[1]};
    program.views = views;
    assert_non_null(mkdtemp(path));
    assert_int_equal(reopen(path, &fixture_program, &error), NT_OK);
    assert_int_equal(reopen(path, &program, &error), NT_OK);
    views[0].fingerprint++;
    assert_int_equal(reopen(path, &program, &error), NT_MISMATCH);
    assert_non_null(strstr(error.text, "view recent of fingerprint 1111222233334444"));
    views[0].fingerprint--;
    views[1].name = "other";
    assert_int_equal(reopen(path, &program, &error), NT_MISMATCH);
    assert_non_null(strstr(error.text, "holds view ever"));
    program.view_count = 1;
    assert_int_equal(reopen(path, &program, &error), NT_MISMATCH);
    assert_int_equal(reopen(path, &fixture_program, &error), NT_OK);
    path_remove(path);
}

static void a_view_that_is_new_is_refused(void **state)
{
    (void)state;
    char path[] = "/tmp/nowthen-store-XXXXXX";
    struct nt_error error;
    struct nt_program program = fixture_program;
    program.view_count = 1;
    assert_non_null(mkdtemp(path));
    assert_int_equal(reopen(path, &program, &error), NT_OK);
    assert_int_equal(reopen(path, &fixture_program, &error), NT_MISMATCH);
    assert_non_null(strstr(error.text, "holds 1 views, the program has 2"));
    path_remove(path);
}

/* A kv whose calls fail after some: everything else is the memory body's. */
struct kv_failing {
    struct kv kv;
    struct kv *inner;
    int writes_left, gets_left;
};

static void failing_close(struct kv *kv)
{
    struct kv_failing *failing = (struct kv_failing *)kv;
    failing->inner->ops->close(failing->inner);
}

static enum nt_status failing_get(struct kv *kv, struct kv_snapshot *snapshot,
                                  enum kv_family family, struct bytes key, struct buffer *value,
                                  struct nt_error *error)
{
    struct kv_failing *failing = (struct kv_failing *)kv;
    if (failing->gets_left-- <= 0) return error_set(error, NT_IO, "the disk is gone");
    return failing->inner->ops->get(failing->inner, snapshot, family, key, value, error);
}

static enum nt_status failing_write(struct kv *kv, const struct kv_batch *batch,
                                    struct nt_error *error)
{
    struct kv_failing *failing = (struct kv_failing *)kv;
    if (failing->writes_left-- <= 0) return error_set(error, NT_IO, "the disk is full");
    return failing->inner->ops->write(failing->inner, batch, error);
}

static enum nt_status failing_scan(struct kv *kv, struct kv_snapshot *snapshot,
                                   enum kv_family family, struct bytes prefix,
                                   bool (*visit)(void *self, struct bytes key, struct bytes value),
                                   void *self, struct nt_error *error)
{
    struct kv *inner = ((struct kv_failing *)kv)->inner;
    return inner->ops->scan(inner, snapshot, family, prefix, visit, self, error);
}

static const struct kv_ops failing_ops = {
    .close = failing_close, .get = failing_get, .write = failing_write, .scan = failing_scan};

/* What is in an empty store is known without reading it. */
static void record_put(struct kv *kv)
{
    struct kv_batch batch = {0};
    struct bytes some = {(const uint8_t *)"some", 4};
    kv_batch_put(&batch, KV_ROW, some, some);
    assert_int_equal(kv->ops->write(kv, &batch, NULL), NT_OK);
    kv_batch_deinit(&batch);
}

static void after_a_failed_commit_the_writer_is_refused(void **state)
{
    (void)state;
    struct nt_error error;
    struct kv_failing failing = {{&failing_ops}, kv_memory_open(), 1, 1000};
    struct store *store = open_with(&failing.kv, options_event());
    apply_ok(store, 1, 10, T0);
    assert_int_equal(store_commit(store, NULL, 0, &error), NT_IO);
    assert_string_equal(error.text, "the disk is full");
    failing.writes_left = 10;
    assert_int_equal(store_commit(store, NULL, 0, &error), NT_IO);
    assert_non_null(strstr(error.text, "must be opened again"));
    assert_non_null(strstr(error.text, "the disk is full"));
    assert_int_equal(apply(store, (struct sale){1, 1, T0}, &error), NT_IO);
    store_close(store);
}

static void after_a_failed_read_the_writer_is_refused(void **state)
{
    (void)state;
    struct nt_error error;
    struct kv_failing failing = {{&failing_ops}, kv_memory_open(), 10, 1000};
    record_put(failing.inner);
    struct store *store = open_with(&failing.kv, options_event());
    failing.gets_left = 0;
    assert_int_equal(apply(store, (struct sale){1, 1, T0}, &error), NT_IO);
    failing.gets_left = 100;
    assert_int_equal(store_commit(store, NULL, 0, &error), NT_IO);
    assert_non_null(strstr(error.text, "the disk is gone"));
    store_close(store);
}

static void negative_past_reads_are_refused(void **state)
{
    (void)state;
    struct store *store = NULL;
    struct nt_error error;
    struct store_options options = options_event();
    options.past_reads_us = -1;
    assert_int_equal(store_open(&fixture_program, kv_memory_open(), &options, &store, &error),
                     NT_INVALID);
    assert_null(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_of_other_definitions_is_refused),
        cmocka_unit_test(a_view_that_is_new_is_refused),
        cmocka_unit_test(after_a_failed_commit_the_writer_is_refused),
        cmocka_unit_test(after_a_failed_read_the_writer_is_refused),
        cmocka_unit_test(negative_past_reads_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
