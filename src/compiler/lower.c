/* lower.c: the statements of a file in order; relations, comments and grants. */
#include "compiler/lower.h"

#include <string.h>

#define EXPRESSION_SIZE_MAX 20000 /* nodes; the emitted C has a line or so for each */

bool expr_check_size(struct lower *lower, const struct ir_expr *expr)
{
    if (!expr) return false;
    if (expr_size(expr, EXPRESSION_SIZE_MAX) < EXPRESSION_SIZE_MAX) return true;
    *diagnostics_error(
        lower->diagnostics, expr->place.offset,
        "expression has more than %d parts once BETWEEN, IN and CASE are written out",
        EXPRESSION_SIZE_MAX) = "smaller features, put together in the service";
    return false;
}

struct relation *relation_find(struct lower *lower, const char *name)
{
    for (int i = 0; i < lower->relation_count; i++)
        if (strcmp(lower->relations[i].name, name) == 0) return &lower->relations[i];
    return NULL;
}

int column_find(const struct ir_column *columns, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(columns[i].name, name) == 0) return i;
    return -1;
}

const char *names_of_columns(struct nt_arena *arena, const struct ir_column *columns, int count)
{
    enum { SHOWN_MAX = 20 };
    const char *text = count ? columns[0].name : "";
    for (int i = 1; i < count && i < SHOWN_MAX; i++)
        text = nt_arena_printf(arena, "%s, %s", text, columns[i].name);
    return count > SHOWN_MAX ? nt_arena_printf(arena, "%s, ...", text) : text;
}

void conjuncts_add(struct nt_arena *arena, const struct ast_expr *expr, struct conjuncts *conjuncts)
{
    if (expr->kind == AST_AND) {
        for (int i = 0; i < expr->argument_count; i++)
            conjuncts_add(arena, expr->arguments[i], conjuncts);
        return;
    }
    conjuncts->list = array_more(arena, conjuncts->list, conjuncts->count, sizeof *conjuncts->list);
    conjuncts->list[conjuncts->count++] = expr;
}

struct ir_expr *event_column(const struct bind_scope *scope, const struct ast_expr *expr)
{
    const struct event_columns *columns = scope->self;
    struct nt_arena *arena = scope->resolver->arena;
    if (expr->qualifier && strcmp(expr->qualifier, columns->alias) != 0) {
        *diagnostics_error(scope->resolver->diagnostics, expr->offset,
                           "missing FROM-clause entry for table \"%s\"", expr->qualifier) =
            nt_arena_printf(arena, "%s.%s", columns->alias, expr->name);
        return NULL;
    }
    int index = column_find(columns->columns, columns->column_count, expr->name);
    if (index < 0) {
        *diagnostics_error(scope->resolver->diagnostics, expr->offset,
                           "column \"%s\" does not exist", expr->name) =
            nt_arena_printf(arena, "a column of %s: %s", columns->name,
                            names_of_columns(arena, columns->columns, columns->column_count));
        return NULL;
    }
    struct ir_expr *out =
        expr_make(arena, IR_COLUMN, columns->columns[index].type, expr->offset, 0);
    out->index = index;
    return out;
}

static bool enum_is_there(const struct lower *lower, const char *name)
{
    for (int i = 0; i < lower->program->enum_count; i++)
        if (strcmp(lower->program->enums[i].name, name) == 0) return true;
    return false;
}

/* A relation is a type too: its row's. */
static void lower_enum(struct lower *lower, const struct ast_enum *enumeration)
{
    struct ir_program *program = lower->program;
    if (!enumeration->name.text) return;
    program->enums =
        array_more(lower->arena, program->enums, program->enum_count, sizeof *program->enums);
    program->enums[program->enum_count++] =
        (struct ir_enum){enumeration->name.text, enumeration->sql, enumeration->labels};
    check_name(lower, enumeration->name, "type");
    if (relation_find(lower, enumeration->name.text))
        *diagnostics_error(lower->diagnostics, enumeration->name.offset,
                           "type \"%s\" already exists", enumeration->name.text) =
            "another name: a relation's is its row's type";
}

/* A relation and whether it came out whole. False: the name is taken. */
static bool relation_is_new(struct lower *lower, struct ast_name name)
{
    if (!name.text) return false;
    bool is_type = enum_is_there(lower, name.text);
    if (!is_type && !relation_find(lower, name.text)) return true;
    *diagnostics_error(lower->diagnostics, name.offset, "%s \"%s\" already exists",
                       is_type ? "type" : "relation", name.text) = "another name";
    return false;
}

static void relation_add(struct lower *lower, const char *name, enum relation_kind kind, int index,
                         bool is_right)
{
    lower->relations =
        array_more(lower->arena, lower->relations, lower->relation_count, sizeof *lower->relations);
    lower->relations[lower->relation_count++] = (struct relation){name, kind, index, !is_right};
}

static void lower_table(struct lower *lower, const struct ast_table *table, bool is_refused)
{
    bool is_request = table->server && strcmp(table->server, "request") == 0;
    if (!relation_is_new(lower, table->name)) return;
    if (is_refused) {
        relation_add(lower, table->name.text, is_request ? RELATION_REQUEST : RELATION_SOURCE, 0,
                     false);
    } else if (is_request) {
        bool is_right = lower_request(lower, table);
        relation_add(lower, table->name.text, RELATION_REQUEST, lower->request_count - 1, is_right);
    } else {
        bool is_right = lower_source(lower, table);
        relation_add(lower, table->name.text, RELATION_SOURCE, lower->program->source_count - 1,
                     is_right);
    }
}

static void lower_select(struct lower *lower, const struct ast_statement *statement)
{
    const struct ast_view *view = &statement->view;
    bool is_view = statement->kind == AST_CREATE_MATERIALIZED_VIEW;
    if (!relation_is_new(lower, view->name)) return;
    enum relation_kind kind = is_view ? RELATION_VIEW : RELATION_SERVICE;
    bool is_right = !statement->is_refused;
    int count = 0;
    if (!is_right) {
        relation_add(lower, view->name.text, kind, 0, false);
        return;
    }
    if (!is_view && view_is_of_events(lower, view)) kind = RELATION_EVENTS;
    if (kind == RELATION_EVENTS) {
        is_right = lower_events(lower, view);
        count = lower->rows_count;
    } else if (kind == RELATION_VIEW) {
        is_right = lower_view(lower, view);
        count = lower->program->view_count;
    } else {
        is_right = lower_service(lower, view);
        count = lower->program->service_count;
    }
    relation_add(lower, view->name.text, kind, count - 1, is_right);
}

static bool comment_fits(enum ast_object object, enum relation_kind kind)
{
    switch (object) {
    case AST_ON_TABLE:
        return kind == RELATION_SOURCE || kind == RELATION_REQUEST;
    case AST_ON_VIEW:
        return kind == RELATION_SERVICE || kind == RELATION_EVENTS;
    case AST_ON_MATERIALIZED_VIEW:
        return kind == RELATION_VIEW;
    default:
        return true;
    }
}

/* Sets the comment of the columns of that name. False: there is none. */
static bool columns_comment(struct ir_column *columns, int count, const struct ast_comment *comment)
{
    int index = column_find(columns, count, comment->column);
    if (index >= 0) columns[index].comment = comment->text;
    return index >= 0;
}

static bool view_comment(struct ir_view *view, const struct ast_comment *comment)
{
    bool is_found = false;
    columns_comment(view->keys, view->key_count, comment);
    for (int i = 0; i < view->feature_count; i++) {
        if (strcmp(view->features[i].name, comment->column) != 0) continue;
        view->features[i].comment = comment->text;
        is_found = true;
    }
    return is_found;
}

static bool service_comment(struct ir_service *service, const struct ast_comment *comment)
{
    bool is_found = false;
    for (int i = 0; i < service->output_count; i++) {
        if (strcmp(service->outputs[i].name, comment->column) != 0) continue;
        service->outputs[i].comment = comment->text;
        is_found = true;
    }
    return is_found;
}

static bool comment_set_column(struct lower *lower, const struct relation *relation,
                               const struct ast_comment *comment)
{
    struct ir_program *program = lower->program;
    switch (relation->kind) {
    case RELATION_SOURCE:
        return columns_comment(program->sources[relation->index].columns,
                               program->sources[relation->index].column_count, comment);
    case RELATION_REQUEST:
        return columns_comment(lower->requests[relation->index].columns,
                               lower->requests[relation->index].column_count, comment);
    case RELATION_EVENTS: /* its columns have no place of their own in a program */
        return column_find(lower->rows[relation->index]->columns,
                           lower->rows[relation->index]->column_count, comment->column) >= 0;
    case RELATION_VIEW:
        return view_comment(&program->views[relation->index], comment);
    default:
        return service_comment(&program->services[relation->index], comment);
    }
}

static void comment_set(struct lower *lower, const struct relation *relation, const char *text)
{
    if (relation->kind == RELATION_SOURCE) lower->program->sources[relation->index].comment = text;
    if (relation->kind == RELATION_EVENTS)
        lower->program->event_views[relation->index].comment = text;
    if (relation->kind == RELATION_VIEW) lower->program->views[relation->index].comment = text;
    if (relation->kind == RELATION_SERVICE)
        lower->program->services[relation->index].comment = text;
}

static void lower_comment(struct lower *lower, const struct ast_comment *comment)
{
    static const char *const kinds[] = {"FOREIGN TABLE", "FOREIGN TABLE", "VIEW",
                                        "MATERIALIZED VIEW", "VIEW"};
    const struct relation *relation = relation_find(lower, comment->relation.text);
    if (!relation) {
        diagnostics_error(lower->diagnostics, comment->relation.offset,
                          "relation \"%s\" does not exist before this statement",
                          comment->relation.text);
    } else if (relation->is_broken) {
        return;
    } else if (!comment_fits(comment->object, relation->kind)) {
        *diagnostics_error(lower->diagnostics, comment->relation.offset, "\"%s\" is a %s",
                           relation->name, kinds[relation->kind]) =
            nt_arena_printf(lower->arena, "COMMENT ON %s %s IS '...'", kinds[relation->kind],
                            relation->name);
    } else if (comment->object != AST_ON_COLUMN) {
        comment_set(lower, relation, comment->text);
    } else if (!comment_set_column(lower, relation, comment)) {
        diagnostics_error(lower->diagnostics, comment->relation.offset,
                          "column \"%s\" of relation \"%s\" does not exist", comment->column,
                          relation->name);
    }
}

static void grantee_add(struct lower *lower, struct ir_service *service, const char *role)
{
    for (int i = 0; i < service->grantee_count; i++)
        if (strcmp(service->grantees[i], role) == 0) return;
    service->grantees = array_more(lower->arena, service->grantees, service->grantee_count,
                                   sizeof *service->grantees);
    service->grantees[service->grantee_count++] = role;
}

static void lower_grant(struct lower *lower, const struct ast_grant *grant)
{
    for (int i = 0; i < grant->relation_count; i++) {
        const struct ast_name *name = &grant->relations[i];
        const struct relation *relation = relation_find(lower, name->text);
        if (relation && relation->is_broken) continue;
        if (!relation || relation->kind != RELATION_SERVICE) {
            *diagnostics_error(lower->diagnostics, name->offset,
                               relation ? "access is granted on services, and \"%s\" is none"
                                        : "relation \"%s\" does not exist before this statement",
                               name->text) = relation ? "GRANT SELECT ON service TO role" : NULL;
            continue;
        }
        for (int j = 0; j < grant->role_count; j++)
            grantee_add(lower, &lower->program->services[relation->index], grant->roles[j]);
    }
}

static void lower_statement(struct lower *lower, const struct ast_statement *statement)
{
    switch (statement->kind) {
    case AST_CREATE_ENUM:
        lower_enum(lower, &statement->enumeration);
        return;
    case AST_CREATE_SERVER:
        if (statement->is_refused && !statement->table.name.text) return;
        lower_server(lower, &statement->table, statement->is_refused);
        return;
    case AST_CREATE_FOREIGN_TABLE:
        lower_table(lower, &statement->table, statement->is_refused);
        return;
    case AST_CREATE_MATERIALIZED_VIEW:
    case AST_CREATE_VIEW:
        lower_select(lower, statement);
        return;
    case AST_COMMENT:
        if (!statement->is_refused) lower_comment(lower, &statement->comment);
        return;
    case AST_GRANT:
        if (!statement->is_refused) lower_grant(lower, &statement->grant);
        return;
    }
}

void lower_file(const struct ast_file *file, struct nt_arena *arena,
                struct diagnostics *diagnostics, struct ir_program *program)
{
    struct lower lower = {.arena = arena,
                          .diagnostics = diagnostics,
                          .resolver = {arena, diagnostics, program},
                          .program = program};
    for (int i = 0; i < file->statement_count; i++) lower_statement(&lower, &file->statements[i]);
}
