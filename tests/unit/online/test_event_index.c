/* test_event_index.c: an event key that says nothing of time or entity: the state is a function of
 * the events, also of what it forgets and of what is erased; and damage is found. */
#include "../../support/keyed_fixture.h"
#include "../../support/seed.h"
#include "../../support/store_fixture.h"
#include "online/check.h"

#define EVENTS  2000
#define SHOPS   40
#define AMOUNTS 300
#define SPAN_US (40 * FIXTURE_HOUR_US)
#define LATE_US (5 * FIXTURE_HOUR_US)

static uint64_t seed;
static struct sale sales[EVENTS];

static int64_t draw(uint64_t below)
{
    return (int64_t)(seed_next(&seed) % below);
}

static void sale_repeat(int i)
{
    const struct sale *other = &sales[draw((uint64_t)i)];
    if (draw(2)) other = &sales[i - 1];
    sales[i].amount = other->amount;
    if (draw(3) == 0) sales[i] = *other;
    if (draw(3) == 0) sales[i].at_us = other->at_us + FIXTURE_HOUR_US;
}

/* Amounts come again: soon, after exactly the reach, at one time; of another shop or of none. The
 * last is the newest by far, and of a shop that no test erases: what is forgotten goes by it. */
static void sales_fill(void)
{
    int64_t newest_us = T0;
    for (int i = 0; i < EVENTS; i++) {
        int64_t us = T0 + SPAN_US * i / EVENTS;
        if (draw(5) == 0) us -= draw((uint64_t)LATE_US);
        sales[i] = (struct sale){(int)draw(SHOPS) - 1, draw(AMOUNTS), us};
        if (i > 0 && draw(3) > 0) sale_repeat(i);
        if (sales[i].at_us > newest_us) newest_us = sales[i].at_us;
    }
    sales[EVENTS - 1] = (struct sale){SHOPS, AMOUNTS, newest_us + FIXTURE_HOUR_US};
}

static void sales_shuffle(void)
{
    for (int i = EVENTS; i > 1; i--) {
        int j = (int)draw((uint64_t)i);
        struct sale kept = sales[i - 1];
        sales[i - 1] = sales[j];
        sales[j] = kept;
    }
}

static struct store *keyed_open(const struct nt_program *program, struct kv *kv)
{
    struct store *store = NULL;
    struct nt_error error;
    struct store_options options = options_event();
    options.cache_bytes_max = 100000;
    if (store_open(program, kv, &options, &store, &error) != NT_OK) fail_msg("%s", error.text);
    return store;
}

static void keyed_apply(const struct nt_program *program, struct store *store, struct sale sale)
{
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena};
    struct event event;
    struct nt_error error;
    char name[16];
    snprintf(name, sizeof name, "shop%d", sale.shop);
    struct nt_value row[3] = {sale.shop < 0 ? NT_NULL : fixture_text(name), nt_integer(sale.amount),
                              nt_timestamptz(sale.at_us)};
    assert_true(event_admit(program, 0, &e, row, &event));
    if (store_apply(store, &event, &error) != NT_OK) fail_msg("%s", error.text);
    nt_arena_deinit(&arena);
}

/* All but those of a shop, with commits and sweeps in between; then swept clean. */
static struct store *filled(const struct nt_program *program, int without)
{
    struct store *store = keyed_open(program, kv_memory_open());
    bool is_done;
    for (int i = 0; i < EVENTS; i++) {
        if (sales[i].shop != without) keyed_apply(program, store, sales[i]);
        if (draw(50) == 0) commit_at(store, i);
        if (draw(100) == 0) assert_int_equal(store_sweep(store, 7, &is_done, NULL), NT_OK);
    }
    commit_at(store, EVENTS);
    sweep_ok(store, 100);
    return store;
}

struct dumped {
    struct buffer bytes;
    uint64_t events; /* records of that family */
};

static void dump_append(void *self, enum kv_family family, struct bytes key, struct bytes value)
{
    struct dumped *out = self;
    buffer_append_byte(&out->bytes, (uint8_t)family);
    buffer_append_varint(&out->bytes, key.size);
    buffer_append(&out->bytes, key.data, key.size);
    buffer_append_varint(&out->bytes, value.size);
    buffer_append(&out->bytes, value.data, value.size);
    out->events += family == KV_EVENT;
}

static struct dumped dump(struct store *store)
{
    struct dumped out = {0};
    struct store_snapshot *snapshot;
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    assert_int_equal(store_dump(snapshot, dump_append, &out, NULL), NT_OK);
    store_snapshot_close(snapshot);
    return out;
}

/* Closes both. */
static void assert_same(struct store *x, struct store *y)
{
    struct dumped a = dump(x), b = dump(y);
    assert_int_equal(a.events, b.events);
    assert_int_equal(bytes_compare(buffer_bytes(&a.bytes), buffer_bytes(&b.bytes)), 0);
    buffer_deinit(&a.bytes);
    buffer_deinit(&b.bytes);
    store_close(x);
    store_close(y);
}

static void any_order_makes_the_same_state(void **state)
{
    (void)state;
    const struct nt_program *const programs[] = {&keyed_program, &keyed_recent_program};
    for (int i = 0; i < 10; i++) {
        sales_fill();
        struct store *store = filled(programs[i % 2], -2);
        sales_shuffle();
        assert_same(store, filled(programs[i % 2], -2));
    }
}

/* No more keys than the last hours had; the other program keeps them all. */
static void what_nothing_can_repeat_is_forgotten(void **state)
{
    (void)state;
    for (int i = 0; i < EVENTS; i++)
        sales[i] = (struct sale){i % SHOPS, i, T0 + SPAN_US * i / EVENTS};
    struct store *store = filled(&keyed_recent_program, -2);
    struct dumped few = dump(store);
    store_close(store);
    store = filled(&keyed_program, -2);
    struct dumped all = dump(store);
    store_close(store);
    assert_int_equal(all.events, EVENTS);
    assert_in_range(few.events, 1, EVENTS / 4);
    buffer_deinit(&few.bytes);
    buffer_deinit(&all.bytes);
}

static void who_is_erased_never_was(void **state)
{
    (void)state;
    for (int shop = 0; shop < 8; shop++) {
        uint64_t records;
        struct nt_error error;
        char name[16];
        sales_fill();
        snprintf(name, sizeof name, "shop%d", shop);
        struct nt_value key = fixture_text(name);
        struct store *store = filled(&keyed_recent_program, -2);
        if (store_erase(store, FIXTURE_RECENT, &key, &records, &error) != NT_OK)
            fail_msg("%s", error.text);
        assert_same(store, filled(&keyed_recent_program, shop));
    }
}

/* ---- damage ---- */

static void fault_take(void *self, const struct nt_error *error)
{
    assert_int_equal(error->status, NT_CORRUPT);
    ++*(uint64_t *)self;
}

static bool goes_on(void *self)
{
    (void)self;
    return true;
}

static struct check_report checked(struct store *store)
{
    struct store_snapshot *snapshot;
    struct check_report report;
    uint64_t faults = 0;
    struct check_visitor visitor = {fault_take, goes_on, &faults};
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    assert_int_equal(store_check(snapshot, &visitor, &report, NULL), NT_OK);
    store_snapshot_close(snapshot);
    assert_int_equal(faults, report.faults);
    return report;
}

static bool first_take(void *self, struct bytes key, struct bytes value)
{
    struct buffer *found = self; /* key, value */
    buffer_append(&found[0], key.data, key.size);
    buffer_append(&found[1], value.data, value.size);
    return false;
}

static void a_damaged_record_is_found_and_not_used(void **state)
{
    (void)state;
    struct kv *kv = kv_memory_open();
    struct store *store = keyed_open(&keyed_program, kv);
    struct buffer found[2] = {{0}, {0}};
    struct kv_batch batch = {0};
    struct nt_error error;
    keyed_apply(&keyed_program, store, (struct sale){1, 5, T0});
    commit_at(store, 1);
    struct check_report report = checked(store);
    assert_int_equal(report.faults, 0);
    assert_int_equal(report.keyed, 1);
    kv->ops->scan(kv, NULL, KV_EVENT, (struct bytes){0}, first_take, found, NULL);
    for (size_t i = 0; i < found[1].size; i++) {
        found[1].data[i] ^= 1;
        kv_batch_clear(&batch);
        kv_batch_put(&batch, KV_EVENT, buffer_bytes(&found[0]), buffer_bytes(&found[1]));
        assert_int_equal(kv->ops->write(kv, &batch, NULL), NT_OK);
        assert_int_equal(checked(store).faults, 1);
        found[1].data[i] ^= 1;
    }
    struct nt_value row[3] = {fixture_text("shop1"), nt_integer(5), nt_timestamptz(T0 + 1)};
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena};
    struct event event;
    assert_true(event_admit(&keyed_program, 0, &e, row, &event));
    assert_int_equal(store_apply(store, &event, &error), NT_CORRUPT);
    assert_non_null(strstr(error.text, "source sales"));
    nt_arena_deinit(&arena);
    kv_batch_deinit(&batch);
    buffer_deinit(&found[0]);
    buffer_deinit(&found[1]);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_makes_the_same_state),
        cmocka_unit_test(what_nothing_can_repeat_is_forgotten),
        cmocka_unit_test(who_is_erased_never_was),
        cmocka_unit_test(a_damaged_record_is_found_and_not_used),
    };
    seed = seed_take();
    keyed_fixture_fill();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
