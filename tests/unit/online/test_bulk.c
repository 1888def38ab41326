/* The bulk build: the bytes of a streamed store, whatever interrupts it, and no store before its
 * end. */
#include "../../support/store_fixture.h"
#include "online/bulk.h"

#include <unistd.h>

#define EVENTS 4000

static struct sale sales[EVENTS]; /* by shop, then time */

static int sale_order(const void *a, const void *b)
{
    const struct sale *x = a, *y = b;
    if (x->shop != y->shop) return x->shop - y->shop;
    return (x->at_us > y->at_us) - (x->at_us < y->at_us);
}

static void sales_draw(void)
{
    unsigned seed = 7;
    for (int i = 0; i < EVENTS; i++) {
        int shop = rand_r(&seed) % 3 ? 0 : rand_r(&seed) % 9;
        int64_t at_us = T0 + rand_r(&seed) % (20 * 3600) * INT64_C(1000000);
        sales[i] = (struct sale){shop, rand_r(&seed) % 1000, at_us};
    }
    qsort(sales, EVENTS, sizeof *sales, sale_order);
}

static struct nt_time newest(void)
{
    struct nt_time time = NT_TIME_MINUS_INFINITY;
    for (int i = 0; i < EVENTS; i++)
        if (sales[i].at_us > time.us) time.us = sales[i].at_us;
    return time;
}

static void dump_append(void *self, enum kv_family family, struct bytes key, struct bytes value)
{
    buffer_append_byte(self, (uint8_t)family);
    buffer_append_varint(self, key.size);
    buffer_append(self, key.data, key.size);
    buffer_append_varint(self, value.size);
    buffer_append(self, value.data, value.size);
}

static void dump(struct store *store, struct buffer *out)
{
    struct store_snapshot *snapshot;
    assert_int_equal(store_snapshot_open(store, &snapshot, NULL), NT_OK);
    assert_int_equal(store_dump(snapshot, dump_append, out, NULL), NT_OK);
    for (int i = 0; i < STORE_COUNTER_COUNT; i++)
        buffer_append_u64(out, store_snapshot_counter(snapshot, (enum store_counter)i));
    buffer_append_u64(out, (uint64_t)store_snapshot_now(snapshot).us);
    store_snapshot_close(snapshot);
}

static void streamed(struct buffer *out)
{
    struct store *store = open_with(kv_memory_open(), options_event());
    for (int i = 0; i < EVENTS; i++) {
        const struct sale *sale = &sales[i * 7 % EVENTS]; /* in another order */
        apply_ok(store, sale->shop, sale->amount, sale->at_us);
        if (i % 97 == 0) commit_at(store, i + 1);
    }
    commit_at(store, EVENTS);
    dump(store, out);
    store_close(store);
}

/* The admitted event of a sale. */
static struct event admitted(struct sale sale, struct nt_arena *arena)
{
    struct nt_eval e = {.arena = arena};
    struct event event;
    struct nt_value row[3] = {fixture_text(nt_arena_printf(arena, "shop%d", sale.shop)),
                              nt_integer(sale.amount), nt_timestamptz(sale.at_us)};
    assert_true(event_admit(&fixture_program, 0, &e, row, &event));
    return event;
}

/* One entity of a view from sales[*at] on. True: it was put. */
static bool entity_build(struct bulk *bulk, uint16_t view, int *at, uint64_t *applied)
{
    struct nt_arena arena;
    nt_arena_init(&arena);
    struct bytes key = {0};
    struct timeline *timeline =
        timeline_create(&arena, &fixture_program.views[view], (struct timeline_source){NULL, NULL});
    for (int shop = sales[*at].shop; *at < EVENTS && sales[*at].shop == shop; (*at)++) {
        struct event event = admitted(sales[*at], &arena);
        for (uint32_t i = 0; i < event.entry_count; i++) {
            if (event.entries[i].view != view) continue;
            key = event.entries[i].key_bytes;
            ++*applied;
            assert_int_equal(
                timeline_add(timeline, event.event_time, event.entries[i].arguments, NULL), NT_OK);
        }
    }
    bool is_put = key.size > 0 && bulk_wants(bulk, key);
    if (is_put) assert_int_equal(bulk_put(bulk, key, timeline, NULL), NT_OK);
    nt_arena_deinit(&arena);
    return is_put;
}

/* False: given up after entities_max, as by a kill. */
static bool view_build(struct bulk *bulk, uint16_t view, int entities_max)
{
    bool is_done;
    uint64_t counts[STORE_COUNTER_COUNT] = {0};
    int put = 0;
    assert_int_equal(bulk_view_begin(bulk, view, &is_done, NULL), NT_OK);
    for (int at = 0; !is_done && at < EVENTS;) {
        if (put == entities_max) return false;
        put += entity_build(bulk, view, &at, &counts[STORE_APPLIED]);
    }
    if (is_done) return true;
    if (view == 0) counts[STORE_ACCEPTED] = EVENTS;
    assert_int_equal(bulk_view_end(bulk, counts, newest(), NULL), NT_OK);
    return true;
}

static struct bulk *bulk_open_at(struct kv *kv)
{
    struct bulk *bulk = NULL;
    struct nt_error error;
    struct store_options options = options_event();
    if (bulk_open(&fixture_program, kv, &options, 512, &bulk, &error) != NT_OK)
        fail_msg("%s", error.text);
    return bulk;
}

static const struct store_position sales_position = {"sales", 3, EVENTS};

static void build_begin(struct bulk *bulk)
{
    struct bulk_source source = {"sales", EVENTS, true, {T0 - 1}};
    struct bulk_plan plan = {newest(), &source, 1, &sales_position, 1};
    if (bulk_plan_get(bulk)) return;
    assert_int_equal(bulk_begin(bulk, &plan, NULL), NT_OK);
}

static void build(struct bulk *bulk)
{
    build_begin(bulk);
    for (uint16_t view = 0; view < fixture_program.view_count; view++)
        assert_true(view_build(bulk, view, -1));
    assert_int_equal(bulk_end(bulk, NULL), NT_OK);
}

static void path_draw(char *path)
{
    strcpy(path, "/tmp/nowthen-bulk-XXXXXX");
    assert_non_null(mkdtemp(path));
}

static void the_bytes_are_those_of_a_streamed_store(void **state)
{
    (void)state;
    char path[64];
    struct buffer expected = {0}, got = {0};
    path_draw(path);
    streamed(&expected);
    struct bulk *bulk = bulk_open_at(rocks_open(path));
    build(bulk);
    bulk_close(bulk);
    struct store *store = open_with(rocks_open(path), options_event());
    dump(store, &got);
    int64_t offset;
    struct nt_time handover;
    assert_int_equal(store_position_get(store, "sales", 3, &offset, NULL), NT_OK);
    assert_int_equal(offset, EVENTS);
    assert_int_equal(store_handover_get(store, "sales", &handover, NULL), NT_OK);
    assert_int_equal(handover.us, T0 - 1);
    store_close(store);
    assert_int_equal(bytes_compare(buffer_bytes(&expected), buffer_bytes(&got)), 0);
    buffer_deinit(&expected);
    buffer_deinit(&got);
    path_remove(path);
}

static void an_interrupted_build_goes_on_and_ends_the_same(void **state)
{
    (void)state;
    char path[64];
    struct buffer expected = {0}, got = {0};
    path_draw(path);
    streamed(&expected);
    for (int entities = 0; entities < 5; entities++) {
        struct bulk *bulk = bulk_open_at(rocks_open(path));
        build_begin(bulk);
        view_build(bulk, (uint16_t)(entities / 3), entities % 3 == 2 ? -1 : entities);
        bulk_close(bulk);
    }
    struct bulk *bulk = bulk_open_at(rocks_open(path));
    assert_non_null(bulk_plan_get(bulk));
    bool is_done;
    struct nt_arena arena = {0};
    assert_int_equal(bulk_view_begin(bulk, 1, &is_done, NULL), NT_OK);
    assert_false(is_done);
    assert_false(bulk_wants(bulk, admitted(sales[0], &arena).entries[0].key_bytes));
    assert_true(bulk_wants(bulk, admitted(sales[EVENTS - 1], &arena).entries[0].key_bytes));
    nt_arena_deinit(&arena);
    assert_int_equal(bulk_plan_get(bulk)->sources[0].rows, EVENTS);
    assert_int_equal(bulk_plan_get(bulk)->positions[0].offset, EVENTS);
    build(bulk);
    bulk_close(bulk);
    struct store *store = open_with(rocks_open(path), options_event());
    dump(store, &got);
    store_close(store);
    assert_int_equal(bytes_compare(buffer_bytes(&expected), buffer_bytes(&got)), 0);
    buffer_deinit(&expected);
    buffer_deinit(&got);
    path_remove(path);
}

static void a_store_is_none_before_the_end(void **state)
{
    (void)state;
    char path[64];
    struct nt_error error;
    struct store *store;
    struct store_options options = options_event();
    path_draw(path);
    struct bulk *bulk = bulk_open_at(rocks_open(path));
    build_begin(bulk);
    view_build(bulk, 0, 2);
    bulk_close(bulk);
    assert_int_equal(store_open(&fixture_program, rocks_open(path), &options, &store, &error),
                     NT_UNAVAILABLE);
    assert_non_null(strstr(error.text, "materialize --online"));
    path_remove(path);
}

static void a_filled_store_is_not_built_again(void **state)
{
    (void)state;
    char path[64];
    struct nt_error error;
    struct bulk *bulk;
    struct store_options options = options_event();
    path_draw(path);
    struct store *store = open_with(rocks_open(path), options);
    apply_ok(store, 1, 2, T0);
    commit_at(store, 1);
    store_close(store);
    assert_int_equal(bulk_open(&fixture_program, rocks_open(path), &options, 512, &bulk, &error),
                     NT_INVALID);
    assert_non_null(strstr(error.text, "another directory"));
    path_remove(path);
}

int main(void)
{
    sales_draw();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_those_of_a_streamed_store),
        cmocka_unit_test(an_interrupted_build_goes_on_and_ends_the_same),
        cmocka_unit_test(a_store_is_none_before_the_end),
        cmocka_unit_test(a_filled_store_is_not_built_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
