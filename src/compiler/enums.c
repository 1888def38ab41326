/*
 * enums.c: enums to what is kept of them. A text is read where it comes in (a column, a key, an
 * input) and becomes bytes in the order of the labels; in a key, a feature or an output it is the
 * text again. So decoding, states and tables know texts and bytea, and arrays of them, alone.
 */
#include "compiler/lower.h"

struct settling {
    const struct ir_program *program;
    struct nt_arena *arena;
};

static const struct ir_enum *enum_of(const struct settling *s, enum nt_type type)
{
    return type_has_enum(type) ? &s->program->enums[nt_type_element(type) - NT_TYPE_COUNT] : NULL;
}

static const struct nt_order *orders_settle(const struct settling *s, const struct ir_expr *expr)
{
    size_t size = (size_t)expr->argument_count * sizeof *expr->orders;
    struct nt_order *orders = nt_arena_copy(s->arena, expr->orders, size);
    for (int i = 0; i < expr->argument_count; i++) orders[i].type = type_kept(orders[i].type);
    return orders;
}

static bool expr_is_leaf(const struct ir_expr *expr)
{
    return expr->op == IR_COLUMN || expr->op == IR_KEY || expr->op == IR_INPUT;
}

static struct ir_expr *leaf_text(const struct settling *s, const struct ir_expr *expr)
{
    struct ir_expr *leaf = nt_arena_copy(s->arena, expr, sizeof *expr);
    leaf->type = type_seen(expr->type);
    return leaf;
}

/* In place, because expressions share parts: what is settled has no enum to be found again. */
static void expr_settle(const struct settling *s, struct ir_expr *expr)
{
    for (int i = 0; i < expr->argument_count; i++) expr_settle(s, expr->arguments[i]);
    if (expr->op == IR_ROW_ORDER) expr->orders = orders_settle(s, expr);
    const struct ir_enum *enumeration = enum_of(s, expr->type);
    if (enumeration && expr_is_leaf(expr))
        *expr = *enum_of_text(s->arena, leaf_text(s, expr), enumeration, expr->place.offset);
    expr->type = type_kept(expr->type);
}

/* An expression of that type where others see it: a leaf is the text that it was. */
static struct ir_expr *seen_settle(const struct settling *s, enum nt_type type,
                                   struct ir_expr *expr)
{
    bool is_enum = type_has_enum(type);
    if (is_enum && type_has_enum(expr->type) && expr_is_leaf(expr)) return leaf_text(s, expr);
    expr_settle(s, expr);
    return is_enum ? enum_to_text(s->arena, expr) : expr;
}

static void columns_settle(const struct settling *s, struct ir_column *columns, int count)
{
    for (int i = 0; i < count; i++) {
        const struct ir_enum *enumeration = enum_of(s, columns[i].type);
        if (!enumeration) continue;
        columns[i].enumeration = enumeration;
        columns[i].type = type_seen(columns[i].type);
    }
}

static void feed_settle(const struct settling *s, const struct ir_view *view, struct ir_feed *feed)
{
    if (feed->where) expr_settle(s, feed->where);
    for (int i = 0; i < view->key_count; i++)
        feed->keys[i] = seen_settle(s, view->keys[i].type, feed->keys[i]);
    for (int i = 0; i < view->argument_count; i++) expr_settle(s, feed->arguments[i]);
}

static void feature_settle(const struct settling *s, struct ir_feature *feature)
{
    feature->expr = seen_settle(s, feature->type, feature->expr);
    feature->type = feature->expr->type;
}

static void view_settle(const struct settling *s, struct ir_view *view)
{
    for (int i = 0; i < view->argument_count; i++) {
        view->arguments[i].enumeration = enum_of(s, view->arguments[i].expr->type);
        expr_settle(s, view->arguments[i].expr);
    }
    for (int i = 0; i < view->feed_count; i++) feed_settle(s, view, &view->feeds[i]);
    for (int i = 0; i < view->key_count; i++)
        view->key_exprs[i] = seen_settle(s, view->keys[i].type, view->key_exprs[i]);
    for (int i = 0; i < view->measure_count; i++) {
        struct ir_measure *measure = &view->measures[i];
        measure->result = type_kept(measure->result);
        for (int j = 0; j < measure->argument_count; j++)
            measure->types[j] = type_kept(measure->types[j]);
    }
    for (int i = 0; i < view->feature_count; i++) feature_settle(s, &view->features[i]);
    if (view->having) feature_settle(s, view->having);
    columns_settle(s, view->keys, view->key_count);
}

static void service_settle(const struct settling *s, struct ir_service *service)
{
    for (int i = 0; i < service->join_count; i++) {
        struct ir_join *join = &service->joins[i];
        const struct ir_view *view = &s->program->views[join->view];
        for (int j = 0; j < view->key_count; j++)
            join->key[j] = seen_settle(s, view->keys[j].type, join->key[j]);
    }
    for (int i = 0; i < service->output_count; i++) {
        struct ir_output *output = &service->outputs[i];
        output->expr = seen_settle(s, output->type, output->expr);
        output->type = output->expr->type;
    }
    columns_settle(s, service->columns, service->column_count);
}

static void source_settle(const struct settling *s, struct ir_source *source)
{
    for (int i = 0; i < source->made_count; i++) {
        struct ir_made *made = &source->made[i];
        made->expr = seen_settle(s, source->columns[made->column].type, made->expr);
    }
    for (int i = 0; i < source->check_count; i++) expr_settle(s, source->checks[i].condition);
    columns_settle(s, source->columns, source->column_count);
}

void enums_settle(struct ir_program *program, struct nt_arena *arena)
{
    const struct settling s = {program, arena};
    if (!program->enum_count) return;
    for (int i = 0; i < program->service_count; i++) service_settle(&s, &program->services[i]);
    for (int i = 0; i < program->view_count; i++) view_settle(&s, &program->views[i]);
    for (int i = 0; i < program->source_count; i++) source_settle(&s, &program->sources[i]);
}
