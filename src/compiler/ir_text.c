/*
 * ir_text.c: the canonical text of the IR.
 *
 * One line per object, one parenthesised prefix expression per value. It holds all that decides a
 * program's results and nothing else: no offsets, no comments on objects, no SQL as written. Floats
 * print as hexadecimal and numerics as coefficient and scale, so no bit is lost.
 */
#include "compiler/ir.h"
#include "row/enumeration.h"
#include "row/typmod.h"
#include "row/value_text.h"

#include <ctype.h>
#include <inttypes.h>

static const char *const field_names[] = {
#define FIELD_NAME(name, sql) sql,
    NT_FIELDS(FIELD_NAME)
#undef FIELD_NAME
};

static void print_quoted(const char *text, size_t size, struct buffer *out)
{
    buffer_append_byte(out, '\'');
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = (uint8_t)text[i];
        if (byte == '\'' || byte == '\\')
            buffer_printf(out, "\\%c", byte);
        else if (byte < ' ' || byte == 0x7f)
            buffer_printf(out, "\\x%02x", byte);
        else
            buffer_append_byte(out, byte);
    }
    buffer_append_byte(out, '\'');
}

static bool name_is_plain(const char *name)
{
    if (!islower((unsigned char)*name) && *name != '_') return false;
    for (const char *at = name; *at; at++)
        if (!islower((unsigned char)*at) && !isdigit((unsigned char)*at) && *at != '_')
            return false;
    return true;
}

/* Quoted where it must be, so that no name can imitate another text. */
static void print_name(const char *name, struct buffer *out)
{
    if (name_is_plain(name)) {
        buffer_append_text(out, name);
        return;
    }
    size_t size = 0;
    while (name[size]) size++;
    print_quoted(name, size, out);
}

static void print_numeric(const struct nt_numeric *numeric, struct buffer *out)
{
    static const char *const kinds[] = {"", " nan", " infinity", " -infinity"};
    unsigned __int128 bits = (unsigned __int128)numeric->coefficient;
    buffer_printf(out, "0x%016" PRIx64 "%016" PRIx64 " scale %u%s", (uint64_t)(bits >> 64),
                  (uint64_t)bits, numeric->scale, kinds[numeric->kind]);
    for (int i = 0; i < numeric->limb_count; i++)
        buffer_printf(out, " 0x%016" PRIx64, numeric->limbs[i]);
}

/* As PostgreSQL prints it, which loses no bit. */
static void print_array(enum nt_type type, struct nt_value value, struct buffer *out)
{
    struct buffer text = {0};
    value_append_text(type, value, &text);
    print_quoted((const char *)text.data, text.size, out);
    buffer_deinit(&text);
}

static void print_constant(enum nt_type type, struct nt_value value, struct buffer *out)
{
    buffer_printf(out, "(%s ", type_name(type));
    if (value.is_null) {
        buffer_append_text(out, "null");
    } else if (nt_type_is_array(type)) {
        print_array(type, value, out);
    } else {
        switch (type) {
        case NT_BOOL:
            buffer_append_text(out, value.boolean ? "true" : "false");
            break;
        case NT_INT2:
        case NT_INT4:
        case NT_DATE:
        case NT_INT8:
            buffer_printf(out, "%" PRId64, value.integer);
            break;
        case NT_FLOAT4:
        case NT_FLOAT8:
            buffer_printf(out, "%a", value.float8);
            break;
        case NT_NUMERIC:
            print_numeric(value.numeric, out);
            break;
        case NT_TEXT:
        case NT_UUID:
        case NT_BYTEA:
        case NT_JSONB:
            print_quoted(value.text, value.size, out);
            break;
        case NT_TIMESTAMPTZ:
            buffer_printf(out, "%" PRId64 " us", value.time.us);
            break;
        case NT_INTERVAL:
            buffer_printf(out, "%d months %d days %" PRId64 " us", value.interval->months,
                          value.interval->days, value.interval->us);
            break;
        case NT_TYPE_COUNT:
            break;
        }
    }
    buffer_append_byte(out, ')');
}

static const char *op_name(const struct ir_expr *expr)
{
    switch (expr->op) {
    case IR_CALL:
        return ir_functions[expr->function].symbol;
    case IR_AND:
        return "and";
    case IR_OR:
        return "or";
    case IR_NOT:
        return "not";
    case IR_IS_NULL:
        return "is_null";
    case IR_IS_TRUE:
        return "is_true";
    case IR_IS_FALSE:
        return "is_false";
    case IR_DISTINCT:
        return "is_distinct";
    case IR_CASE:
        return "case";
    case IR_COALESCE:
        return "coalesce";
    case IR_NULLIF:
        return "nullif";
    case IR_GREATEST:
        return "greatest";
    case IR_LEAST:
        return "least";
    case IR_ROW_ORDER:
        return expr->index ? "row_key" : "row_order";
    case IR_ARRAY:
        return "array";
    case IR_ARRAY_CAST:
        return "array_cast";
    case IR_ANY:
        return "any";
    case IR_ALL:
        return "all";
    case IR_COLUMN:
        return "column";
    case IR_KEY:
        return "key";
    case IR_TERM:
        return "term";
    case IR_INPUT:
        return "input";
    case IR_NOW:
        return "now";
    case IR_CONST:
        return "const";
    }
    return "unknown";
}

/* Comparing operators and the choices among values depend on the type of their arguments. */
static bool op_compares(enum ir_op op)
{
    return op == IR_DISTINCT || op == IR_NULLIF || op == IR_GREATEST || op == IR_LEAST;
}

static void print_term(const struct ir_view *view, const struct ir_term *term, struct buffer *out);

/* Terms stand as what they are when the view is given, else by their index. */
static void print_expr(const struct ir_expr *expr, const struct ir_view *view, struct buffer *out)
{
    if (view && expr->op == IR_TERM) {
        print_term(view, &view->terms[expr->index], out);
        return;
    }
    switch (expr->op) {
    case IR_CONST:
        print_constant(expr->type, expr->value, out);
        return;
    case IR_NOW:
        buffer_append_text(out, "now");
        return;
    case IR_COLUMN:
    case IR_KEY:
    case IR_TERM:
    case IR_INPUT:
        buffer_printf(out, "%s[%d]", op_name(expr), expr->index);
        return;
    default:
        break;
    }
    buffer_printf(out, "(%s", op_name(expr));
    if (op_compares(expr->op) && expr->argument_count > 0)
        buffer_printf(out, " %s", type_name(expr->arguments[0]->type));
    if (expr->op == IR_CALL && ir_functions[expr->function].is_of_arrays)
        buffer_printf(out, " %s", type_name(ir_call_element(expr)));
    if (expr->op == IR_ARRAY) buffer_printf(out, " %s", type_name(expr->type));
    if (expr->op != IR_CALL && ir_op_calls(expr->op))
        buffer_printf(out, " %s", ir_functions[expr->function].symbol);
    for (int i = 0; i < expr->argument_count; i++) {
        buffer_append_byte(out, ' ');
        print_expr(expr->arguments[i], view, out);
        if (expr->op == IR_ROW_ORDER)
            buffer_printf(out, " %s%s%s", type_name(expr->orders[i].type),
                          expr->orders[i].is_descending ? " desc" : " asc",
                          expr->orders[i].is_null_first ? " nulls first" : "");
    }
    buffer_append_byte(out, ')');
}

static void print_enum(const struct ir_enum *enumeration, struct buffer *out)
{
    struct bytes label;
    buffer_append_text(out, " enum ");
    print_name(enumeration->name, out);
    buffer_append_text(out, " (");
    for (size_t at = 0, count = 0; enum_next(enumeration->labels, &at, &label); count++) {
        buffer_append_text(out, count ? ", " : "");
        print_quoted((const char *)label.data, label.size, out);
    }
    buffer_append_byte(out, ')');
}

void ir_print_expr(const struct ir_expr *expr, struct buffer *out)
{
    print_expr(expr, NULL, out);
}

static void print_column(const char *what, int index, const struct ir_column *column,
                         struct buffer *out)
{
    buffer_printf(out, "  %s[%d] ", what, index);
    print_name(column->name, out);
    buffer_append_byte(out, ' ');
    typmod_append_type(column->type, column->typmod, out);
    if (column->enumeration) print_enum(column->enumeration, out);
    buffer_append_text(out, column->is_not_null ? " not null\n" : "\n");
}

static void print_source(const struct ir_source *source, struct buffer *out)
{
    buffer_append_text(out, "source ");
    print_name(source->name, out);
    buffer_printf(out, " event_time column[%d]\n", source->event_time);
    for (int i = 0; i < source->column_count; i++)
        print_column("column", i, &source->columns[i], out);
    for (int i = 0; i < source->key_count; i++)
        buffer_printf(out, "%s column[%d]%s", i ? "," : "  event key", source->key[i],
                      i + 1 < source->key_count ? "" : "\n");
    for (int i = 0; i < source->made_count; i++) {
        const struct ir_made *made = &source->made[i];
        buffer_printf(out, "  column[%d] %s ", made->column,
                      made->is_generated ? "generated" : "default");
        ir_print_expr(made->expr, out);
        buffer_append_byte(out, '\n');
    }
    for (int i = 0; i < source->check_count; i++) {
        buffer_append_text(out, "  check ");
        print_name(source->checks[i].name, out);
        buffer_append_byte(out, ' ');
        ir_print_expr(source->checks[i].condition, out);
        buffer_append_byte(out, '\n');
    }
}

/* Where the events come from: part of the program, not of the state of a view. */
static void print_place(const char *what, const char *value, struct buffer *out)
{
    if (!value) return;
    size_t size = 0;
    while (value[size]) size++;
    buffer_printf(out, "  %s ", what);
    print_quoted(value, size, out);
    buffer_append_byte(out, '\n');
}

static void print_places(const struct ir_source *source, struct buffer *out)
{
    print_place("server", source->server, out);
    print_place("brokers", source->brokers, out);
    print_place("topic", source->topic, out);
    print_place("format", source->format, out);
    print_place("history", source->history, out);
}

static void print_bound(const char *what, const struct ir_bound *bound, struct buffer *out)
{
    if (!bound->is_set) return;
    buffer_printf(out, " %s%s now", what, bound->is_inclusive ? "=" : "");
    for (int i = 0; i < bound->step_count; i++) {
        const struct nt_bound_step *step = &bound->steps[i];
        if (step->kind == NT_BOUND_TRUNC)
            buffer_printf(out, " trunc %s", field_names[step->field]);
        else
            buffer_printf(out, " %s %" PRId64 " us", step->kind == NT_BOUND_BIN ? "bin" : "minus",
                          step->us);
    }
}

static void print_window(const struct ir_window *window, struct buffer *out)
{
    print_bound(">", &window->lower, out);
    print_bound("<", &window->upper, out);
    if (window->has_frame) buffer_printf(out, " newest minus %" PRId64 " us", window->frame_us);
}

static void print_measure(int index, const struct ir_measure *measure, struct buffer *out)
{
    buffer_printf(out, "  measure[%d] %s%s", index, measure->aggregate,
                  measure->is_distinct ? " distinct" : "");
    for (int i = 0; i < measure->parameter_count; i++) {
        buffer_append_byte(out, ' ');
        print_constant(measure->parameter_types[i], measure->parameters[i], out);
    }
    for (int i = 0; i < measure->argument_count; i++)
        buffer_printf(out, " argument[%d] %s", measure->arguments[i], type_name(measure->types[i]));
    if (measure->filter >= 0) buffer_printf(out, " filter argument[%d]", measure->filter);
    buffer_printf(out, " -> %s\n", type_name(measure->result));
}

static void print_feature(const struct ir_feature *feature, struct buffer *out)
{
    buffer_append_text(out, feature->name ? "  feature " : "  having");
    if (feature->name) print_name(feature->name, out);
    buffer_printf(out, " %s%s ", type_name(feature->type),
                  feature->reads_clock ? " reads clock" : "");
    ir_print_expr(feature->expr, out);
    buffer_append_byte(out, '\n');
}

/* Whose the events of a feed are. */
static void print_entity(const struct ir_view *view, const struct ir_feed *feed, struct buffer *out)
{
    for (int i = 0; i < view->key_count; i++) {
        print_column("key", i, &view->keys[i], out);
        buffer_append_text(out, "    is ");
        ir_print_expr(feed->keys[i], out);
        buffer_append_byte(out, '\n');
    }
    if (feed->where) {
        buffer_append_text(out, "  where ");
        ir_print_expr(feed->where, out);
        buffer_append_byte(out, '\n');
    }
}

static void print_feed(const struct ir_view *view, const struct ir_feed *feed, struct buffer *out)
{
    print_entity(view, feed, out);
    for (int i = 0; i < view->argument_count; i++) {
        buffer_printf(out, "  argument[%d] %s ", i, type_name(view->arguments[i].expr->type));
        ir_print_expr(feed->arguments[i], out);
        buffer_append_byte(out, '\n');
    }
}

static void print_repeats(const struct ir_view *view, struct buffer *out)
{
    if (view->has_repeats)
        buffer_printf(out, "  one event of a key within %" PRId64 " us\n", view->repeats_us);
}

static void print_view(const struct ir_program *program, const struct ir_view *view,
                       struct buffer *out)
{
    buffer_append_text(out, "view ");
    print_name(view->name, out);
    for (int i = 0; i < view->feed_count; i++) {
        buffer_append_text(out, i ? "  and from " : " from ");
        print_name(program->sources[view->feeds[i].source].name, out);
        buffer_append_byte(out, '\n');
        print_feed(view, &view->feeds[i], out);
    }
    if (view->has_event_key)
        buffer_append_text(out, "  the last two arguments tell equal events\n");
    print_repeats(view, out);
    for (int i = 0; i < view->window_count; i++) {
        buffer_printf(out, "  window[%d]", i);
        print_window(&view->windows[i], out);
        buffer_append_byte(out, '\n');
    }
    for (int i = 0; i < view->measure_count; i++) print_measure(i, &view->measures[i], out);
    for (int i = 0; i < view->term_count; i++)
        buffer_printf(out, "  term[%d] measure[%d] window[%d]\n", i, view->terms[i].measure,
                      view->terms[i].window);
    for (int i = 0; i < view->feature_count; i++) print_feature(&view->features[i], out);
    if (view->having) print_feature(view->having, out);
}

static void print_join(const struct ir_program *program, int index, const struct ir_join *join,
                       struct buffer *out)
{
    const struct ir_view *view = &program->views[join->view];
    buffer_printf(out, "  join[%d] ", index);
    print_name(view->name, out);
    for (int i = 0; i < view->key_count; i++) {
        buffer_append_byte(out, ' ');
        ir_print_expr(join->key[i], out);
    }
    buffer_append_byte(out, '\n');
}

static void print_output(const struct ir_output *output, struct buffer *out)
{
    buffer_append_text(out, "  output ");
    print_name(output->name, out);
    buffer_printf(out, " %s ", type_name(output->type));
    ir_print_expr(output->expr, out);
    for (int i = 0; i < output->input_count; i++)
        buffer_printf(out, " input[%d]=join[%u].feature[%u]", i, output->inputs[i].join,
                      output->inputs[i].feature);
    buffer_append_byte(out, '\n');
}

static void print_service(const struct ir_program *program, const struct ir_service *service,
                          struct buffer *out)
{
    buffer_append_text(out, "service ");
    print_name(service->name, out);
    buffer_append_text(out, " from ");
    print_name(service->request, out);
    buffer_append_byte(out, '\n');
    for (int i = 0; i < service->column_count; i++)
        print_column("column", i, &service->columns[i], out);
    for (int i = 0; i < service->join_count; i++) print_join(program, i, &service->joins[i], out);
    for (int i = 0; i < service->output_count; i++) print_output(&service->outputs[i], out);
    for (int i = 0; i < service->grantee_count; i++) {
        buffer_append_text(out, "  grant ");
        print_name(service->grantees[i], out);
        buffer_append_byte(out, '\n');
    }
}

/* What a term reads: the argument in every feed. */
static void print_read(const struct ir_view *view, const char *what, int argument,
                       struct buffer *out)
{
    for (int i = 0; i < view->feed_count; i++) {
        const struct ir_expr *expr = view->feeds[i].arguments[argument];
        buffer_printf(out, " %s %s ", what, type_name(expr->type));
        ir_print_expr(expr, out);
    }
}

static void print_term(const struct ir_view *view, const struct ir_term *term, struct buffer *out)
{
    const struct ir_measure *measure = &view->measures[term->measure];
    buffer_printf(out, "(%s%s", measure->aggregate, measure->is_distinct ? " distinct" : "");
    for (int i = 0; i < measure->parameter_count; i++)
        print_constant(measure->parameter_types[i], measure->parameters[i], out);
    for (int i = 0; i < measure->argument_count; i++)
        print_read(view, "of", measure->arguments[i], out);
    if (measure->filter >= 0) print_read(view, "filter", measure->filter, out);
    print_window(&view->windows[term->window], out);
    buffer_append_byte(out, ')');
}

void ir_print_feature(const struct ir_program *program, const struct ir_view *view,
                      const struct ir_feature *feature, struct buffer *out)
{
    for (int i = 0; i < view->feed_count; i++) {
        print_source(&program->sources[view->feeds[i].source], out);
        print_entity(view, &view->feeds[i], out);
    }
    print_repeats(view, out);
    buffer_append_text(out, "present ");
    print_term(view, &view->terms[0], out);
    buffer_append_text(out, "\nhaving ");
    if (view->having) print_expr(view->having->expr, view, out);
    buffer_printf(out, "\nfeature %s ", type_name(feature->type));
    print_name(feature->name, out);
    buffer_append_byte(out, ' ');
    print_expr(feature->expr, view, out);
    buffer_append_byte(out, '\n');
}

void ir_print_view(const struct ir_program *program, const struct ir_view *view, struct buffer *out)
{
    for (int i = 0; i < view->feed_count; i++)
        print_source(&program->sources[view->feeds[i].source], out);
    print_view(program, view, out);
}

void ir_print(const struct ir_program *program, struct buffer *out)
{
    for (int i = 0; i < program->source_count; i++) {
        print_source(&program->sources[i], out);
        print_places(&program->sources[i], out);
    }
    for (int i = 0; i < program->view_count; i++) print_view(program, &program->views[i], out);
    for (int i = 0; i < program->service_count; i++)
        print_service(program, &program->services[i], out);
}
