/* parse_with.c: WITH of a SELECT. A common table expression is a subquery with a name: where FROM
 * names it, it stands there as one. */
#include "compiler/parse.h"

#include <string.h>

/* What may stand between AS and the parenthesis, MATERIALIZED, changes no value. */
static int query_open(const struct parser *parser, int name)
{
    const struct tokens *tokens = parser->tokens;
    int as = tokens_find(tokens, name, PG_QUERY__TOKEN__AS);
    return as < 0 ? -1 : tokens_find(tokens, as, PG_QUERY__TOKEN__ASCII_40);
}

static bool with_refuse(struct parser *parser, int offset, const char *what, const char *cure)
{
    *diagnostics_error(parser->diagnostics, offset, "%s is not part of the definition language",
                       what) = cure;
    return false;
}

static bool parse_named_query(struct parser *parser, const PgQuery__CommonTableExpr *node,
                              struct ast_view *select)
{
    const struct tokens *tokens = parser->tokens;
    int open = query_open(parser, tokens_at(tokens, node->location)), place = parser->place;
    if (node->n_aliascolnames)
        return with_refuse(parser, node->location, "a list of column names in WITH",
                           "AS in the select list");
    if (node->search_clause || node->cycle_clause ||
        node->ctequery->node_case != PG_QUERY__NODE__NODE_SELECT_STMT || open < 0)
        return with_refuse(parser, node->location, "a query of this form in WITH",
                           "WITH name AS (SELECT ... FROM source)");
    parser->place = tokens->list[open + 1].start;
    bool is_right = parse_rows(parser, node->ctequery->select_stmt, select);
    parser->place = place;
    return is_right;
}

bool parse_with(struct parser *parser, const PgQuery__SelectStmt *select)
{
    const PgQuery__WithClause *with = select->with_clause;
    const struct tokens *tokens = parser->tokens;
    bool is_right = true;
    if (!with) return true;
    if (with->recursive)
        return with_refuse(parser, with->location, "WITH RECURSIVE",
                           "WITH name AS (SELECT ... FROM source)");
    for (size_t i = 0; i < with->n_ctes; i++) {
        if (with->ctes[i]->node_case != PG_QUERY__NODE__NODE_COMMON_TABLE_EXPR) return false;
        const PgQuery__CommonTableExpr *node = with->ctes[i]->common_table_expr;
        struct ast_view *query = nt_arena_zalloc(parser->arena, sizeof *query);
        query->name = (struct ast_name){parse_copy(parser, node->ctename), node->location};
        bool is_read = parse_named_query(parser, node, query);
        parser->queries = array_more(parser->arena, parser->queries, parser->query_count,
                                     sizeof *parser->queries);
        parser->queries[parser->query_count++] = (struct named_query){query, !is_read};
        is_right &= is_read;
    }
    int first = tokens_find(tokens, tokens_at(tokens, with->location), PG_QUERY__TOKEN__SELECT);
    if (first >= 0) parser->place = tokens->list[first].start;
    return is_right;
}

const struct named_query *parse_named_find(const struct parser *parser,
                                           const PgQuery__RangeVar *range)
{
    for (int i = parser->query_count - 1; i >= 0 && !*range->schemaname; i--)
        if (strcmp(parser->queries[i].select->name.text, range->relname) == 0)
            return &parser->queries[i];
    return NULL;
}
