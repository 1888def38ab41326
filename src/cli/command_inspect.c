/*
 * command_inspect.c: nowthen inspect: what an online store holds: positions, counters, and a digest
 * of its state, so that two stores can be compared. The store must not be open elsewhere.
 */
#include "base/bytes.h"
#include "base/hash.h"
#include "cli/command.h"
#include "cli/inspect_entity.h"
#include "cli/session.h"
#include "online/commit_log.h"
#include "online/version.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DUMP, COMMITS, VIEW, KEY };

#define COMMITS_AT_ONCE 10000

static const struct cli_option options_table[] = {
    {"dump", NULL, "print every record, key and value in hex, before the digest", CLI_FLAG, NULL},
    {"commits", NULL, "print the commit log as CSV instead: for snapshot --as-served", CLI_FLAG,
     NULL},
    {"view", "VIEW", "print the timeline of one of its entities instead", CLI_TEXT, NULL},
    {"key", "COLUMN=VALUE", "of that entity, once for each key column", CLI_LIST, NULL},
    {"clock", "wall|event", "what now() was: tells where the commit log ends", CLI_CONFIG,
     "serve.clock"},
    {"store", "DIR", "directory of the online store", CLI_CONFIG, "store.path"},
    {0},
};

/* The digest of a family: each record hashed together with the digest before it. */
struct digest {
    struct buffer chain;
    char hex[HASH_HEX_SIZE];
    uint64_t records;
    uint64_t bytes;
    bool is_dumped;
    const char *family;
};

static void print_hex(struct bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i++) printf("%02x", bytes.data[i]);
}

static bool digest_visit(void *self, struct bytes key, struct bytes value)
{
    struct digest *digest = self;
    struct buffer *chain = &digest->chain;
    buffer_clear(chain);
    buffer_append_text(chain, digest->hex);
    buffer_append_varint(chain, key.size);
    buffer_append(chain, key.data, key.size);
    buffer_append(chain, value.data, value.size);
    hash_hex(chain->data, chain->size, digest->hex);
    digest->records++;
    digest->bytes += key.size + value.size;
    if (digest->is_dumped) {
        printf("%s ", digest->family);
        print_hex(key);
        putchar(' ');
        print_hex(value);
        putchar('\n');
    }
    return !cli_is_interrupted();
}

static enum nt_status print_state(struct kv *kv, bool is_dumped, struct nt_error *error)
{
    static const char *const names[] = {"row", "tile", "event"};
    enum nt_status status = NT_OK;
    for (int family = KV_ROW; family <= KV_EVENT && status == NT_OK; family++) {
        struct digest digest = {.is_dumped = is_dumped, .family = names[family]};
        status = kv->ops->scan(kv, NULL, (enum kv_family)family, (struct bytes){0}, digest_visit,
                               &digest, error);
        if (status == NT_OK)
            printf("%s: %" PRIu64 " records, %" PRIu64 " bytes, digest %s\n", names[family],
                   digest.records, digest.bytes, digest.records ? digest.hex : "of nothing");
        buffer_deinit(&digest.chain);
    }
    return status;
}

static const char *prefix_of(struct bytes key, const char *prefix)
{
    size_t size = strlen(prefix);
    return key.size > size && memcmp(key.data, prefix, size) == 0 ? prefix : NULL;
}

static bool meta_visit(void *self, struct bytes key, struct bytes value)
{
    (void)self;
    struct reader in = reader_of(value);
    if (prefix_of(key, "position/") && key.size >= 5) {
        struct reader partition = reader_of((struct bytes){key.data + key.size - 4, 4});
        uint32_t number = 0;
        for (int i = 0; i < 4; i++) number = number << 8 | reader_byte(&partition);
        printf("position %.*s[%" PRIu32 "]: next offset %" PRIu64 "\n", (int)(key.size - 14),
               (const char *)key.data + 9, number, reader_u64(&in));
    } else if (prefix_of(key, "counter/")) {
        printf("counter %.*s: %" PRIu64 "\n", (int)(key.size - 8), (const char *)key.data + 8,
               reader_u64(&in));
    }
    return true;
}

/* While the store is ours nothing is served: the log is whole up to now. */
static enum nt_status print_commits(struct kv *kv, const struct config *config,
                                    struct nt_error *error)
{
    struct meta_commit last;
    struct buffer csv = {0};
    uint64_t after = 0;
    enum nt_status status = meta_commit_get(kv, NULL, &last, error);
    bool is_event = strcmp(config->serve_clock, "event") == 0;
    struct nt_time until = is_event ? last.now : clock_now(clock_system());
    while (status == NT_OK && after != UINT64_MAX && !cli_is_interrupted()) {
        buffer_clear(&csv);
        status = commit_log_print(kv, NULL, &after, COMMITS_AT_ONCE, until, &csv, error);
        if (status == NT_OK && fwrite(csv.data, 1, csv.size, stdout) != csv.size)
            status = error_errno(error, "standard output");
    }
    buffer_deinit(&csv);
    return status;
}

static enum nt_status print_all(struct kv *kv, bool is_dumped, struct nt_error *error)
{
    enum nt_status status =
        kv->ops->scan(kv, NULL, KV_META, (struct bytes){0}, meta_visit, NULL, error);
    return status == NT_OK ? print_state(kv, is_dumped, error) : status;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    struct kv *kv;
    enum nt_status status = session_require_store(config, error);
    if (status == NT_OK && options->texts[VIEW])
        return inspect_entity(config, options->texts[VIEW], options->lists[KEY].items,
                              options->lists[KEY].count, error);
    if (status != NT_OK) return status;
    struct buffer path = {0};
    version_live_store(config->store_path, &path);
    status = kv_rocks_open(buffer_text(&path), KV_CACHE_BYTES, &kv, error);
    buffer_deinit(&path);
    if (status != NT_OK) return status;
    status = options->flags[COMMITS] ? print_commits(kv, config, error)
                                     : print_all(kv, options->flags[DUMP], error);
    kv->ops->close(kv);
    return cli_is_interrupted() ? error_set(error, NT_INTERRUPTED, "interrupted") : status;
}

const struct cli_command command_inspect = {
    .name = "inspect",
    .arguments = "[--store DIR] [--dump | --commits | --view VIEW --key COLUMN=VALUE]",
    .summary = "print positions, counters and a digest of an online store",
    .details = "Two stores that hold the same events have the same digests, whatever the order in\n"
               "which the events arrived and whatever crashed in between. Stop `nowthen serve`\n"
               "first: a store is open in one process.\n\n"
               "  nowthen inspect --view account --key account=a1",
    .options = options_table,
    .run = run,
};
