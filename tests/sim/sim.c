/*
 * sim.c: the worker in a simulated world, one seed at a time.
 *
 * A log of a few partitions holds disordered, late, future, keyless and poisonous events. The
 * worker reads it through a source that batches at random, hides partitions for a while, goes away,
 * and gives old messages again; it writes to a store that crashes before or after any write. After
 * each crash the store is opened again and the worker goes on from its positions. In the end
 *
 *   - the state is, byte for byte, that of one undisturbed run over the same events in order,
 *   - the counters say that nothing was lost and nothing counted twice,
 *   - every poisonous message is in the dead letters, and no other,
 *   - lookups at random times equal a scan of the events.
 *
 * In two worlds of three the source has an event key, and half of what comes has come before: the
 * very same, or at another time, of another shop.
 *
 * usage: sim [--seed N] [--seeds COUNT]     a failing seed is printed; --seed replays it
 */
#include "../support/keyed_fixture.h"
#include "../support/seed.h"
#include "row/time.h"
#include "stream/worker.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARTITIONS_MAX 4
#define EVENTS_MAX     400
#define SHOPS          30 /* some fall silent, and are swept */
#define BATCH_MAX      40
#define CRASHES_MAX    25
#define READS          40
/* The worker waits for what is away by the real clock, so trouble has to be rare. */
#define RARELY  400
#define SPAN_US (6 * FIXTURE_HOUR_US)
#define T0      INT64_C(410227200000000) /* 2013-01-01 */

static uint64_t seed_now; /* of the run under way, for messages */

#define CHECK(condition, ...)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "seed %" PRIu64 ": %s:%d: ", seed_now, __FILE__, __LINE__);            \
            fprintf(stderr, __VA_ARGS__);                                                          \
            fprintf(stderr, "\nreplay: sim --seed %" PRIu64 "\n", seed_now);                       \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* ---- the log ---- */

enum kind { SALE, KEYLESS, POISON, TOMBSTONE };

struct entry {
    enum kind kind;
    int shop;
    int64_t amount;
    int64_t at_us;
    char *text;  /* NULL: a tombstone */
    int letters; /* how often it was set aside */
};

struct world {
    uint64_t random;
    const struct nt_program *program;
    struct entry *partitions[PARTITIONS_MAX];
    int sizes[PARTITIONS_MAX];
    int partition_count;
    struct kv *kv;
    struct nt_time wall;
};

static uint64_t roll(struct world *world, uint64_t below)
{
    return seed_next(&world->random) % below;
}

static char *entry_text(const struct entry *entry, uint64_t poison)
{
    static const char *const poisons[] = {
        "rubbish", "{\"shop\":\"shop1\",\"amount\":-1,\"at\":\"2013-01-01T00:00:00Z\"}",
        "{\"shop\":\"shop1\",\"amount\":1}", "{\"shop\":5,\"amount\":1,\"at\":\"2013-01-32\"}", ""};
    if (entry->kind == TOMBSTONE) return NULL;
    if (entry->kind == POISON) return memory_strdup(poisons[poison % 5]);
    struct buffer text = {0};
    if (entry->kind == KEYLESS)
        buffer_append_text(&text, "{\"shop\":null");
    else
        buffer_printf(&text, "{\"shop\":\"shop%d\"", entry->shop);
    buffer_printf(&text, ",\"amount\":%" PRId64 ",\"at\":\"", entry->amount);
    time_append_text((struct nt_time){entry->at_us}, &text);
    buffer_append_text(&text, "\"}");
    return buffer_text(&text); /* the buffer's memory is the entry's now */
}

static struct entry entry_make(struct world *world, int index, int size)
{
    struct entry entry = {.kind = SALE};
    uint64_t kind = roll(world, 20);
    if (kind == 0) entry.kind = KEYLESS;
    if (kind == 1) entry.kind = TOMBSTONE;
    if (kind == 2 || kind == 3) entry.kind = POISON;
    entry.shop = roll(world, 2) ? 0 : (int)roll(world, SHOPS); /* one shop has half of all */
    entry.amount = (int64_t)roll(world, 1000);
    /* Roughly in order, some hours late, some in the future, many at one instant. */
    entry.at_us = T0 + SPAN_US * index / size + (int64_t)roll(world, 1000000);
    uint64_t lateness = roll(world, 10);
    if (lateness == 0) entry.at_us -= (int64_t)roll(world, (uint64_t)SPAN_US);
    if (lateness == 1) entry.at_us += (int64_t)roll(world, (uint64_t)FIXTURE_HOUR_US);
    if (lateness == 2) entry.at_us = T0 + FIXTURE_HOUR_US;
    return entry;
}

/* A producer that sends again what it has sent. */
static void entry_repeat(struct world *world, struct entry *entry)
{
    int partition = (int)roll(world, (uint64_t)world->partition_count);
    int size = world->sizes[partition];
    if (world->program == &fixture_program || size == 0 || roll(world, 2)) return;
    const struct entry *other = &world->partitions[partition][roll(world, (uint64_t)size)];
    if (!other->at_us) return; /* it is still to come */
    entry->amount = other->amount;
    if (roll(world, 2)) entry->shop = other->shop;
    if (roll(world, 2)) entry->at_us = other->at_us;
    if (roll(world, 4) == 0) entry->at_us = other->at_us + FIXTURE_HOUR_US;
}

static void world_make(struct world *world, uint64_t seed)
{
    *world = (struct world){.random = seed};
    world->program = (const struct nt_program *[]){&fixture_program, &keyed_program,
                                                   &keyed_recent_program}[roll(world, 3)];
    world->partition_count = 1 + (int)roll(world, PARTITIONS_MAX);
    for (int p = 0; p < world->partition_count; p++) {
        world->sizes[p] = (int)roll(world, EVENTS_MAX);
        world->partitions[p] = memory_zalloc((size_t)world->sizes[p] * sizeof(struct entry));
        for (int i = 0; i < world->sizes[p]; i++) {
            struct entry *entry = &world->partitions[p][i];
            struct entry made = entry_make(world, i, world->sizes[p]);
            entry_repeat(world, &made);
            *entry = made;
            entry->text = entry_text(entry, roll(world, 5));
        }
    }
    world->kv = kv_memory_open();
}

static void world_unmake(struct world *world)
{
    for (int p = 0; p < world->partition_count; p++) {
        for (int i = 0; i < world->sizes[p]; i++) free(world->partitions[p][i].text);
        free(world->partitions[p]);
    }
    world->kv->ops->close(world->kv);
}

/* ---- the source: it gives the log as Kafka may ---- */

struct sim_source {
    struct source source;
    struct world *world;
    bool is_calm; /* no trouble: the undisturbed run */
    int found;    /* partitions discovered */
    int64_t next[PARTITIONS_MAX];
    uint32_t turn;
    struct source_message messages[BATCH_MAX + 1];
    struct {
        int partition;
        int64_t offset;
    } flying[PARTITIONS_MAX * EVENTS_MAX * 2];
    int flying_count; /* letters not yet safe */
};

static struct sim_source *sim_of(struct source *source)
{
    return (struct sim_source *)source;
}

static void sim_close(struct source *source)
{
    free(source); /* letters in flight are lost with the process */
}

static enum nt_status sim_refresh(struct source *source, source_position *position, void *self,
                                  struct nt_error *error)
{
    struct sim_source *sim = sim_of(source);
    if (!sim->is_calm && roll(sim->world, RARELY) == 0)
        return error_set(error, NT_UNAVAILABLE, "the simulated broker is away");
    for (; sim->found < sim->world->partition_count; sim->found++) {
        enum nt_status status = position(self, "sales", sim->found, &sim->next[sim->found], error);
        if (status != NT_OK) return status;
    }
    return NT_OK;
}

static uint32_t sim_partition_count(struct source *source)
{
    return (uint32_t)sim_of(source)->found;
}

static struct source_partition sim_partition(struct source *source, uint32_t slot)
{
    return (struct source_partition){"sales", (int32_t)slot, sim_of(source)->next[slot]};
}

static int64_t sim_end(struct source *source, uint32_t slot)
{
    return sim_of(source)->world->sizes[slot];
}

static struct source_message message_of(struct sim_source *sim, uint32_t slot, int64_t offset)
{
    const struct entry *entry = &sim->world->partitions[slot][offset];
    return (struct source_message){
        .slot = slot,
        .offset = offset,
        .value = {(const uint8_t *)entry->text, entry->text ? strlen(entry->text) : 0},
    };
}

static enum nt_status sim_poll(struct source *source, int timeout_ms,
                               const struct source_message **messages, size_t *count,
                               struct nt_error *error)
{
    (void)timeout_ms;
    struct sim_source *sim = sim_of(source);
    struct world *world = sim->world;
    *messages = sim->messages;
    *count = 0;
    if (!sim->is_calm && roll(world, RARELY) == 0)
        return error_set(error, NT_UNAVAILABLE, "the simulated broker is away");
    uint32_t slot = sim->turn++ % (uint32_t)sim->found;
    /* Redelivery: the log goes back a little, as after a leader's change. */
    if (!sim->is_calm && sim->next[slot] > 0 && roll(world, 10) == 0)
        sim->next[slot] -= (int64_t)roll(world, (uint64_t)sim->next[slot] + 1);
    uint64_t batch = sim->is_calm ? BATCH_MAX : 1 + roll(world, BATCH_MAX);
    for (uint64_t i = 0; i < batch && sim->next[slot] < world->sizes[slot]; i++)
        sim->messages[(*count)++] = message_of(sim, slot, sim->next[slot]++);
    if (*count == 0)
        sim->messages[(*count)++] =
            (struct source_message){.slot = slot, .offset = sim->next[slot], .is_end = true};
    return NT_OK;
}

static enum nt_status sim_reject(struct source *source, const struct source_message *message,
                                 const char *stage, const char *why, struct nt_error *error)
{
    (void)error;
    struct sim_source *sim = sim_of(source);
    CHECK(stage[0] && why[0], "a letter without a reason");
    sim->flying[sim->flying_count].partition = (int)message->slot;
    sim->flying[sim->flying_count++].offset = message->offset;
    return NT_OK;
}

static enum nt_status sim_rejects_flush(struct source *source, int timeout_ms,
                                        struct nt_error *error)
{
    (void)timeout_ms;
    struct sim_source *sim = sim_of(source);
    if (!sim->is_calm && roll(sim->world, RARELY) == 0)
        return error_set(error, NT_UNAVAILABLE, "letters are waiting");
    for (int i = 0; i < sim->flying_count; i++)
        sim->world->partitions[sim->flying[i].partition][sim->flying[i].offset].letters++;
    sim->flying_count = 0;
    return NT_OK;
}

static const struct source_ops sim_source_ops = {
    sim_close, sim_refresh, NULL,       sim_partition_count, sim_partition,
    sim_end,   sim_poll,    sim_reject, sim_rejects_flush,
};

static struct source *sim_source_open(struct world *world, bool is_calm)
{
    struct sim_source *sim = memory_zalloc(sizeof *sim);
    sim->source.ops = &sim_source_ops;
    sim->world = world;
    sim->is_calm = is_calm;
    return &sim->source;
}

/* ---- the store: a kv whose process dies at some write ---- */

struct sim_kv {
    struct kv kv;
    struct kv *inner;
    struct world *world;
    int writes_left; /* until the crash; negative: none */
    bool is_written; /* the dying write reached the disk, its answer did not */
};

static struct kv *inner_of(struct kv *kv)
{
    return ((struct sim_kv *)kv)->inner;
}

static void simkv_close(struct kv *kv)
{
    free(kv); /* the inner one is the disk: it outlives the process */
}

static struct kv_snapshot *simkv_snapshot_open(struct kv *kv)
{
    return inner_of(kv)->ops->snapshot_open(inner_of(kv));
}

static void simkv_snapshot_close(struct kv *kv, struct kv_snapshot *snapshot)
{
    inner_of(kv)->ops->snapshot_close(inner_of(kv), snapshot);
}

static enum nt_status simkv_get(struct kv *kv, struct kv_snapshot *snapshot, enum kv_family family,
                                struct bytes key, struct buffer *value, struct nt_error *error)
{
    return inner_of(kv)->ops->get(inner_of(kv), snapshot, family, key, value, error);
}

static enum nt_status simkv_write(struct kv *kv, const struct kv_batch *batch,
                                  struct nt_error *error)
{
    struct sim_kv *sim = (struct sim_kv *)kv;
    if (sim->writes_left == 0) {
        if (sim->is_written) sim->inner->ops->write(sim->inner, batch, NULL);
        return error_set(error, NT_IO, "the simulated process died");
    }
    sim->writes_left--;
    return sim->inner->ops->write(sim->inner, batch, error);
}

static enum nt_status simkv_scan(struct kv *kv, struct kv_snapshot *snapshot, enum kv_family family,
                                 struct bytes prefix,
                                 bool (*visit)(void *self, struct bytes key, struct bytes value),
                                 void *self, struct nt_error *error)
{
    return inner_of(kv)->ops->scan(inner_of(kv), snapshot, family, prefix, visit, self, error);
}

static enum nt_status
simkv_scan_after(struct kv *kv, struct kv_snapshot *snapshot, enum kv_family family,
                 struct bytes prefix, struct bytes after,
                 bool (*visit)(void *self, struct bytes key, struct bytes value), void *self,
                 struct nt_error *error)
{
    return inner_of(kv)->ops->scan_after(inner_of(kv), snapshot, family, prefix, after, visit, self,
                                         error);
}

static void simkv_held(struct kv *kv, struct kv_held *held)
{
    inner_of(kv)->ops->held(inner_of(kv), held);
}

static const struct kv_ops sim_kv_ops = {
    simkv_close, simkv_snapshot_open, simkv_snapshot_close, simkv_get,
    simkv_write, simkv_scan,          simkv_scan_after,     simkv_held,
};

static struct kv *sim_kv_open(struct world *world, int writes_left)
{
    struct sim_kv *sim = memory_zalloc(sizeof *sim);
    *sim = (struct sim_kv){{&sim_kv_ops}, world->kv, world, writes_left, roll(world, 2) == 0};
    return &sim->kv;
}

/* ---- a life of the process ---- */

static struct nt_time clock_of(void *self)
{
    return ((struct world *)self)->wall;
}

static struct store *open_store(struct world *world, struct kv *kv, size_t cache_bytes)
{
    struct store_options options = {
        .clock = {clock_of, world},
        .is_event_clock = true,
        .past_reads_us = FIXTURE_HOUR_US,
        .cache_bytes_max = cache_bytes,
    };
    struct store *store = NULL;
    struct nt_error error = {0};
    enum nt_status status = store_open(world->program, kv, &options, &store, &error);
    /* Making an empty store is a write, too, and may be the one it dies at. */
    CHECK(status == NT_OK || status == NT_IO, "store_open: %s", error.text);
    return store;
}

/* True: the log was read to its end. False: the process died on the way. */
static bool live(struct world *world, int writes_left, bool is_calm)
{
    size_t cache = is_calm ? (size_t)64 << 20 : 1 + (size_t)roll(world, 200000);
    struct store *store = open_store(world, sim_kv_open(world, writes_left), cache);
    if (!store) return false;
    struct source *source = sim_source_open(world, is_calm);
    struct worker_options options = worker_options_default();
    struct worker *worker;
    struct nt_error error = {0};
    options.commit_ms = 60000; /* the wall clock decides nothing: only counts do */
    options.commit_events = is_calm ? 100000 : 1 + (int)roll(world, 100);
    options.is_ending = true;
    enum nt_status status =
        worker_start_sources(world->program, store, &options, &source, 1, &worker, &error);
    CHECK(status == NT_OK, "worker_start: %s", error.text);
    status = worker_join(worker, &error);
    CHECK(status == NT_OK || status == NT_IO, "worker: %s", error.text);
    worker_destroy(worker);
    store_close(store);
    return status == NT_OK;
}

/* ---- what must hold in the end ---- */

static void dump_record(void *self, enum kv_family family, struct bytes key, struct bytes value)
{
    struct buffer *out = self;
    buffer_append_byte(out, (uint8_t)family);
    buffer_append_varint(out, key.size);
    buffer_append(out, key.data, key.size);
    buffer_append_varint(out, value.size);
    buffer_append(out, value.data, value.size);
}

static void check_bytes(struct world *world, struct store_snapshot *snapshot)
{
    struct world calm = *world; /* the same log, an empty disk */
    struct buffer got = {0}, expected = {0};
    calm.kv = kv_memory_open();
    CHECK(live(&calm, -1, true), "the undisturbed run died");
    struct store *store = open_store(&calm, sim_kv_open(&calm, -1), 1 << 20);
    struct store_snapshot *undisturbed;
    CHECK(store_snapshot_open(store, &undisturbed, NULL) == NT_OK, "no snapshot");
    store_dump(undisturbed, dump_record, &expected, NULL);
    store_dump(snapshot, dump_record, &got, NULL);
    CHECK(bytes_compare(buffer_bytes(&got), buffer_bytes(&expected)) == 0,
          "the state differs from the undisturbed run's: %zu and %zu bytes", got.size,
          expected.size);
    for (int c = 0; c < STORE_COUNTER_COUNT; c++)
        CHECK(store_snapshot_counter(snapshot, (enum store_counter)c) ==
                  store_snapshot_counter(undisturbed, (enum store_counter)c),
              "counter %s differs", store_counter_name((enum store_counter)c));
    store_snapshot_close(undisturbed);
    store_close(store);
    calm.kv->ops->close(calm.kv);
    buffer_deinit(&got);
    buffer_deinit(&expected);
}

static void check_letters(const struct world *world)
{
    for (int p = 0; p < world->partition_count; p++)
        for (int i = 0; i < world->sizes[p]; i++) {
            const struct entry *entry = &world->partitions[p][i];
            CHECK((entry->kind == POISON) == (entry->letters > 0),
                  "partition %d offset %d (%s) has %d letters", p, i,
                  entry->text ? entry->text : "tombstone", entry->letters);
        }
}

static int shop_order(int x, int y)
{
    char names[2][16];
    snprintf(names[0], sizeof names[0], "shop%d", x);
    snprintf(names[1], sizeof names[1], "shop%d", y);
    return strcmp(names[0], names[1]);
}

/* Does it repeat another, by the definition? Of two that are alike the first in the log counts. */
static bool is_repeat(const struct world *world, const struct entry *entry, int64_t reach_us)
{
    if (world->program == &fixture_program) return false;
    for (int p = 0; p < world->partition_count; p++)
        for (int i = 0; i < world->sizes[p]; i++) {
            const struct entry *other = &world->partitions[p][i];
            if (other == entry || (other->kind != SALE && other->kind != KEYLESS) ||
                other->amount != entry->amount || other->at_us > entry->at_us)
                continue;
            if (other->at_us < entry->at_us) {
                if (entry->at_us - other->at_us < reach_us) return true;
                continue;
            }
            /* The greater row; NULL is the least shop. */
            int order = entry->kind == KEYLESS || other->kind == KEYLESS
                            ? (other->kind == SALE) - (entry->kind == SALE)
                            : shop_order(other->shop, entry->shop);
            if (order > 0 || (order == 0 && other < entry)) return true;
        }
    return false;
}

/* n and total of `recent`, n and most of `ever`, by looking at every event. */
static void scan(const struct world *world, int shop, int64_t now_us, int64_t out[4])
{
    memset(out, 0, 4 * sizeof out[0]);
    for (int p = 0; p < world->partition_count; p++)
        for (int i = 0; i < world->sizes[p]; i++) {
            const struct entry *entry = &world->partitions[p][i];
            if (entry->kind != SALE || entry->shop != shop || entry->at_us > now_us) continue;
            if (!is_repeat(world, entry, INT64_MAX) && (out[2]++ == 0 || entry->amount > out[3]))
                out[3] = entry->amount;
            if (entry->at_us <= now_us - FIXTURE_HOUR_US ||
                is_repeat(world, entry, FIXTURE_HOUR_US))
                continue;
            out[0]++;
            out[1] += entry->amount;
        }
}

static void check_read(struct world *world, struct store_snapshot *snapshot, struct nt_arena *arena)
{
    char name[16];
    int shop = (int)roll(world, SHOPS + 1); /* one of them never was */
    struct nt_time now = store_snapshot_now(snapshot);
    now.us -= (int64_t)roll(world, (uint64_t)FIXTURE_HOUR_US / 2);
    snprintf(name, sizeof name, "shop%d", shop);
    struct nt_value key = nt_text(name, (uint32_t)strlen(name));
    struct nt_eval e = {.arena = arena};
    struct view_row recent, ever;
    struct nt_error error = {0};
    int64_t expected[4];
    scan(world, shop, now.us, expected);
    enum nt_status status = store_read(snapshot, FIXTURE_RECENT, &key, now, &e, &recent, &error);
    bool has_ever = world->program->view_count > FIXTURE_EVER;
    if (status == NT_OK && has_ever)
        status = store_read(snapshot, FIXTURE_EVER, &key, now, &e, &ever, &error);
    CHECK(status == NT_OK, "%s at %" PRId64 ": %s", name, now.us, error.text);
    CHECK(recent.is_present == (expected[0] > 0), "%s at %" PRId64 ": presence", name, now.us);
    if (recent.is_present)
        CHECK(recent.features[1].integer == expected[0] &&
                  recent.features[2].numeric->coefficient == expected[1],
              "%s at %" PRId64 ": recent n %" PRId64 ", expected %" PRId64, name, now.us,
              recent.features[1].integer, expected[0]);
    if (!has_ever) return;
    CHECK(ever.is_present == (expected[2] > 0), "%s at %" PRId64 ": presence", name, now.us);
    if (ever.is_present)
        CHECK(ever.features[1].integer == expected[2] && ever.features[2].integer == expected[3],
              "%s at %" PRId64 ": ever n %" PRId64 ", expected %" PRId64, name, now.us,
              ever.features[1].integer, expected[2]);
}

static void check_end(struct world *world)
{
    struct nt_arena arena = {0};
    struct store *store = open_store(world, sim_kv_open(world, -1), 1 << 20);
    struct store_snapshot *snapshot;
    CHECK(store_snapshot_open(store, &snapshot, NULL) == NT_OK, "no snapshot");
    check_letters(world);
    for (int i = 0; i < READS; i++) {
        nt_arena_reset(&arena);
        check_read(world, snapshot, &arena);
    }
    check_bytes(world, snapshot);
    store_snapshot_close(snapshot);
    store_close(store);
    nt_arena_deinit(&arena);
}

static void run(uint64_t seed)
{
    struct world world;
    seed_now = seed;
    world_make(&world, seed);
    world.wall.us = T0 + 2 * SPAN_US;
    int crashes = (int)roll(&world, CRASHES_MAX);
    bool is_done = false;
    for (int i = 0; i < crashes && !is_done; i++)
        is_done = live(&world, (int)roll(&world, 8), false);
    while (!is_done) is_done = live(&world, -1, false);
    check_end(&world);
    world_unmake(&world);
}

int main(int argc, char **argv)
{
    uint64_t first = 1, count = 200;
    keyed_fixture_fill();
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seed") == 0) first = strtoull(argv[i + 1], NULL, 10), count = 1;
        if (strcmp(argv[i], "--seeds") == 0) count = strtoull(argv[i + 1], NULL, 10);
    }
    for (uint64_t seed = first; seed < first + count; seed++) run(seed);
    printf("sim: %" PRIu64 " seeds from %" PRIu64 ": state, counters, letters and reads as they "
           "must be\n",
           count, first);
    return 0;
}
