/* parse_select.c: the SELECT of a feature view or a service. What the two may not have is refused
 * here when neither may, else in lower.c. */
#include "compiler/parse.h"

#include <string.h>

#define COMMA PG_QUERY__TOKEN__ASCII_44

static bool refuse(struct parser *parser, int offset, const char *what, const char *cure)
{
    *diagnostics_error(parser->diagnostics, offset, "%s is not part of the definition language",
                       what) = cure;
    return false;
}

/* Index of the first token of a kind after the start of the SELECT, outside parentheses. */
static int select_token(const struct parser *parser, int kind)
{
    return tokens_find(parser->tokens, tokens_at(parser->tokens, parser->place), kind);
}

static int select_token_offset(const struct parser *parser, int kind)
{
    int index = select_token(parser, kind);
    return index < 0 ? parser->place : parser->tokens->list[index].start;
}

/* The last token of the select item that starts at the token first: up to a comma or FROM, which
 * is not that of IS DISTINCT FROM. */
static int item_last_token(const struct tokens *tokens, int first)
{
    int depth = 0, index = first;
    for (; index < tokens->count; index++) {
        int kind = tokens->list[index].kind;
        bool is_from = kind == PG_QUERY__TOKEN__FROM && index > first &&
                       tokens->list[index - 1].kind != PG_QUERY__TOKEN__DISTINCT;
        depth += (kind == PG_QUERY__TOKEN__ASCII_40) - (kind == PG_QUERY__TOKEN__ASCII_41);
        if (depth < 0 || kind == PG_QUERY__TOKEN__ASCII_59) break;
        if (depth == 0 && (kind == COMMA || is_from)) break;
    }
    return index - 1;
}

static bool node_is_star(const PgQuery__Node *node)
{
    if (node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return false;
    const PgQuery__ColumnRef *column = node->column_ref;
    return column->n_fields > 0 && column->n_fields <= 2 &&
           column->fields[column->n_fields - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR;
}

static void parse_item(struct parser *parser, const PgQuery__ResTarget *target,
                       struct ast_item *item)
{
    const struct tokens *tokens = parser->tokens;
    int first = tokens_at(tokens, target->location);
    int last = item_last_token(tokens, first);
    item->start = target->location;
    item->name.offset = target->location;
    if (*target->name && last > first) {
        item->name = (struct ast_name){parse_copy(parser, target->name), tokens->list[last].start};
        last--;
        if (tokens->list[last].kind == PG_QUERY__TOKEN__AS) last--;
    }
    item->sql = tokens_slice(tokens, first, last, parser->arena);
    item->is_star = node_is_star(target->val);
    if (item->is_star && target->val->column_ref->n_fields == 2)
        item->star_of = parse_copy(parser, parse_string(target->val->column_ref->fields[0]));
    item->expr = item->is_star ? NULL : parse_expr(parser, target->val);
}

static void parse_items(struct parser *parser, const PgQuery__SelectStmt *select,
                        struct ast_view *view)
{
    view->items = nt_arena_zalloc(parser->arena, (select->n_target_list + 1) * sizeof *view->items);
    for (size_t i = 0; i < select->n_target_list; i++) {
        const PgQuery__Node *node = select->target_list[i];
        if (node->node_case == PG_QUERY__NODE__NODE_RES_TARGET)
            parse_item(parser, node->res_target, &view->items[view->item_count++]);
    }
}

/* The token behind what begins with the token first: the next clause, one of a kind, the end of the
 * parentheses that it is in, or of the statement. */
static int clause_end(const struct parser *parser, int first, int kind)
{
    const int ends[] = {PG_QUERY__TOKEN__GROUP_P,
                        PG_QUERY__TOKEN__HAVING,
                        PG_QUERY__TOKEN__WINDOW,
                        PG_QUERY__TOKEN__ORDER,
                        PG_QUERY__TOKEN__LIMIT,
                        PG_QUERY__TOKEN__UNION,
                        kind};
    const struct tokens *tokens = parser->tokens;
    int end = first;
    int depth = 0;
    for (; end < tokens->count && tokens->list[end].kind != PG_QUERY__TOKEN__ASCII_59; end++) {
        depth += (tokens->list[end].kind == PG_QUERY__TOKEN__ASCII_40) -
                 (tokens->list[end].kind == PG_QUERY__TOKEN__ASCII_41);
        if (depth < 0) break;
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        int found = tokens_find(tokens, first, ends[i]);
        if (found >= 0 && found < end) end = found;
    }
    return end;
}

/* The text of a clause, from behind its word. */
static const char *clause_text(const struct parser *parser, int kind)
{
    int first = select_token(parser, kind) + 1;
    if (first <= 0) return "";
    int end = clause_end(parser, first, kind);
    return tokens_slice(parser->tokens, first, end - 1, parser->arena);
}

/* Each key of GROUP BY or DISTINCT ON and its text, which begins at the token first. */
static bool parse_group(struct parser *parser, PgQuery__Node *const *nodes, size_t count, int first,
                        struct ast_view *view)
{
    const struct tokens *tokens = parser->tokens;
    view->group = nt_arena_zalloc(parser->arena, (count + 1) * sizeof *view->group);
    view->group_sql = nt_arena_zalloc(parser->arena, (count + 1) * sizeof *view->group_sql);
    for (size_t i = 0; i < count; i++) {
        struct ast_expr *key = parse_expr(parser, nodes[i]);
        if (!key) return false;
        int last = clause_end(parser, first, COMMA);
        view->group_sql[view->group_count] = tokens_slice(tokens, first, last - 1, parser->arena);
        view->group[view->group_count++] = key;
        first = last + 1;
    }
    return true;
}

bool parse_sort(struct parser *parser, const PgQuery__Node *node, struct ast_sort *sort)
{
    if (node->node_case != PG_QUERY__NODE__NODE_SORT_BY) return false;
    const PgQuery__SortBy *by = node->sort_by;
    if (by->sortby_dir == PG_QUERY__SORT_BY_DIR__SORTBY_USING)
        return refuse(parser, by->location, "ORDER BY ... USING", "ASC or DESC");
    sort->expr = parse_expr(parser, by->node);
    sort->is_descending = by->sortby_dir == PG_QUERY__SORT_BY_DIR__SORTBY_DESC;
    sort->is_null_first = by->sortby_nulls == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_DEFAULT
                              ? sort->is_descending
                              : by->sortby_nulls == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST;
    return sort->expr != NULL;
}

/* DISTINCT ON (key) ... ORDER BY key, ... */
static bool parse_distinct(struct parser *parser, const PgQuery__SelectStmt *select,
                           struct ast_view *view)
{
    int first = select_token(parser, PG_QUERY__TOKEN__DISTINCT) + 3; /* DISTINCT ON ( */
    bool is_right =
        parse_group(parser, select->distinct_clause, select->n_distinct_clause, first, view);
    view->is_distinct = true;
    view->sorts = nt_arena_zalloc(parser->arena, (select->n_sort_clause + 1) * sizeof *view->sorts);
    view->sort_count = (int)select->n_sort_clause;
    for (size_t i = 0; i < select->n_sort_clause; i++)
        is_right &= parse_sort(parser, select->sort_clause[i], &view->sorts[i]);
    view->sort_sql = clause_text(parser, PG_QUERY__TOKEN__ORDER);
    if (select->n_group_clause || select->having_clause)
        return refuse(parser,
                      select_token_offset(parser, select->n_group_clause ? PG_QUERY__TOKEN__GROUP_P
                                                                         : PG_QUERY__TOKEN__HAVING),
                      "DISTINCT ON with GROUP BY or HAVING",
                      "a view with GROUP BY and one with DISTINCT ON, joined in the service");
    return is_right;
}

/* SELECT DISTINCT ON: a bare DISTINCT is a list of one empty node. */
static bool select_is_latest(const PgQuery__SelectStmt *select)
{
    return select->n_distinct_clause > 0 &&
           select->distinct_clause[0]->node_case != PG_QUERY__NODE__NODE__NOT_SET;
}

static bool select_is_union(const PgQuery__SelectStmt *select)
{
    return select->op == PG_QUERY__SET_OPERATION__SETOP_UNION && select->all;
}

/* What stands in a SELECT that no view may have. */
static bool select_check(struct parser *parser, const PgQuery__SelectStmt *select)
{
    const struct {
        bool is_there;
        int token;
        const char *what, *cure;
    } refused[] = {
        {select->op != PG_QUERY__SET_OPERATION__SETOP_NONE && !select_is_union(select),
         PG_QUERY__TOKEN__SELECT, "UNION, INTERSECT or EXCEPT",
         "SELECT ... FROM (SELECT ... UNION ALL SELECT ...) AS events GROUP BY key"},
        {select->n_values_lists > 0, PG_QUERY__TOKEN__VALUES, "VALUES", "SELECT ... FROM ..."},
        {select->into_clause != NULL, PG_QUERY__TOKEN__INTO, "INTO", "SELECT without INTO"},
        {select->n_distinct_clause > 0 && !select_is_latest(select), PG_QUERY__TOKEN__DISTINCT,
         "SELECT DISTINCT", "GROUP BY the key, or DISTINCT ON (key) for the latest row"},
        {select->group_distinct, PG_QUERY__TOKEN__GROUP_P, "GROUP BY DISTINCT", "GROUP BY"},
        {select->n_sort_clause > 0 && !select_is_latest(select), PG_QUERY__TOKEN__ORDER, "ORDER BY",
         "the SELECT without it: rows are found by key"},
        {select->limit_count != NULL, PG_QUERY__TOKEN__LIMIT, "LIMIT",
         "the SELECT without it: rows are found by key"},
        {select->limit_offset != NULL, PG_QUERY__TOKEN__OFFSET, "OFFSET",
         "the SELECT without it: rows are found by key"},
        {select->n_locking_clause > 0, PG_QUERY__TOKEN__FOR, "FOR UPDATE", "the SELECT without it"},
    };
    bool is_right = true;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (refused[i].is_there)
            is_right = refuse(parser, select_token_offset(parser, refused[i].token),
                              refused[i].what, refused[i].cure);
    return is_right;
}

/* WHERE or HAVING. False: refused. */
static bool parse_clause(struct parser *parser, const PgQuery__Node *node, int kind,
                         struct ast_expr **condition, const char **sql)
{
    if (!node) return true;
    *condition = parse_expr(parser, node);
    *sql = clause_text(parser, kind);
    return *condition != NULL;
}

/* The SELECT behind WITH. */
static bool parse_plain(struct parser *parser, const PgQuery__SelectStmt *select,
                        struct ast_view *view)
{
    bool is_right = select_check(parser, select);
    if (select_is_union(select))
        return refuse(parser, parser->place, "UNION ALL outside of FROM",
                      "SELECT ... FROM (SELECT ... UNION ALL SELECT ...) AS events GROUP BY key");
    if (select->op != PG_QUERY__SET_OPERATION__SETOP_NONE || select->n_values_lists) return false;
    if (select->n_from_clause > 1 && parser->is_feature_view)
        return parse_join_refuse(parser, parse_place(parser, select->from_clause[1]));
    if (select->n_target_list == 0 || select->n_from_clause != 1) {
        *diagnostics_error(parser->diagnostics, parser->place,
                           select->n_from_clause > 1 ? "FROM has more than one table"
                                                     : "a view selects something from one table") =
            select->n_from_clause > 1 ? "FROM request LEFT JOIN view USING (key)"
                                      : "SELECT ... FROM ...";
        return false;
    }
    if (!parse_from(parser, select->from_clause[0], view)) return false;
    parse_items(parser, select, view);
    is_right &= parse_clause(parser, select->where_clause, PG_QUERY__TOKEN__WHERE, &view->where,
                             &view->where_sql);
    is_right &= parse_clause(parser, select->having_clause, PG_QUERY__TOKEN__HAVING, &view->having,
                             &view->having_sql);
    if (select_is_latest(select)) return parse_distinct(parser, select, view) && is_right;
    int group = select_token(parser, PG_QUERY__TOKEN__GROUP_P) + 2;
    return parse_group(parser, select->group_clause, select->n_group_clause, group, view) &&
           is_right;
}

bool parse_select(struct parser *parser, const PgQuery__SelectStmt *select, struct ast_view *view)
{
    int query_count = parser->query_count;
    const PgQuery__SelectStmt *outer = parser->select;
    bool is_right = parse_with(parser, select);
    parser->select = select;
    is_right &= parse_plain(parser, select, view);
    parser->select = outer;
    parser->query_count = query_count;
    return is_right;
}

/* The SELECTs of a chain of UNION ALL, each behind the words of the one before. */
static bool parse_arms(struct parser *parser, const PgQuery__SelectStmt *select,
                       struct ast_view *view)
{
    if (!select_check(parser, select)) return false;
    const struct tokens *tokens = parser->tokens;
    if (select_is_union(select)) {
        if (!parse_arms(parser, select->larg, view)) return false;
        int next = select_token(parser, PG_QUERY__TOKEN__UNION) + 2; /* UNION ALL */
        if (next >= 2 && next < tokens->count) parser->place = tokens->list[next].start;
        return parse_arms(parser, select->rarg, view);
    }
    if (tokens->list[tokens_at(tokens, parser->place)].kind != PG_QUERY__TOKEN__SELECT)
        return refuse(parser, parser->place, "a SELECT in parentheses", "SELECT ...");
    view->arms = array_more(parser->arena, view->arms, view->arm_count, sizeof *view->arms);
    struct ast_view *arm = &view->arms[view->arm_count++];
    arm->name = view->name;
    return parse_select(parser, select, arm);
}

bool parse_rows(struct parser *parser, const PgQuery__SelectStmt *select, struct ast_view *view)
{
    int place = parser->place, query_count = parser->query_count;
    bool is_right = select_is_union(select)
                        ? parse_with(parser, select) && parse_arms(parser, select, view)
                        : parse_select(parser, select, view);
    parser->place = place;
    parser->query_count = query_count;
    return is_right;
}
