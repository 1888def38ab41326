/* lower_made.c: the columns of a source that an event leaves open: DEFAULT and GENERATED ALWAYS AS.
 */
#include "compiler/lower.h"

#include <string.h>

/* What PostgreSQL calls stable: its answer hangs on TimeZone, DateStyle or IntervalStyle, so that a
 * generated column must not use it. */
static const char *const stable_functions[] = {
    "timestamptz_add_interval",
    "interval_add_timestamptz",
    "timestamptz_sub_interval",
    "date_timestamptz_eq",
    "date_timestamptz_ne",
    "date_timestamptz_lt",
    "date_timestamptz_le",
    "date_timestamptz_gt",
    "date_timestamptz_ge",
    "timestamptz_date_eq",
    "timestamptz_date_ne",
    "timestamptz_date_lt",
    "timestamptz_date_le",
    "timestamptz_date_gt",
    "timestamptz_date_ge",
    "timestamptz_to_text",
    "timestamptz_to_char",
    "text_to_timestamptz",
    "interval_to_text",
    "text_to_interval",
    "date_to_timestamptz",
    "timestamptz_to_date",
    "date_to_text",
    "text_to_date",
    "text_concat",
    "text_concat_ws",
    "date_part_timestamptz",
    "extract_timestamptz",
    "date_trunc_timestamptz",
    "array_join",
    "array_join_nulls",
    "array_to_text",
    "text_to_array",
};

/* The part of it that is not immutable; NULL: all of it is. */
static const struct ir_expr *stable_find(const struct ir_expr *expr)
{
    size_t count = sizeof stable_functions / sizeof stable_functions[0];
    for (size_t i = 0; ir_op_calls(expr->op) && i < count; i++)
        if (strcmp(ir_functions[expr->function].symbol, stable_functions[i]) == 0) return expr;
    for (int i = 0; i < expr->argument_count; i++) {
        const struct ir_expr *found = stable_find(expr->arguments[i]);
        if (found) return found;
    }
    return NULL;
}

struct made_scope {
    struct event_columns columns; /* first: event_column reads it */
    const struct ast_table *table;
};

static struct ir_expr *default_column(const struct bind_scope *scope, const struct ast_expr *expr)
{
    *diagnostics_error(scope->resolver->diagnostics, expr->offset,
                       "cannot use column reference in DEFAULT expression") =
        "a constant; what follows from other columns is GENERATED ALWAYS AS (expression) STORED";
    return NULL;
}

static struct ir_expr *generated_column(const struct bind_scope *scope, const struct ast_expr *expr)
{
    const struct made_scope *self = scope->self;
    struct ir_expr *column = event_column(scope, expr);
    if (!column || !self->table->columns[column->index].is_generated) return column;
    *diagnostics_error(scope->resolver->diagnostics, expr->offset,
                       "cannot use generated column \"%s\" in column generation expression",
                       self->table->columns[column->index].name.text) =
        nt_arena_printf(scope->resolver->arena, "its expression: (%s)",
                        self->table->columns[column->index].made_sql);
    return NULL;
}

static bool generated_check(struct lower *lower, const struct ast_column *column,
                            const struct ir_expr *expr)
{
    const struct ir_expr *stable = stable_find(expr);
    if (!stable) return true;
    int offset = stable->place.offset >= 0 ? stable->place.offset : column->made_offset;
    *diagnostics_error(lower->diagnostics, offset,
                       "generation expression is not immutable: in PostgreSQL this depends on the "
                       "settings of a session") = "it in the view, where they are UTC and ISO; "
                                                  "to_timestamp, date_bin and differences of times "
                                                  "depend on none";
    return false;
}

/* As INSERT casts a value to its column. */
static struct ir_expr *made_cast(struct lower *lower, const struct ast_column *column,
                                 struct ir_expr *expr)
{
    const char *what =
        nt_arena_printf(lower->arena, "the %s of column \"%s\"",
                        column->is_generated ? "value" : "default", column->name.text);
    return coerce_assignment(&lower->resolver, expr, column->type, what);
}

static bool made_lower(struct lower *lower, const struct ast_table *table, int index,
                       struct ir_source *source)
{
    const struct ast_column *column = &table->columns[index];
    struct made_scope self = {{source->name, source->name, source->column_count, source->columns},
                              table};
    const struct bind_scope scope = {
        .resolver = &lower->resolver,
        .where = column->is_generated ? "GENERATED ALWAYS AS" : "DEFAULT",
        .now_reason = "would give an event another value each time it is read again",
        .now_cure = "a time that the event brings",
        .self = &self,
        .column = column->is_generated ? generated_column : default_column};
    struct ir_expr *expr = made_cast(lower, column, bind_expr(&scope, column->made));
    if (!expr || !expr_check_size(lower, expr)) return false;
    if (column->is_generated && !generated_check(lower, column, expr)) return false;
    source->made[source->made_count++] =
        (struct ir_made){index, column->is_generated, column->made_sql, expr};
    return true;
}

bool lower_made(struct lower *lower, const struct ast_table *table, struct ir_source *source)
{
    bool is_right = true;
    source->made =
        nt_arena_zalloc(lower->arena, ((size_t)table->column_count + 1) * sizeof *source->made);
    for (int generated = 0; generated < 2; generated++)
        for (int i = 0; i < table->column_count; i++)
            if (table->columns[i].made && table->columns[i].is_generated == generated)
                is_right &= made_lower(lower, table, i, source);
    return is_right;
}
