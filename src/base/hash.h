/* hash.h: XXH3 (libxxhash): fast, stable across machines, not for adversaries. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/bytes.h"

uint64_t hash64(const void *data, size_t size);
/* 128 bits as 32 lower-case hex digits and a zero. */
#define HASH_HEX_SIZE 33
void hash_hex(const void *data, size_t size, char hex[HASH_HEX_SIZE]);

#endif
