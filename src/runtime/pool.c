/* pool.c: see pool.h. A free object holds the pointer to the next one of its class. */
#include "runtime/pool.h"

#include <string.h>

static unsigned class_of(size_t size)
{
    if (size == 0) size = 1;
    if (size <= POOL_FINE) return (unsigned)((size + POOL_STEP - 1) / POOL_STEP);
    return POOL_FINE / POOL_STEP + 64 - (unsigned)__builtin_clzll((size - 1) / POOL_FINE);
}

static size_t class_size(unsigned class)
{
    if (class <= POOL_FINE / POOL_STEP) return (size_t) class * POOL_STEP;
    return (size_t)POOL_FINE << (class - POOL_FINE / POOL_STEP);
}

size_t pool_size(size_t size)
{
    return class_size(class_of(size));
}

void *pool_take(struct pool *pool, size_t size)
{
    unsigned class = class_of(size);
    void *object = pool->free[class];
    if (!object) return nt_arena_alloc(pool->arena, class_size(class));
    memcpy(&pool->free[class], object, sizeof object);
    return object;
}

void pool_give(struct pool *pool, void *object, size_t size)
{
    if (!object) return;
    unsigned class = class_of(size);
    memcpy(object, &pool->free[class], sizeof object);
    pool->free[class] = object;
}
