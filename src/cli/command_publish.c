/* command_publish.c: nowthen publish: a file of events to a source's Kafka topic. */
#include "cli/command.h"
#include "cli/session.h"
#include "runtime/view.h"
#include "stream/publish.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEY, PARTITIONS };

static const struct cli_option options_table[] = {
    {"key", "COLUMN", "member of each event that becomes the message key", CLI_TEXT, NULL},
    {"partitions", "N", "of a topic that has to be made (default: the cluster's)", CLI_TEXT, NULL},
    {0},
};

static enum nt_status publish(const struct nt_source *source, const struct cli_options *options,
                              const struct config *config, struct nt_error *error)
{
    const char *partitions = options->texts[PARTITIONS];
    struct publish_options publish_options = {
        .brokers = config->kafka_brokers[0] ? config->kafka_brokers : source->brokers,
        .topic = source->topic,
        .partition_count = partitions ? (int)strtol(partitions, NULL, 10) : -1,
        .key_column = options->texts[KEY],
        .is_stopping = cli_stopping(),
    };
    if (partitions && publish_options.partition_count < 1)
        return error_set(error, NT_INVALID, "--partitions must be 1 or more, got \"%s\"",
                         partitions);
    uint64_t published = 0;
    enum nt_status status =
        publish_file(&publish_options, options->positional.items[1], &published, error);
    if (status == NT_OK || published > 0)
        printf("%s: %" PRIu64 " events published to topic %s\n", source->name, published,
               source->topic);
    return status;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    struct session session;
    const char *name = options->positional.items[0];
    enum nt_status status = session_init(&session, config, error);
    int source = status == NT_OK ? program_source(session.program, name) : -1;
    if (status == NT_OK && source < 0)
        status =
            error_set(error, NT_NOT_FOUND, "the active definitions have no source \"%s\"", name);
    if (status == NT_OK)
        status = publish(&session.program->sources[source], options, config, error);
    session_deinit(&session);
    return status;
}

const struct cli_command command_publish = {
    .name = "publish",
    .arguments = "SOURCE FILE.jsonl [--key COLUMN]",
    .summary = "send a file of events to a source's Kafka topic",
    .details =
        "Every line becomes one message, byte for byte, in order. Publishing twice makes two\n"
        "events of each: use it to try things and to replay recorded data.\n\n"
        "  nowthen publish flights events.jsonl --key tailnum",
    .options = options_table,
    .positional_min = 2,
    .positional_max = 2,
    .run = run,
};
