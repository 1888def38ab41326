/* pool.c: see pool.h. A free object holds the pointer to the next one of its class. */
#include "runtime/pool.h"

#include <string.h>

#define FINE_POWER 8

_Static_assert(POOL_FINE == 1 << FINE_POWER, "the classes above begin there");

static unsigned class_of(size_t size)
{
    if (size == 0) size = 1;
    if (size <= POOL_FINE) return (unsigned)((size - 1) / POOL_STEP);
    unsigned power = 63 - (unsigned)__builtin_clzll(size - 1); /* 2^power <= size - 1 */
    unsigned quarter = (unsigned)((size - 1) >> (power - 2)) & 3;
    return POOL_FINE / POOL_STEP + 4 * (power - FINE_POWER) + quarter;
}

static size_t class_size(unsigned class)
{
    if (class < POOL_FINE / POOL_STEP) return (class + (size_t)1) * POOL_STEP;
    unsigned over = class - POOL_FINE / POOL_STEP;
    return (size_t)(5 + over % 4) << (FINE_POWER + over / 4 - 2);
}

size_t pool_size(size_t size)
{
    return class_size(class_of(size));
}

void *pool_take(struct pool *pool, size_t size)
{
    unsigned class = class_of(size);
    void **page = pool->free[class / POOL_PAGE];
    void *object = page ? page[class % POOL_PAGE] : NULL;
    if (!object) return nt_arena_alloc(pool->arena, class_size(class));
    memcpy(&page[class % POOL_PAGE], object, sizeof object);
    return object;
}

void pool_give(struct pool *pool, void *object, size_t size)
{
    if (!object) return;
    unsigned class = class_of(size);
    void ***page = &pool->free[class / POOL_PAGE];
    if (!*page) *page = nt_arena_zalloc(pool->arena, POOL_PAGE * sizeof **page);
    memcpy(object, &(*page)[class % POOL_PAGE], sizeof object);
    (*page)[class % POOL_PAGE] = object;
}
