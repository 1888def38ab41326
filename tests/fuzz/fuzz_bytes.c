/*
 * fuzz_bytes.c: the smaller decoders. The first byte says which, the rest is for it: a key or a
 * tuple of every type, the partial of an aggregate, a manifest, a record of the store's own. What
 * is taken encodes and decodes again; what encodes to the same bytes a second time.
 */
#include "fuzz_program.h"
#include "online/meta.h"
#include "registry/manifest.h"
#include "row/key.h"
#include "row/tuple.h"
#include "runtime/aggregate.h"

#include <string.h>

#define TYPES NT_TYPE_COUNT
static enum nt_type types[TYPES];
static struct nt_column columns[TYPES];
static const char *const type_names[TYPES] = {
#define TYPE_NAME(name, sql, oid) #name,
    NT_TYPES(TYPE_NAME)
#undef TYPE_NAME
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    for (int i = 0; i < TYPES; i++) {
        types[i] = (enum nt_type)i;
        columns[i] = (struct nt_column){.name = type_names[i], .type = types[i]};
    }
    return 0;
}

static bool is_same(const struct buffer *a, const struct buffer *b)
{
    return bytes_compare(buffer_bytes(a), buffer_bytes(b)) == 0;
}

static void key_run(struct bytes bytes)
{
    struct nt_arena arena = {0};
    struct nt_value key[TYPES], again[TYPES];
    struct buffer out[2] = {{0}};
    uint16_t first = bytes.size ? bytes.data[0] % TYPES : 0;
    if (bytes.size) bytes = (struct bytes){bytes.data + 1, bytes.size - 1};
    uint16_t count = (uint16_t)(TYPES - first);
    if (key_decode(columns + first, count, bytes, &arena, key)) {
        FUZZ_CHECK(key_append_all(columns + first, count, key, &out[0]));
        FUZZ_CHECK(key_decode(columns + first, count, buffer_bytes(&out[0]), &arena, again));
        FUZZ_CHECK(key_append_all(columns + first, count, again, &out[1]));
        FUZZ_CHECK(is_same(&out[0], &out[1]));
    }
    buffer_deinit(&out[0]);
    buffer_deinit(&out[1]);
    nt_arena_deinit(&arena);
}

static void tuple_run(struct bytes bytes)
{
    struct nt_arena arena = {0};
    struct nt_value row[TYPES], again[TYPES];
    struct buffer out[2] = {{0}};
    struct reader in = reader_of(bytes);
    if (tuple_take(types, TYPES, &in, &arena, row)) {
        tuple_append(types, TYPES, row, &out[0]);
        struct reader back = reader_of(buffer_bytes(&out[0]));
        FUZZ_CHECK(tuple_take(types, TYPES, &back, &arena, again) && back.next == back.end);
        tuple_append(types, TYPES, again, &out[1]);
        FUZZ_CHECK(is_same(&out[0], &out[1]));
    }
    buffer_deinit(&out[0]);
    buffer_deinit(&out[1]);
    nt_arena_deinit(&arena);
}

static const struct shape {
    const struct nt_aggregate *aggregate;
    const char *arguments; /* as aggregates.def has them */
} shapes[] = {
#define NT_AGGREGATE(symbol, name, result, ...) {&nt_aggregate_##symbol, #__VA_ARGS__},
#include "nowthen/aggregates.def"
#undef NT_AGGREGATE
};
#define SHAPES (sizeof shapes / sizeof shapes[0])

/* The type that aggregates.def names; any where it names none. */
static enum nt_type type_find(const char *name, size_t size, enum nt_type any)
{
    for (int i = 0; i < TYPES; i++)
        if (strlen(type_names[i]) == size && memcmp(type_names[i], name, size) == 0)
            return types[i];
    return any;
}

static void arguments_find(const char *text, enum nt_type any, struct nt_measure *measure)
{
    static const char fraction[] = "CONSTANT_FLOAT8", length[] = "CONSTANT_INTERVAL";
    static const char group[] = "WITHIN_GROUP", bound[] = "BOUND", number[] = "CONSTANT_INT4";
    for (size_t size; *text; text += size + strspn(text + size, ", ")) {
        size = strcspn(text, ", ");
        if (strncmp(text, fraction, sizeof fraction - 1) == 0)
            measure->parameters[measure->parameter_count++] = nt_float8(0.3);
        else if (strncmp(text, length, sizeof length - 1) == 0)
            measure->parameters[measure->parameter_count++] = nt_integer(3600000000);
        else if (strncmp(text, number, sizeof number - 1) == 0)
            measure->parameters[measure->parameter_count++] = nt_integer(3);
        else if (strncmp(text, group, sizeof group - 1) != 0 &&
                 strncmp(text, bound, sizeof bound - 1) != 0)
            measure->types[measure->argument_count++] = type_find(text, size, any);
    }
    measure->result = measure->types[0];
}

/* The measure that the bytes begin with: the symbol of an aggregate, "distinct " before it or not,
 * a zero, and the type of arguments that may be of any. False: there is none. */
static bool measure_take(struct reader *in, struct nt_measure *measure)
{
    static const char distinct[] = "distinct ";
    char name[64] = "";
    *measure = (struct nt_measure){.filter = -1};
    for (size_t i = 0; i + 1 < sizeof name && !in->is_short; i++)
        if ((name[i] = (char)reader_byte(in)) == 0) break;
    enum nt_type any = types[reader_byte(in) % TYPES];
    bool is_distinct = strncmp(name, distinct, sizeof distinct - 1) == 0;
    const char *symbol = is_distinct ? name + sizeof distinct - 1 : name;
    for (size_t i = 0; i < SHAPES && !in->is_short; i++) {
        if (strcmp(shapes[i].aggregate->symbol, symbol) != 0) continue;
        arguments_find(shapes[i].arguments, any, measure);
        measure->aggregate = is_distinct ? &nt_aggregate_distinct : shapes[i].aggregate;
        measure->over = is_distinct ? shapes[i].aggregate : NULL;
        return !is_distinct || measure->argument_count == 1;
    }
    return false;
}

/* The bytes as a partial, merged with itself, finished, and encoded. */
static void partial_run(struct bytes bytes)
{
    struct nt_measure measure;
    struct reader in = reader_of(bytes);
    if (!measure_take(&in, &measure)) return;
    struct nt_arena arena = {0};
    struct nt_eval e = {.arena = &arena};
    struct buffer out = {0};
    void *states[2];
    for (int i = 0; i < 2; i++) {
        states[i] = nt_arena_alloc(&arena, measure.aggregate->state_size);
        measure.aggregate->init(&measure, states[i]);
    }
    if (measure.aggregate->decode(&measure, states[0], &in, &arena)) {
        measure.aggregate->merge(&measure, states[1], states[0], &arena);
        measure.aggregate->merge(&measure, states[1], states[0], &arena);
        measure.aggregate->final(&e, &measure, states[1]);
        measure.aggregate->encode(&measure, states[1], &out);
    }
    buffer_deinit(&out);
    nt_arena_deinit(&arena);
}

static void manifest_run(struct bytes bytes)
{
    struct manifest manifest;
    if (!manifest_parse(bytes, &manifest)) return;
    FUZZ_CHECK(strlen(manifest.fingerprint) == HASH_HEX_SIZE - 1);
    FUZZ_CHECK(strlen(manifest.program_hash) == HASH_HEX_SIZE - 1);
}

/* A store whose records of the family meta are the bytes: it opens, or says why not. */
static void meta_run(struct bytes bytes)
{
    static const char *const names[] = {"format", "clock", "commit", "counter/accepted",
                                        "view/one"};
    struct store_options options = {.is_event_clock = true, .cache_bytes_max = 1};
    struct kv *kv = kv_memory_open();
    struct kv_batch batch = {0};
    struct reader in = reader_of(bytes);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t size = reader_byte(&in) % 32, left = (size_t)(in.end - in.next);
        if (size > left) size = left;
        struct bytes value = {reader_take(&in, size), size};
        struct bytes key = {(const uint8_t *)names[i], strlen(names[i])};
        if (value.data && size) kv_batch_put(&batch, KV_META, key, value);
    }
    FUZZ_CHECK(kv->ops->write(kv, &batch, NULL) == NT_OK);
    kv_batch_deinit(&batch);
    struct store *store;
    struct nt_error error = {0};
    if (store_open(fuzz_program(), kv, &options, &store, &error) == NT_OK)
        store_close(store);
    else
        FUZZ_CHECK(error.text[0] != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const decoders[])(struct bytes) = {key_run, tuple_run, partial_run, manifest_run,
                                                     meta_run};
    if (size == 0) return 0;
    decoders[data[0] % 5]((struct bytes){data + 1, size - 1});
    return 0;
}
