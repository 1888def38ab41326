/* verify_compare.c: equal, or printed with key, T and both values; see verify.h. */
#include "cli/verify.h"
#include "row/value_text.h"
#include "runtime/aggregate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIFFERENCES_SHOWN_MAX 20
#define FLOAT_TOLERANCE       1e-12
#define FLOAT4_TOLERANCE      1e-5 /* PostgreSQL sums float4 in float4 */

static const char *const path_names[VERIFY_PATHS] = {"history", "materialized", "online",
                                                     "postgresql"};

/* The aggregates whose float results PostgreSQL rounds on the way: contract, 3.5. */
static bool is_rounded(const struct nt_measure *measure)
{
    const struct nt_aggregate *aggregate = measure->over ? measure->over : measure->aggregate;
    return measure->result != NT_INT8 && aggregate->is_rounded;
}

static bool feature_is_rounded(const struct nt_view *view, uint16_t feature)
{
    for (uint16_t t = 0; t < view->features[feature].term_count; t++)
        if (is_rounded(&view->measures[view->terms[view->features[feature].terms[t]].measure]))
            return true;
    return false;
}

/* Whether an output may differ from PostgreSQL's in the last digits of a float. */
static bool output_is_rounded(const struct target *target, uint16_t output)
{
    if (target->view) return feature_is_rounded(target->view, output);
    const struct nt_output *described = &target->service->outputs[output];
    for (uint16_t i = 0; i < described->input_count; i++) {
        const struct nt_join *join = &target->service->joins[described->inputs[i].join];
        if (feature_is_rounded(&target->program->views[join->view], described->inputs[i].feature))
            return true;
    }
    return false;
}

/* How far an output may be from PostgreSQL's, as a part of it. */
static double output_tolerance(const struct target *target, uint16_t output)
{
    enum nt_type type =
        target->view ? target->view->features[output].type : target->service->outputs[output].type;
    if (!output_is_rounded(target, output)) return 0;
    return type == NT_FLOAT4 ? FLOAT4_TOLERANCE : FLOAT_TOLERANCE;
}

static bool is_same(const char *x, const char *y, double tolerance)
{
    if (!x || !y) return x == y;
    if (strcmp(x, y) == 0) return true;
    if (tolerance == 0) return false;
    double a = strtod(x, NULL), b = strtod(y, NULL);
    return fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b));
}

static void print_difference(const struct target *target, const struct draw *draw, uint16_t output,
                             enum verify_path path, const char *expected, const char *got)
{
    struct buffer line = {0};
    for (uint16_t i = 0; i < target->input_count; i++) {
        buffer_printf(&line, "%s%s=", i ? " " : "", target->inputs[i].name);
        if (draw->inputs[i].is_null)
            buffer_append_text(&line, "NULL");
        else
            value_append_text(target->inputs[i].type, draw->inputs[i], &line);
    }
    buffer_append_text(&line, " at ");
    value_append_text(NT_TIMESTAMPTZ, nt_timestamptz(draw->at.us), &line);
    printf("%s.%s for %s: history %s, %s %s\n", target->name, target_output_name(target, output),
           buffer_text(&line), expected ? expected : "NULL", path_names[path], got ? got : "NULL");
    buffer_deinit(&line);
}

void verify_compare(const struct target *target, const struct draw *draws, size_t count,
                    enum verify_path path, const struct answers *expected,
                    const struct answers *answers, struct verify_count *counted)
{
    for (uint16_t o = 0; o < target->output_count; o++) {
        double tolerance = path == VERIFY_POSTGRES ? output_tolerance(target, o) : 0;
        for (size_t q = 0; q < count; q++) {
            if (!answers->is_answered[q] || !expected->is_answered[q]) continue;
            size_t at = q * target->output_count + o;
            counted->values++;
            if (is_same(expected->texts[at], answers->texts[at], tolerance)) continue;
            if (counted->differences++ < DIFFERENCES_SHOWN_MAX)
                print_difference(target, &draws[q], o, path, expected->texts[at],
                                 answers->texts[at]);
        }
    }
    for (size_t q = 0; q < count; q++) counted->questions += answers->is_answered[q];
}
