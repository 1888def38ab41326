/* md5.h: RFC 1321, for md5(): a checksum, not for secrets. */
#ifndef ROW_MD5_H
#define ROW_MD5_H

#include <stddef.h>

#define MD5_TEXT_SIZE 32

/* The digest in lower case hexadecimal digits; no zero byte. */
void md5_text(const void *data, size_t size, char text[MD5_TEXT_SIZE]);

#endif
