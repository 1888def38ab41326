/* parse.c: the statements of a definition file, from libpg_query's tree to ours. */
#include "compiler/parse.h"

#include <string.h>

static bool refuse(struct parser *parser, int offset, const char *what, const char *cure)
{
    *diagnostics_error(parser->diagnostics, offset, "%s is not part of the definition language",
                       what) = cure;
    return false;
}

/* The SELECT of CREATE ... AS, as written: from the token after AS to the last of the statement. */
static bool parse_view_query(struct parser *parser, const PgQuery__Node *query, bool is_rows,
                             struct ast_view *view)
{
    const struct tokens *tokens = parser->tokens;
    int first = tokens_find(tokens, tokens_at(tokens, view->name.offset), PG_QUERY__TOKEN__AS) + 1;
    int last = first;
    while (last + 1 < tokens->count && tokens->list[last + 1].kind != PG_QUERY__TOKEN__ASCII_59)
        last++;
    if (last - 1 > first && tokens->list[last].kind == PG_QUERY__TOKEN__DATA_P &&
        tokens->list[last - 1].kind == PG_QUERY__TOKEN__WITH)
        last -= 2;
    if (first < tokens->count && tokens->list[first].kind == PG_QUERY__TOKEN__ASCII_40)
        return refuse(parser, tokens->list[first].start, "a SELECT in parentheses",
                      "AS SELECT ...");
    view->sql = tokens_question(tokens, first, last, parser->arena);
    parser->place = first < tokens->count ? tokens->list[first].start : parser->place;
    parser->is_feature_view = !is_rows;
    return is_rows ? parse_rows(parser, query->select_stmt, view)
                   : parse_select(parser, query->select_stmt, view);
}

static bool parse_materialized_view(struct parser *parser, const PgQuery__CreateTableAsStmt *node,
                                    struct ast_statement *statement)
{
    const PgQuery__IntoClause *into = node->into;
    statement->kind = AST_CREATE_MATERIALIZED_VIEW;
    struct ast_view *view = &statement->view;
    if (node->objtype != PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW)
        return refuse(parser, parser->place, "CREATE TABLE AS", "CREATE MATERIALIZED VIEW");
    if (!parse_relation(parser, into->rel, &view->name)) return false;
    if (node->if_not_exists)
        return refuse(parser, view->name.offset, "IF NOT EXISTS", "CREATE MATERIALIZED VIEW name");
    if (into->n_col_names)
        return refuse(parser, view->name.offset, "a list of column names", "AS in the select list");
    if (into->n_options || *into->access_method || *into->table_space_name)
        return refuse(parser, view->name.offset, "an option of a materialized view",
                      "CREATE MATERIALIZED VIEW name AS SELECT ...");
    if (into->skip_data)
        return refuse(parser, view->name.offset, "WITH NO DATA", "the statement without it");
    return parse_view_query(parser, node->query, false, view);
}

static bool parse_view(struct parser *parser, const PgQuery__ViewStmt *node,
                       struct ast_statement *statement)
{
    statement->kind = AST_CREATE_VIEW;
    struct ast_view *view = &statement->view;
    if (!parse_relation(parser, node->view, &view->name)) return false;
    if (node->replace) return refuse(parser, view->name.offset, "OR REPLACE", "CREATE VIEW name");
    if (node->n_aliases)
        return refuse(parser, view->name.offset, "a list of column names", "AS in the select list");
    if (node->n_options || node->with_check_option > PG_QUERY__VIEW_CHECK_OPTION__NO_CHECK_OPTION)
        return refuse(parser, view->name.offset, "an option of a view",
                      "CREATE VIEW name AS SELECT ...");
    return parse_view_query(parser, node->query, true, view);
}

/* COMMENT carries no places: its object is the name before IS. */
static int comment_place(const struct parser *parser, size_t name_count)
{
    const struct tokens *tokens = parser->tokens;
    int is = tokens_find(tokens, tokens_at(tokens, parser->place), PG_QUERY__TOKEN__IS);
    int name = is - (2 * (int)name_count - 1);
    return is > 0 && name >= 0 ? tokens->list[name].start : parser->place;
}

static bool comment_object(const PgQuery__CommentStmt *node, enum ast_object *object)
{
    switch (node->objtype) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
        *object = AST_ON_TABLE;
        return true;
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
        *object = AST_ON_VIEW;
        return true;
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
        *object = AST_ON_MATERIALIZED_VIEW;
        return true;
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
        *object = AST_ON_COLUMN;
        return true;
    default:
        return false;
    }
}

static bool parse_comment(struct parser *parser, const PgQuery__CommentStmt *node,
                          struct ast_statement *statement)
{
    struct ast_comment *comment = &statement->comment;
    statement->kind = AST_COMMENT;
    if (!comment_object(node, &comment->object) || !node->object ||
        node->object->node_case != PG_QUERY__NODE__NODE_LIST)
        return refuse(parser, parser->place, "COMMENT ON this kind of object",
                      "COMMENT ON FOREIGN TABLE, VIEW, MATERIALIZED VIEW or COLUMN");
    const PgQuery__List *names = node->object->list;
    size_t expected = comment->object == AST_ON_COLUMN ? 2 : 1;
    comment->relation.offset = comment_place(parser, names->n_items);
    if (names->n_items != expected)
        return refuse(parser, comment->relation.offset, "a name of this form in COMMENT",
                      expected == 2 ? "COMMENT ON COLUMN view.column" : "the name without schema");
    comment->relation.text = parse_copy(parser, parse_string(names->items[0]));
    if (expected == 2) comment->column = parse_copy(parser, parse_string(names->items[1]));
    comment->text = *node->comment ? parse_copy(parser, node->comment) : NULL;
    return true;
}

static bool grant_check(const PgQuery__GrantStmt *node)
{
    if (!node->is_grant || node->grant_option || node->grantor || node->n_privileges != 1)
        return false;
    if (node->targtype != PG_QUERY__GRANT_TARGET_TYPE__ACL_TARGET_OBJECT ||
        node->objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE)
        return false;
    const PgQuery__Node *privilege = node->privileges[0];
    return privilege->node_case == PG_QUERY__NODE__NODE_ACCESS_PRIV &&
           strcmp(privilege->access_priv->priv_name, "select") == 0 &&
           privilege->access_priv->n_cols == 0;
}

static bool parse_grantee(struct parser *parser, const PgQuery__Node *node, struct ast_grant *grant)
{
    if (node->node_case != PG_QUERY__NODE__NODE_ROLE_SPEC) return false;
    const PgQuery__RoleSpec *role = node->role_spec;
    bool is_public = role->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC;
    if (!is_public && role->roletype != PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING)
        return refuse(parser, role->location, "CURRENT_USER or SESSION_USER in GRANT",
                      "the name of a role");
    grant->roles[grant->role_count++] = is_public ? "public" : parse_copy(parser, role->rolename);
    return true;
}

static bool parse_grant(struct parser *parser, const PgQuery__GrantStmt *node,
                        struct ast_statement *statement)
{
    struct ast_grant *grant = &statement->grant;
    statement->kind = AST_GRANT;
    if (!grant_check(node))
        return refuse(parser, parser->place, "a GRANT or REVOKE of this form",
                      "GRANT SELECT ON service TO role");
    grant->relations = nt_arena_zalloc(parser->arena, node->n_objects * sizeof *grant->relations);
    grant->roles = nt_arena_zalloc(parser->arena, node->n_grantees * sizeof *grant->roles);
    bool is_right = true;
    for (size_t i = 0; i < node->n_objects; i++)
        is_right &= node->objects[i]->node_case == PG_QUERY__NODE__NODE_RANGE_VAR &&
                    parse_relation(parser, node->objects[i]->range_var,
                                   &grant->relations[grant->relation_count++]);
    for (size_t i = 0; i < node->n_grantees; i++)
        is_right &= parse_grantee(parser, node->grantees[i], grant);
    return is_right;
}

/* Types that are no enum, and what would change one. */
static bool refuse_type(struct parser *parser, const PgQuery__Node *node)
{
    switch (node->node_case) {
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT:
        return refuse(parser, parser->place, "ALTER TYPE",
                      "CREATE TYPE name AS ENUM with the labels as they are to be: a definition "
                      "file says what is, not what changes");
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT:
        return refuse(parser, parser->place, "a composite type", "a column for each field");
    case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT:
        return refuse(parser, parser->place, "CREATE DOMAIN",
                      "the type itself, and CHECK (...) at the column");
    default:
        return refuse(parser, parser->place, "this statement",
                      "CREATE SERVER, CREATE FOREIGN TABLE, CREATE MATERIALIZED VIEW, CREATE VIEW, "
                      "CREATE TYPE ... AS ENUM, COMMENT ON or GRANT SELECT");
    }
}

static bool parse_statement(struct parser *parser, const PgQuery__Node *node,
                            struct ast_statement *statement)
{
    switch (node->node_case) {
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT:
        statement->kind = AST_CREATE_ENUM;
        return parse_enum(parser, node->create_enum_stmt, &statement->enumeration);
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_SERVER_STMT:
        statement->kind = AST_CREATE_SERVER;
        return parse_server(parser, node->create_foreign_server_stmt, &statement->table);
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT:
        statement->kind = AST_CREATE_FOREIGN_TABLE;
        return parse_table(parser, node->create_foreign_table_stmt, &statement->table);
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
        return parse_materialized_view(parser, node->create_table_as_stmt, statement);
    case PG_QUERY__NODE__NODE_VIEW_STMT:
        return parse_view(parser, node->view_stmt, statement);
    case PG_QUERY__NODE__NODE_COMMENT_STMT:
        return parse_comment(parser, node->comment_stmt, statement);
    case PG_QUERY__NODE__NODE_GRANT_STMT:
        return parse_grant(parser, node->grant_stmt, statement);
    default:
        return refuse_type(parser, node);
    }
}

static int statement_offset(const struct ast_statement *statement)
{
    return statement->kind <= AST_CREATE_FOREIGN_TABLE ? statement->table.name.offset
                                                       : statement->view.name.offset;
}

/* The statements that did not parse go where they stand among the others. */
static struct ast_file *parse_tree(const PgQuery__ParseResult *tree, const struct ast_file *broken,
                                   struct parser *parser)
{
    struct ast_file *file = nt_arena_zalloc(parser->arena, sizeof *file);
    const struct tokens *tokens = parser->tokens;
    size_t count = tree->n_stmts + (size_t)broken->statement_count;
    int next = 0;
    file->statements = nt_arena_zalloc(parser->arena, (count + 1) * sizeof *file->statements);
    for (size_t i = 0; i < tree->n_stmts; i++) {
        int first = tokens_at(tokens, tree->stmts[i]->stmt_location);
        parser->place = first < tokens->count ? tokens->list[first].start : 0;
        while (next < broken->statement_count &&
               statement_offset(&broken->statements[next]) < parser->place)
            file->statements[file->statement_count++] = broken->statements[next++];
        struct ast_statement *statement = &file->statements[file->statement_count++];
        statement->kind = AST_GRANT;
        statement->is_refused = !parse_statement(parser, tree->stmts[i]->stmt, statement);
    }
    return file;
}

struct ast_file *parse_file(struct bytes text, const struct tokens *tokens, struct nt_arena *arena,
                            struct diagnostics *diagnostics)
{
    struct ast_file broken;
    PgQuery__ParseResult *tree = parse_syntax(text, tokens, arena, diagnostics, &broken);
    if (!tree) return NULL;
    struct parser parser = {.arena = arena, .diagnostics = diagnostics, .tokens = tokens};
    struct ast_file *file = parse_tree(tree, &broken, &parser);
    pg_query__parse_result__free_unpacked(tree, NULL);
    return file;
}
