/*
 * fiba.cc: FiBA (Tangwongsan, Hirzel, Schneider 2019) as its authors publish it, the peer of
 * tools/bench/timeline --fiba. The finger tree of least arity 4, in their measurements the fastest
 * out of order, aggregates the same count and exact sum of int8 as the timeline. Events of one
 * microsecond are one node of it: it keeps no events.
 */
#include "timeline_peer.h"

#include "FiBA.hpp"

namespace {

struct Total {
    int64_t count;
    __int128 sum;

    bool operator==(const Total &other) const { return count == other.count && sum == other.sum; }
    bool operator!=(const Total &other) const { return !(*this == other); }
};

/* For its traces, which are off. */
std::ostream &operator<<(std::ostream &out, const Total &total)
{
    return out << total.count;
}

struct CountAndSum {
    typedef int64_t In;
    typedef Total Partial;
    typedef Total Out;
    static const Total identity;

    Total lift(const int64_t &value) const { return {1, value}; }
    Total lower(const Total &total) const { return total; }
    Total combine(const Total &a, const Total &b) const
    {
        return {a.count + b.count, a.sum + b.sum};
    }
};
const Total CountAndSum::identity = {0, 0};

typedef btree::Aggregate<int64_t, 4, btree::finger, CountAndSum> Tree;

} // namespace

extern "C" const char *const peer_name = "FiBA";

void *peer_fill(const struct sample *samples, size_t count)
{
    Tree *tree = new Tree(CountAndSum());
    for (size_t i = 0; i < count; i++) tree->insert(samples[i].us, samples[i].value);
    return tree;
}

void peer_free(void *filled)
{
    delete static_cast<Tree *>(filled);
}
