/* parse_node.c: names and places of libpg_query's nodes, by protobuf-c's descriptors. */
#include "compiler/parse.h"

#include <string.h>

char *parse_copy(struct parser *parser, const char *text)
{
    return nt_arena_copy(parser->arena, text, strlen(text) + 1);
}

const char *parse_string(const PgQuery__Node *node)
{
    return node && node->node_case == PG_QUERY__NODE__NODE_STRING ? node->string->sval : "";
}

static const void *field_of(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (const char *)message + field->offset;
}

static int message_place(const ProtobufCMessage *message);

static int field_place(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const void *at = field_of(message, field);
    if (field->type != PROTOBUF_C_TYPE_MESSAGE) return -1;
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return message_place(*(const ProtobufCMessage *const *)at);
    size_t count = *(const size_t *)((const char *)message + field->quantifier_offset);
    const ProtobufCMessage *const *list = *(const ProtobufCMessage *const *const *)at;
    for (size_t i = 0; i < count; i++) {
        int place = message_place(list[i]);
        if (place >= 0) return place;
    }
    return -1;
}

/* The "location" of a message or, without one, of the first child that has one. */
static int message_place(const ProtobufCMessage *message)
{
    if (!message) return -1;
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    const ProtobufCFieldDescriptor *own =
        protobuf_c_message_descriptor_get_field_by_name(descriptor, "location");
    if (own) {
        int place = *(const int32_t *)field_of(message, own);
        if (place >= 0) return place;
    }
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        bool is_oneof = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
        if (is_oneof &&
            *(const uint32_t *)((const char *)message + field->quantifier_offset) != field->id)
            continue;
        int place = field_place(message, field);
        if (place >= 0) return place;
    }
    return -1;
}

int parse_place(const struct parser *parser, const PgQuery__Node *node)
{
    int place = message_place((const ProtobufCMessage *)node);
    return place >= 0 ? place : parser->place;
}

bool parse_relation(struct parser *parser, const PgQuery__RangeVar *range, struct ast_name *name)
{
    int place = range->location >= 0 ? range->location : parser->place;
    *name = (struct ast_name){parse_copy(parser, range->relname), place};
    if (*range->schemaname || *range->catalogname) {
        *diagnostics_error(parser->diagnostics, place,
                           "names in a definition file have no schema, got \"%s.%s\"",
                           *range->schemaname ? range->schemaname : range->catalogname,
                           range->relname) = name->text;
        return false;
    }
    if (!range->inh || (*range->relpersistence && *range->relpersistence != 'p')) {
        *diagnostics_error(parser->diagnostics, place,
                           "ONLY, TEMPORARY and UNLOGGED are not part of the definition language") =
            name->text;
        return false;
    }
    return true;
}

const char *parse_describe(const PgQuery__Node *node)
{
    if (!node) return "an empty expression";
    switch (node->node_case) {
    case PG_QUERY__NODE__NODE_SUB_LINK:
        return "a subquery";
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
        return "an array";
    case PG_QUERY__NODE__NODE_ROW_EXPR:
        return "a row of values";
    case PG_QUERY__NODE__NODE_PARAM_REF:
        return "a parameter ($1)";
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
        return "COLLATE (text compares in collation \"C\")";
    case PG_QUERY__NODE__NODE_GROUPING_SET:
        return "GROUPING SETS, ROLLUP and CUBE";
    case PG_QUERY__NODE__NODE_GROUPING_FUNC:
        return "GROUPING()";
    case PG_QUERY__NODE__NODE_SET_TO_DEFAULT:
        return "DEFAULT";
    case PG_QUERY__NODE__NODE_NAMED_ARG_EXPR:
        return "a named argument";
    default:
        return "this expression";
    }
}
