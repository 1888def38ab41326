/*
 * clock.h: the clock, one of the four seams. Wall time for people and now(); monotonic for
 * durations. Tests put a simulated body in.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "nowthen/value.h"

struct clock {
    struct nt_time (*now)(void *self); /* wall clock, UTC */
    void *self;
};

/* The machine's clock. */
struct clock clock_system(void);
static inline struct nt_time clock_now(struct clock clock)
{
    return clock.now(clock.self);
}
/* Microseconds of CLOCK_MONOTONIC. */
int64_t clock_monotonic_us(void);

#endif
