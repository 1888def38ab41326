/* changes.c: a merge of a handful of streams, so the least head is found by looking at all. */
#include "offline/changes.h"

#include "base/bytes.h"
#include "runtime/window.h"

#include <stdlib.h>
#include <string.h>

struct stream {
    const struct nt_window *window;
    const uint64_t *terms; /* those over this window */
    struct nt_time (*moment_of)(const struct nt_window *window, struct nt_time event_time);
    size_t next;
    int64_t head_us; /* INT64_MAX: no more */
};

struct changes {
    size_t word_count; /* of a bitmap of terms */
    size_t stream_count;
    struct stream *streams; /* two per window */
    uint64_t *terms;        /* word_count per window */
    uint64_t *wanted;
    const int64_t *times_us;
    size_t time_count;
};

struct changes *changes_create(const struct nt_view *view)
{
    struct changes *c = memory_zalloc(sizeof *c);
    c->word_count = (view->term_count + 63u) / 64u;
    c->streams = memory_zalloc(2u * view->window_count * sizeof *c->streams);
    c->terms = memory_zalloc(view->window_count * c->word_count * sizeof *c->terms);
    c->wanted = memory_zalloc(c->word_count * sizeof *c->wanted);
    for (uint16_t i = 0; i < view->term_count; i++)
        c->terms[view->terms[i].window * c->word_count + i / 64] |= UINT64_C(1) << (i % 64);
    for (uint16_t i = 0; i < view->window_count; i++) {
        struct stream stream = {.window = &view->windows[i], .terms = &c->terms[i * c->word_count]};
        stream.moment_of = window_entry;
        c->streams[c->stream_count++] = stream;
        if (window_is_lifetime(stream.window)) continue; /* nothing ever leaves */
        stream.moment_of = window_exit;
        c->streams[c->stream_count++] = stream;
    }
    return c;
}

void changes_destroy(struct changes *c)
{
    if (!c) return;
    free(c->streams);
    free(c->terms);
    free(c->wanted);
    free(c);
}

static int64_t stream_moment(const struct changes *c, const struct stream *s, size_t at)
{
    return s->moment_of(s->window, (struct nt_time){c->times_us[at]}).us;
}

/* Over events that miss the window: they have no moment, those after them may. */
static void head_set(const struct changes *c, struct stream *s)
{
    s->head_us = INT64_MAX;
    while (s->next < c->time_count && s->head_us == INT64_MAX)
        s->head_us = stream_moment(c, s, s->next++);
    if (s->head_us != INT64_MAX) s->next--;
}

/* Past every head at or before us. Events of one microsecond have one head. */
static void stream_pass(const struct changes *c, struct stream *s, int64_t us)
{
    while (s->head_us <= us && s->head_us != INT64_MAX) {
        int64_t time_us = c->times_us[s->next];
        while (s->next < c->time_count && c->times_us[s->next] == time_us) s->next++;
        head_set(c, s);
    }
}

/* An event before which no moment is at or after us: binary search, the moments being sorted. It is
 * the last such event but where some miss the window. */
static size_t stream_seek(const struct changes *c, const struct stream *s, int64_t us)
{
    size_t low = 0, high = c->time_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (stream_moment(c, s, middle) < us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void changes_begin(struct changes *c, const int64_t *times_us, size_t count, struct nt_time from)
{
    c->times_us = times_us;
    c->time_count = count;
    for (size_t i = 0; i < c->stream_count; i++) {
        struct stream *s = &c->streams[i];
        s->next = from.us == INT64_MIN ? 0 : stream_seek(c, s, from.us);
        head_set(c, s);
        if (from.us != INT64_MIN) stream_pass(c, s, from.us - 1);
    }
}

bool changes_next(struct changes *c, struct nt_time *moment, const uint64_t **wanted)
{
    int64_t least_us = INT64_MAX;
    for (size_t i = 0; i < c->stream_count; i++)
        if (c->streams[i].head_us < least_us) least_us = c->streams[i].head_us;
    if (least_us == INT64_MAX) return false;
    memset(c->wanted, 0, c->word_count * sizeof *c->wanted);
    for (size_t i = 0; i < c->stream_count; i++) {
        struct stream *s = &c->streams[i];
        if (s->head_us != least_us) continue;
        for (size_t w = 0; w < c->word_count; w++) c->wanted[w] |= s->terms[w];
        stream_pass(c, s, least_us);
    }
    *moment = (struct nt_time){least_us};
    *wanted = c->wanted;
    return true;
}
