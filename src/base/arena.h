/* arena.h: the switch that the installed nowthen/arena.h speaks of. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "nowthen/arena.h"

/* Every object its own malloc. Set before the first arena is used; sanitizer runs set it. */
extern bool nt_arena_malloc_through;

#endif
