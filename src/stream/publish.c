/* publish.c: see publish.h. */
#include "stream/publish.h"

#include "base/lines.h"
#include "base/progress.h"
#include "decode/json.h"
#include "stream/kafka.h"
#include "stream/topics.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define POLL_MS     100
#define COUNT_BYTES ((size_t)1 << 20)

struct publish {
    const struct publish_options *options;
    struct lines lines;
    rd_kafka_t *producer;
    rd_kafka_topic_t *topic;
    struct json_parser *parser;
    struct nt_arena arena;
    uint64_t delivered;
    struct progress progress;
    rd_kafka_resp_err_t failure; /* the first message that was refused for good */
    char away[256];              /* all brokers are unreachable, as librdkafka says it; or empty */
};

static void on_delivered(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
    (void)client;
    struct publish *publish = opaque;
    if (message->err) {
        if (!publish->failure) publish->failure = message->err;
        return;
    }
    publish->away[0] = 0;
    publish->delivered++;
    progress_add(&publish->progress, 1);
}

static void on_error(rd_kafka_t *client, int err, const char *reason, void *opaque)
{
    (void)client;
    struct publish *publish = opaque;
    if (err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        snprintf(publish->away, sizeof publish->away, "%s", reason);
}

/* NT_OK: go on. */
static enum nt_status trouble_check(const struct publish *publish, struct nt_error *error)
{
    const struct publish_options *options = publish->options;
    if (publish->failure)
        return error_set(error, NT_IO, "topic '%s' at %s refused a message: %s", options->topic,
                         options->brokers, rd_kafka_err2str(publish->failure));
    if (publish->away[0]) return kafka_unreachable(options->brokers, publish->away, error);
    if (options->is_stopping && atomic_load(options->is_stopping))
        return error_set(error, NT_INTERRUPTED, "publishing %s was interrupted",
                         publish->lines.path);
    return NT_OK;
}

/* The text of the key member, as a number is written or a string reads. */
static enum nt_status key_find(struct publish *publish, struct bytes line, struct bytes *key,
                               struct nt_error *error)
{
    struct json *document;
    const char *why;
    *key = (struct bytes){0};
    if (!publish->options->key_column) return NT_OK;
    nt_arena_reset(&publish->arena);
    if (!json_parse(publish->parser, line, &publish->arena, &document, &why))
        return error_set(error, NT_INVALID, "%s:%" PRIu64 ": not JSON: %s", publish->lines.path,
                         publish->lines.number, why);
    const struct json *member = json_member(document, publish->options->key_column);
    if (!member || member->kind == JSON_NULL) return NT_OK;
    if (member->kind == JSON_BOOL) {
        const char *text = member->boolean ? "true" : "false";
        *key = (struct bytes){(const uint8_t *)text, strlen(text)};
    } else if (member->kind == JSON_NUMBER || member->kind == JSON_STRING) {
        *key = member->text;
        if (!key->size) key->data = (const uint8_t *)""; /* an empty key is a key */
    } else {
        return error_set(error, NT_INVALID,
                         "%s:%" PRIu64 ": \"%s\" is an object or a list, which cannot be a key: "
                         "name another column",
                         publish->lines.path, publish->lines.number, publish->options->key_column);
    }
    return NT_OK;
}

static enum nt_status line_produce(struct publish *publish, struct bytes line,
                                   struct nt_error *error)
{
    struct bytes key;
    enum nt_status status = key_find(publish, line, &key, error);
    while (status == NT_OK) {
        int failed =
            rd_kafka_produce(publish->topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
                             (void *)(uintptr_t)line.data, line.size, key.data, key.size, NULL);
        rd_kafka_poll(publish->producer, failed ? POLL_MS : 0);
        if (!failed) return trouble_check(publish, error);
        if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            return error_set(error, NT_IO, "%s:%" PRIu64 ": cannot publish to '%s': %s",
                             publish->lines.path, publish->lines.number, publish->options->topic,
                             rd_kafka_err2str(rd_kafka_last_error()));
        status = trouble_check(publish, error);
    }
    return status;
}

static enum nt_status lines_produce(struct publish *publish, struct nt_error *error)
{
    struct bytes line;
    enum nt_status status = lines_next(&publish->lines, &line, error);
    while (status == NT_OK && line.data) {
        status = line_produce(publish, line, error);
        if (status == NT_OK) status = lines_next(&publish->lines, &line, error);
    }
    return status;
}

static enum nt_status all_deliver(struct publish *publish, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    while (status == NT_OK && rd_kafka_flush(publish->producer, POLL_MS))
        status = trouble_check(publish, error);
    return status == NT_OK && publish->failure ? trouble_check(publish, error) : status;
}

/* For the progress bar; 0: unknown, as of a pipe, which can be read only once. */
static uint64_t lines_count(FILE *file)
{
    struct stat about;
    if (fstat(fileno(file), &about) != 0 || !S_ISREG(about.st_mode)) return 0;
    char *bytes = memory_alloc(COUNT_BYTES);
    uint64_t count = 0;
    for (size_t got; (got = fread(bytes, 1, COUNT_BYTES, file)) > 0;) {
        const char *end = bytes + got;
        for (const char *at = bytes; (at = memchr(at, '\n', (size_t)(end - at))); at++) count++;
    }
    free(bytes);
    rewind(file);
    return count;
}

static enum nt_status producer_open(struct publish *publish, struct nt_error *error)
{
    const struct publish_options *options = publish->options;
    struct topic topic = {.name = options->topic, .partition_count = options->partition_count};
    const struct kafka_callbacks callbacks = {
        .opaque = publish, .error = on_error, .delivered = on_delivered};
    enum nt_status status = topics_ensure(options->brokers, &topic, 1, false, error);
    if (status == NT_OK)
        status = kafka_producer_open(options->brokers, &callbacks, &publish->producer, error);
    if (status != NT_OK) return status;
    publish->topic = rd_kafka_topic_new(publish->producer, options->topic, NULL);
    if (publish->topic) return NT_OK;
    return error_set(error, NT_INVALID, "topic '%s': %s", options->topic,
                     rd_kafka_err2str(rd_kafka_last_error()));
}

static enum nt_status publish_run(struct publish *publish, struct nt_error *error)
{
    enum nt_status status = producer_open(publish, error);
    if (status != NT_OK) return status;
    struct buffer what = {0};
    buffer_printf(&what, "publish %s", publish->options->topic);
    progress_start(&publish->progress, buffer_text(&what), "events",
                   lines_count(publish->lines.file));
    status = lines_produce(publish, error);
    /* What is in the queue is let go only when there is nobody to take it. */
    if (status == NT_OK || status == NT_INVALID) {
        enum nt_status last = all_deliver(publish, status == NT_OK ? error : NULL);
        if (status == NT_OK) status = last;
    }
    progress_finish(&publish->progress);
    buffer_deinit(&what);
    return status;
}

enum nt_status publish_file(const struct publish_options *options, const char *path,
                            uint64_t *published, struct nt_error *error)
{
    struct publish publish = {.options = options};
    publish.parser = json_parser_create();
    nt_arena_init(&publish.arena);
    enum nt_status status = lines_open(path, &publish.lines, error);
    if (status == NT_OK) status = publish_run(&publish, error);
    if (publish.producer) {
        rd_kafka_purge(publish.producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_flush(publish.producer, POLL_MS);
        if (publish.topic) rd_kafka_topic_destroy(publish.topic);
        rd_kafka_destroy(publish.producer);
    }
    lines_close(&publish.lines);
    json_parser_destroy(publish.parser);
    nt_arena_deinit(&publish.arena);
    *published = publish.delivered;
    return status;
}
