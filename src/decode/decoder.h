/* decoder.h: what decode.c and the formats share; nobody else includes it. */
#ifndef DECODE_DECODER_H
#define DECODE_DECODER_H

#include "decode/decode.h"

/* A format: decode_<format>.c. */
struct decode_format {
    const char *name; /* OPTIONS (format '...') */
    void *(*create)(const struct nt_source *source);
    void (*destroy)(void *self);
    bool (*decode)(void *self, struct nt_eval *e, struct bytes bytes, struct nt_value *row);
};

extern const struct decode_format decode_format_json;

#endif
