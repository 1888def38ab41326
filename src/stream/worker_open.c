/* worker_open.c: the Kafka sources that a program reads: one for each cluster. */
#include "stream/worker_impl.h"

#include <stdlib.h>
#include <string.h>

/* What is read from one cluster. */
struct cluster {
    const char *brokers;
    const char **topics;
    size_t topic_count;
};

static bool topic_is_in(const struct cluster *cluster, const char *topic)
{
    for (size_t i = 0; i < cluster->topic_count; i++) {
        if (strcmp(cluster->topics[i], topic) == 0) return true;
    }
    return false;
}

/* The store knows positions by topic and partition alone. */
static enum nt_status topic_check(const struct cluster *clusters, size_t count, const char *brokers,
                                  const struct nt_source *source, struct nt_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(clusters[i].brokers, brokers) == 0 || !topic_is_in(&clusters[i], source->topic))
            continue;
        return error_set(error, NT_INVALID,
                         "source %s reads topic '%s' from %s, another source reads a topic of that "
                         "name from %s: give one of the topics another name",
                         source->name, source->topic, brokers, clusters[i].brokers);
    }
    return NT_OK;
}

static struct cluster *cluster_get(struct cluster *clusters, size_t *count, const char *brokers,
                                   size_t topics_max)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(clusters[i].brokers, brokers) == 0) return &clusters[i];
    }
    struct cluster *cluster = &clusters[(*count)++];
    *cluster = (struct cluster){.brokers = brokers};
    cluster->topics = memory_alloc(topics_max * sizeof(const char *));
    return cluster;
}

static enum nt_status clusters_collect(const struct nt_program *program,
                                       const struct worker_options *options,
                                       struct cluster *clusters, size_t *count,
                                       struct nt_error *error)
{
    for (int i = 0; i < program->source_count; i++) {
        const struct nt_source *source = &program->sources[i];
        const char *brokers = options->brokers ? options->brokers : source->brokers;
        if (!brokers || !source->topic)
            return error_set(error, NT_INVALID,
                             "source %s has no %s: write %s, or name the brokers when starting",
                             source->name, brokers ? "topic" : "brokers",
                             brokers ? "OPTIONS (topic '...') in CREATE FOREIGN TABLE"
                                     : "OPTIONS (brokers 'host:9092') in CREATE SERVER");
        enum nt_status status = topic_check(clusters, *count, brokers, source, error);
        if (status != NT_OK) return status;
        struct cluster *cluster = cluster_get(clusters, count, brokers, program->source_count);
        if (!topic_is_in(cluster, source->topic))
            cluster->topics[cluster->topic_count++] = source->topic;
    }
    return NT_OK;
}

static enum nt_status clusters_open(const struct cluster *clusters, size_t count,
                                    const struct worker_options *options, struct source **sources,
                                    struct nt_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const struct source_kafka_options kafka = {
            .brokers = clusters[i].brokers,
            .topics = clusters[i].topics,
            .topic_count = clusters[i].topic_count,
            .batch_messages = options->batch_messages,
            .niceness = options->niceness,
            .has_dead_letters = options->has_dead_letters,
        };
        enum nt_status status = source_kafka_open(&kafka, &sources[i], error);
        if (status == NT_OK) continue;
        while (i-- > 0) sources[i]->ops->close(sources[i]);
        return status;
    }
    return NT_OK;
}

enum nt_status worker_start_sink(const struct nt_program *program, const struct worker_sink *sink,
                                 const struct worker_options *options, struct worker **worker,
                                 struct nt_error *error)
{
    size_t count = 0;
    struct cluster *clusters = memory_zalloc(program->source_count * sizeof *clusters);
    struct source **sources = memory_zalloc(program->source_count * sizeof(struct source *));
    enum nt_status status = clusters_collect(program, options, clusters, &count, error);
    if (status == NT_OK) status = clusters_open(clusters, count, options, sources, error);
    if (status == NT_OK)
        status = worker_start_with(program, sink, options, sources, count, worker, error);
    else if (sink->close)
        sink->close(sink->self);
    for (size_t i = 0; i < count; i++) free(clusters[i].topics);
    free(clusters);
    free(sources);
    return status;
}

enum nt_status worker_start(const struct nt_program *program, struct store *store,
                            const struct worker_options *options, struct worker **worker,
                            struct nt_error *error)
{
    struct worker_sink sink;
    enum nt_status status = worker_sink_of_store(program, store, &sink, error);
    return status == NT_OK ? worker_start_sink(program, &sink, options, worker, error) : status;
}

enum nt_status worker_start_sources(const struct nt_program *program, struct store *store,
                                    const struct worker_options *options,
                                    struct source *const *sources, size_t source_count,
                                    struct worker **worker, struct nt_error *error)
{
    struct worker_sink sink;
    enum nt_status status = worker_sink_of_store(program, store, &sink, error);
    if (status == NT_OK)
        return worker_start_with(program, &sink, options, sources, source_count, worker, error);
    for (size_t i = 0; i < source_count; i++) sources[i]->ops->close(sources[i]);
    return status;
}
