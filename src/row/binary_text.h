/* binary_text.h: uuid and bytea as PostgreSQL 15 prints and reads them (bytea_output hex). */
#ifndef ROW_BINARY_TEXT_H
#define ROW_BINARY_TEXT_H

#include "base/bytes.h"
#include "nowthen/value.h"

void uuid_append_text(const char uuid[NT_UUID_SIZE], struct buffer *out);
/* 32 hexadecimal digits, a hyphen after any four of them, braces around if the writer likes. */
bool uuid_parse(const char *text, size_t size, char uuid[NT_UUID_SIZE]);

void bytea_append_text(const char *bytes, size_t size, struct buffer *out); /* \xdeadbeef */
enum bytea_parse { BYTEA_PARSED, BYTEA_SYNTAX, BYTEA_ODD, BYTEA_DIGIT };
/* byteain, both forms: \x and digits, or text with \\ and \ooo. out has room for size bytes.
 * BYTEA_DIGIT: text[*wrong] is no hexadecimal digit. */
enum bytea_parse bytea_parse(const char *text, size_t size, char *out, size_t *out_size,
                             size_t *wrong);

#endif
