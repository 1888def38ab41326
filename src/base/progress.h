/*
 * progress.h: a progress bar on stderr for work that takes longer than a second: done, total, rate,
 * time left. On a terminal it redraws one line; else it prints a line every ten seconds and one at
 * the end. One thread.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what; /* "materialize aircraft" */
    const char *unit; /* "rows" */
    uint64_t done;
    uint64_t total; /* 0: not known */
    int64_t started_us;
    int64_t shown_us;
    bool is_terminal;
    bool was_shown;
};

void progress_start(struct progress *progress, const char *what, const char *unit, uint64_t total);
/* Cheap: looks at the clock every few thousand units. */
void progress_add(struct progress *progress, uint64_t units);
/* Clears the bar; prints "what: N units in S s (R units/s)". */
void progress_finish(struct progress *progress);

#endif
