/*
 * lookup.h: a request's JSON to its response's JSON, over one snapshot, at one now(). Knows no HTTP
 * but its status numbers.
 *
 * Request (unknown members are ignored, as Feast does):
 *   {"entities": {"tailnum": ["N1", "N2"], ...},     a list per column, all of one length
 *    "feature_service": "delay_model_v1",            every request column of the service is needed
 *    "features": ["aircraft:legs_24h", ...],         or this: every key of each view is needed
 *    "full_feature_names": false,                    view__feature, service__output
 *    "as_of": "2013-01-01T10:17:00Z"}                V(as_of) instead of V(now()); ours, optional
 *
 * Response: column-major; first the entity columns in the request's order, then the features in the
 * order of the service or the list; event_timestamps are the T of the answer where the entity is
 * there, 1970 where not:
 *   {"results": [{"values": [...], "statuses": [...], "event_timestamps": [...]}, ...],
 *    "metadata": {"feature_names": [...]}}
 *
 * An error is what Feast's client takes apart: a JSON string that holds a JSON object of module,
 * class and message.
 */
#ifndef SERVE_LOOKUP_H
#define SERVE_LOOKUP_H

#include "online/store.h"
#include "serve/metrics.h"

#define LOOKUP_ROWS_MAX     100000
#define LOOKUP_FEATURES_MAX 2000
#define LOOKUP_CELLS_MAX    2000000 /* rows times columns of one response */

struct lookup;

struct lookup_answer {
    int http;          /* 200, or an error's */
    struct bytes body; /* borrowed until the next run */
    uint64_t commit;   /* the commit it shows; 0: none */
    struct nt_time as_of;
    bool has_as_of; /* as_of and commit are known: a snapshot was opened */
};

/* One thread. */
struct lookup *lookup_create(void);
/* What the next runs read and where they count; borrowed. */
void lookup_set(struct lookup *lookup, const struct nt_program *program, struct store *store,
                struct metrics *metrics);
void lookup_destroy(struct lookup *lookup);
void lookup_run(struct lookup *lookup, struct bytes body, struct lookup_answer *answer);

/* An error in Feast's shape, appended; class is a name in feast.errors. */
void lookup_error_append(const char *class, const char *message, struct buffer *out);

#endif
