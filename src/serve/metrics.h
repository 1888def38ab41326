/*
 * metrics.h: what the lookup service counts, and how Prometheus reads it. Names are Feast's with
 * our prefix, so that its dashboards port. Any thread: counters are atomic, and a scrape is not a
 * snapshot of all of them at one instant.
 */
#ifndef SERVE_METRICS_H
#define SERVE_METRICS_H

#include "base/bytes.h"
#include "online/store.h"
#include "serve/server.h"

#include <stdatomic.h>

#define METRICS_STATUSES    4 /* of enum feature_status */
#define METRICS_BUCKETS_MAX 16

enum metrics_endpoint {
    ENDPOINT_OTHER,
    ENDPOINT_ONLINE_FEATURES,
    ENDPOINT_HEALTH,
    ENDPOINT_LIVEZ,
    ENDPOINT_READYZ,
    ENDPOINT_METRICS,
    ENDPOINT_COMMITS,
    ENDPOINT_COUNT
};

/* Counts of values up to and including bounds[i]; the last bucket is +Inf. */
struct histogram {
    const double *bounds;
    size_t bound_count;
    atomic_uint_fast64_t counts[METRICS_BUCKETS_MAX];
    atomic_uint_fast64_t sum; /* in the unit observed: microseconds or entities */
};

struct metrics {
    const struct nt_program *program;
    atomic_uint_fast64_t requests[ENDPOINT_COUNT][2];   /* error, success */
    struct histogram latency[ENDPOINT_COUNT];           /* microseconds */
    struct histogram read_duration;                     /* of the store, microseconds a request */
    struct histogram entities;                          /* a request */
    atomic_uint_fast64_t (*views)[METRICS_STATUSES];    /* by view of the program */
    atomic_uint_fast64_t (*services)[METRICS_STATUSES]; /* by service */
};

void metrics_init(struct metrics *metrics, const struct nt_program *program);
void metrics_deinit(struct metrics *metrics);

void metrics_request(struct metrics *metrics, enum metrics_endpoint endpoint, bool is_success,
                     int64_t duration_us);
void metrics_lookup(struct metrics *metrics, size_t entities, int64_t read_us);
void metrics_service(struct metrics *metrics, uint16_t service,
                     const uint64_t counts[METRICS_STATUSES]);
void metrics_view(struct metrics *metrics, uint16_t view, const uint64_t counts[METRICS_STATUSES]);

/* All of it as text 0.0.4. */
void metrics_append(const struct metrics *metrics, const struct server_status *status,
                    const struct store_snapshot *snapshot, struct buffer *out);

#endif
