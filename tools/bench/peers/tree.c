/* tree.c: a stand-in for FiBA where its sources are not at hand: a B+-tree with the count and sum of
 * every child. It has no finger, so it comes down from its root for every event. */
#include "base/arena.h"
#include "base/bytes.h"
#include "timeline_peer.h"

#include <stdlib.h>
#include <string.h>

#define TREE_FANOUT 32

struct tree_node {
    bool is_leaf;
    int size;
    int64_t times[TREE_FANOUT]; /* of a leaf's events; of a child's first */
    int64_t counts[TREE_FANOUT];
    __int128 sums[TREE_FANOUT]; /* a leaf: the value itself */
    struct tree_node *children[TREE_FANOUT];
};

static struct tree_node *tree_node(struct nt_arena *arena, bool is_leaf)
{
    struct tree_node *node = nt_arena_zalloc(arena, sizeof *node);
    node->is_leaf = is_leaf;
    return node;
}

static void tree_open(struct tree_node *node, int at)
{
    size_t rest = (size_t)(node->size - at);
    memmove(&node->times[at + 1], &node->times[at], rest * sizeof node->times[0]);
    memmove(&node->counts[at + 1], &node->counts[at], rest * sizeof node->counts[0]);
    memmove(&node->sums[at + 1], &node->sums[at], rest * sizeof node->sums[0]);
    memmove(&node->children[at + 1], &node->children[at], rest * sizeof node->children[0]);
    node->size++;
}

static int tree_place(const struct tree_node *node, int64_t us)
{
    int at = node->size;
    while (at > 0 && node->times[at - 1] > us) at--;
    return at;
}

static struct tree_node *tree_split(struct nt_arena *arena, struct tree_node *node)
{
    struct tree_node *right = tree_node(arena, node->is_leaf);
    int half = TREE_FANOUT / 2;
    right->size = node->size - half;
    memcpy(right->times, &node->times[half], (size_t)right->size * sizeof node->times[0]);
    memcpy(right->counts, &node->counts[half], (size_t)right->size * sizeof node->counts[0]);
    memcpy(right->sums, &node->sums[half], (size_t)right->size * sizeof node->sums[0]);
    memcpy(right->children, &node->children[half], (size_t)right->size * sizeof node->children[0]);
    node->size = half;
    return right;
}

static void tree_sum(struct tree_node *parent, int at)
{
    const struct tree_node *child = parent->children[at];
    parent->times[at] = child->times[0];
    parent->counts[at] = 0;
    parent->sums[at] = 0;
    for (int i = 0; i < child->size; i++) {
        parent->counts[at] += child->counts[i];
        parent->sums[at] += child->sums[i];
    }
}

/* The new right sibling when node had to be split. */
static struct tree_node *tree_add(struct nt_arena *arena, struct tree_node *node,
                                  const struct sample *sample)
{
    int at = tree_place(node, sample->us);
    if (node->is_leaf) {
        tree_open(node, at);
        node->times[at] = sample->us;
        node->counts[at] = 1;
        node->sums[at] = sample->value;
    } else {
        int child = at > 0 ? at - 1 : 0;
        struct tree_node *right = tree_add(arena, node->children[child], sample);
        if (sample->us < node->times[child]) node->times[child] = sample->us;
        node->counts[child]++;
        node->sums[child] += sample->value;
        if (right) {
            tree_open(node, child + 1);
            node->children[child + 1] = right;
            tree_sum(node, child);
            tree_sum(node, child + 1);
        }
    }
    return node->size == TREE_FANOUT ? tree_split(arena, node) : NULL;
}

const char *const peer_name = "aggregating B+-tree";

void *peer_fill(const struct sample *samples, size_t count)
{
    struct nt_arena *arena = memory_zalloc(sizeof *arena);
    struct tree_node *root = tree_node(arena, true);
    for (size_t i = 0; i < count; i++) {
        struct tree_node *right = tree_add(arena, root, &samples[i]);
        if (!right) continue;
        struct tree_node *above = tree_node(arena, false);
        above->size = 2;
        above->children[0] = root;
        above->children[1] = right;
        tree_sum(above, 0);
        tree_sum(above, 1);
        root = above;
    }
    return arena;
}

void peer_free(void *filled)
{
    nt_arena_deinit(filled);
    free(filled);
}
