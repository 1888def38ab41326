/*
 * compile.h: from a definition file to a loadable program.
 *
 * Passes, a file each, listed in compile.c: parse (libpg_query) -> bind and lower -> check ->
 * settle enums -> verify -> fingerprint -> emit C -> build (the system's C compiler). The same
 * definitions, runtime and flags give the same bytes of C.
 */
#ifndef COMPILER_COMPILE_H
#define COMPILER_COMPILE_H

#include "base/bytes.h"
#include "nowthen/arena.h"

struct ir_program;

/* parse, bind, lower, check, verify, fingerprint. path is for messages only. On NT_INVALID,
 * diagnostics holds every finding as file:line:column: reason, the line, a caret, the cure; each
 * ends in a newline. Warnings land there too, with NT_OK. */
enum nt_status compile_definitions(const char *path, struct bytes definitions,
                                   struct nt_arena *arena, struct ir_program **program,
                                   struct buffer *diagnostics, struct nt_error *error);

/* The emitted C of a whole program. */
void emit_program(const struct ir_program *program, struct buffer *c);
/* The same in pieces that compile by themselves behind EMIT_INCLUDE: each view, each service, and
 * last what points at them. A view's piece is the same whatever the others are. */
#define EMIT_INCLUDE "#include \"nowthen/program.h\"\n\n"
struct emit_unit {
    const char *name;
    struct bytes text;
};
struct emit_units {
    int count;
    struct emit_unit *list;
};
void emit_units(const struct ir_program *program, struct nt_arena *arena, struct emit_units *units);

/* Where objects are kept, made when missing; processes may share it. */
struct build_cache {
    const char *directory;
    int64_t bytes_max; /* what was used longest ago goes */
};
/* The cache in directory; where that is empty, by XDG's convention: $XDG_CACHE_HOME/nowthen, else
 * ~/.cache/nowthen. False: there is no such place, or bytes_max is 0. */
bool build_cache_find(const char *directory, int64_t bytes_max, struct nt_arena *arena,
                      struct build_cache *cache);

/* Writes directory/program.c, program.so and manifest.json (made when missing; replaced as a
 * whole: a half-written program is never found). With a cache a piece is compiled by itself and its
 * object kept, so that next time only what has changed is compiled; without, NULL, all is compiled
 * as one. */
enum nt_status build_program(const struct ir_program *program, const char *directory,
                             const struct build_cache *cache, struct nt_error *error);

/* All of it: reads path, compiles, builds into directory. Diagnostics as above. */
enum nt_status compile_file(const char *path, const char *directory,
                            const struct build_cache *cache, struct buffer *diagnostics,
                            struct nt_error *error);

/* --explain: what is kept of an entity, for how long, and what a lookup reads, in words. */
void explain_print(const struct ir_program *program, struct buffer *out);

/* --dump=ast: libpg_query's tree as read, indented. */
enum nt_status parse_dump(const char *path, struct bytes definitions, struct buffer *out,
                          struct buffer *diagnostics, struct nt_error *error);

#endif
