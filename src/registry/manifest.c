/* manifest.c: a scan for two members at the top level of a JSON object. */
#include "registry/manifest.h"

#include <string.h>

/* From the opening quote: the span between the quotes; reader moves behind the closing one. */
static bool string_take(struct reader *in, struct bytes *text)
{
    reader_byte(in);
    text->data = in->next;
    for (;;) {
        uint8_t c = reader_byte(in);
        if (in->is_short) return false;
        if (c == '\\') reader_byte(in);
        if (c == '"') break;
    }
    text->size = (size_t)(in->next - 1 - text->data);
    return true;
}

static void space_skip(struct reader *in)
{
    while (in->next < in->end && strchr(" \t\r\n", *in->next) && *in->next) in->next++;
}

static bool is_name(struct bytes text, const char *name)
{
    return text.size == strlen(name) && memcmp(text.data, name, text.size) == 0;
}

static bool hex_copy(struct bytes text, char hex[HASH_HEX_SIZE])
{
    if (text.size != HASH_HEX_SIZE - 1) return false;
    for (size_t i = 0; i < text.size; i++)
        if (!text.data[i] || !strchr("0123456789abcdef", text.data[i])) return false;
    memcpy(hex, text.data, text.size);
    hex[text.size] = 0;
    return true;
}

/* A string at the top level: if a colon follows it names a member. */
static bool member_take(struct reader *in, struct bytes name, struct manifest *manifest)
{
    char *hex = is_name(name, "fingerprint")    ? manifest->fingerprint
                : is_name(name, "program_hash") ? manifest->program_hash
                                                : NULL;
    space_skip(in);
    if (!hex || in->next == in->end || *in->next != ':') return true;
    in->next++;
    space_skip(in);
    struct bytes text;
    return in->next < in->end && *in->next == '"' && string_take(in, &text) && hex_copy(text, hex);
}

bool manifest_parse(struct bytes bytes, struct manifest *manifest)
{
    struct reader in = reader_of(bytes);
    int depth = 0;
    *manifest = (struct manifest){0};
    for (space_skip(&in); in.next < in.end; space_skip(&in)) {
        struct bytes text;
        uint8_t c = *in.next;
        if (depth == 0 && c != '{') return false;
        if (c == '"') {
            if (!string_take(&in, &text)) return false;
            if (depth == 1 && !member_take(&in, text, manifest)) return false;
            continue;
        }
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        in.next++;
        if (depth == 0) break;
    }
    space_skip(&in);
    return depth == 0 && in.next == in.end && manifest->fingerprint[0] && manifest->program_hash[0];
}

enum nt_status manifest_read(const char *directory, struct manifest *manifest,
                             struct nt_error *error)
{
    struct buffer path = {0}, text = {0};
    buffer_printf(&path, "%s/manifest.json", directory);
    enum nt_status status = file_read(buffer_text(&path), &text, error);
    if (status == NT_OK && !manifest_parse(buffer_bytes(&text), manifest))
        status = error_set(error, NT_CORRUPT,
                           "%s is not the manifest of a compiled program (no fingerprint and "
                           "program_hash): compile or load the definitions again",
                           buffer_text(&path));
    buffer_deinit(&path);
    buffer_deinit(&text);
    return status;
}
