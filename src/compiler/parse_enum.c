/* parse_enum.c: CREATE TYPE ... AS ENUM. */
#include "compiler/parse.h"

#include "row/enumeration.h"

#include <string.h>

int parse_enum_find(const struct parser *parser, const char *name)
{
    for (int i = 0; i < parser->enum_count; i++)
        if (strcmp(parser->enums[i]->name.text, name) == 0) return i;
    return -1;
}

/* The name alone, of a type that is new. */
static bool name_parse(struct parser *parser, const PgQuery__CreateEnumStmt *statement,
                       struct ast_enum *enumeration)
{
    const struct tokens *tokens = parser->tokens;
    int place = tokens_at(tokens, parser->place) + 2; /* CREATE TYPE name */
    int offset = place < tokens->count ? tokens->list[place].start : parser->place;
    const char *name = statement->n_type_name
                           ? parse_string(statement->type_name[statement->n_type_name - 1])
                           : "";
    if (statement->n_type_name != 1) {
        *diagnostics_error(parser->diagnostics, offset,
                           "a type has no schema: a definition file is one name space") =
            nt_arena_printf(parser->arena, "CREATE TYPE %s AS ENUM (...)", name);
        return false;
    }
    if (parse_enum_find(parser, name) >= 0 || parse_type_is_known(name)) {
        *diagnostics_error(parser->diagnostics, offset, "type \"%s\" already exists", name) =
            "another name";
        return false;
    }
    enumeration->name = (struct ast_name){parse_copy(parser, name), offset};
    return true;
}

/* The place of the i-th label: literals stand behind '(' with a comma between them. */
static int label_offset(const struct parser *parser, size_t index)
{
    const struct tokens *tokens = parser->tokens;
    int open = tokens_find(tokens, tokens_at(tokens, parser->place), PG_QUERY__TOKEN__ASCII_40);
    int place = open + 1 + 2 * (int)index;
    return open >= 0 && place < tokens->count ? tokens->list[place].start : parser->place;
}

static bool label_check(struct parser *parser, struct nt_value labels, const char *label,
                        size_t index)
{
    bool is_new = enum_find(labels, label, strlen(label)).is_null;
    bool is_short = strlen(label) <= ENUM_TEXT_MAX;
    if (!is_new)
        *diagnostics_error(parser->diagnostics, label_offset(parser, index),
                           "enum label \"%s\" used more than once", label) = "each label once";
    else if (!is_short)
        *diagnostics_error(parser->diagnostics, label_offset(parser, index),
                           "invalid enum label \"%s\"", label) =
            "a label of 63 bytes or less, as PostgreSQL has them";
    return is_new && is_short;
}

/* All labels that are right, so that what uses the type is not reported too. */
static bool labels_parse(struct parser *parser, const PgQuery__CreateEnumStmt *statement,
                         struct ast_enum *enumeration)
{
    struct buffer labels = {0};
    bool is_right = statement->n_vals <= ENUM_LABELS_MAX;
    enum_append_name(enumeration->name.text, &labels);
    if (!is_right)
        *diagnostics_error(parser->diagnostics, enumeration->name.offset,
                           "an enum has at most %d labels", ENUM_LABELS_MAX) = "a text";
    for (size_t i = 0; is_right && i < statement->n_vals; i++) {
        const char *label = parse_string(statement->vals[i]);
        struct nt_value so_far = nt_text(buffer_text(&labels), (uint32_t)labels.size);
        if (label_check(parser, so_far, label, i))
            enum_append_label(label, (unsigned)i, &labels);
        else
            is_right = false;
    }
    enumeration->labels =
        nt_text(nt_arena_copy(parser->arena, labels.data, labels.size), (uint32_t)labels.size);
    buffer_deinit(&labels);
    return is_right;
}

bool parse_enum(struct parser *parser, const PgQuery__CreateEnumStmt *statement,
                struct ast_enum *enumeration)
{
    const struct tokens *tokens = parser->tokens;
    if (!name_parse(parser, statement, enumeration)) return false;
    int first = tokens_at(tokens, parser->place), last = first;
    while (last + 1 < tokens->count && tokens->list[last + 1].kind != PG_QUERY__TOKEN__ASCII_59)
        last++;
    enumeration->sql = tokens_slice(tokens, first, last, parser->arena);
    parser->enums =
        array_more(parser->arena, parser->enums, parser->enum_count, sizeof *parser->enums);
    parser->enums[parser->enum_count++] = enumeration;
    return labels_parse(parser, statement, enumeration);
}
