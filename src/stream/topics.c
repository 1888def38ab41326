/* topics.c: see topics.h. */
#include "stream/topics.h"

#include "base/bytes.h"
#include "stream/kafka.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER_MS 5000

static enum nt_status topic_look_up(rd_kafka_t *client, const char *brokers, struct topic *topic,
                                    struct nt_error *error)
{
    rd_kafka_topic_t *handle = rd_kafka_topic_new(client, topic->name, NULL);
    if (!handle)
        return error_set(error, NT_INVALID, "topic '%s': %s", topic->name,
                         rd_kafka_err2str(rd_kafka_last_error()));
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_resp_err_t err = rd_kafka_metadata(client, 0, handle, &metadata, ANSWER_MS);
    enum nt_status status = NT_OK;
    if (err) {
        status = kafka_unreachable(brokers, rd_kafka_err2str(err), error);
    } else {
        rd_kafka_resp_err_t why =
            metadata->topic_cnt ? metadata->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
        topic->was_missing = why == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
        if (why && why != RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE && !topic->was_missing)
            status = error_set(error, NT_INVALID, "topic '%s' at %s: %s", topic->name, brokers,
                               rd_kafka_err2str(why));
        rd_kafka_metadata_destroy(metadata);
    }
    rd_kafka_topic_destroy(handle);
    return status;
}

static enum nt_status results_check(rd_kafka_event_t *event, const char *brokers,
                                    struct nt_error *error)
{
    if (!event) return kafka_unreachable(brokers, "no answer to the request for new topics", error);
    if (rd_kafka_event_error(event))
        return kafka_unreachable(brokers, rd_kafka_event_error_string(event), error);
    size_t count;
    const rd_kafka_topic_result_t **results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    for (size_t i = 0; i < count; i++) {
        rd_kafka_resp_err_t err = rd_kafka_topic_result_error(results[i]);
        const char *text = rd_kafka_topic_result_error_string(results[i]);
        if (!err || err == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
            continue; /* another was faster */
        return error_set(error, NT_UNAVAILABLE, "cannot make topic '%s' at %s: %s",
                         rd_kafka_topic_result_name(results[i]), brokers,
                         text ? text : rd_kafka_err2str(err));
    }
    return NT_OK;
}

static enum nt_status request_send(rd_kafka_t *client, const char *brokers,
                                   rd_kafka_NewTopic_t **wanted, size_t count,
                                   struct nt_error *error)
{
    char reason[512];
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_AdminOptions_set_request_timeout(options, ANSWER_MS, reason, sizeof reason);
    /* The broker answers when the topic has its leader. */
    rd_kafka_AdminOptions_set_operation_timeout(options, ANSWER_MS, reason, sizeof reason);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_CreateTopics(client, wanted, count, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 2 * ANSWER_MS);
    enum nt_status status = results_check(event, brokers, error);
    if (event) rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_AdminOptions_destroy(options);
    return status;
}

static enum nt_status missing_make(rd_kafka_t *client, const char *brokers,
                                   const struct topic *topics, size_t count, struct nt_error *error)
{
    rd_kafka_NewTopic_t **wanted = memory_alloc(count * sizeof(rd_kafka_NewTopic_t *));
    enum nt_status status = NT_OK;
    size_t n = 0;
    char reason[512];
    for (size_t i = 0; i < count && status == NT_OK; i++) {
        if (!topics[i].was_missing) continue;
        wanted[n] = rd_kafka_NewTopic_new(topics[i].name, topics[i].partition_count, -1, reason,
                                          sizeof reason);
        if (wanted[n])
            n++;
        else
            status = error_set(error, NT_INVALID, "topic '%s' with %d partitions: %s",
                               topics[i].name, topics[i].partition_count, reason);
    }
    if (status == NT_OK && n > 0) status = request_send(client, brokers, wanted, n, error);
    rd_kafka_NewTopic_destroy_array(wanted, n);
    free(wanted);
    return status;
}

enum nt_status topics_ensure(const char *brokers, struct topic *topics, size_t count,
                             bool is_dry_run, struct nt_error *error)
{
    /* Looking a topic up must not make it with the broker's defaults. */
    const struct kafka_setting settings[] = {{"allow.auto.create.topics", "false"}, {NULL, NULL}};
    rd_kafka_t *client;
    enum nt_status status =
        kafka_client_open(RD_KAFKA_CONSUMER, brokers, settings, NULL, &client, error);
    if (status != NT_OK) return status;
    for (size_t i = 0; i < count && status == NT_OK; i++)
        status = topic_look_up(client, brokers, &topics[i], error);
    if (status == NT_OK && !is_dry_run)
        status = missing_make(client, brokers, topics, count, error);
    rd_kafka_destroy(client);
    return status;
}
