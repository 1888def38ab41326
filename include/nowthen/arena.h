/*
 * arena.h: memory by lifetime. Everything taken from an arena lives until the arena is reset.
 *
 * Installed, because emitted programs allocate only from an arena that is handed in. One thread at
 * a time. With nt_arena_malloc_through set every object is a malloc of its own, so that the address
 * sanitizer sees each.
 */
#ifndef NOWTHEN_ARENA_H
#define NOWTHEN_ARENA_H

#include "nowthen/value.h"

struct nt_arena_block;

struct nt_arena {
    struct nt_arena_block *blocks; /* newest first */
    char *next;                    /* free bytes of the newest block */
    char *end;
    size_t used; /* bytes handed out since the last reset */
    size_t held; /* bytes of memory taken for it */
};

/* All zero is an empty arena. Takes no memory until it is used. */
NT_API void nt_arena_init(struct nt_arena *arena);
/* Frees everything. The arena may be used again. */
NT_API void nt_arena_deinit(struct nt_arena *arena);
/* Forgets everything, keeping a block for the next round. */
NT_API void nt_arena_reset(struct nt_arena *arena);
/* size bytes aligned to 16, uninitialised. Never NULL: running out of memory aborts the process
 * with a message, because no caller could give a right answer after it. */
NT_API void *nt_arena_alloc(struct nt_arena *arena, size_t size);
/* The same, zeroed. */
NT_API void *nt_arena_zalloc(struct nt_arena *arena, size_t size);
NT_API void *nt_arena_copy(struct nt_arena *arena, const void *bytes, size_t size);
/* printf into the arena; zero terminated. */
NT_API char *nt_arena_printf(struct nt_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
