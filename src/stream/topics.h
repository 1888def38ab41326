/* topics.h: making the topics that are missing, for apply, publish and dead letters. */
#ifndef STREAM_TOPICS_H
#define STREAM_TOPICS_H

#include "base/error.h"

#include <stddef.h>

struct topic {
    const char *name;
    int partition_count; /* for one that has to be made; -1: the cluster's default */
    bool was_missing;    /* out: it was not there, and now is (or would be made) */
};

/* Looks every topic up, and makes the missing ones with the cluster's replication factor. With
 * is_dry_run it only looks. Waits until the brokers know them. */
enum nt_status topics_ensure(const char *brokers, struct topic *topics, size_t count,
                             bool is_dry_run, struct nt_error *error);

#endif
