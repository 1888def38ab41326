/* parse_syntax.c: PostgreSQL's parser over a file in which some statements may not parse. Those are
 * reported, each on its own, and blanked, so that the others are read at their places; of a broken
 * statement its name is kept, so that what uses it is not reported too. */
#include "compiler/parse.h"

#include <pg_query.h>
#include <stdlib.h>
#include <string.h>

struct syntax {
    struct nt_arena *arena;
    struct diagnostics *diagnostics;
    const struct tokens *tokens;
    struct bytes text;
    char *readable; /* the text with broken statements blank */
    struct ast_file *broken;
};

/* PostgreSQL counts characters from 1; 0 is "no place". */
static int character_offset(struct bytes text, int from, int character)
{
    size_t at = (size_t)from;
    while (at < text.size && character > 1) {
        at++;
        while (at < text.size && (text.data[at] & 0xC0) == 0x80) at++;
        character--;
    }
    return (int)at;
}

/* A name as PostgreSQL reads it: lower case, or what is between quotes. */
static const char *token_name(const struct syntax *syntax, int index)
{
    char *name = (char *)tokens_slice(syntax->tokens, index, index, syntax->arena);
    if (*name != '"') {
        for (char *at = name; *at; at++)
            if (*at >= 'A' && *at <= 'Z') *at += 'a' - 'A';
        return name;
    }
    char *out = name;
    for (const char *at = name + 1; *at && (at[0] != '"' || at[1] == '"'); at++) {
        *out++ = *at;
        at += at[0] == '"';
    }
    *out = '\0';
    return name;
}

/* The word SERVER and the name behind it, from first to last. */
static const char *server_name(const struct syntax *syntax, int first, int last)
{
    for (int i = first; i < last; i++)
        if (syntax->tokens->list[i].kind == PG_QUERY__TOKEN__SERVER)
            return token_name(syntax, i + 1);
    return NULL;
}

/* What stands between CREATE and a name; what is of another language (STREAM, SOURCE) is taken for
 * a source of events. */
static int words_skip(const struct syntax *syntax, int index, int last,
                      enum ast_statement_kind *kind)
{
    bool is_known = false;
    *kind = AST_CREATE_FOREIGN_TABLE;
    for (; index < last; index++) {
        switch (syntax->tokens->list[index].kind) {
        case PG_QUERY__TOKEN__SERVER:
            *kind = AST_CREATE_SERVER;
            is_known = true;
            break;
        case PG_QUERY__TOKEN__MATERIALIZED:
            *kind = AST_CREATE_MATERIALIZED_VIEW;
            break;
        case PG_QUERY__TOKEN__VIEW:
            if (*kind != AST_CREATE_MATERIALIZED_VIEW) *kind = AST_CREATE_VIEW;
            is_known = true;
            break;
        case PG_QUERY__TOKEN__TABLE:
            is_known = true;
            break;
        case PG_QUERY__TOKEN__OR:
        case PG_QUERY__TOKEN__REPLACE:
        case PG_QUERY__TOKEN__FOREIGN:
        case PG_QUERY__TOKEN__IF_P:
        case PG_QUERY__TOKEN__NOT:
        case PG_QUERY__TOKEN__EXISTS:
            break;
        default:
            if (is_known) return index;
            is_known = true;
        }
    }
    return index;
}

/* The names that a broken statement would have made: several, where a semicolon was forgotten. */
static void names_keep(struct syntax *syntax, int first, int last)
{
    struct ast_file *broken = syntax->broken;
    for (int i = first; i < last; i++) {
        if (syntax->tokens->list[i].kind != PG_QUERY__TOKEN__CREATE) continue;
        struct ast_statement statement = {.is_refused = true};
        int at = words_skip(syntax, i + 1, last, &statement.kind);
        struct ast_name name = {token_name(syntax, at), syntax->tokens->list[at].start};
        if (statement.kind <= AST_CREATE_FOREIGN_TABLE)
            statement.table =
                (struct ast_table){.name = name, .server = server_name(syntax, at + 1, last)};
        else
            statement.view.name = name;
        broken->statements = array_more(syntax->arena, broken->statements, broken->statement_count,
                                        sizeof *broken->statements);
        broken->statements[broken->statement_count++] = statement;
    }
}

/* The statement from one token to another, read alone; blanked where it does not parse. */
static void statement_try(struct syntax *syntax, int first, int last)
{
    const struct token *tokens = syntax->tokens->list;
    const char *sql = tokens_slice(syntax->tokens, first, last, syntax->arena);
    PgQueryProtobufParseResult result = pg_query_parse_protobuf(sql);
    if (result.error) {
        int start = tokens[first].start;
        int offset = character_offset(syntax->text, start, result.error->cursorpos);
        diagnostics_error(syntax->diagnostics, offset, "%s", result.error->message);
        memset(syntax->readable + start, ' ', (size_t)(tokens[last].end - start));
        names_keep(syntax, first, last);
    }
    pg_query_free_protobuf_parse_result(result);
}

static void statements_try(struct syntax *syntax)
{
    const struct tokens *tokens = syntax->tokens;
    int first = 0;
    for (int i = 0; i <= tokens->count; i++) {
        bool is_end = i == tokens->count || tokens->list[i].kind == PG_QUERY__TOKEN__ASCII_59;
        if (!is_end) continue;
        if (i > first) statement_try(syntax, first, i - 1);
        first = i + 1;
    }
}

static PgQueryProtobufParseResult text_parse(struct syntax *syntax)
{
    PgQueryProtobufParseResult result = pg_query_parse_protobuf((const char *)syntax->text.data);
    if (!result.error) return result;
    int before = syntax->diagnostics->error_count;
    syntax->readable = nt_arena_copy(syntax->arena, syntax->text.data, syntax->text.size + 1);
    statements_try(syntax);
    if (syntax->diagnostics->error_count > before) {
        pg_query_free_protobuf_parse_result(result);
        return pg_query_parse_protobuf(syntax->readable);
    }
    /* It does not scan: there is nothing to cut into statements. */
    int offset = character_offset(syntax->text, 0, result.error->cursorpos);
    diagnostics_error(syntax->diagnostics, offset, "%s", result.error->message);
    return result;
}

PgQuery__ParseResult *parse_syntax(struct bytes text, const struct tokens *tokens,
                                   struct nt_arena *arena, struct diagnostics *diagnostics,
                                   struct ast_file *broken)
{
    struct syntax syntax = {arena, diagnostics, tokens, text, NULL, broken};
    *broken = (struct ast_file){0};
    PgQueryProtobufParseResult result = text_parse(&syntax);
    PgQuery__ParseResult *tree = NULL;
    if (!result.error) {
        tree = pg_query__parse_result__unpack(NULL, result.parse_tree.len,
                                              (const uint8_t *)result.parse_tree.data);
        if (!tree) abort(); /* what libpg_query has packed: there is no memory for it */
    }
    pg_query_free_protobuf_parse_result(result);
    return tree;
}
