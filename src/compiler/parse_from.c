/* parse_from.c: FROM of a view: a table or a subquery, and the tables joined to it. */
#include "compiler/parse.h"

static bool refuse(struct parser *parser, int offset, const char *what, const char *cure)
{
    *diagnostics_error(parser->diagnostics, offset, "%s is not part of the definition language",
                       what) = cure;
    return false;
}

/* Index of FROM of the SELECT, which is not that of IS DISTINCT FROM. */
static int from_token(const struct parser *parser)
{
    const struct tokens *tokens = parser->tokens;
    int index = tokens_at(tokens, parser->place);
    do index = tokens_find(tokens, index + 1, PG_QUERY__TOKEN__FROM);
    while (index > 0 && tokens->list[index - 1].kind == PG_QUERY__TOKEN__DISTINCT);
    return index;
}

static bool token_is(const struct tokens *tokens, int index, int kind)
{
    return index >= 0 && index < tokens->count && tokens->list[index].kind == kind;
}

/* The alias behind the parenthesis that closes a subquery. */
static struct ast_name subquery_alias(struct parser *parser, const char *name, int open)
{
    const struct tokens *tokens = parser->tokens;
    int index = tokens_close(tokens, open) + 1;
    if (token_is(tokens, index, PG_QUERY__TOKEN__AS)) index++;
    bool is_there = index > 0 && index < tokens->count;
    return (struct ast_name){parse_copy(parser, name),
                             is_there ? tokens->list[index].start : parser->place};
}

/* FROM (SELECT ...) AS alias: the first of FROM, so its parenthesis is behind that word. */
static bool parse_subquery(struct parser *parser, const PgQuery__RangeSubselect *range,
                           struct ast_from *from)
{
    const struct tokens *tokens = parser->tokens;
    int open = from_token(parser) + 1, place = parser->place;
    bool is_select = token_is(tokens, open, PG_QUERY__TOKEN__ASCII_40) &&
                     (token_is(tokens, open + 1, PG_QUERY__TOKEN__SELECT) ||
                      token_is(tokens, open + 1, PG_QUERY__TOKEN__WITH)) &&
                     range->alias && range->subquery->node_case == PG_QUERY__NODE__NODE_SELECT_STMT;
    if (range->lateral || !is_select)
        return refuse(parser, open > 0 ? tokens->list[open].start : place,
                      range->lateral ? "LATERAL" : "a subquery of this form",
                      "FROM (SELECT ... FROM source) AS alias");
    from->name = from->alias = subquery_alias(parser, range->alias->aliasname, open);
    if (range->alias->n_colnames)
        return refuse(parser, from->name.offset, "a list of column names after an alias",
                      "AS in the select list of the subquery");
    from->select = nt_arena_zalloc(parser->arena, sizeof *from->select);
    from->select->name = from->name;
    parser->place = tokens->list[open + 1].start;
    bool is_right = parse_rows(parser, range->subquery->select_stmt, from->select);
    parser->place = place;
    return is_right;
}

static bool parse_range(struct parser *parser, const PgQuery__Node *node, struct ast_from *from)
{
    if (node->node_case != PG_QUERY__NODE__NODE_RANGE_VAR)
        return refuse(parser, parse_place(parser, node),
                      node->node_case == PG_QUERY__NODE__NODE_RANGE_TABLE_SAMPLE
                          ? "TABLESAMPLE"
                          : "a function or joined subquery in FROM",
                      "the name of a source, a request table or a feature view");
    const PgQuery__RangeVar *range = node->range_var;
    const struct named_query *query = parse_named_find(parser, range);
    if (query && query->is_refused) return false;
    if (query) from->select = query->select;
    if (!parse_relation(parser, range, &from->name)) return false;
    from->alias = from->name;
    if (!range->alias) return true;
    if (range->alias->n_colnames)
        return refuse(parser, from->name.offset, "a list of column names after an alias",
                      parse_copy(parser, range->alias->aliasname));
    int index = tokens_at(parser->tokens, range->location) + 1;
    if (index < parser->tokens->count && parser->tokens->list[index].kind == PG_QUERY__TOKEN__AS)
        index++;
    from->alias.text = parse_copy(parser, range->alias->aliasname);
    if (index < parser->tokens->count) from->alias.offset = parser->tokens->list[index].start;
    return true;
}

/* The names of USING carry no place: they are the words after the joined view's USING. */
static void parse_using(struct parser *parser, const PgQuery__JoinExpr *join, struct ast_from *from)
{
    const struct tokens *tokens = parser->tokens;
    int open =
        tokens_find(tokens, tokens_at(tokens, from->name.offset), PG_QUERY__TOKEN__USING) + 1;
    size_t count = join->n_using_clause;
    from->using_names = nt_arena_zalloc(parser->arena, (count + 1) * sizeof *from->using_names);
    for (size_t i = 0; i < count; i++) {
        int index = open + 1 + 2 * (int)i;
        int offset =
            open > 0 && index < tokens->count ? tokens->list[index].start : from->name.offset;
        from->using_names[from->using_count++] =
            (struct ast_name){parse_copy(parser, parse_string(join->using_clause[i])), offset};
    }
}

static bool join_check(struct parser *parser, const PgQuery__JoinExpr *join, int place)
{
    if (join->is_natural) return refuse(parser, place, "NATURAL JOIN", "LEFT JOIN ... USING (key)");
    if (join->jointype != PG_QUERY__JOIN_TYPE__JOIN_LEFT) {
        *diagnostics_error(parser->diagnostics, place,
                           "a service joins its views by LEFT JOIN only: a request always has "
                           "exactly one row") = "LEFT JOIN ... USING (key)";
        return false;
    }
    if (join->alias || join->join_using_alias)
        return refuse(parser, place, "an alias of a join", "aliases of the views");
    return true;
}

bool parse_join_refuse(struct parser *parser, int place)
{
    *diagnostics_error(parser->diagnostics, place, "%s", AST_JOIN_REASON) = AST_JOIN_CURE;
    return false;
}

/* Joins lean to the left; the leftmost table is FROM's own. */
bool parse_from(struct parser *parser, const PgQuery__Node *node, struct ast_view *view)
{
    if (node->node_case == PG_QUERY__NODE__NODE_RANGE_SUBSELECT)
        return parse_subquery(parser, node->range_subselect, &view->from);
    if (node->node_case != PG_QUERY__NODE__NODE_JOIN_EXPR)
        return parse_range(parser, node, &view->from);
    const PgQuery__JoinExpr *join = node->join_expr;
    if (!parse_from(parser, join->larg, view)) return false;
    struct ast_from from = {0};
    if (parser->is_feature_view) return parse_join_refuse(parser, parse_place(parser, join->rarg));
    if (!join_check(parser, join, parse_place(parser, join->rarg))) return false;
    if (!parse_range(parser, join->rarg, &from)) return false;
    if (from.select)
        return refuse(parser, from.name.offset, "a joined query of WITH",
                      "the name of a feature view");
    if (join->n_using_clause) parse_using(parser, join, &from);
    if (join->quals) {
        from.on = parse_expr(parser, join->quals);
        if (!from.on) return false;
    }
    view->joins = array_more(parser->arena, view->joins, view->join_count, sizeof *view->joins);
    view->joins[view->join_count++] = from;
    return true;
}
