/* candidates.c: which line of functions.def a call means: func_select_candidate and
 * binary_oper_exact of PostgreSQL 15. */
#include "compiler/candidates.h"

#include "compiler/resolve.h"

#include <string.h>

/* typcategory of pg_type. */
char type_category(enum nt_type type)
{
    if (type_is_enum(type)) return 'E';
    if (nt_type_is_array(type)) return 'A';
    switch (type) {
    case NT_BOOL:
        return 'B';
    case NT_TEXT:
        return 'S';
    case NT_DATE:
    case NT_TIMESTAMPTZ:
        return 'D';
    case NT_INTERVAL:
        return 'T';
    case NT_UUID:
    case NT_BYTEA:
    case NT_JSONB:
        return 'U';
    default:
        return 'N';
    }
}

/* typispreferred; bool is, too, but no cast leads to it. */
bool type_is_preferred(enum nt_type type)
{
    return type == NT_FLOAT8 || type == NT_TEXT || type == NT_TIMESTAMPTZ || type == NT_INTERVAL;
}

#define CANDIDATES_MAX 64

/* Lines of functions.def that are still meant. */
struct candidates {
    int count;
    int list[CANDIDATES_MAX];
};

static enum nt_type candidate_type(const struct candidates *candidates, int index, int argument)
{
    return ir_function_argument(&ir_functions[candidates->list[index]], argument);
}

/* Keeps those with the most points, as func_select_candidate does. */
static void candidates_keep_best(struct candidates *candidates, const int *points)
{
    int best = 0, kept = 0;
    for (int i = 0; i < candidates->count; i++)
        if (points[i] > best) best = points[i];
    for (int i = 0; i < candidates->count; i++)
        if (points[i] == best) candidates->list[kept++] = candidates->list[i];
    candidates->count = kept;
}

static void candidates_find(enum ir_function_kind kind, const char *name,
                            struct ir_expr *const *arguments, int count,
                            struct candidates *candidates)
{
    candidates->count = 0;
    for (int i = 0; i < ir_function_count; i++) {
        const struct ir_function *function = &ir_functions[i];
        bool fits = function->kind == kind && !function->is_of_arrays &&
                    (function->is_variadic ? count > 0 : function->argument_count == count) &&
                    strcmp(function->name, name) == 0;
        for (int j = 0; fits && j < count; j++)
            fits = coerce_is_implicit(arguments[j], ir_function_argument(function, j));
        if (fits && candidates->count < CANDIDATES_MAX) candidates->list[candidates->count++] = i;
    }
}

/* binary_oper_exact: an unknown argument is first taken for the type of the other. */
static int operator_exact(const struct candidates *candidates, struct ir_expr *const *arguments,
                          int count)
{
    bool is_known[2] = {!arguments[0]->is_unknown_literal,
                        count == 2 && !arguments[1]->is_unknown_literal};
    if (!is_known[0] && !is_known[1]) return -1;
    enum nt_type left = is_known[0] ? arguments[0]->type : arguments[1]->type;
    enum nt_type right = is_known[1] ? arguments[1]->type : left;
    for (int i = 0; i < candidates->count; i++) {
        const struct ir_function *function = &ir_functions[candidates->list[i]];
        if (function->arguments[0] == left && (count == 1 || function->arguments[1] == right))
            return candidates->list[i];
    }
    return -1;
}

static void candidates_keep_exact(struct candidates *candidates, struct ir_expr *const *arguments,
                                  int count, bool or_preferred)
{
    int points[CANDIDATES_MAX] = {0};
    for (int i = 0; i < candidates->count; i++)
        for (int j = 0; j < count; j++) {
            enum nt_type type = candidate_type(candidates, i, j);
            if (arguments[j]->is_unknown_literal) continue;
            points[i] += arguments[j]->type == type || (or_preferred && type_is_preferred(type));
        }
    candidates_keep_best(candidates, points);
}

/* Unknown literals: text where a candidate takes text, else the category they all agree on, then
 * its preferred type. */
static void candidates_keep_category(struct candidates *candidates,
                                     struct ir_expr *const *arguments, int count)
{
    for (int j = 0; j < count; j++) {
        if (!arguments[j]->is_unknown_literal) continue;
        char category = 0;
        bool is_mixed = false;
        for (int i = 0; i < candidates->count; i++) {
            char here = type_category(candidate_type(candidates, i, j));
            is_mixed |= category && here != category;
            if (category != 'S') category = here;
            if (here == 'S') category = 'S';
        }
        if (is_mixed && category != 'S') return;
        int points[CANDIDATES_MAX] = {0};
        for (int i = 0; i < candidates->count; i++) {
            enum nt_type type = candidate_type(candidates, i, j);
            points[i] = (type_category(type) == category) * (1 + type_is_preferred(type));
        }
        candidates_keep_best(candidates, points);
    }
}

/* The known arguments are of one type: the unknown ones are taken for it, if that leaves one
 * candidate. */
static void candidates_keep_known(struct candidates *candidates, struct ir_expr *const *arguments,
                                  int count)
{
    int known = -1, points[CANDIDATES_MAX] = {0};
    for (int j = 0; j < count; j++) {
        if (arguments[j]->is_unknown_literal) continue;
        if (known >= 0 && arguments[known]->type != arguments[j]->type) return;
        known = j;
    }
    if (known < 0) return;
    for (int i = 0; i < candidates->count; i++) {
        points[i] = 1;
        for (int j = 0; j < count; j++)
            points[i] &= coerce_is_implicit(arguments[known], candidate_type(candidates, i, j));
    }
    candidates_keep_best(candidates, points);
}

/* func_select_candidate. -1: none, or several. */
static int candidates_select(struct candidates *candidates, struct ir_expr *const *arguments,
                             int count, bool *is_ambiguous)
{
    if (candidates->count > 1) candidates_keep_exact(candidates, arguments, count, false);
    if (candidates->count > 1) candidates_keep_exact(candidates, arguments, count, true);
    if (candidates->count > 1) candidates_keep_category(candidates, arguments, count);
    if (candidates->count > 1) candidates_keep_known(candidates, arguments, count);
    *is_ambiguous = candidates->count > 1;
    return candidates->count == 1 ? candidates->list[0] : -1;
}

int candidates_operator(const char *name, struct ir_expr *const *arguments, int count,
                        bool *is_ambiguous)
{
    struct candidates candidates;
    *is_ambiguous = false;
    candidates_find(IR_OPERATOR, name, arguments, count, &candidates);
    int exact = operator_exact(&candidates, arguments, count);
    return exact >= 0 ? exact : candidates_select(&candidates, arguments, count, is_ambiguous);
}

int candidates_function(const char *name, struct ir_expr *const *arguments, int count,
                        bool *is_ambiguous)
{
    struct candidates candidates;
    *is_ambiguous = false;
    candidates_find(IR_FUNCTION, name, arguments, count, &candidates);
    return candidates_select(&candidates, arguments, count, is_ambiguous);
}

bool candidates_exist(enum ir_function_kind kind, const char *name)
{
    for (int i = 0; i < ir_function_count; i++)
        if (ir_functions[i].kind == kind && strcmp(ir_functions[i].name, name) == 0) return true;
    return false;
}
