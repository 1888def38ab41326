/* lookup3.h: Bob Jenkins' lookup3 (2006) over bytes, 64 bits of it, with the seeds that PostgreSQL
 * gives it: hashtextextended(text, 0). For results that SQL must be able to reproduce. */
#ifndef BASE_LOOKUP3_H
#define BASE_LOOKUP3_H

#include "base/bytes.h"

uint64_t hash_lookup3(struct bytes bytes);

#endif
