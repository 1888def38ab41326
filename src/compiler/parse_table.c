/* parse_table.c: CREATE SERVER and CREATE FOREIGN TABLE. */
#include "compiler/parse.h"

#include <string.h>

static bool refuse(struct parser *parser, int offset, const char *what, const char *cure)
{
    *diagnostics_error(parser->diagnostics, offset, "%s is not part of the definition language",
                       what) = cure;
    return false;
}

static void parse_options(struct parser *parser, PgQuery__Node *const *nodes, size_t count,
                          struct ast_table *table)
{
    table->options = nt_arena_zalloc(parser->arena, (count + 1) * sizeof *table->options);
    for (size_t i = 0; i < count; i++) {
        if (nodes[i]->node_case != PG_QUERY__NODE__NODE_DEF_ELEM) continue;
        const PgQuery__DefElem *element = nodes[i]->def_elem;
        struct ast_option *option = &table->options[table->option_count++];
        option->name.text = parse_copy(parser, element->defname);
        option->name.offset = element->location >= 0 ? element->location : parser->place;
        option->value = parse_copy(parser, parse_string(element->arg));
    }
}

bool parse_server(struct parser *parser, const PgQuery__CreateForeignServerStmt *statement,
                  struct ast_table *table)
{
    if (statement->if_not_exists)
        return refuse(parser, parser->place, "IF NOT EXISTS", "CREATE SERVER without it");
    if (*statement->servertype || *statement->version)
        return refuse(
            parser, parser->place, "TYPE or VERSION of a server",
            "CREATE SERVER name FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'host:port')");
    int name = tokens_at(parser->tokens, parser->place) + 2; /* CREATE SERVER name */
    table->name.text = parse_copy(parser, statement->servername);
    table->name.offset =
        name < parser->tokens->count ? parser->tokens->list[name].start : parser->place;
    table->server = parse_copy(parser, statement->fdwname);
    parse_options(parser, statement->options, statement->n_options, table);
    return true;
}

static bool parse_check(struct parser *parser, const PgQuery__Constraint *constraint,
                        struct ast_table *table)
{
    const struct tokens *tokens = parser->tokens;
    int check =
        tokens_find(tokens, tokens_at(tokens, constraint->location), PG_QUERY__TOKEN__CHECK);
    int last = tokens_close(tokens, check + 1);
    if (constraint->is_no_inherit || constraint->skip_validation)
        return refuse(parser, constraint->location, "NO INHERIT or NOT VALID", "CHECK (condition)");
    struct ast_expr *condition = parse_expr(parser, constraint->raw_expr);
    if (!condition) return false;
    table->checks =
        array_more(parser->arena, table->checks, table->check_count, sizeof *table->checks);
    struct ast_check *out = &table->checks[table->check_count++];
    out->name = *constraint->conname ? parse_copy(parser, constraint->conname) : NULL;
    out->condition = condition;
    out->offset = constraint->location;
    out->sql = tokens_slice(tokens, check + 2, last - 1, parser->arena);
    return true;
}

/* PRIMARY KEY of a column, or of the table with its columns. */
static bool parse_key(struct parser *parser, const PgQuery__Constraint *constraint,
                      const struct ast_column *column, struct ast_table *table)
{
    if (table->key_count) {
        diagnostics_error(parser->diagnostics, constraint->location,
                          "multiple primary keys for table \"%s\" are not allowed",
                          table->name.text);
        return false;
    }
    if (constraint->deferrable || constraint->n_including || constraint->n_options)
        return refuse(parser, constraint->location, "DEFERRABLE, INCLUDE or WITH of an event key",
                      "PRIMARY KEY (columns)");
    table->key_offset = constraint->location;
    table->key = nt_arena_zalloc(parser->arena, (constraint->n_keys + 1) * sizeof *table->key);
    if (column) table->key[table->key_count++] = column->name;
    for (size_t i = 0; i < constraint->n_keys; i++)
        table->key[table->key_count++] = (struct ast_name){
            parse_copy(parser, parse_string(constraint->keys[i])), constraint->location};
    return true;
}

static bool unique_refuse(struct parser *parser, int offset)
{
    *diagnostics_error(parser->diagnostics, offset,
                       "a source has one key, by which its events are told apart") =
        "PRIMARY KEY (columns), the event time among them";
    return false;
}

static bool constraint_refuse(struct parser *parser, const PgQuery__Constraint *constraint)
{
    switch (constraint->contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
        return unique_refuse(parser, constraint->location);
    case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
        return refuse(parser, constraint->location, "IDENTITY, a number in order of arrival,",
                      "a number that the event brings");
    default:
        return refuse(parser, constraint->location, "this constraint", "NOT NULL or CHECK (...)");
    }
}

/* The text from that token to where the column ends or another constraint of it begins. */
static const char *made_slice(struct parser *parser, const PgQuery__ColumnDef *definition,
                              int first)
{
    const struct tokens *tokens = parser->tokens;
    int last = tokens_item_end(tokens, first);
    for (size_t i = 0; i < definition->n_constraints; i++) {
        const PgQuery__Node *node = definition->constraints[i];
        if (node->node_case != PG_QUERY__NODE__NODE_CONSTRAINT) continue;
        int next = tokens_at(tokens, node->constraint->location);
        if (next > first && next <= last) last = next - 1;
    }
    return tokens_slice(tokens, first, last, parser->arena);
}

static bool made_again(struct parser *parser, const struct ast_table *table,
                       const struct ast_column *column, int offset, bool is_generated)
{
    const char *message =
        is_generated == column->is_generated && !is_generated
            ? "multiple default values specified for column \"%s\" of table \"%s\""
        : is_generated == column->is_generated
            ? "multiple generation clauses specified for column \"%s\" of table \"%s\""
            : "both default and generation expression specified for column \"%s\" of table \"%s\"";
    diagnostics_error(parser->diagnostics, offset, message, column->name.text, table->name.text);
    return false;
}

/* DEFAULT expr, GENERATED ALWAYS AS (expr) STORED. */
static bool parse_made(struct parser *parser, const PgQuery__ColumnDef *definition,
                       const PgQuery__Constraint *constraint, const struct ast_table *table,
                       struct ast_column *column)
{
    const struct tokens *tokens = parser->tokens;
    bool is_generated = constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED;
    int start = tokens_at(tokens, constraint->location);
    if (column->made) return made_again(parser, table, column, constraint->location, is_generated);
    column->made = parse_expr(parser, constraint->raw_expr);
    column->made_offset = constraint->location;
    column->is_generated = is_generated;
    if (is_generated) {
        int open = tokens_find(tokens, start, PG_QUERY__TOKEN__AS) + 1;
        column->made_sql =
            tokens_slice(tokens, open + 1, tokens_close(tokens, open) - 1, parser->arena);
    } else {
        int keyword = tokens_find(tokens, start, PG_QUERY__TOKEN__DEFAULT);
        column->made_sql = made_slice(parser, definition, keyword + 1);
    }
    return column->made != NULL;
}

static bool parse_column_constraint(struct parser *parser, const PgQuery__ColumnDef *definition,
                                    const PgQuery__Constraint *constraint, struct ast_table *table,
                                    struct ast_column *column)
{
    switch (constraint->contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_NULL:
        return true;
    case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
        column->is_not_null = true;
        column->not_null_offset = constraint->location;
        return true;
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
        return parse_check(parser, constraint, table);
    case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
    case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
        return parse_made(parser, definition, constraint, table, column);
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
        return parse_key(parser, constraint, column, table);
    default:
        return constraint_refuse(parser, constraint);
    }
}

static bool parse_table_column(struct parser *parser, const PgQuery__ColumnDef *definition,
                               struct ast_table *table)
{
    table->columns =
        array_more(parser->arena, table->columns, table->column_count, sizeof *table->columns);
    struct ast_column *column = &table->columns[table->column_count++];
    column->name = (struct ast_name){parse_copy(parser, definition->colname), definition->location};
    bool is_right = definition->type_name &&
                    parse_type(parser, definition->type_name, &column->type, &column->typmod);
    if (definition->coll_clause)
        is_right = refuse(parser, definition->coll_clause->location, "COLLATE",
                          "the column without it: text compares in collation \"C\"");
    if (definition->n_fdwoptions)
        is_right = refuse(parser, definition->location, "OPTIONS of a column",
                          "the column named as the event's field is");
    for (size_t i = 0; i < definition->n_constraints; i++)
        if (definition->constraints[i]->node_case == PG_QUERY__NODE__NODE_CONSTRAINT)
            is_right &= parse_column_constraint(
                parser, definition, definition->constraints[i]->constraint, table, column);
    return is_right;
}

static bool parse_element(struct parser *parser, const PgQuery__Node *node, struct ast_table *table)
{
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF)
        return parse_table_column(parser, node->column_def, table);
    if (node->node_case != PG_QUERY__NODE__NODE_CONSTRAINT)
        return refuse(parser, parse_place(parser, node), "LIKE", "the columns, each with its type");
    if (node->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)
        return parse_check(parser, node->constraint, table);
    if (node->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY)
        return parse_key(parser, node->constraint, NULL, table);
    return constraint_refuse(parser, node->constraint);
}

bool parse_table(struct parser *parser, const PgQuery__CreateForeignTableStmt *statement,
                 struct ast_table *table)
{
    const PgQuery__CreateStmt *base = statement->base_stmt;
    bool is_right = parse_relation(parser, base->relation, &table->name);
    if (base->if_not_exists)
        is_right = refuse(parser, table->name.offset, "IF NOT EXISTS", "CREATE FOREIGN TABLE name");
    if (base->n_inh_relations || base->partbound)
        is_right = refuse(parser, table->name.offset, "INHERITS or PARTITION OF",
                          "the columns, each with its type");
    for (size_t i = 0; i < base->n_table_elts; i++)
        is_right &= parse_element(parser, base->table_elts[i], table);
    table->server = parse_copy(parser, statement->servername);
    parse_options(parser, statement->options, statement->n_options, table);
    return is_right;
}
