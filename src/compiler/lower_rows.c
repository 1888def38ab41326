/*
 * lower_rows.c: the rows that a feature view reads. FROM names a source or a view of events, or
 * holds a subquery; each is flattened into arms, one for each source of UNION ALL, whose columns
 * are expressions over that source's. So what is kept and admitted is the same however a definition
 * is cut into parts.
 */
#include "compiler/bound.h"
#include "compiler/lower.h"

#include <string.h>

struct event_columns rows_columns(const struct event_rows *rows, const struct ast_from *from)
{
    return (struct event_columns){from->alias.text, from->name.text, rows->column_count,
                                  rows->columns};
}

const char *rows_event_time(const struct event_rows *rows)
{
    return rows->event_time < 0 ? "event_time" : rows->columns[rows->event_time].name;
}

struct ir_expr *expr_substitute(struct nt_arena *arena, struct ir_expr *expr,
                                struct ir_expr *const *columns)
{
    if (expr->op == IR_COLUMN) {
        struct ir_expr *column = nt_arena_copy(arena, columns[expr->index], sizeof *column);
        if (expr->place.offset >= 0) column->place = expr->place;
        return column;
    }
    if (expr->argument_count == 0) return expr;
    struct ir_expr *out = nt_arena_copy(arena, expr, sizeof *expr);
    out->arguments = nt_arena_zalloc(arena, (size_t)expr->argument_count * sizeof *out->arguments);
    for (int i = 0; i < expr->argument_count; i++)
        out->arguments[i] = expr_substitute(arena, expr->arguments[i], columns);
    return out;
}

static struct event_rows *rows_of_source(struct lower *lower, int index)
{
    struct nt_arena *arena = lower->arena;
    const struct ir_source *source = &lower->program->sources[index];
    struct event_rows *rows = nt_arena_zalloc(arena, sizeof *rows);
    *rows = (struct event_rows){.column_count = source->column_count,
                                .columns = source->columns,
                                .event_time = source->event_time,
                                .window = {.sql = ""},
                                .arm_count = 1,
                                .arms = nt_arena_zalloc(arena, sizeof *rows->arms)};
    rows->arms->source = index;
    rows->arms->columns =
        nt_arena_zalloc(arena, (size_t)source->column_count * sizeof *rows->arms->columns);
    for (int i = 0; i < source->column_count; i++) {
        struct ir_expr *column = expr_make(arena, IR_COLUMN, source->columns[i].type, -1, 0);
        column->index = i;
        rows->arms->columns[i] = column;
    }
    return rows;
}

static struct event_rows *relation_refuse(struct lower *lower, const struct ast_name *name,
                                          const struct relation *relation)
{
    if (relation)
        *diagnostics_error(lower->diagnostics, name->offset,
                           "a feature view reads an event source, and \"%s\" is none",
                           relation->name) = "the name of a foreign table with a topic";
    else
        *diagnostics_error(lower->diagnostics, name->offset,
                           "relation \"%s\" does not exist before this statement", name->text) =
            nt_arena_printf(lower->arena, "CREATE FOREIGN TABLE %s above it", name->text);
    return NULL;
}

const struct event_rows *rows_find(struct lower *lower, const struct ast_view *syntax)
{
    const struct ast_from *from = &syntax->from;
    const struct relation *relation = from->select ? NULL : relation_find(lower, from->name.text);
    if (relation && relation->is_broken) return NULL;
    if (syntax->join_count > 0) {
        *diagnostics_error(lower->diagnostics, syntax->joins[0].name.offset, "%s",
                           AST_JOIN_REASON) = AST_JOIN_CURE;
        return NULL;
    }
    if (from->select) return rows_lower(lower, from->select);
    if (relation && relation->kind == RELATION_EVENTS) return lower->rows[relation->index];
    if (!relation || relation->kind != RELATION_SOURCE)
        return relation_refuse(lower, &from->name, relation);
    return rows_of_source(lower, relation->index);
}

static struct ir_expr *expr_and(struct nt_arena *arena, struct ir_expr *left, struct ir_expr *right)
{
    if (!left || !right) return left ? left : right;
    return expr_pair(arena, IR_AND, left, right, right->place.offset);
}

static const char *text_and(struct nt_arena *arena, const char *left, const char *right)
{
    if (!left || !*left || !right || !*right) return left && *left ? left : right;
    return nt_arena_printf(arena, "%s AND %s", left, right);
}

bool rows_where(struct lower *lower, const struct event_rows *rows, const struct ast_view *syntax,
                struct ir_window *window, struct ir_expr **condition)
{
    *condition = NULL;
    *window = rows->window;
    if (!syntax->where) return true;
    const struct event_columns columns = rows_columns(rows, &syntax->from);
    struct ir_window own = {.sql = syntax->where_sql};
    if (!rows_condition(lower, rows, &columns, syntax->where, "WHERE", &own, condition))
        return false;
    const struct bound_scope scope = {&lower->resolver, rows_event_time(rows),
                                      syntax->from.alias.text, "WHERE"};
    bool is_outlived;
    if (!window_intersect(&scope, &rows->window, &own, syntax->where->start, window, &is_outlived))
        return false;
    window->sql = text_and(lower->arena, rows->window.sql, syntax->where_sql);
    return true;
}

bool rows_condition(struct lower *lower, const struct event_rows *rows,
                    const struct event_columns *columns, const struct ast_expr *syntax,
                    const char *where, struct ir_window *window, struct ir_expr **condition)
{
    struct event_columns self = *columns;
    const struct bound_scope bounds = {&lower->resolver, rows_event_time(rows), columns->alias,
                                       where};
    const struct bind_scope scope = {.resolver = &lower->resolver,
                                     .where = where,
                                     .now_cure =
                                         "now() around the aggregate: now() - max(event_time)",
                                     .self = &self,
                                     .column = event_column};
    const char *what = nt_arena_printf(lower->arena, "argument of %s", where);
    struct conjuncts conjuncts = {0};
    bool is_right = true;
    *condition = NULL;
    if (rows->event_time < 0 && ast_reads_now(syntax)) {
        *diagnostics_error(lower->diagnostics, syntax->start,
                           "the rows of \"%s\" do not have the event time, which a window needs",
                           columns->alias) = "the event time in the select list of the subquery";
        return false;
    }
    conjuncts_add(lower->arena, syntax, &conjuncts);
    struct ir_expr *all = expr_make(lower->arena, IR_AND, NT_BOOL, syntax->offset, conjuncts.count);
    all->argument_count = 0;
    for (int i = 0; i < conjuncts.count; i++) {
        enum bound_match match = bound_take(&bounds, conjuncts.list[i], window);
        is_right &= match != BOUND_REFUSED;
        if (match != BOUND_NONE) continue;
        struct ir_expr *part = bind_condition(&scope, conjuncts.list[i], what);
        is_right &= part != NULL;
        all->arguments[all->argument_count++] = part;
    }
    if (!is_right) return false;
    if (all->argument_count > 0) *condition = all->argument_count > 1 ? all : all->arguments[0];
    return !*condition || expr_check_size(lower, *condition);
}

/* What rows may not have beside a select list and WHERE. */
static bool rows_check(struct lower *lower, const struct ast_view *syntax)
{
    const char *what = NULL;
    int offset = 0;
    if (syntax->group_count) {
        what = syntax->is_distinct ? "DISTINCT ON" : "GROUP BY";
        offset = syntax->group[0]->start;
    } else if (syntax->having) {
        what = "HAVING";
        offset = syntax->having->start;
    }
    if (!what) return true;
    *diagnostics_error(lower->diagnostics, offset,
                       "a view of events or a subquery picks and computes columns row by row, and "
                       "has no %s",
                       what) =
        nt_arena_printf(lower->arena, "%s in the materialized view that reads it", what);
    return false;
}

/* A select list on its way to columns. */
struct rows_builder {
    struct lower *lower;
    const struct ast_view *syntax;
    const struct event_rows *base;
    struct event_columns columns;
    struct event_rows *rows;
    struct ir_expr **exprs; /* of the columns so far, over the base's */
    bool is_named;          /* later SELECTs of UNION ALL give types, and no names */
};

static bool column_add(struct rows_builder *builder, const char *name, int offset,
                       struct ir_expr *expr)
{
    struct event_rows *rows = builder->rows;
    struct nt_arena *arena = builder->lower->arena;
    if (builder->is_named && column_find(rows->columns, rows->column_count, name) >= 0) {
        *diagnostics_error(builder->lower->diagnostics, offset,
                           "column \"%s\" specified more than once", name) = "AS another_name";
        return false;
    }
    if (rows->column_count == NT_COLUMNS_MAX) {
        diagnostics_error(builder->lower->diagnostics, offset,
                          "a select list has at most %d columns", NT_COLUMNS_MAX);
        return false;
    }
    rows->columns = array_more(arena, rows->columns, rows->column_count, sizeof *rows->columns);
    builder->exprs = array_more(arena, builder->exprs, rows->column_count, sizeof *builder->exprs);
    struct ir_column *column = &rows->columns[rows->column_count];
    if (expr->op == IR_COLUMN) *column = builder->base->columns[expr->index];
    column->name = name;
    column->type = expr->type;
    builder->exprs[rows->column_count++] = expr;
    return true;
}

static bool star_add(struct rows_builder *builder, const struct ast_item *item)
{
    bool is_right = true;
    if (item->star_of && strcmp(item->star_of, builder->columns.alias) != 0) {
        *diagnostics_error(builder->lower->diagnostics, item->start,
                           "missing FROM-clause entry for table \"%s\"", item->star_of) =
            nt_arena_printf(builder->lower->arena, "%s.*", builder->columns.alias);
        return false;
    }
    for (int i = 0; i < builder->base->column_count; i++) {
        const struct ir_column *column = &builder->base->columns[i];
        struct ir_expr *expr =
            expr_make(builder->lower->arena, IR_COLUMN, column->type, item->start, 0);
        expr->index = i;
        is_right &= column_add(builder, column->name, item->start, expr);
    }
    return is_right;
}

static bool item_add(struct rows_builder *builder, const struct ast_item *item)
{
    struct lower *lower = builder->lower;
    const struct bind_scope scope = {.resolver = &lower->resolver,
                                     .where = "a view of events or a subquery",
                                     .now_cure = "now() in the view that aggregates",
                                     .self = &builder->columns,
                                     .column = event_column};
    if (item->is_star) return star_add(builder, item);
    const char *name = item->name.text ? item->name.text : ast_item_name(item->expr);
    if (!item->expr) return false;
    if (!name && builder->is_named) {
        *diagnostics_error(lower->diagnostics, item->start, "this expression needs a name") =
            nt_arena_printf(lower->arena, "%s AS name", item->sql);
        return false;
    }
    /* A literal keeps no type until UNION ALL or its own SELECT gives it one. */
    struct ir_expr *expr = bind_expr(&scope, item->expr);
    return expr && column_add(builder, name, item->name.offset, expr);
}

/* Each arm of the base with the select list and WHERE put in. */
static bool arms_make(struct rows_builder *builder, struct ir_expr *condition)
{
    struct event_rows *rows = builder->rows;
    const struct event_rows *base = builder->base;
    struct nt_arena *arena = builder->lower->arena;
    rows->arm_count = base->arm_count;
    rows->arms = nt_arena_zalloc(arena, (size_t)base->arm_count * sizeof *rows->arms);
    bool is_right = true;
    for (int i = 0; i < base->arm_count; i++) {
        const struct event_arm *from = &base->arms[i];
        struct event_arm *arm = &rows->arms[i];
        arm->source = from->source;
        arm->columns = nt_arena_zalloc(arena, (size_t)rows->column_count * sizeof *arm->columns);
        for (int c = 0; c < rows->column_count; c++) {
            arm->columns[c] = expr_substitute(arena, builder->exprs[c], from->columns);
            is_right &= expr_check_size(builder->lower, arm->columns[c]);
        }
        struct ir_expr *own = condition ? expr_substitute(arena, condition, from->columns) : NULL;
        arm->where = expr_and(arena, from->where, own);
        arm->where_sql = text_and(arena, from->where_sql, builder->syntax->where_sql);
        if (arm->where) is_right &= expr_check_size(builder->lower, arm->where);
    }
    return is_right;
}

/* The first column that is the event time in every arm. */
static int event_time_find(const struct lower *lower, const struct event_rows *rows)
{
    for (int c = 0; c < rows->column_count; c++) {
        bool is_time = true;
        for (int i = 0; is_time && i < rows->arm_count; i++) {
            const struct ir_expr *expr = rows->arms[i].columns[c];
            is_time = expr->op == IR_COLUMN &&
                      expr->index == lower->program->sources[rows->arms[i].source].event_time;
        }
        if (is_time) return c;
    }
    return -1;
}

/* One SELECT; its literals may still have no type. */
static struct event_rows *rows_lower_arm(struct lower *lower, const struct ast_view *syntax,
                                         bool is_named)
{
    check_alias(lower, &syntax->from);
    bool is_right = rows_check(lower, syntax);
    const struct event_rows *base = rows_find(lower, syntax);
    if (!base) return NULL;
    struct event_rows *rows = nt_arena_zalloc(lower->arena, sizeof *rows);
    struct rows_builder builder = {lower, syntax, base,    rows_columns(base, &syntax->from),
                                   rows,  NULL,   is_named};
    struct ir_expr *condition;
    for (int i = 0; i < syntax->item_count; i++) is_right &= item_add(&builder, &syntax->items[i]);
    is_right &= rows_where(lower, base, syntax, &rows->window, &condition);
    if (!is_right || !arms_make(&builder, condition)) return NULL;
    rows->event_time = event_time_find(lower, rows);
    return rows;
}

static bool union_check(struct lower *lower, const struct event_rows *rows,
                        const struct event_rows *arm, const struct ast_view *syntax)
{
    if (arm->column_count != rows->column_count) {
        *diagnostics_error(lower->diagnostics, syntax->items[0].start,
                           "each UNION query must have the same number of columns") =
            nt_arena_printf(lower->arena, "%d columns, as the first SELECT has",
                            rows->column_count);
        return false;
    }
    if (window_is_same(&rows->window, &arm->window)) return true;
    *diagnostics_error(lower->diagnostics,
                       syntax->where ? syntax->where->start : syntax->items[0].start,
                       "the SELECTs of UNION ALL have different windows, and an entity has one "
                       "timeline") = "the bound on now() in the WHERE around UNION ALL";
    return false;
}

/* Column by column, as transformSetOperationTree: the type common to what is there and what comes.
 */
static bool union_match(struct lower *lower, struct event_rows *rows, struct event_rows *arm)
{
    int arm_count = rows->arm_count + arm->arm_count;
    struct event_arm *arms = nt_arena_zalloc(lower->arena, (size_t)arm_count * sizeof *arms);
    memcpy(arms, rows->arms, (size_t)rows->arm_count * sizeof *arms);
    memcpy(arms + rows->arm_count, arm->arms, (size_t)arm->arm_count * sizeof *arms);
    struct ir_expr **exprs = nt_arena_zalloc(lower->arena, (size_t)arm_count * sizeof(void *));
    struct ir_column *columns =
        nt_arena_copy(lower->arena, rows->columns, (size_t)rows->column_count * sizeof *columns);
    for (int c = 0; c < rows->column_count; c++) {
        for (int i = 0; i < arm_count; i++) exprs[i] = arms[i].columns[c];
        if (!coerce_common(&lower->resolver, exprs, arm_count, "UNION", &columns[c].type))
            return false;
        for (int i = 0; i < arm_count; i++) arms[i].columns[c] = exprs[i];
        columns[c].is_not_null &= arm->columns[c].is_not_null;
        if (columns[c].typmod != arm->columns[c].typmod) columns[c].typmod = 0;
    }
    rows->columns = columns;
    rows->arms = arms;
    rows->arm_count = arm_count;
    return true;
}

static struct event_rows *union_lower(struct lower *lower, const struct ast_view *syntax)
{
    struct event_rows *rows = rows_lower_arm(lower, &syntax->arms[0], true);
    bool is_right = rows != NULL;
    for (int i = 1; i < syntax->arm_count; i++) {
        struct event_rows *arm = rows_lower_arm(lower, &syntax->arms[i], false);
        is_right = is_right && arm && union_check(lower, rows, arm, &syntax->arms[i]) &&
                   union_match(lower, rows, arm);
    }
    if (!is_right) return NULL;
    rows->event_time = event_time_find(lower, rows);
    return rows;
}

/* A literal to which nothing gave a type is text. */
static bool columns_type(struct lower *lower, struct event_rows *rows)
{
    for (int c = 0; c < rows->column_count; c++)
        for (int i = 0; i < rows->arm_count; i++) {
            struct ir_expr *expr = coerce_known(&lower->resolver, rows->arms[i].columns[c]);
            if (!expr) return false;
            rows->arms[i].columns[c] = expr;
            rows->columns[c].type = expr->type;
        }
    return true;
}

const struct event_rows *rows_lower(struct lower *lower, const struct ast_view *syntax)
{
    struct event_rows *rows =
        syntax->arm_count ? union_lower(lower, syntax) : rows_lower_arm(lower, syntax, true);
    return rows && columns_type(lower, rows) ? rows : NULL;
}

bool lower_events(struct lower *lower, const struct ast_view *syntax)
{
    bool is_right = check_name(lower, syntax->name, "view");
    const struct event_rows *rows = rows_lower(lower, syntax);
    struct ir_program *program = lower->program;
    lower->rows = array_more(lower->arena, lower->rows, lower->rows_count, sizeof *lower->rows);
    lower->rows[lower->rows_count++] = rows;
    program->event_views = array_more(lower->arena, program->event_views, program->event_view_count,
                                      sizeof *program->event_views);
    program->event_views[program->event_view_count++] =
        (struct ir_event_view){.name = syntax->name.text, .sql = syntax->sql};
    return rows && is_right;
}

/* The relation that the SELECT begins with; NULL: none, or a subquery. */
static const struct relation *relation_first(struct lower *lower, const struct ast_view *syntax)
{
    return syntax->arm_count || syntax->from.select ? NULL
                                                    : relation_find(lower, syntax->from.name.text);
}

bool view_is_of_events(struct lower *lower, const struct ast_view *syntax)
{
    const struct relation *relation = relation_first(lower, syntax);
    if (syntax->arm_count || syntax->from.select) return true;
    return relation && (relation->kind == RELATION_SOURCE || relation->kind == RELATION_EVENTS);
}
