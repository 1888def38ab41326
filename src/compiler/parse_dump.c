/* parse_dump.c: libpg_query's tree, indented, for --dump=ast. By protobuf-c's descriptors, so that
 * no node is left out. */
#include "compiler/compile.h"
#include "compiler/diagnostics.h"
#include "compiler/parse.h"

#include <pg_query.h>
#include <string.h>

#define INDENT_MAX 100 /* a deep tree would be mostly spaces */

static void message_dump(const ProtobufCMessage *message, int indent, struct buffer *out);

static void indent_append(int indent, struct buffer *out)
{
    for (int i = 0; i < indent && i < INDENT_MAX; i++) buffer_append_text(out, "  ");
}

/* One value of a field that is no message. */
static void scalar_dump(const ProtobufCFieldDescriptor *field, const void *at, struct buffer *out)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        buffer_printf(out, "\"%s\"", *(char *const *)at);
        return;
    case PROTOBUF_C_TYPE_BOOL:
        buffer_append_text(out, *(const protobuf_c_boolean *)at ? "true" : "false");
        return;
    case PROTOBUF_C_TYPE_ENUM: {
        const ProtobufCEnumValue *value =
            protobuf_c_enum_descriptor_get_value(field->descriptor, *(const int *)at);
        buffer_append_text(out, value ? value->name : "?");
        return;
    }
    case PROTOBUF_C_TYPE_UINT32:
        buffer_printf(out, "%u", *(const uint32_t *)at);
        return;
    case PROTOBUF_C_TYPE_UINT64:
        buffer_printf(out, "%llu", (unsigned long long)*(const uint64_t *)at);
        return;
    default:
        buffer_printf(out, "%d", *(const int32_t *)at);
    }
}

/* proto3 does not tell a default from nothing: neither is worth a line, except in a location. */
static bool scalar_is_default(const ProtobufCFieldDescriptor *field, const void *at)
{
    if (field->type == PROTOBUF_C_TYPE_STRING) return !**(char *const *)at;
    if (field->type == PROTOBUF_C_TYPE_BOOL) return !*(const protobuf_c_boolean *)at;
    return *(const int32_t *)at == 0;
}

static void value_dump(const ProtobufCFieldDescriptor *field, const void *at, int indent,
                       struct buffer *out)
{
    indent_append(indent, out);
    buffer_append_text(out, field->name);
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        buffer_append_byte(out, '\n');
        message_dump(*(const ProtobufCMessage *const *)at, indent + 1, out);
        return;
    }
    buffer_append_text(out, ": ");
    scalar_dump(field, at, out);
    buffer_append_byte(out, '\n');
}

static void field_dump(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                       int indent, struct buffer *out)
{
    const void *at = (const char *)message + field->offset;
    const void *quantifier = (const char *)message + field->quantifier_offset;
    bool is_message = field->type == PROTOBUF_C_TYPE_MESSAGE;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t count = *(const size_t *)quantifier;
        for (size_t i = 0; is_message && i < count; i++)
            value_dump(field, *(const ProtobufCMessage *const *const *)at + i, indent, out);
        return;
    }
    bool is_oneof = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    if (is_oneof && *(const uint32_t *)quantifier != field->id) return;
    if (is_message ? !*(const ProtobufCMessage *const *)at : scalar_is_default(field, at)) return;
    value_dump(field, at, indent, out);
}

static void message_dump(const ProtobufCMessage *message, int indent, struct buffer *out)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++)
        field_dump(message, &message->descriptor->fields[i], indent, out);
}

static bool tree_dump(struct bytes definitions, struct buffer *out)
{
    PgQueryProtobufParseResult result = pg_query_parse_protobuf((const char *)definitions.data);
    PgQuery__ParseResult *tree =
        result.error ? NULL
                     : pg_query__parse_result__unpack(NULL, result.parse_tree.len,
                                                      (const uint8_t *)result.parse_tree.data);
    pg_query_free_protobuf_parse_result(result);
    if (!tree) return false;
    message_dump(&tree->base, 0, out);
    pg_query__parse_result__free_unpacked(tree, NULL);
    return true;
}

enum nt_status parse_dump(const char *path, struct bytes definitions, struct buffer *out,
                          struct buffer *diagnostics, struct nt_error *error)
{
    struct nt_arena arena;
    nt_arena_init(&arena);
    struct diagnostics findings = {.arena = &arena, .path = path};
    struct tokens tokens;
    bool is_right = parse_prepare(definitions, &findings, &tokens);
    if (is_right) {
        parse_file(findings.text, &tokens, &arena, &findings);
        is_right = tree_dump(findings.text, out); /* what we refuse is shown, too */
    }
    diagnostics_print(&findings, diagnostics);
    nt_arena_deinit(&arena);
    return is_right ? NT_OK : error_set(error, NT_INVALID, "%s does not parse", path);
}
