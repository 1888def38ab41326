/* tokens.c: PostgreSQL's scanner through libpg_query. */
#include "compiler/tokens.h"

#include <limits.h>
#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>
#include <string.h>

#define OPEN          PG_QUERY__TOKEN__ASCII_40
#define CLOSE         PG_QUERY__TOKEN__ASCII_41
#define COMMA         PG_QUERY__TOKEN__ASCII_44
#define OPEN_BRACKET  PG_QUERY__TOKEN__ASCII_91
#define CLOSE_BRACKET PG_QUERY__TOKEN__ASCII_93
#define SEMICOLON     PG_QUERY__TOKEN__ASCII_59

static void tokens_copy(const PgQuery__ScanResult *scan, struct nt_arena *arena,
                        struct tokens *tokens)
{
    struct token *list = nt_arena_zalloc(arena, (scan->n_tokens + 1) * sizeof *list);
    for (size_t i = 0; i < scan->n_tokens; i++) {
        const PgQuery__ScanToken *token = scan->tokens[i];
        if (token->token == PG_QUERY__TOKEN__SQL_COMMENT ||
            token->token == PG_QUERY__TOKEN__C_COMMENT)
            continue;
        list[tokens->count++] = (struct token){token->start, token->end, (int)token->token};
    }
    tokens->list = list;
}

bool tokens_scan(struct bytes text, struct nt_arena *arena, struct tokens *tokens)
{
    *tokens = (struct tokens){.text = text};
    PgQueryScanResult result = pg_query_scan((const char *)text.data);
    PgQuery__ScanResult *scan =
        result.error ? NULL
                     : pg_query__scan_result__unpack(NULL, result.pbuf.len,
                                                     (const uint8_t *)result.pbuf.data);
    pg_query_free_scan_result(result);
    if (!scan) return false;
    tokens_copy(scan, arena, tokens);
    pg_query__scan_result__free_unpacked(scan, NULL);
    return true;
}

int tokens_at(const struct tokens *tokens, int offset)
{
    int low = 0, high = tokens->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (tokens->list[middle].start < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int tokens_find(const struct tokens *tokens, int index, int kind)
{
    int depth = 0;
    for (; index >= 0 && index < tokens->count; index++) {
        int here = tokens->list[index].kind;
        if (depth == 0 && here == kind) return index;
        if (here == SEMICOLON) return -1;
        depth += (here == OPEN) - (here == CLOSE);
        if (depth < 0) return -1;
    }
    return -1;
}

int tokens_close(const struct tokens *tokens, int index)
{
    if (index < 0 || index >= tokens->count || tokens->list[index].kind != OPEN) return -1;
    return tokens_find(tokens, index + 1, CLOSE);
}

int tokens_item_end(const struct tokens *tokens, int index)
{
    int depth = 0, last = index;
    for (; last < tokens->count; last++) {
        int kind = tokens->list[last].kind;
        depth += kind == OPEN || kind == OPEN_BRACKET;
        depth -= kind == CLOSE || kind == CLOSE_BRACKET;
        if (depth < 0 || kind == SEMICOLON || (depth == 0 && kind == COMMA)) break;
    }
    return last - 1;
}

const char *tokens_slice(const struct tokens *tokens, int first, int last, struct nt_arena *arena)
{
    if (first < 0 || last < first || last >= tokens->count) return "";
    int start = tokens->list[first].start;
    size_t size = (size_t)(tokens->list[last].end - start);
    char *text = nt_arena_zalloc(arena, size + 1);
    memcpy(text, tokens->text.data + start, size);
    return text;
}

const char *tokens_question(const struct tokens *tokens, int first, int last,
                            struct nt_arena *arena)
{
    if (first < 0 || last < first || last >= tokens->count) return "";
    const char *text = "";
    for (int from = first, i = first; i <= last; i++) {
        bool is_date = tokens->list[i].kind == PG_QUERY__TOKEN__CURRENT_DATE;
        bool is_clock = is_date || tokens->list[i].kind == PG_QUERY__TOKEN__CURRENT_TIMESTAMP;
        if (!is_clock && i < last) continue;
        /* What is between two tokens, blanks and comments, goes with the first. */
        int end = is_clock ? tokens->list[i].start : tokens->list[i].end;
        int start = from == first ? tokens->list[first].start : tokens->list[from - 1].end;
        text = nt_arena_printf(arena, "%s%.*s%s", text, end - start,
                               (const char *)tokens->text.data + start,
                               is_date    ? "(now()::date)"
                               : is_clock ? "now()"
                                          : "");
        from = i + 1;
    }
    return text;
}

/* Every level of a tree takes a token of its own between two commas of a list, or a parenthesis; a
 * chain of set operations is the one that commas do not end. */
int tokens_nesting(const struct tokens *tokens, int *offset)
{
    enum { PARENTHESES_MAX = 1000 };
    int since_comma[PARENTHESES_MAX] = {0};
    int depth = 0, sum = 0, set_operations = 0, deepest = 0;
    for (int i = 0; i < tokens->count; i++) {
        int kind = tokens->list[i].kind;
        if (kind == SEMICOLON) {
            memset(since_comma, 0, sizeof since_comma);
            depth = sum = set_operations = 0;
        } else if (kind == COMMA) {
            sum -= since_comma[depth];
            since_comma[depth] = 0;
        } else if (kind == CLOSE && depth > 0) {
            sum -= since_comma[depth];
            since_comma[depth--] = 0;
        } else {
            if (kind == OPEN && ++depth == PARENTHESES_MAX) {
                *offset = tokens->list[i].start;
                return INT_MAX;
            }
            since_comma[depth]++;
            sum++;
        }
        set_operations += kind == PG_QUERY__TOKEN__UNION || kind == PG_QUERY__TOKEN__INTERSECT ||
                          kind == PG_QUERY__TOKEN__EXCEPT;
        if (sum + set_operations > deepest) {
            deepest = sum + set_operations;
            *offset = tokens->list[i].start;
        }
    }
    return deepest;
}
