#include "nowthen/arena.h"

#include "base/arena.h"
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct nt_arena_block {
    struct nt_arena_block *older;
    size_t size; /* of the bytes after this header */
};

/* The worker has an arena for each entity it caches: the first block holds one of a few events. */
#define BLOCK_SIZE_MIN ((size_t)752)
#define BLOCK_SIZE_MAX ((size_t)1 << 20)
#define ALIGNMENT      ((size_t)16)

bool nt_arena_malloc_through;

static void *block_bytes(struct nt_arena_block *block)
{
    return block + 1;
}

static void block_push(struct nt_arena *arena, size_t size)
{
    struct nt_arena_block *block = memory_alloc(sizeof *block + size);
    arena->held += sizeof *block + size;
    *block = (struct nt_arena_block){arena->blocks, size};
    arena->blocks = block;
    arena->next = block_bytes(block);
    arena->end = arena->next + size;
}

void nt_arena_init(struct nt_arena *arena)
{
    *arena = (struct nt_arena){0};
}

static void blocks_free(struct nt_arena_block *block)
{
    while (block) {
        struct nt_arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void nt_arena_deinit(struct nt_arena *arena)
{
    blocks_free(arena->blocks);
    *arena = (struct nt_arena){0};
}

void nt_arena_reset(struct nt_arena *arena)
{
    struct nt_arena_block *kept = arena->blocks;
    if (!kept) return;
    if (nt_arena_malloc_through) {
        nt_arena_deinit(arena);
        return;
    }
    if (kept->older || kept->size > BLOCK_SIZE_MAX) {
        size_t size = arena->held < BLOCK_SIZE_MAX ? arena->held : BLOCK_SIZE_MAX;
        nt_arena_deinit(arena);
        block_push(arena, size); /* next time as much is one block */
    }
    arena->next = block_bytes(arena->blocks);
    arena->used = 0;
}

void *nt_arena_alloc(struct nt_arena *arena, size_t size)
{
    size_t rounded = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    if (rounded == 0) rounded = ALIGNMENT;
    if (nt_arena_malloc_through) {
        block_push(arena, rounded);
    } else if ((size_t)(arena->end - arena->next) < rounded) {
        size_t block = arena->held / 2; /* so at most a third is not in use yet */
        if (block < BLOCK_SIZE_MIN) block = BLOCK_SIZE_MIN;
        if (block > BLOCK_SIZE_MAX) block = BLOCK_SIZE_MAX;
        block_push(arena, block < rounded ? rounded : block);
    }
    void *object = arena->next;
    arena->next += rounded;
    arena->used += rounded;
    return object;
}

void *nt_arena_zalloc(struct nt_arena *arena, size_t size)
{
    return memset(nt_arena_alloc(arena, size), 0, size);
}

void *nt_arena_copy(struct nt_arena *arena, const void *bytes, size_t size)
{
    void *copy = nt_arena_alloc(arena, size);
    if (size) memcpy(copy, bytes, size);
    return copy;
}

char *nt_arena_printf(struct nt_arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = nt_arena_alloc(arena, (size_t)(size < 0 ? 0 : size) + 1);
    vsnprintf(text, (size_t)(size < 0 ? 0 : size) + 1, format, again);
    va_end(again);
    return text;
}
