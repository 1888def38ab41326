/* pool.h: an arena whose objects can be given back, for structures that live long and change: what
 * is given back is reused by the next object of its size class, so garbage stays bounded. */
#ifndef RUNTIME_POOL_H
#define RUNTIME_POOL_H

#include "nowthen/arena.h"

#define POOL_STEP     16  /* classes are multiples of this up to POOL_FINE, then */
#define POOL_FINE     256 /* four to a power of two: */
#define POOL_QUARTERS 112 /* so many of them */
#define POOL_CLASSES  (POOL_FINE / POOL_STEP + POOL_QUARTERS)
#define POOL_PAGE     16 /* classes */

/* What was given back, by class: most pools are given little or nothing, and there is one for each
 * entity that is cached, so the table is made a page at a time. */
struct pool {
    struct nt_arena *arena;
    void **free[POOL_CLASSES / POOL_PAGE]; /* NULL: none of these classes yet */
};

_Static_assert(POOL_CLASSES % POOL_PAGE == 0, "pages are whole");

/* How much is taken for size: a user of memory that grows may as well use all. */
size_t pool_size(size_t size);
void *pool_take(struct pool *pool, size_t size); /* uninitialised, aligned to 16 */
/* size as taken. NULL is fine. */
void pool_give(struct pool *pool, void *object, size_t size);

#endif
