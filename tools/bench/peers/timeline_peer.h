/* timeline_peer.h: what tools/bench/timeline inserts the same events into, in turn with a timeline:
 * FiBA (fiba.cc) where its sources are at hand, else a stand-in (tree.c). */
#ifndef PEERS_TIMELINE_PEER_H
#define PEERS_TIMELINE_PEER_H

#include <stddef.h>
#include <stdint.h>

struct sample {
    int64_t us;
    int64_t value;
};

#ifdef __cplusplus
extern "C" {
#endif

extern const char *const peer_name;
/* Inserts the samples one by one, keeping the count and the sum of all; peer_free frees it. */
void *peer_fill(const struct sample *samples, size_t count);
void peer_free(void *filled);

#ifdef __cplusplus
}
#endif

#endif
