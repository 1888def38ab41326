#include "base/hash.h"

#include <inttypes.h>
#include <stdio.h>

/* Compiled in here: libpg_query exports functions of the same names, which the loader would take.
 */
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash64(const void *data, size_t size)
{
    return XXH3_64bits(data, size);
}

void hash_hex(const void *data, size_t size, char hex[HASH_HEX_SIZE])
{
    XXH128_hash_t hash = XXH3_128bits(data, size);
    snprintf(hex, HASH_HEX_SIZE, "%016" PRIx64 "%016" PRIx64, (uint64_t)hash.high64,
             (uint64_t)hash.low64);
}
