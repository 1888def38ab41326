/* command_apply.c: nowthen apply: definitions into the registry, offline tables, topics. */
#include "cli/command.h"
#include "cli/load.h"
#include "cli/session.h"
#include "offline/definitions.h"
#include "stream/topics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLAN, NO_TOPICS };

static const struct cli_option options_table[] = {
    {"plan", NULL, "say what would change, and change nothing", CLI_FLAG, NULL},
    {"no-topics", NULL, "do not look at Kafka: topics are made elsewhere", CLI_FLAG, NULL},
    {0},
};

/* Several sources may read one topic. */
static bool is_among(const struct topic *topics, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(topics[i].name, name) == 0) return true;
    return false;
}

/* The topics of one broker list: sources of one server, or all of them with --brokers. */
static enum nt_status ensure_topics(const struct nt_program *program, const char *brokers,
                                    const struct config *config, bool is_plan,
                                    struct nt_error *error)
{
    struct topic *topics = memory_zalloc((program->source_count + 1u) * sizeof topics[0]);
    size_t count = 0;
    for (uint16_t i = 0; i < program->source_count; i++) {
        const struct nt_source *source = &program->sources[i];
        bool is_here = config->kafka_brokers[0] || strcmp(source->brokers, brokers) == 0;
        if (is_here && !is_among(topics, count, source->topic))
            topics[count++] = (struct topic){.name = source->topic, .partition_count = -1};
    }
    enum nt_status status = topics_ensure(brokers, topics, count, is_plan, error);
    for (size_t i = 0; status == NT_OK && i < count; i++)
        if (topics[i].was_missing)
            printf("+ topic %s: %s on %s\n", topics[i].name, is_plan ? "would be made" : "made",
                   brokers);
    free(topics);
    return status;
}

static bool is_first_of_its_brokers(const struct nt_program *program, uint16_t source)
{
    for (uint16_t i = 0; i < source; i++)
        if (strcmp(program->sources[i].brokers, program->sources[source].brokers) == 0)
            return false;
    return true;
}

static enum nt_status ensure_all_topics(const struct nt_program *program,
                                        const struct config *config, bool is_plan,
                                        struct nt_error *error)
{
    if (config->kafka_brokers[0] && program->source_count > 0)
        return ensure_topics(program, config->kafka_brokers, config, is_plan, error);
    enum nt_status status = NT_OK;
    for (uint16_t i = 0; i < program->source_count && status == NT_OK; i++)
        if (is_first_of_its_brokers(program, i))
            status = ensure_topics(program, program->sources[i].brokers, config, is_plan, error);
    return status;
}

/* Topics first: a registered program whose topics are missing could not be served. */
static enum nt_status apply(const struct loaded *loaded, const struct cli_options *options,
                            const struct config *config, struct nt_error *error)
{
    const struct nt_program *program = program_get(loaded->program);
    bool is_plan = options->flags[PLAN];
    struct connection *connection = NULL;
    struct buffer changes = {0};
    struct definitions_report report = {0};
    enum nt_status status = session_connect(config, &connection, error);
    if (status == NT_OK && !options->flags[NO_TOPICS])
        status = ensure_all_topics(program, config, is_plan, error);
    if (status == NT_OK)
        status = definitions_apply(connection, program, loaded->directory, is_plan, &changes,
                                   &report, error);
    if (status == NT_OK) {
        bytes_print(buffer_bytes(&changes), stdout);
        if (!is_plan) printf("version %d, program %s\n", report.version, program->fingerprint);
    }
    buffer_deinit(&changes);
    connection_close(connection);
    return status;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    struct loaded loaded;
    enum nt_status status = loaded_init(&loaded, options->positional.items[0], config, error);
    if (status == NT_OK) status = apply(&loaded, options, config, error);
    loaded_deinit(&loaded);
    return status;
}

const struct cli_command command_apply = {
    .name = "apply",
    .arguments = "DEFS.sql [--plan]",
    .summary = "register definitions; make offline tables and missing topics",
    .details =
        "Shows what changed. Applying the same definitions again changes nothing. A view that\n"
        "changed gets its offline table anew: materialize it afterwards.\n\n"
        "  nowthen apply definitions.sql --plan",
    .options = options_table,
    .positional_min = 1,
    .positional_max = 1,
    .run = run,
};
