/*
 * fuzz_lookup.c: the body of a lookup over a store that has a few entities. Every answer is JSON
 * with a status of HTTP: lists of one length where it is 200, else a text that says what is wrong.
 */
#include "decode/json.h"
#include "fuzz_program.h"
#include "serve/lookup.h"

#include <stdio.h>
#include <string.h>

static struct store *store;
static struct metrics metrics;
static struct lookup *lookup;
static struct json_parser *parser;

static const char *const events[] = {
    "{\"b\":true,\"i\":1,\"l\":1,\"f\":1.5,\"n\":1.50,\"t\":\"a\",\"v\":\"1 day\","
    "\"at\":\"2013-01-01T10:00:00Z\"}",
    "{\"b\":false,\"i\":1,\"l\":-9223372036854775808,\"f\":\"NaN\",\"n\":\"NaN\",\"t\":\"a\","
    "\"v\":\"-1 mon\",\"at\":\"2013-01-01T10:00:00.000001Z\"}",
    "{\"i\":2,\"f\":-0.0,\"t\":\"b\",\"at\":\"2013-01-01T09:30:00Z\"}",
    "{\"i\":2147483647,\"f\":1e308,\"n\":1e30,\"t\":\"\",\"at\":\"2012-12-30T00:00:00Z\"}",
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    store = fuzz_store_open();
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
        FUZZ_CHECK(fuzz_event_apply(store, 0,
                                    (struct bytes){(const uint8_t *)events[i], strlen(events[i])}));
    fuzz_store_commit(store);
    metrics_init(&metrics, fuzz_program());
    lookup = lookup_create();
    lookup_set(lookup, fuzz_program(), store, &metrics);
    parser = json_parser_create();
    return 0;
}

static void results_check(const struct json *document)
{
    const struct json *results = json_member(document, "results");
    FUZZ_CHECK(results && results->kind == JSON_ARRAY);
    for (size_t i = 0; i < results->count; i++) {
        const struct json *values = json_member(&results->children[i], "values");
        const struct json *statuses = json_member(&results->children[i], "statuses");
        const struct json *times = json_member(&results->children[i], "event_timestamps");
        FUZZ_CHECK(values && statuses && times);
        FUZZ_CHECK(values->count == statuses->count && values->count == times->count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lookup_answer answer;
    struct nt_arena arena = {0};
    struct json *document;
    const char *why;
    lookup_run(lookup, (struct bytes){data, size}, &answer);
    FUZZ_CHECK(answer.http >= 200 && answer.http < 500);
    FUZZ_CHECK(json_parse(parser, answer.body, &arena, &document, &why));
    if (answer.http == 200)
        results_check(document);
    else
        FUZZ_CHECK(document->kind == JSON_STRING && document->text.size > 0);
    nt_arena_deinit(&arena);
    return 0;
}
