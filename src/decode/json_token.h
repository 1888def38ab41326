/*
 * json_token.h: simdjson's first stage behind a C face: where the tokens of a document are.
 *
 * Why only the first stage: it is where simdjson is fast (quotes, escapes, UTF-8, 64 bytes at a
 * time, the machine's best instructions chosen at run time), and the later ones turn numbers into
 * doubles, which would lose the digits of a bigint or a numeric. The grammar is json_read.c's.
 */
#ifndef DECODE_JSON_TOKEN_H
#define DECODE_JSON_TOKEN_H

#ifdef __cplusplus
extern "C" {
#endif

#include "base/bytes.h"

/*
 * Each token begins at text[starts[i]]: a bracket, colon, comma, opening quote or the first byte of
 * anything else, in order; starts[count] is the size, where the text has a blank. What lies between
 * two starts is one token and trailing blanks. Strings are closed, hold no bare control character,
 * and all of it is UTF-8.
 */
struct json_tokens {
    const uint8_t *text; /* the parser's copy, padded */
    const uint32_t *starts;
    size_t count; /* at least 1 */
};

struct json_scanner;
struct json_scanner *json_scanner_create(void);
void json_scanner_destroy(struct json_scanner *scanner);
/* NULL, or why bytes cannot be JSON. tokens are borrowed until the next call. */
const char *json_scan(struct json_scanner *scanner, struct bytes bytes, struct json_tokens *tokens);
/* Decodes the string whose opening quote is at quote (in the text of json_scan) into out, which has
 * room for its size and JSON_UNESCAPE_MORE bytes. NULL: a wrong escape; else the end of what was
 * written. */
#define JSON_UNESCAPE_MORE 64
uint8_t *json_unescape(struct json_scanner *scanner, const uint8_t *quote, uint8_t *out);

#ifdef __cplusplus
}
#endif

#endif
