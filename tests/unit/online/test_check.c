/* test_check.c: a store that is what its events make of it has no faults; any other has. */
#include "online/check.h"

#include "../../support/store_fixture.h"
#include "base/hash.h"
#include "online/meta.h"

#define EVENTS 3000

struct told {
    struct buffer text;
    bool is_stopped;
};

static void fault_take(void *self, const struct nt_error *error)
{
    struct told *told = self;
    assert_int_equal(error->status, NT_CORRUPT);
    buffer_printf(&told->text, "%s\n", error->text);
}

static bool goes_on(void *self)
{
    return !((struct told *)self)->is_stopped;
}

static enum nt_status check(struct store *store, struct told *told, struct check_report *report)
{
    struct store_snapshot *snapshot;
    struct nt_error error;
    struct check_visitor visitor = {fault_take, goes_on, told};
    buffer_clear(&told->text);
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    enum nt_status status = store_check(snapshot, &visitor, report, &error);
    store_snapshot_close(snapshot);
    return status;
}

/* One tall trie, some small entities, and evictions. */
static struct store *filled(struct kv *kv)
{
    struct store *store = open_with(kv, options_event());
    for (int i = 0; i < EVENTS; i++) {
        apply_ok(store, i % 3 ? 0 : 1 + i % 7, i, T0 + (i * 7919 % 18000) * INT64_C(1000000));
        if (i % 500 == 499) commit_at(store, i + 1);
    }
    commit_at(store, EVENTS);
    return store;
}

static void a_store_of_the_worker_has_no_faults(void **state)
{
    (void)state;
    struct store *store = filled(kv_memory_open());
    struct told told = {0};
    struct check_report report;
    assert_int_equal(check(store, &told, &report), NT_OK);
    assert_string_equal(buffer_text(&told.text), "");
    assert_int_equal(report.faults, 0);
    assert_int_equal(report.entities, 16);
    assert_int_equal(report.commits, 7);
    assert_true(report.nodes > 100 && report.events > EVENTS);
    told.is_stopped = true;
    assert_int_equal(check(store, &told, &report), NT_INTERRUPTED);
    buffer_deinit(&told.text);
    store_close(store);
}

struct found {
    struct buffer key, value;
    size_t size_min;
};

static bool record_find(void *self, struct bytes key, struct bytes value)
{
    struct found *found = self;
    if (value.size < found->size_min) return true;
    buffer_clear(&found->key);
    buffer_append(&found->key, key.data, key.size);
    buffer_clear(&found->value);
    buffer_append(&found->value, value.data, value.size);
    return false;
}

static void put(struct kv *kv, enum kv_family family, const struct buffer *key, struct bytes value)
{
    struct kv_batch batch = {0};
    kv_batch_put(&batch, family, buffer_bytes(key), value);
    assert_int_equal(kv->ops->write(kv, &batch, NULL), NT_OK);
    kv_batch_deinit(&batch);
}

static void checksum_mend(struct buffer *record)
{
    record->size -= 4;
    buffer_append_u32(record, (uint32_t)hash64(record->data, record->size));
}

enum damage { FLIP, DELETE, MENDED, STRAY, FOREIGN, DAMAGE_COUNT };
static const char *const said[DAMAGE_COUNT] = {
    "its checksum does not match", "it is missing", "is not what its events make of it",
    "nodes are stored below its root", "nodes belong to no entity"};

/* Into one tile; found gets the record as it was. */
static void tile_damage(struct kv *kv, enum damage damage, struct found *found)
{
    found->size_min = 200;
    assert_int_equal(kv->ops->scan(kv, NULL, KV_TILE, (struct bytes){0}, record_find, found, NULL),
                     NT_OK);
    struct buffer key = {0}, value = {0};
    buffer_append(&key, found->key.data, found->key.size);
    buffer_append(&value, found->value.data, found->value.size);
    value.data[value.size - 6] ^= 1; /* of the last partial, or argument */
    if (damage == MENDED) checksum_mend(&value);
    if (damage == STRAY) key.data[key.size - 1] ^= 1;
    if (damage == FOREIGN) key.data[8] ^= 1;
    put(kv, KV_TILE, &key, damage == DELETE ? (struct bytes){0} : buffer_bytes(&value));
    if (damage >= STRAY) {
        buffer_clear(&found->key);
        buffer_append(&found->key, key.data, key.size);
        buffer_clear(&found->value);
    }
    buffer_deinit(&key);
    buffer_deinit(&value);
}

static void a_tile_that_is_not_right_is_found(void **state)
{
    (void)state;
    struct kv *kv = kv_memory_open();
    struct store *store = filled(kv);
    struct told told = {0};
    struct found found = {0};
    struct check_report report;
    for (enum damage damage = FLIP; damage < DAMAGE_COUNT; damage++) {
        tile_damage(kv, damage, &found);
        assert_int_equal(check(store, &told, &report), NT_OK);
        assert_int_equal(report.faults, 1);
        if (!strstr(buffer_text(&told.text), said[damage]))
            fail_msg("%d: %s", damage, buffer_text(&told.text));
        put(kv, KV_TILE, &found.key, buffer_bytes(&found.value));
        assert_int_equal(check(store, &told, &report), NT_OK);
        assert_int_equal(report.faults, 0);
    }
    buffer_deinit(&found.key);
    buffer_deinit(&found.value);
    buffer_deinit(&told.text);
    store_close(store);
}

static void a_root_of_no_view_and_a_gap_in_the_log_are_found(void **state)
{
    (void)state;
    struct kv *kv = kv_memory_open();
    struct store *store = filled(kv);
    struct told told = {0};
    struct found found = {0};
    struct check_report report;
    struct buffer log = {0};
    assert_int_equal(kv->ops->scan(kv, NULL, KV_ROW, (struct bytes){0}, record_find, &found, NULL),
                     NT_OK);
    found.key.data[0] ^= 1;
    put(kv, KV_ROW, &found.key, buffer_bytes(&found.value));
    meta_log_key(4, &log);
    put(kv, KV_META, &log, (struct bytes){0});
    assert_int_equal(check(store, &told, &report), NT_OK);
    assert_int_equal(report.faults, 2);
    assert_non_null(strstr(buffer_text(&told.text), "a record is of no view"));
    assert_non_null(strstr(buffer_text(&told.text), "its log has no commit 4"));
    buffer_deinit(&log);
    buffer_deinit(&found.key);
    buffer_deinit(&found.value);
    buffer_deinit(&told.text);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_of_the_worker_has_no_faults),
        cmocka_unit_test(a_tile_that_is_not_right_is_found),
        cmocka_unit_test(a_root_of_no_view_and_a_gap_in_the_log_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
