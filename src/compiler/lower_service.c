/* lower_service.c: CREATE VIEW to a feature service: joins by the entity key, and outputs over the
 * request and the joined features. */
#include "compiler/lower.h"

#include "row/value_text.h"

#include <string.h>

struct service_builder {
    struct lower *lower;
    const struct ast_view *syntax;
    struct ir_service *service;
    const char *request_alias;
    bool has_broken_join;     /* a name that is not found may have been there */
    struct ir_output *output; /* whose inputs are being collected */
};

/* The join at an index as written; a broken view has no join in the service. */
struct joined {
    const struct ast_from *from;
    const struct ir_view *view;
};

static struct joined joined_at(const struct service_builder *builder, int index)
{
    const struct ir_join *join = &builder->service->joins[index];
    for (int i = 0; i < builder->syntax->join_count; i++)
        if (strcmp(builder->syntax->joins[i].alias.text, join->alias) == 0)
            return (struct joined){&builder->syntax->joins[i],
                                   &builder->lower->program->views[join->view]};
    return (struct joined){NULL, NULL};
}

static int feature_find(const struct ir_view *view, const char *name)
{
    for (int i = 0; i < view->feature_count; i++)
        if (strcmp(view->features[i].name, name) == 0) return i;
    return -1;
}

static bool using_has(const struct ast_from *from, const char *name)
{
    for (int i = 0; i < from->using_count; i++)
        if (strcmp(from->using_names[i].text, name) == 0) return true;
    return false;
}

static struct ir_expr *request_expr(struct service_builder *builder, int column, int offset)
{
    struct ir_expr *expr = expr_make(builder->lower->arena, IR_COLUMN,
                                     builder->service->columns[column].type, offset, 0);
    expr->index = column;
    return expr;
}

static struct ir_expr *input_expr(struct service_builder *builder, int join, int feature,
                                  int offset)
{
    struct ir_output *output = builder->output;
    struct nt_input input = {(uint16_t)join, (uint16_t)feature};
    int index = 0;
    while (index < output->input_count && (output->inputs[index].join != input.join ||
                                           output->inputs[index].feature != input.feature))
        index++;
    if (index == output->input_count) {
        output->inputs = array_more(builder->lower->arena, output->inputs, output->input_count,
                                    sizeof *output->inputs);
        output->inputs[output->input_count++] = input;
    }
    const struct ir_view *view = joined_at(builder, join).view;
    struct ir_expr *expr =
        expr_make(builder->lower->arena, IR_INPUT, view->features[feature].type, offset, 0);
    expr->index = index;
    return expr;
}

/* Where a name may be found: request column, or feature of a join. */
struct found {
    int count;
    int column;        /* of the request, or -1 */
    int join, feature; /* else */
};

/* Unqualified names: a column that USING merged is that of the request. */
static struct found name_find(const struct service_builder *builder, const char *name)
{
    struct found found = {0, -1, -1, -1};
    int column = column_find(builder->service->columns, builder->service->column_count, name);
    if (column >= 0) found = (struct found){1, column, -1, -1};
    for (int i = 0; i < builder->service->join_count; i++) {
        struct joined joined = joined_at(builder, i);
        int feature = feature_find(joined.view, name);
        if (feature < 0 || using_has(joined.from, name)) continue;
        if (found.count == 0) found = (struct found){0, -1, i, feature};
        found.count++;
    }
    return found;
}

static struct found name_find_qualified(const struct service_builder *builder,
                                        const char *qualifier, const char *name, bool *is_known)
{
    struct found found = {0, -1, -1, -1};
    *is_known = strcmp(qualifier, builder->request_alias) == 0;
    if (*is_known)
        found.column = column_find(builder->service->columns, builder->service->column_count, name);
    for (int i = 0; !*is_known && i < builder->service->join_count; i++) {
        if (strcmp(qualifier, builder->service->joins[i].alias) != 0) continue;
        *is_known = true;
        found.join = i;
        found.feature = feature_find(joined_at(builder, i).view, name);
    }
    found.count = found.column >= 0 || found.feature >= 0;
    return found;
}

static void name_report(const struct service_builder *builder, const struct ast_expr *expr,
                        bool is_known, int count)
{
    struct diagnostics *diagnostics = builder->lower->diagnostics;
    struct nt_arena *arena = builder->lower->arena;
    if (count > 1) {
        *diagnostics_error(diagnostics, expr->offset, "column reference \"%s\" is ambiguous",
                           expr->name) =
            nt_arena_printf(arena, "alias.%s, with the alias of the request or view that is meant",
                            expr->name);
        return;
    }
    if (builder->has_broken_join) return;
    if (!is_known) {
        *diagnostics_error(diagnostics, expr->offset, "missing FROM-clause entry for table \"%s\"",
                           expr->qualifier) = "the alias of the request or of a joined view";
        return;
    }
    *diagnostics_error(diagnostics, expr->offset, "column %s%s%s does not exist",
                       expr->qualifier ? nt_arena_printf(arena, "%s.", expr->qualifier) : "\"",
                       expr->name, expr->qualifier ? "" : "\"") =
        nt_arena_printf(
            arena, "a column of the request (%s) or a feature of a joined view",
            names_of_columns(arena, builder->service->columns, builder->service->column_count));
}

static struct found column_resolve(const struct service_builder *builder,
                                   const struct ast_expr *expr)
{
    bool is_known = true;
    struct found found = expr->qualifier
                             ? name_find_qualified(builder, expr->qualifier, expr->name, &is_known)
                             : name_find(builder, expr->name);
    if (found.count != 1) name_report(builder, expr, is_known, found.count);
    return found;
}

static struct ir_expr *output_column(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct service_builder *builder = scope->self;
    struct found found = column_resolve(builder, expr);
    if (found.count != 1) return NULL;
    if (found.column >= 0) return request_expr(builder, found.column, expr->offset);
    return input_expr(builder, found.join, found.feature, expr->offset);
}

/* A key is computed before any view is read, so from the request alone. */
static struct ir_expr *key_column(const struct bind_scope *scope, const struct ast_expr *expr)
{
    struct service_builder *builder = scope->self;
    struct found found = column_resolve(builder, expr);
    if (found.count != 1) return NULL;
    if (found.column >= 0) return request_expr(builder, found.column, expr->offset);
    *diagnostics_error(
        scope->resolver->diagnostics, expr->offset,
        "the key of a joined view comes from the request, got feature \"%s\" of \"%s\"", expr->name,
        builder->service->joins[found.join].alias) =
        nt_arena_printf(scope->resolver->arena, "a column of %s", builder->request_alias);
    return NULL;
}

/* "=" of the key and the expression compares in the key's type exactly when the expression casts
 * to it implicitly; else the entity could not be found by its bytes. */
static struct ir_expr *key_coerce(struct service_builder *builder, const struct ir_column *key,
                                  struct ir_expr *expr)
{
    if (!expr) return NULL;
    if (coerce_is_implicit(expr, key->type))
        return coerce_implicit(&builder->lower->resolver, expr, key->type, "key");
    *diagnostics_error(builder->lower->diagnostics, expr->place.offset,
                       "key \"%s\" is %s and cannot be found by %s", key->name,
                       resolver_type_name(&builder->lower->resolver, key->type),
                       expr_type_name(&builder->lower->resolver, expr)) =
        nt_arena_printf(builder->lower->arena, "the request column as %s",
                        resolver_type_name(&builder->lower->resolver, key->type));
    return NULL;
}

static const char *key_names(const struct service_builder *builder, const struct ir_view *view)
{
    return names_of_columns(builder->lower->arena, view->keys, view->key_count);
}

static bool cover_refuse(struct service_builder *builder, const struct ir_view *view, int offset)
{
    *diagnostics_error(builder->lower->diagnostics, offset,
                       "a join must name exactly the key of \"%s\": %s", view->name,
                       key_names(builder, view)) =
        nt_arena_printf(builder->lower->arena, "LEFT JOIN %s USING (%s)", view->name,
                        key_names(builder, view));
    return false;
}

static bool join_using(struct service_builder *builder, const struct ast_from *from,
                       const struct ir_view *view, struct ir_join *join)
{
    if (from->using_count != view->key_count)
        return cover_refuse(builder, view, from->using_names[0].offset);
    bool is_right = true;
    for (int i = 0; i < from->using_count; i++) {
        const struct ast_name *name = &from->using_names[i];
        int key = column_find(view->keys, view->key_count, name->text);
        if (key < 0 || join->key[key]) return cover_refuse(builder, view, name->offset);
        const struct ast_expr column = {
            .kind = AST_COLUMN, .offset = name->offset, .start = name->offset, .name = name->text};
        const struct bind_scope scope = {.resolver = &builder->lower->resolver,
                                         .where = "USING",
                                         .self = builder,
                                         .column = key_column};
        join->key[key] = key_coerce(builder, &view->keys[key], bind_expr(&scope, &column));
        is_right &= join->key[key] != NULL;
    }
    return is_right;
}

/* The key column of the view that an expression is, written alias.column; else -1. */
static int key_side(const struct ast_from *from, const struct ir_view *view,
                    const struct ast_expr *expr)
{
    if (expr->kind != AST_COLUMN || !expr->qualifier) return -1;
    if (strcmp(expr->qualifier, from->alias.text) != 0) return -1;
    int feature = feature_find(view, expr->name);
    return feature < 0 ? -1 : view->features[feature].key;
}

static bool join_on_part(struct service_builder *builder, const struct ast_from *from,
                         const struct ir_view *view, const struct ast_expr *part,
                         struct ir_join *join)
{
    const struct bind_scope scope = {.resolver = &builder->lower->resolver,
                                     .where = "ON",
                                     .now_cure = "a column of the request",
                                     .self = builder,
                                     .column = key_column};
    bool is_equality =
        part->kind == AST_OPERATOR && strcmp(part->name, "=") == 0 && part->argument_count == 2;
    int key = -1, side = 0;
    for (; is_equality && side < 2; side++) {
        key = key_side(from, view, part->arguments[side]);
        if (key >= 0) break;
    }
    if (key < 0 || join->key[key]) {
        const char *name = view->keys[0].name;
        *diagnostics_error(builder->lower->diagnostics, part->start,
                           "ON must equate each key column of \"%s\" (%s) with the request, once",
                           view->name, key_names(builder, view)) =
            nt_arena_printf(builder->lower->arena, "%s.%s = %s.%s", from->alias.text, name,
                            builder->request_alias, name);
        return false;
    }
    struct ir_expr *other = bind_expr(&scope, part->arguments[1 - side]);
    join->key[key] = key_coerce(builder, &view->keys[key], other);
    return expr_check_size(builder->lower, join->key[key]);
}

static bool join_on(struct service_builder *builder, const struct ast_from *from,
                    const struct ir_view *view, struct ir_join *join)
{
    struct conjuncts conjuncts = {0};
    bool is_right = true;
    conjuncts_add(builder->lower->arena, from->on, &conjuncts);
    for (int i = 0; i < conjuncts.count; i++)
        is_right &= join_on_part(builder, from, view, conjuncts.list[i], join);
    for (int i = 0; is_right && i < view->key_count; i++)
        if (!join->key[i]) return cover_refuse(builder, view, from->on->start);
    return is_right;
}

static bool alias_is_new(struct service_builder *builder, const struct ast_from *from)
{
    bool is_taken = strcmp(from->alias.text, builder->request_alias) == 0;
    for (int i = 0; i < builder->service->join_count; i++)
        is_taken |= strcmp(builder->service->joins[i].alias, from->alias.text) == 0;
    if (is_taken)
        *diagnostics_error(builder->lower->diagnostics, from->alias.offset,
                           "table name \"%s\" specified more than once", from->alias.text) =
            nt_arena_printf(builder->lower->arena, "%s AS another_name", from->name.text);
    return !is_taken;
}

static bool join_lower(struct service_builder *builder, const struct ast_from *from)
{
    struct lower *lower = builder->lower;
    const struct relation *relation = relation_find(lower, from->name.text);
    check_alias(lower, from);
    if (relation && relation->is_broken) return false;
    if (!relation || relation->kind != RELATION_VIEW) {
        *diagnostics_error(lower->diagnostics, from->name.offset,
                           relation ? "a service joins feature views, and \"%s\" is none"
                                    : "relation \"%s\" does not exist before this statement",
                           from->name.text) =
            nt_arena_printf(lower->arena, "CREATE MATERIALIZED VIEW %s%s above it", from->name.text,
                            relation ? "_features" : "");
        return false;
    }
    if (!alias_is_new(builder, from)) return false;
    const struct ir_view *view = &lower->program->views[relation->index];
    struct ir_join join = {.alias = from->alias.text, .view = relation->index};
    /* Keys are looked up before the join is known, so that they cannot come from it. */
    if (!from->on && !from->using_count) return cover_refuse(builder, view, from->name.offset);
    bool is_right =
        from->on ? join_on(builder, from, view, &join) : join_using(builder, from, view, &join);
    builder->service->joins[builder->service->join_count++] = join;
    return is_right;
}

static bool joins_lower(struct service_builder *builder)
{
    const struct ast_view *syntax = builder->syntax;
    builder->service->joins = nt_arena_zalloc(
        builder->lower->arena, ((size_t)syntax->join_count + 1) * sizeof *builder->service->joins);
    bool is_right = true;
    for (int i = 0; i < syntax->join_count; i++) {
        bool is_joined = join_lower(builder, &syntax->joins[i]);
        builder->has_broken_join |= !is_joined;
        is_right &= is_joined;
    }
    return is_right;
}

static bool output_lower(struct service_builder *builder, const struct ast_item *item,
                         const char *name)
{
    const struct bind_scope scope = {.resolver = &builder->lower->resolver,
                                     .where = "a service",
                                     .allows_now = true,
                                     .self = builder,
                                     .column = output_column};
    if (!item->expr) return false;
    struct ir_output *output = &builder->service->outputs[builder->service->output_count];
    builder->output = output;
    struct ir_expr *expr = bind_value(&scope, item->expr);
    if (!expr_check_size(builder->lower, expr) ||
        json_refuse(&builder->lower->resolver, expr, "an output of a service")) {
        *output = (struct ir_output){0};
        return false;
    }
    builder->service->output_count++;
    output->name = name;
    output->sql = item->sql;
    output->type = expr->type;
    output->expr = expr;
    output->request = expr->op == IR_COLUMN ? expr->index : -1;
    return true;
}

static bool outputs_lower(struct service_builder *builder)
{
    struct nt_arena *arena = builder->lower->arena;
    const struct ast_view syntax =
        service_columns(builder->lower, builder->syntax, builder->service);
    size_t count = (size_t)syntax.item_count;
    const char **names = nt_arena_zalloc(arena, (count + 1) * sizeof *names);
    builder->service->outputs =
        nt_arena_zalloc(arena, (count + 1) * sizeof *builder->service->outputs);
    bool is_right = check_items(builder->lower, &syntax, names);
    for (int i = 0; i < syntax.item_count; i++)
        is_right &= output_lower(builder, &syntax.items[i], names[i]);
    return is_right;
}

/* What a service may not have beside its joins. */
static bool service_check(struct lower *lower, const struct ast_view *syntax)
{
    if (syntax->where)
        *diagnostics_error(lower->diagnostics, syntax->where->start,
                           "a service has no WHERE: a request always has exactly one row") =
            "CASE WHEN the condition THEN the feature END";
    if (syntax->group_count)
        *diagnostics_error(lower->diagnostics, syntax->group[0]->start,
                           "a service has no %s: a request always has exactly one row",
                           syntax->is_distinct ? "DISTINCT ON" : "GROUP BY") =
            syntax->is_distinct ? "CREATE MATERIALIZED VIEW for latest rows, joined here"
                                : "CREATE MATERIALIZED VIEW for aggregates, joined here";
    if (syntax->having)
        *diagnostics_error(lower->diagnostics, syntax->having->start,
                           "a service has no HAVING: a request always has exactly one row") =
            "HAVING in the materialized view, or CASE WHEN the condition THEN the feature END";
    return !syntax->where && !syntax->group_count && !syntax->having;
}

static bool request_set(struct service_builder *builder, const struct ast_from *from)
{
    struct lower *lower = builder->lower;
    const struct relation *relation = relation_find(lower, from->name.text);
    check_alias(lower, from);
    if (relation && relation->is_broken) return false;
    if (!relation || relation->kind != RELATION_REQUEST) {
        *diagnostics_error(lower->diagnostics, from->name.offset,
                           relation ? "a service begins with its request, and \"%s\" is none"
                                    : "relation \"%s\" does not exist before this statement",
                           from->name.text) =
            "FROM a foreign table of SERVER request, LEFT JOIN the views";
        return false;
    }
    const struct request *request = &lower->requests[relation->index];
    builder->request_alias = from->alias.text;
    builder->service->request = request->name;
    builder->service->columns = request->columns;
    builder->service->column_count = request->column_count;
    return true;
}

bool lower_service(struct lower *lower, const struct ast_view *syntax)
{
    struct ir_program *program = lower->program;
    program->services = array_more(lower->arena, program->services, program->service_count,
                                   sizeof *program->services);
    struct ir_service *service = &program->services[program->service_count++];
    service->name = syntax->name.text;
    service->sql = syntax->sql;
    struct service_builder builder = {.lower = lower, .syntax = syntax, .service = service};
    bool is_right = check_name(lower, syntax->name, "service");
    is_right &= service_check(lower, syntax);
    if (!request_set(&builder, &syntax->from)) return false;
    is_right &= joins_lower(&builder);
    return outputs_lower(&builder) && is_right;
}
