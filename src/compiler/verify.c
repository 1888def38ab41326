/* verify.c: the invariants of ir.h. */
#include "compiler/verify.h"

#include "row/value_text.h"

#include <string.h>

/* What the leaves of an expression may be. A count of -1: none of that kind may stand there. */
struct leaves {
    const char *of; /* for the message */
    const struct ir_column *columns;
    int column_count;
    int key_count, term_count, input_count;
    bool allows_now;
};

static bool is_bad(struct nt_error *error, const char *of, const char *what)
{
    error_set(error, NT_CORRUPT, "the compiler made a broken program: %s: %s", of, what);
    return false;
}

static bool leaf_verify(const struct ir_expr *expr, const struct leaves *leaves,
                        struct nt_error *error)
{
    int count = -1;
    if (expr->op == IR_COLUMN) count = leaves->column_count;
    if (expr->op == IR_KEY) count = leaves->key_count;
    if (expr->op == IR_TERM) count = leaves->term_count;
    if (expr->op == IR_INPUT) count = leaves->input_count;
    if (expr->index < 0 || expr->index >= count)
        return is_bad(error, leaves->of, "a leaf reads what is not there");
    if (expr->op == IR_COLUMN && leaves->columns[expr->index].type != expr->type)
        return is_bad(error, leaves->of, "a column has another type");
    return true;
}

static bool call_verify(const struct ir_expr *expr, const struct leaves *leaves,
                        struct nt_error *error)
{
    if (expr->function < 0 || expr->function >= ir_function_count)
        return is_bad(error, leaves->of, "a call of no function");
    const struct ir_function *function = &ir_functions[expr->function];
    if (!function->is_variadic && function->argument_count != expr->argument_count)
        return is_bad(error, leaves->of, "a call of another number of arguments");
    enum nt_type element = function->is_of_arrays ? ir_call_element(expr) : NT_BOOL;
    bool is_right = ir_array_type(function->result, element) == expr->type;
    for (int i = 0; is_right && i < expr->argument_count; i++)
        is_right =
            expr->arguments[i]->type == ir_array_type(ir_function_argument(function, i), element);
    return is_right || is_bad(error, leaves->of, "a call of other types than its function's");
}

static bool arguments_have_type(const struct ir_expr *expr, int first, int step, enum nt_type type)
{
    for (int i = first; i < expr->argument_count; i += step)
        if (expr->arguments[i]->type != type) return false;
    return true;
}

static bool case_verify(const struct ir_expr *expr)
{
    int count = expr->argument_count;
    return count >= 3 && count % 2 == 1 && expr->arguments[count - 1]->type == expr->type &&
           arguments_have_type(expr, 1, 2, expr->type) && expr->arguments[0]->type == NT_BOOL;
}

/* A function over the elements of the last argument, an array, and another argument before it. */
static bool elements_verify(const struct ir_expr *expr, int count, enum nt_type result)
{
    if (expr->argument_count != count || expr->function < 0 || expr->function >= ir_function_count)
        return false;
    const struct ir_function *function = &ir_functions[expr->function];
    const struct ir_expr *array = expr->arguments[count - 1];
    return !function->is_of_arrays && !function->is_variadic && function->result == result &&
           function->argument_count == count && nt_type_is_array(array->type) &&
           function->arguments[count - 1] == nt_type_element(array->type) &&
           (count == 1 || function->arguments[0] == expr->arguments[0]->type);
}

static bool op_verify(const struct ir_expr *expr)
{
    int count = expr->argument_count;
    switch (expr->op) {
    case IR_AND:
    case IR_OR:
        return count >= 2 && expr->type == NT_BOOL && arguments_have_type(expr, 0, 1, NT_BOOL);
    case IR_NOT:
    case IR_IS_TRUE:
    case IR_IS_FALSE:
        return count == 1 && expr->type == NT_BOOL && arguments_have_type(expr, 0, 1, NT_BOOL);
    case IR_IS_NULL:
        return count == 1 && expr->type == NT_BOOL;
    case IR_DISTINCT:
        return count == 2 && expr->type == NT_BOOL &&
               expr->arguments[0]->type == expr->arguments[1]->type;
    case IR_CASE:
        return case_verify(expr);
    case IR_NULLIF:
        return count == 2 && arguments_have_type(expr, 0, 1, expr->type);
    case IR_COALESCE:
    case IR_GREATEST:
    case IR_LEAST:
        return count >= 1 && arguments_have_type(expr, 0, 1, expr->type);
    case IR_ROW_ORDER:
        for (int i = 0; i < count; i++)
            if (!expr->orders || expr->orders[i].type != expr->arguments[i]->type) return false;
        return count >= 1 && expr->type == NT_TEXT;
    case IR_ARRAY:
        return nt_type_is_array(expr->type) &&
               arguments_have_type(expr, 0, 1, nt_type_element(expr->type));
    case IR_ARRAY_CAST:
        return nt_type_is_array(expr->type) &&
               elements_verify(expr, 1, nt_type_element(expr->type));
    case IR_ANY:
    case IR_ALL:
        return expr->type == NT_BOOL && elements_verify(expr, 2, NT_BOOL);
    default:
        return false;
    }
}

static bool expr_verify(const struct ir_expr *expr, const struct leaves *leaves,
                        struct nt_error *error)
{
    if (!expr) return is_bad(error, leaves->of, "an expression is missing");
    if (expr->is_unknown_literal) return is_bad(error, leaves->of, "a literal without a type");
    for (int i = 0; i < expr->argument_count; i++)
        if (!expr_verify(expr->arguments[i], leaves, error)) return false;
    switch (expr->op) {
    case IR_CONST:
        return true;
    case IR_COLUMN:
    case IR_KEY:
    case IR_TERM:
    case IR_INPUT:
        return leaf_verify(expr, leaves, error);
    case IR_NOW:
        return leaves->allows_now || is_bad(error, leaves->of, "now() where no clock is");
    case IR_CALL:
        return call_verify(expr, leaves, error);
    default:
        return op_verify(expr) || is_bad(error, leaves->of, "an operation of wrong arguments");
    }
}

static struct leaves event_leaves(const char *of, const struct ir_source *source)
{
    return (struct leaves){of, source->columns, source->column_count, -1, -1, -1, false};
}

static bool source_verify(const struct ir_source *source, struct nt_error *error)
{
    const struct leaves leaves = event_leaves(source->name, source);
    if (source->event_time < 0 || source->event_time >= source->column_count ||
        source->columns[source->event_time].type != NT_TIMESTAMPTZ)
        return is_bad(error, source->name, "the event time is no timestamptz");
    if (!source->topic || !source->brokers || !source->format)
        return is_bad(error, source->name, "an option is missing");
    for (int i = 0; i < source->key_count; i++)
        if (source->key[i] < 0 || source->key[i] >= source->column_count)
            return is_bad(error, source->name, "its event key");
    for (int i = 0; i < source->made_count; i++) {
        const struct ir_made *made = &source->made[i];
        if (made->column < 0 || made->column >= source->column_count)
            return is_bad(error, source->name, "a default of no column");
        if (!expr_verify(made->expr, &leaves, error)) return false;
        if (made->expr->type != source->columns[made->column].type)
            return is_bad(error, source->name, "a default of another type");
    }
    for (int i = 0; i < source->check_count; i++)
        if (!expr_verify(source->checks[i].condition, &leaves, error)) return false;
    return true;
}

static bool bound_verify(const struct ir_bound *bound)
{
    for (int i = 0; i < bound->step_count; i++)
        if (bound->steps[i].kind > NT_BOUND_BIN || bound->steps[i].field >= NT_FIELD_COUNT ||
            (bound->steps[i].kind == NT_BOUND_BIN && bound->steps[i].us <= 0))
            return false;
    return bound->is_set || bound->step_count == 0;
}

static bool measure_verify(const struct ir_view *view, const struct ir_measure *measure)
{
    if (!measure->aggregate || measure->argument_count < 0 || measure->argument_count > 2)
        return false;
    if (measure->is_distinct && measure->argument_count != 1) return false;
    for (int i = 0; i < measure->parameter_count; i++) /* what emit.c can write */
        if (i >= NT_PARAMETERS_MAX ||
            (measure->parameter_types[i] != NT_FLOAT8 && measure->parameter_types[i] != NT_INT8))
            return false;
    for (int i = 0; i < measure->argument_count; i++) {
        int argument = measure->arguments[i];
        if (argument < 0 || argument >= view->argument_count) return false;
        if (view->arguments[argument].expr->type != measure->types[i]) return false;
    }
    if (measure->filter < 0) return measure->filter == -1;
    return measure->filter < view->argument_count &&
           view->arguments[measure->filter].expr->type == NT_BOOL;
}

static bool feed_verify(const struct ir_program *program, const struct ir_view *view,
                        const struct ir_feed *feed, struct nt_error *error)
{
    if (feed->source < 0 || feed->source >= program->source_count)
        return is_bad(error, view->name, "its source");
    const struct leaves leaves = event_leaves(view->name, &program->sources[feed->source]);
    for (int i = 0; i < view->key_count; i++) {
        const struct ir_expr *key = feed->keys[i];
        if (!expr_verify(key, &leaves, error)) return false;
        if (!view->keys[i].name || view->keys[i].type != key->type ||
            feed->key_columns[i] != (key->op == IR_COLUMN ? key->index : -1))
            return is_bad(error, view->name, "a key column");
    }
    for (int i = 0; i < view->argument_count; i++) {
        if (!expr_verify(feed->arguments[i], &leaves, error)) return false;
        if (feed->arguments[i]->type != view->arguments[i].expr->type)
            return is_bad(error, view->name, "an argument's type");
    }
    if (feed->where && (!expr_verify(feed->where, &leaves, error) || feed->where->type != NT_BOOL))
        return is_bad(error, view->name, "WHERE");
    return true;
}

static bool state_verify(const struct ir_view *view, struct nt_error *error)
{
    for (int i = 0; i < view->window_count; i++)
        if (!bound_verify(&view->windows[i].lower) || !bound_verify(&view->windows[i].upper) ||
            view->windows[i].frame_us < 0)
            return is_bad(error, view->name, "a window");
    for (int i = 0; i < view->measure_count; i++)
        if (!measure_verify(view, &view->measures[i]))
            return is_bad(error, view->name, "a measure");
    for (int i = 0; i < view->term_count; i++)
        if (view->terms[i].measure < 0 || view->terms[i].measure >= view->measure_count ||
            view->terms[i].window < 0 || view->terms[i].window >= view->window_count)
            return is_bad(error, view->name, "a term");
    if (view->term_count == 0 || view->terms[0].window != 0 ||
        strcmp(view->measures[view->terms[0].measure].aggregate, "count_star") != 0)
        return is_bad(error, view->name, "its first term is not the count of its events");
    return true;
}

static bool feature_verify(const struct ir_view *view, const struct ir_feature *feature,
                           struct nt_error *error)
{
    const struct leaves leaves = {view->name,       NULL, -1,  view->key_count,
                                  view->term_count, -1,   true};
    if (!expr_verify(feature->expr, &leaves, error)) return false;
    if (feature->type != feature->expr->type || (!feature->name && feature != view->having))
        return is_bad(error, view->name, "a feature's type or name");
    for (int i = 0; i < feature->term_count; i++)
        if (feature->terms[i] < 0 || feature->terms[i] >= view->term_count)
            return is_bad(error, view->name, "a feature's terms");
    return true;
}

static bool view_verify(const struct ir_program *program, const struct ir_view *view,
                        struct nt_error *error)
{
    if (view->key_count < 1 || view->key_count > NT_KEY_COLUMNS_MAX)
        return is_bad(error, view->name, "its key");
    if (view->feed_count < 1) return is_bad(error, view->name, "no source");
    for (int i = 0; i < view->feed_count; i++)
        if (!feed_verify(program, view, &view->feeds[i], error)) return false;
    if (view->has_event_key && (view->argument_count < 2 ||
                                view->arguments[view->argument_count - 2].expr->type != NT_TEXT ||
                                view->arguments[view->argument_count - 1].expr->type != NT_TEXT))
        return is_bad(error, view->name, "its event key");
    if (view->has_repeats && (view->has_event_key || view->repeats_us < 0))
        return is_bad(error, view->name, "how its event key is settled");
    if (!state_verify(view, error)) return false;
    for (int i = 0; i < view->feature_count; i++)
        if (!feature_verify(view, &view->features[i], error)) return false;
    if (!view->having) return true;
    if (!feature_verify(view, view->having, error)) return false;
    return view->having->type == NT_BOOL || is_bad(error, view->name, "HAVING");
}

static bool joins_verify(const struct ir_program *program, const struct ir_service *service,
                         struct nt_error *error)
{
    const struct leaves leaves = {
        service->name, service->columns, service->column_count, -1, -1, -1, false};
    for (int i = 0; i < service->join_count; i++) {
        const struct ir_join *join = &service->joins[i];
        if (join->view < 0 || join->view >= program->view_count)
            return is_bad(error, service->name, "a joined view");
        const struct ir_view *view = &program->views[join->view];
        for (int j = 0; j < view->key_count; j++)
            if (!expr_verify(join->key[j], &leaves, error) ||
                join->key[j]->type != view->keys[j].type)
                return is_bad(error, service->name, "the key of a join");
    }
    return true;
}

static bool service_verify(const struct ir_program *program, const struct ir_service *service,
                           struct nt_error *error)
{
    if (!joins_verify(program, service, error)) return false;
    for (int i = 0; i < service->output_count; i++) {
        const struct ir_output *output = &service->outputs[i];
        const struct leaves leaves = {
            service->name, service->columns, service->column_count, -1, -1, output->input_count,
            true};
        if (!expr_verify(output->expr, &leaves, error)) return false;
        for (int j = 0; j < output->input_count; j++)
            if (output->inputs[j].join >= service->join_count ||
                output->inputs[j].feature >=
                    program->views[service->joins[output->inputs[j].join].view].feature_count)
                return is_bad(error, service->name, "an input of an output");
    }
    return true;
}

enum nt_status program_verify(const struct ir_program *program, struct nt_error *error)
{
    for (int i = 0; i < program->source_count; i++)
        if (!source_verify(&program->sources[i], error)) return NT_CORRUPT;
    for (int i = 0; i < program->view_count; i++)
        if (!view_verify(program, &program->views[i], error)) return NT_CORRUPT;
    for (int i = 0; i < program->service_count; i++)
        if (!service_verify(program, &program->services[i], error)) return NT_CORRUPT;
    return NT_OK;
}
