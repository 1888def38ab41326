#include "base/clock.h"

#include <time.h>

static int64_t read_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct nt_time system_now(void *self)
{
    (void)self;
    return (struct nt_time){read_us(CLOCK_REALTIME) - NT_UNIX_EPOCH_US};
}

struct clock clock_system(void)
{
    return (struct clock){system_now, NULL};
}

int64_t clock_monotonic_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}
