/* decode.c: which format a source's events are in. */
#include "decode/decode.h"
#include "decode/decoder.h"

#include <stdlib.h>
#include <string.h>

struct decoder {
    const struct decode_format *format;
    void *self;
};

static const struct decode_format *const formats[] = {&decode_format_json};

enum nt_status decoder_create(const struct nt_source *source, struct decoder **decoder,
                              struct nt_error *error)
{
    const char *name = source->format ? source->format : "json";
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(formats[i]->name, name) != 0) continue;
        *decoder = memory_alloc(sizeof **decoder);
        **decoder = (struct decoder){formats[i], formats[i]->create(source)};
        return NT_OK;
    }
    *decoder = NULL;
    return error_set(error, NT_INVALID,
                     "source %s: format '%s' is not known; write OPTIONS (format 'json')",
                     source->name, name);
}

void decoder_destroy(struct decoder *decoder)
{
    if (!decoder) return;
    decoder->format->destroy(decoder->self);
    free(decoder);
}

bool decoder_decode(struct decoder *decoder, struct nt_eval *e, struct bytes bytes,
                    struct nt_value *row)
{
    e->error = NULL;
    return decoder->format->decode(decoder->self, e, bytes, row);
}
