/*
 * object_cache.h: what the C compiler made, kept by a name that is the hash of all that it was made
 * from, so that it is never stale.
 *
 * A directory of entries, each replaced as a whole by rename. Any number of processes may use it at
 * once: an entry is copied out, so nothing depends on it when another process removes it. An entry
 * carries the hash of its bytes; one that is damaged is removed and counts as not there. Nothing
 * here fails: a cache that cannot be read or written is one that has nothing.
 */
#ifndef COMPILER_OBJECT_CACHE_H
#define COMPILER_OBJECT_CACHE_H

#include "compiler/compile.h"

#include <stdbool.h>

/* Copies the entry to path, and makes it the youngest. False: it is not there. */
bool object_cache_get(const struct build_cache *cache, const char *name, const char *path);
/* Keeps the file at path under the name. */
void object_cache_put(const struct build_cache *cache, const char *name, const char *path);
/* Removes the entries used longest ago until no more than bytes_max are left. */
void object_cache_trim(const struct build_cache *cache);

#endif
