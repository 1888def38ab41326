#include "base/progress.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define SHOW_AFTER_US      1000000
#define REDRAW_US          100000
#define LINE_US            10000000
#define LOOK_AT_CLOCK_MASK UINT64_C(1023)
#define BAR_WIDTH          24

void progress_start(struct progress *progress, const char *what, const char *unit, uint64_t total)
{
    *progress = (struct progress){.what = what, .unit = unit, .total = total};
    progress->started_us = progress->shown_us = clock_monotonic_us();
    progress->is_terminal = isatty(STDERR_FILENO) == 1;
}

static void show(struct progress *progress, int64_t now_us)
{
    double seconds = (double)(now_us - progress->started_us) / 1e6;
    double rate = seconds > 0 ? (double)progress->done / seconds : 0;
    fprintf(stderr, progress->is_terminal ? "\r\033[K%s " : "%s: ", progress->what);
    if (progress->total) {
        double part = (double)progress->done / (double)progress->total;
        if (part > 1) part = 1;
        int filled = (int)(part * BAR_WIDTH);
        if (progress->is_terminal) {
            fputc('[', stderr);
            for (int i = 0; i < BAR_WIDTH; i++) fputc(i < filled ? '#' : '.', stderr);
            fputs("] ", stderr);
        }
        fprintf(stderr, "%3.0f %% ", part * 100);
    }
    fprintf(stderr, "%" PRIu64 " %s, %.0f %s/s", progress->done, progress->unit, rate,
            progress->unit);
    if (progress->total > progress->done && rate > 0)
        fprintf(stderr, ", %.0f s left", (double)(progress->total - progress->done) / rate);
    if (!progress->is_terminal) fputc('\n', stderr);
    fflush(stderr);
    progress->shown_us = now_us;
    progress->was_shown = true;
}

void progress_add(struct progress *progress, uint64_t units)
{
    uint64_t before = progress->done;
    progress->done += units;
    if ((before & ~LOOK_AT_CLOCK_MASK) == (progress->done & ~LOOK_AT_CLOCK_MASK)) return;
    int64_t now_us = clock_monotonic_us();
    if (now_us - progress->started_us < SHOW_AFTER_US) return;
    int64_t every = progress->is_terminal ? REDRAW_US : LINE_US;
    if (now_us - progress->shown_us >= every) show(progress, now_us);
}

void progress_finish(struct progress *progress)
{
    double seconds = (double)(clock_monotonic_us() - progress->started_us) / 1e6;
    if (progress->is_terminal && progress->was_shown) fputs("\r\033[K", stderr);
    fprintf(stderr, "%s: %" PRIu64 " %s in %.1f s (%.0f %s/s)\n", progress->what, progress->done,
            progress->unit, seconds, seconds > 0 ? (double)progress->done / seconds : 0,
            progress->unit);
}
