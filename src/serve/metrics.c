/* metrics.c: atomic counters, and their text exposition (Prometheus 0.0.4). */
#include "serve/metrics.h"

#include "base/clock.h"
#include "runtime/view.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* A lookup takes microseconds: Feast's first bucket, 5 ms, would hold them all. */
static const double latency_bounds[] = {.0001, .00025, .0005, .001, .0025, .005, .01,
                                        .025,  .05,    .1,    .25,  .5,    1};
static const double entity_bounds[] = {1, 5, 10, 25, 50, 100, 250, 500, 1000, 10000};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const char *const endpoint_names[ENDPOINT_COUNT] = {
    "other", "/get-online-features", "/health", "/livez", "/readyz", "/metrics", "/commits",
};

static uint64_t load(const atomic_uint_fast64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void add(atomic_uint_fast64_t *counter, uint64_t by)
{
    atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

static void histogram_init(struct histogram *histogram, const double *bounds, size_t count)
{
    histogram->bounds = bounds;
    histogram->bound_count = count;
}

static void histogram_observe(struct histogram *histogram, double value, uint64_t units)
{
    size_t bucket = 0;
    while (bucket < histogram->bound_count && value > histogram->bounds[bucket]) bucket++;
    add(&histogram->counts[bucket], 1);
    add(&histogram->sum, units);
}

void metrics_init(struct metrics *metrics, const struct nt_program *program)
{
    memset(metrics, 0, sizeof *metrics);
    metrics->program = program;
    metrics->views = memory_zalloc(program->view_count * sizeof *metrics->views);
    metrics->services = memory_zalloc(program->service_count * sizeof *metrics->services);
    for (size_t i = 0; i < ENDPOINT_COUNT; i++) {
        histogram_init(&metrics->latency[i], latency_bounds, COUNT_OF(latency_bounds));
    }
    histogram_init(&metrics->read_duration, latency_bounds, COUNT_OF(latency_bounds));
    histogram_init(&metrics->entities, entity_bounds, COUNT_OF(entity_bounds));
}

void metrics_deinit(struct metrics *metrics)
{
    free(metrics->views);
    free(metrics->services);
}

void metrics_request(struct metrics *metrics, enum metrics_endpoint endpoint, bool is_success,
                     int64_t duration_us)
{
    uint64_t us = duration_us > 0 ? (uint64_t)duration_us : 0;
    add(&metrics->requests[endpoint][is_success], 1);
    histogram_observe(&metrics->latency[endpoint], (double)us / 1e6, us);
}

void metrics_lookup(struct metrics *metrics, size_t entities, int64_t read_us)
{
    uint64_t us = read_us > 0 ? (uint64_t)read_us : 0;
    histogram_observe(&metrics->entities, (double)entities, entities);
    histogram_observe(&metrics->read_duration, (double)us / 1e6, us);
}

void metrics_service(struct metrics *metrics, uint16_t service,
                     const uint64_t counts[METRICS_STATUSES])
{
    for (size_t i = 0; i < METRICS_STATUSES; i++) add(&metrics->services[service][i], counts[i]);
}

void metrics_view(struct metrics *metrics, uint16_t view, const uint64_t counts[METRICS_STATUSES])
{
    for (size_t i = 0; i < METRICS_STATUSES; i++) add(&metrics->views[view][i], counts[i]);
}

/* ---- text ---- */

static void family(const char *name, const char *type, const char *help, struct buffer *out)
{
    buffer_printf(out, "# HELP nowthen_%s %s\n# TYPE nowthen_%s %s\n", name, help, name, type);
}

/* labels: "" or name="value",... without braces; unit turns the sum into the bounds' unit. */
static void histogram_append(const struct histogram *histogram, const char *name,
                             const char *labels, double unit, struct buffer *out)
{
    const char *separator = *labels ? "," : "";
    uint64_t count = 0;
    for (size_t i = 0; i < histogram->bound_count; i++) {
        count += load(&histogram->counts[i]);
        buffer_printf(out, "nowthen_%s_bucket{%s%sle=\"%g\"} %" PRIu64 "\n", name, labels,
                      separator, histogram->bounds[i], count);
    }
    count += load(&histogram->counts[histogram->bound_count]);
    const char *open = *labels ? "{" : "", *close = *labels ? "}" : "";
    buffer_printf(out, "nowthen_%s_bucket{%s%sle=\"+Inf\"} %" PRIu64 "\n", name, labels, separator,
                  count);
    buffer_printf(out, "nowthen_%s_sum%s%s%s %.9g\n", name, open, labels, close,
                  (double)load(&histogram->sum) * unit);
    buffer_printf(out, "nowthen_%s_count%s%s%s %" PRIu64 "\n", name, open, labels, close, count);
}

static void requests_append(const struct metrics *metrics, struct buffer *out)
{
    static const char *const results[] = {"error", "success"};
    family("feature_server_request_total", "counter", "Requests answered.", out);
    for (size_t i = 0; i < ENDPOINT_COUNT; i++) {
        for (size_t k = 0; k < 2; k++) {
            buffer_printf(out,
                          "nowthen_feature_server_request_total{endpoint=\"%s\",status=\"%s\"} "
                          "%" PRIu64 "\n",
                          endpoint_names[i], results[k], load(&metrics->requests[i][k]));
        }
    }
    family("feature_server_request_latency_seconds", "histogram",
           "Time from a whole request to its response.", out);
    for (size_t i = 0; i < ENDPOINT_COUNT; i++) {
        char labels[64];
        snprintf(labels, sizeof labels, "endpoint=\"%s\"", endpoint_names[i]);
        histogram_append(&metrics->latency[i], "feature_server_request_latency_seconds", labels,
                         1e-6, out);
    }
    family("feature_server_online_store_read_duration_seconds", "histogram",
           "Time a lookup spends reading the store and computing features.", out);
    histogram_append(&metrics->read_duration, "feature_server_online_store_read_duration_seconds",
                     "", 1e-6, out);
}

static void statuses_append(const char *name, const atomic_uint_fast64_t *counts,
                            struct buffer *out)
{
    for (size_t i = 0; i < METRICS_STATUSES; i++) {
        buffer_printf(out,
                      "nowthen_online_features_status_total{feature_view=\"%s\",status=\"%s\"} "
                      "%" PRIu64 "\n",
                      name, feature_status_name((enum feature_status)i), load(&counts[i]));
    }
}

static void lookups_append(const struct metrics *metrics, struct buffer *out)
{
    family("online_features_request_total", "counter", "Calls of /get-online-features.", out);
    buffer_printf(out, "nowthen_online_features_request_total %" PRIu64 "\n",
                  load(&metrics->requests[ENDPOINT_ONLINE_FEATURES][0]) +
                      load(&metrics->requests[ENDPOINT_ONLINE_FEATURES][1]));
    family("online_features_entity_count", "histogram", "Entity rows of a lookup.", out);
    histogram_append(&metrics->entities, "online_features_entity_count", "", 1, out);
    family("online_features_status_total", "counter",
           "Feature values returned, by view or service and status.", out);
    for (size_t i = 0; i < metrics->program->view_count; i++) {
        statuses_append(metrics->program->views[i].name, metrics->views[i], out);
    }
    for (size_t i = 0; i < metrics->program->service_count; i++) {
        statuses_append(metrics->program->services[i].name, metrics->services[i], out);
    }
}

static double unix_seconds(struct nt_time time)
{
    return ((double)time.us + (double)NT_UNIX_EPOCH_US) / 1e6;
}

static void store_append(const struct store_snapshot *snapshot, struct buffer *out)
{
    family("events_total", "counter", "Events since the store was made, by result.", out);
    for (int i = 0; i < STORE_COUNTER_COUNT; i++) {
        buffer_printf(out, "nowthen_events_total{result=\"%s\"} %" PRIu64 "\n",
                      store_counter_name((enum store_counter)i),
                      store_snapshot_counter(snapshot, (enum store_counter)i));
    }
    struct nt_time committed_at = {0};
    uint64_t commit = store_snapshot_commit(snapshot, &committed_at);
    family("commit_sequence", "gauge", "Number of the last commit.", out);
    buffer_printf(out, "nowthen_commit_sequence %" PRIu64 "\n", commit);
    if (!commit) return;
    family("commit_timestamp_seconds", "gauge", "Wall clock of the last commit.", out);
    buffer_printf(out, "nowthen_commit_timestamp_seconds %.6f\n", unix_seconds(committed_at));
    family("now_timestamp_seconds", "gauge", "What now() is for a lookup.", out);
    buffer_printf(out, "nowthen_now_timestamp_seconds %.6f\n",
                  unix_seconds(store_snapshot_now(snapshot)));
}

static void memory_append(const struct store_snapshot *snapshot, struct buffer *out)
{
    struct store_held held;
    store_snapshot_held(snapshot, &held);
    const struct {
        const char *name;
        uint64_t bytes;
    } parts[] = {{"timelines", held.timelines},
                 {"memtables", held.kv.memtables},
                 {"blocks", held.kv.blocks},
                 {"readers", held.kv.readers}};
    family("store_memory_bytes", "gauge",
           "Memory of the online store: decoded timelines, records not yet in files, blocks of "
           "files, and what open files need besides.",
           out);
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        buffer_printf(out, "nowthen_store_memory_bytes{part=\"%s\"} %" PRIu64 "\n", parts[i].name,
                      parts[i].bytes);
}

static void partitions_append(const struct server_status *status, struct buffer *out)
{
    family("worker_ready", "gauge", "1 when /readyz says 200.", out);
    buffer_printf(out, "nowthen_worker_ready %d\n", status->is_ready);
    family("worker_messages_total", "counter", "Messages read since the worker started.", out);
    buffer_printf(out, "nowthen_worker_messages_total %" PRIu64 "\n", status->messages);
    family("worker_commits_total", "counter", "Commits since the worker started.", out);
    buffer_printf(out, "nowthen_worker_commits_total %" PRIu64 "\n", status->commits);
    if (!status->partition_count) return;
    family("kafka_position", "gauge", "Next offset to apply.", out);
    for (size_t i = 0; i < status->partition_count; i++) {
        const struct server_partition *at = &status->partitions[i];
        buffer_printf(out, "nowthen_kafka_position{topic=\"%s\",partition=\"%d\"} %" PRId64 "\n",
                      at->topic, at->partition, at->position);
    }
    family("kafka_lag", "gauge", "Messages written to a partition and not applied.", out);
    for (size_t i = 0; i < status->partition_count; i++) {
        const struct server_partition *at = &status->partitions[i];
        if (at->end < 0) continue;
        buffer_printf(out, "nowthen_kafka_lag{topic=\"%s\",partition=\"%d\"} %" PRId64 "\n",
                      at->topic, at->partition,
                      at->end > at->position ? at->end - at->position : 0);
    }
}

static long descriptor_count(void)
{
    DIR *directory = opendir("/proc/self/fd");
    long count = -3; /* ".", ".." and the directory itself */
    if (!directory) return -1;
    while (readdir(directory)) count++;
    closedir(directory);
    return count;
}

static long resident_pages(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long total, resident = -1;
    if (!file) return -1;
    if (fscanf(file, "%ld %ld", &total, &resident) != 2) resident = -1;
    fclose(file);
    return resident;
}

/* The names every Prometheus client uses, without our prefix. */
static void process_append(struct buffer *out)
{
    struct rusage usage;
    long pages = resident_pages(), descriptors = descriptor_count();
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        double seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
        buffer_printf(out,
                      "# HELP process_cpu_seconds_total User and system CPU time spent.\n"
                      "# TYPE process_cpu_seconds_total counter\n"
                      "process_cpu_seconds_total %.6f\n",
                      seconds);
    }
    if (pages >= 0) {
        buffer_printf(out,
                      "# HELP process_resident_memory_bytes Resident memory size.\n"
                      "# TYPE process_resident_memory_bytes gauge\n"
                      "process_resident_memory_bytes %lld\n",
                      (long long)pages * sysconf(_SC_PAGESIZE));
    }
    if (descriptors >= 0) {
        buffer_printf(out,
                      "# HELP process_open_fds Open file descriptors.\n"
                      "# TYPE process_open_fds gauge\n"
                      "process_open_fds %ld\n",
                      descriptors);
    }
}

void metrics_append(const struct metrics *metrics, const struct server_status *status,
                    const struct store_snapshot *snapshot, struct buffer *out)
{
    family("info", "gauge", "The program that is served.", out);
    buffer_printf(out, "nowthen_info{program=\"%s\"} 1\n", metrics->program->fingerprint);
    requests_append(metrics, out);
    lookups_append(metrics, out);
    store_append(snapshot, out);
    memory_append(snapshot, out);
    partitions_append(status, out);
    process_append(out);
}
