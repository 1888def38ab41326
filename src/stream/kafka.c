/* kafka.c: see kafka.h. */
#include "stream/kafka.h"

#include "base/log.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Called from librdkafka's own threads. Its levels are syslog's. */
static void on_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client;
    enum log_level as = level <= 3 ? LOG_WARN : level <= 5 ? LOG_INFO : LOG_DEBUG;
    log_line(as, "stream", text, "library=rdkafka facility=%s", facility);
}

/* Called by each of librdkafka's own threads, first of all. */
static rd_kafka_resp_err_t on_thread_start(rd_kafka_t *client, rd_kafka_thread_type_t type,
                                           const char *name, void *niceness)
{
    (void)client, (void)type, (void)name;
    setpriority(PRIO_PROCESS, (id_t)gettid(), (int)(intptr_t)niceness);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t on_new(rd_kafka_t *client, const rd_kafka_conf_t *conf, void *niceness,
                                  char *reason, size_t size)
{
    (void)conf, (void)reason, (void)size;
    return rd_kafka_interceptor_add_on_thread_start(client, "niceness", on_thread_start, niceness);
}

static enum nt_status settings_apply(rd_kafka_conf_t *conf, const struct kafka_setting *settings,
                                     struct nt_error *error)
{
    char reason[512];
    for (const struct kafka_setting *s = settings; s->name; s++) {
        if (rd_kafka_conf_set(conf, s->name, s->value, reason, sizeof reason) != RD_KAFKA_CONF_OK)
            return error_set(error, NT_INVALID, "Kafka setting %s = '%s': %s", s->name, s->value,
                             reason);
    }
    return NT_OK;
}

enum nt_status kafka_client_open(rd_kafka_type_t type, const char *brokers,
                                 const struct kafka_setting *settings,
                                 const struct kafka_callbacks *callbacks, rd_kafka_t **client,
                                 struct nt_error *error)
{
    const struct kafka_setting common[] = {
        {"bootstrap.servers", brokers},
        {"client.id", "nowthen"},
        {"log.connection.close", "false"}, /* brokers close idle connections: no news */
        {NULL, NULL},
    };
    if (!brokers || !brokers[0])
        return error_set(error, NT_INVALID,
                         "no Kafka brokers: set kafka.brokers, or write OPTIONS (brokers "
                         "'host:9092') in CREATE SERVER");
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, on_log);
    if (callbacks) {
        rd_kafka_conf_set_opaque(conf, callbacks->opaque);
        if (callbacks->niceness > 0)
            rd_kafka_conf_interceptor_add_on_new(conf, "niceness", on_new,
                                                 (void *)(intptr_t)callbacks->niceness);
        if (callbacks->error) rd_kafka_conf_set_error_cb(conf, callbacks->error);
        if (callbacks->delivered) rd_kafka_conf_set_dr_msg_cb(conf, callbacks->delivered);
    }
    enum nt_status status = settings_apply(conf, common, error);
    if (status == NT_OK) status = settings_apply(conf, settings, error);
    if (status != NT_OK) {
        rd_kafka_conf_destroy(conf);
        return status;
    }
    char reason[512];
    *client = rd_kafka_new(type, conf, reason, sizeof reason);
    if (*client) return NT_OK;
    rd_kafka_conf_destroy(conf);
    return error_set(error, NT_INVALID, "cannot make a Kafka client for %s: %s", brokers, reason);
}

enum nt_status kafka_producer_open(const char *brokers, const struct kafka_callbacks *callbacks,
                                   rd_kafka_t **client, struct nt_error *error)
{
    const struct kafka_setting settings[] = {
        {"enable.idempotence", "true"}, /* includes acks=all and order */
        {"message.timeout.ms", "0"},    /* never give a message up */
        /* Java's default, so that a key we produce is where every other producer puts it. */
        {"partitioner", "murmur2_random"},
        {"linger.ms", "5"},
        {"compression.codec", "lz4"},
        /* The broker decides what is too large, not a limit of the client. */
        {"message.max.bytes", "1000000000"},
        {NULL, NULL},
    };
    return kafka_client_open(RD_KAFKA_PRODUCER, brokers, settings, callbacks, client, error);
}

enum nt_status kafka_unreachable(const char *brokers, const char *reason, struct nt_error *error)
{
    return error_set(error, NT_UNAVAILABLE,
                     "cannot reach Kafka at %s: %s; is the broker running, and is OPTIONS (brokers "
                     "'...') of CREATE SERVER right?",
                     brokers, reason);
}
