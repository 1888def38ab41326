/* utf8.h: is it UTF-8 (RFC 3629: no surrogates, nothing overlong)? simdjson's answer (json.cc). */
#ifndef DECODE_UTF8_H
#define DECODE_UTF8_H

#ifdef __cplusplus
extern "C" {
#endif

#include "base/bytes.h"

bool utf8_is_valid(struct bytes bytes);

#ifdef __cplusplus
}
#endif

#endif
