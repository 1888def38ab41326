/* explain.c: a program in words: what a view keeps of an entity, for how long, and what a lookup
 * reads. */
#include "compiler/bound.h"
#include "compiler/compile.h"

#include "row/time.h"
#include "row/value_text.h"

#define DAY_US INT64_C(86400000000)

static const char *plural(int count)
{
    return count == 1 ? "" : "s";
}

/* SQL on one line. */
static void line_append(const char *sql, struct buffer *out)
{
    for (; *sql; sql++) {
        bool is_blank = *sql == ' ' || *sql == '\n' || *sql == '\t' || *sql == '\r';
        if (!is_blank)
            buffer_append_byte(out, (uint8_t)*sql);
        else if (sql[1] != ' ' && sql[1] != '\n' && sql[1] != '\t' && sql[1] != '\r')
            buffer_append_byte(out, ' ');
    }
}

static void sources_print(const struct ir_program *program, const struct ir_view *view,
                          struct buffer *out)
{
    for (int i = 0; i < view->feed_count; i++) {
        const struct ir_feed *feed = &view->feeds[i];
        buffer_printf(out, "  reads %s", program->sources[feed->source].name);
        if (feed->where_sql && *feed->where_sql) {
            buffer_append_text(out, " where ");
            line_append(feed->where_sql, out);
        }
        buffer_append_byte(out, '\n');
    }
}

static void arguments_print(const struct ir_view *view, struct buffer *out)
{
    buffer_append_text(out, "  keeps of each event its time");
    for (int i = 0; i < view->argument_count; i++) {
        const struct ir_enum *enumeration = view->arguments[i].enumeration;
        enum nt_type type = view->arguments[i].expr->type;
        buffer_printf(out, "%s%s%s", i ? ", " : " and ",
                      enumeration ? enumeration->name : type_name(type),
                      enumeration && nt_type_is_array(type) ? "[]" : "");
    }
    buffer_append_byte(out, '\n');
}

/* How long before now() a window needs events one by one. */
static int64_t window_span_us(const struct ir_window *window)
{
    int64_t reach = 0;
    if (window->lower.is_set || window->upper.is_set)
        reach = bound_reach_us(window->lower.is_set ? &window->lower : &window->upper);
    return reach > 0 ? reach : 0;
}

/* The frame of an entity's newest event, where that may be of any age; an event key, of which an
 * equal event may come at any time. */
static bool keeps_all(const struct ir_view *view)
{
    bool has_key = view->has_event_key || view->has_repeats;
    for (int i = 0; i < view->window_count; i++)
        if ((view->windows[i].has_frame || has_key) && !view->windows[i].lower.is_set) return true;
    return false;
}

static void time_print(int64_t us, struct buffer *out)
{
    interval_append_text((struct nt_interval){.days = (int32_t)(us / DAY_US), .us = us % DAY_US},
                         out);
}

/* The sources whose event keys are known by a list. */
static void repeats_print(const struct ir_program *program, const struct ir_view *view,
                          struct buffer *out)
{
    const char *before = "  keeps of each event key of ";
    if (!view->has_repeats) return;
    for (int i = 0; i < view->feed_count; i++) {
        const struct ir_source *source = &program->sources[view->feeds[i].source];
        bool is_first = source->key_count > 0;
        for (int j = 0; j < i; j++) is_first &= view->feeds[j].source != view->feeds[i].source;
        if (!is_first) continue;
        buffer_printf(out, "%s%s", before, source->name);
        before = ", ";
    }
    if (view->repeats_us == NT_REPEATS_FOREVER) {
        buffer_append_text(out, " its events, whole rows, for ever: what a view without a bound "
                                "counts once\n    may come again at any time, so nothing of it "
                                "is folded into partials alone\n");
        return;
    }
    buffer_append_text(out, " its events, whole rows: one that comes again within ");
    time_print(view->repeats_us, out);
    buffer_append_text(out, " is not counted;\n    they are dropped with the events that it could "
                            "repeat, some windows later\n");
}

static void span_print(const struct ir_view *view, struct buffer *out)
{
    int64_t span = 0;
    if (keeps_all(view)) {
        buffer_append_text(out, "  drops no event\n");
        return;
    }
    for (int i = 0; i < view->window_count; i++)
        if (window_span_us(&view->windows[i]) > span) span = window_span_us(&view->windows[i]);
    buffer_append_text(out, "  drops an event when it is ");
    if (span > 0) {
        time_print(span, out);
        buffer_append_text(out, " and ");
    }
    buffer_append_text(
        out, view->has_repeats ? "store.past_reads_s older than the newest of all, or up to as "
                                 "much later again\n"
                               : "store.past_reads_s older than the newest of its entity, or a bit "
                                 "later\n");
}

static bool measure_is_lifetime(const struct ir_view *view, int measure)
{
    for (int i = 0; i < view->term_count; i++)
        if (view->terms[i].measure == measure &&
            !view->windows[view->terms[i].window].lower.is_set &&
            !view->windows[view->terms[i].window].has_frame)
            return true;
    return false;
}

static void measures_print(const struct ir_view *view, bool is_lifetime, const char *what,
                           struct buffer *out)
{
    int count = 0;
    for (int i = 0; i < view->measure_count; i++) {
        if (is_lifetime && !measure_is_lifetime(view, i)) continue;
        if (!count++) buffer_printf(out, "  %s\n", what);
        buffer_append_text(out, "    ");
        line_append(view->measures[i].sql, out);
        buffer_append_byte(out, '\n');
    }
}

static void lookup_print(const struct ir_view *view, struct buffer *out)
{
    buffer_printf(
        out,
        "  a lookup makes %d value%s over %d window%s: from one record of a small entity; "
        "of a large one\n    it merges some partials, their number the logarithm of its "
        "events, and reads the ends of each window\n",
        view->term_count, plural(view->term_count), view->window_count, plural(view->window_count));
}

static void clock_print(const struct ir_view *view, struct buffer *out)
{
    int count = 0;
    for (int i = 0; i < view->feature_count; i++)
        if (view->features[i].reads_clock)
            buffer_printf(out, "%s%s",
                          count++ ? ", " : "  changes with the clock, without an event: ",
                          view->features[i].name);
    if (count) buffer_append_byte(out, '\n');
}

static void view_print(const struct ir_program *program, const struct ir_view *view,
                       struct buffer *out)
{
    buffer_printf(out, "view %s: one row for each ", view->name);
    for (int i = 0; i < view->key_count; i++)
        buffer_printf(out, "%s%s", i ? ", " : "", view->keys[i].name);
    buffer_append_byte(out, '\n');
    sources_print(program, view, out);
    arguments_print(view, out);
    span_print(view, out);
    repeats_print(program, view, out);
    measures_print(view, false, "keeps of each tile of time a partial, whatever the window, of",
                   out);
    measures_print(view, true, "keeps for ever a partial of", out);
    lookup_print(view, out);
    clock_print(view, out);
}

static void service_print(const struct ir_program *program, const struct ir_service *service,
                          struct buffer *out)
{
    buffer_printf(out, "service %s: %d output%s for a row of %s\n", service->name,
                  service->output_count, plural(service->output_count), service->request);
    for (int i = 0; i < service->join_count; i++)
        buffer_printf(out, "  reads an entity of %s\n",
                      program->views[service->joins[i].view].name);
}

void explain_print(const struct ir_program *program, struct buffer *out)
{
    for (int i = 0; i < program->view_count; i++) {
        if (out->size) buffer_append_byte(out, '\n');
        view_print(program, &program->views[i], out);
    }
    for (int i = 0; i < program->service_count; i++) {
        if (out->size) buffer_append_byte(out, '\n');
        service_print(program, &program->services[i], out);
    }
}
