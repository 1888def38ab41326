/* decode.c: which format a source's events are in. */
#include "decode/decode.h"
#include "decode/decoder.h"

#include "row/typmod.h"

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

static bool column_make(const struct nt_source *source, const struct nt_made *made,
                        struct nt_eval *e, struct nt_value *row)
{
    const struct nt_column *column = &source->columns[made->column];
    struct nt_value value = made->make(e, row);
    row[made->column] = value;
    if (!e->error && column_assign(e, column, &row[made->column])) return true;
    e->error = nt_arena_printf(e->arena, "column \"%s\": %s", column->name, e->error);
    return false;
}

bool decode_made(const struct nt_source *source, struct nt_eval *e, const bool *is_given,
                 struct nt_value *row)
{
    for (uint16_t i = 0; i < source->made_count; i++) {
        const struct nt_made *made = &source->made[i];
        bool given = is_given[made->column];
        if (!given && !column_make(source, made, e, row)) return false;
        if (!given || !made->is_generated) continue;
        e->error =
            nt_arena_printf(e->arena, "column \"%s\" is generated: an event must not give it",
                            source->columns[made->column].name);
        return false;
    }
    return true;
}
