/* parse_expr.c: expressions, from libpg_query's tree to ours. */
#include "compiler/parse.h"

#include <stdio.h>
#include <string.h>

/* Later passes and the emitted C recurse over expressions. */
#define EXPRESSION_DEPTH_MAX 500

static struct ast_expr *expr_new(struct parser *parser, enum ast_kind kind, int offset,
                                 size_t count)
{
    struct ast_expr *expr = nt_arena_zalloc(parser->arena, sizeof *expr);
    expr->kind = kind;
    expr->offset = expr->start = offset >= 0 ? offset : parser->place;
    expr->arguments = nt_arena_zalloc(parser->arena, (count ? count : 1) * sizeof *expr->arguments);
    return expr;
}

/* Reads a node as the next argument; false: refused. */
static bool expr_add(struct parser *parser, struct ast_expr *expr, const PgQuery__Node *node)
{
    struct ast_expr *argument = parse_expr(parser, node);
    if (!argument) return false;
    expr->arguments[expr->argument_count++] = argument;
    if (argument->start < expr->start) expr->start = argument->start;
    return true;
}

static bool expr_add_all(struct parser *parser, struct ast_expr *expr, PgQuery__Node *const *nodes,
                         size_t count)
{
    bool is_right = true;
    for (size_t i = 0; i < count; i++) is_right &= expr_add(parser, expr, nodes[i]);
    return is_right;
}

static struct ast_expr *expr_not(struct parser *parser, struct ast_expr *inner)
{
    if (!inner) return NULL;
    struct ast_expr *expr = expr_new(parser, AST_NOT, inner->offset, 1);
    expr->start = inner->start;
    expr->arguments[expr->argument_count++] = inner;
    return expr;
}

static struct ast_expr *refuse(struct parser *parser, int offset, const char *what,
                               const char *cure)
{
    *diagnostics_error(parser->diagnostics, offset, "%s is not part of the definition language",
                       what) = cure;
    return NULL;
}

static struct ast_expr *parse_const(struct parser *parser, const PgQuery__AConst *constant)
{
    struct ast_expr *expr = expr_new(parser, AST_NULL, constant->location, 0);
    if (constant->isnull) return expr;
    switch (constant->val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
        expr->kind = AST_INTEGER;
        expr->name = nt_arena_printf(parser->arena, "%d", constant->ival->ival);
        return expr;
    case PG_QUERY__A__CONST__VAL_FVAL:
        expr->kind = AST_DECIMAL;
        expr->name = parse_copy(parser, constant->fval->fval);
        return expr;
    case PG_QUERY__A__CONST__VAL_SVAL:
        expr->kind = AST_STRING;
        expr->name = parse_copy(parser, constant->sval->sval);
        return expr;
    case PG_QUERY__A__CONST__VAL_BOOLVAL:
        expr->kind = AST_BOOLEAN;
        expr->name = constant->boolval->boolval ? "true" : "false";
        return expr;
    default:
        return refuse(parser, expr->offset, "a bit string", "an integer");
    }
}

static struct ast_expr *parse_column(struct parser *parser, const PgQuery__ColumnRef *column)
{
    struct ast_expr *expr = expr_new(parser, AST_COLUMN, column->location, 0);
    for (size_t i = 0; i < column->n_fields; i++)
        if (column->fields[i]->node_case != PG_QUERY__NODE__NODE_STRING)
            return refuse(parser, expr->offset, "*", "the names of the columns");
    if (column->n_fields == 0 || column->n_fields > 2)
        return refuse(parser, expr->offset, "a column name with a schema",
                      "table.column, or the column alone");
    expr->name = parse_copy(parser, parse_string(column->fields[column->n_fields - 1]));
    if (column->n_fields == 2)
        expr->qualifier = parse_copy(parser, parse_string(column->fields[0]));
    return expr;
}

static struct ast_expr *parse_operator(struct parser *parser, const PgQuery__AExpr *operation)
{
    struct ast_expr *expr = expr_new(parser, AST_OPERATOR, operation->location, 2);
    if (operation->n_name != 1)
        return refuse(parser, expr->offset, "OPERATOR(...)", "the operator's sign alone");
    expr->name = parse_copy(parser, parse_string(operation->name[0]));
    bool is_right = !operation->lexpr || expr_add(parser, expr, operation->lexpr);
    is_right &= expr_add(parser, expr, operation->rexpr);
    return is_right ? expr : NULL;
}

/* BETWEEN and IN: a value and a list. */
static struct ast_expr *parse_listed(struct parser *parser, const PgQuery__AExpr *operation,
                                     enum ast_kind kind)
{
    const PgQuery__Node *right = operation->rexpr;
    if (!right || right->node_case != PG_QUERY__NODE__NODE_LIST)
        return refuse(parser, operation->location, parse_describe(right), "IN (value, ...)");
    const PgQuery__List *list = right->list;
    struct ast_expr *expr = expr_new(parser, kind, operation->location, list->n_items + 1);
    bool is_right = expr_add(parser, expr, operation->lexpr);
    is_right &= expr_add_all(parser, expr, list->items, list->n_items);
    return is_right ? expr : NULL;
}

static struct ast_expr *parse_pair(struct parser *parser, const PgQuery__AExpr *operation,
                                   enum ast_kind kind)
{
    struct ast_expr *expr = expr_new(parser, kind, operation->location, 2);
    bool is_right = expr_add(parser, expr, operation->lexpr);
    is_right &= expr_add(parser, expr, operation->rexpr);
    return is_right ? expr : NULL;
}

/* x operator ANY (ARRAY[...]) */
static struct ast_expr *parse_any(struct parser *parser, const PgQuery__AExpr *operation)
{
    struct ast_expr *expr = expr_new(parser, AST_ANY, operation->location, 2);
    if (operation->n_name != 1)
        return refuse(parser, expr->offset, "OPERATOR(...)", "the operator's sign alone");
    expr->name = parse_copy(parser, parse_string(operation->name[0]));
    expr->is_all = operation->kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL;
    bool is_right = expr_add(parser, expr, operation->lexpr);
    is_right &= expr_add(parser, expr, operation->rexpr);
    return is_right ? expr : NULL;
}

static struct ast_expr *parse_array(struct parser *parser, const PgQuery__AArrayExpr *array)
{
    struct ast_expr *expr = expr_new(parser, AST_ARRAY, array->location, array->n_elements);
    return expr_add_all(parser, expr, array->elements, array->n_elements) ? expr : NULL;
}

/* A bound of a slice; where none is written, one that no array reaches. */
static bool slice_add(struct parser *parser, struct ast_expr *expr, const PgQuery__Node *bound,
                      int otherwise)
{
    if (bound) return expr_add(parser, expr, bound);
    struct ast_expr *argument = expr_new(parser, AST_INTEGER, expr->offset, 0);
    argument->name = nt_arena_printf(parser->arena, "%d", otherwise);
    expr->arguments[expr->argument_count++] = argument;
    return true;
}

/* a[i] and a[i:j] */
static struct ast_expr *parse_subscript(struct parser *parser, const PgQuery__AIndirection *node)
{
    int offset = parse_place(parser, node->arg);
    const PgQuery__Node *first = node->n_indirection ? node->indirection[0] : NULL;
    if (!first || first->node_case != PG_QUERY__NODE__NODE_A_INDICES)
        return refuse(parser, offset, "the selection of a field", "a column");
    if (node->n_indirection > 1)
        return refuse(parser, offset, "a second subscript", "one: arrays have one dimension");
    const PgQuery__AIndices *indices = first->a_indices;
    struct ast_expr *expr = expr_new(parser, indices->is_slice ? AST_SLICE : AST_INDEX, offset, 3);
    bool is_right = expr_add(parser, expr, node->arg);
    if (!indices->is_slice)
        is_right &= expr_add(parser, expr, indices->uidx);
    else
        is_right &= slice_add(parser, expr, indices->lidx, 1) &&
                    slice_add(parser, expr, indices->uidx, INT32_MAX);
    if (is_right && indices->uidx)
        parse_list_bound(expr->arguments[0], expr->arguments[expr->argument_count - 1]);
    return is_right ? expr : NULL;
}

static struct ast_expr *parse_named(struct parser *parser, const PgQuery__NamedArgExpr *named)
{
    struct ast_expr *expr = expr_new(parser, AST_NAMED, named->location, 1);
    expr->name = parse_copy(parser, named->name);
    return expr_add(parser, expr, named->arg) ? expr : NULL;
}

static struct ast_expr *parse_a_expr(struct parser *parser, const PgQuery__AExpr *operation)
{
    switch (operation->kind) {
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP:
        return parse_operator(parser, operation);
    case PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT:
        return parse_pair(parser, operation, AST_DISTINCT);
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT:
        return expr_not(parser, parse_pair(parser, operation, AST_DISTINCT));
    case PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF:
        return parse_pair(parser, operation, AST_NULLIF);
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN: {
        struct ast_expr *in = parse_listed(parser, operation, AST_IN);
        return strcmp(parse_string(operation->name[0]), "<>") == 0 ? expr_not(parser, in) : in;
    }
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN:
        return parse_listed(parser, operation, AST_BETWEEN);
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN:
        return expr_not(parser, parse_listed(parser, operation, AST_BETWEEN));
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN_SYM:
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN_SYM:
        return refuse(parser, operation->location, "BETWEEN SYMMETRIC",
                      "BETWEEN least(a, b) AND greatest(a, b)");
    case PG_QUERY__A__EXPR__KIND__AEXPR_LIKE:
    case PG_QUERY__A__EXPR__KIND__AEXPR_ILIKE:
        return parse_operator(parser, operation);
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY:
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL:
        return parse_any(parser, operation);
    default: /* AEXPR_SIMILAR, the last of PostgreSQL's */
        return refuse(parser, operation->location, "SIMILAR TO", "LIKE, or several joined by OR");
    }
}

static struct ast_expr *parse_bool(struct parser *parser, const PgQuery__BoolExpr *boolean)
{
    enum ast_kind kind = boolean->boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR  ? AST_AND
                         : boolean->boolop == PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR ? AST_OR
                                                                                : AST_NOT;
    struct ast_expr *expr = expr_new(parser, kind, boolean->location, boolean->n_args);
    return expr_add_all(parser, expr, boolean->args, boolean->n_args) ? expr : NULL;
}

static struct ast_expr *parse_test(struct parser *parser, const PgQuery__Node *argument, int offset,
                                   enum ast_kind kind, bool is_negated)
{
    struct ast_expr *expr = expr_new(parser, kind, offset, 1);
    if (!expr_add(parser, expr, argument)) return NULL;
    return is_negated ? expr_not(parser, expr) : expr;
}

static struct ast_expr *parse_boolean_test(struct parser *parser, const PgQuery__BooleanTest *test)
{
    enum ast_kind kind = AST_IS_UNKNOWN;
    if (test->booltesttype <= PG_QUERY__BOOL_TEST_TYPE__IS_NOT_TRUE)
        kind = AST_IS_TRUE;
    else if (test->booltesttype <= PG_QUERY__BOOL_TEST_TYPE__IS_NOT_FALSE)
        kind = AST_IS_FALSE;
    bool is_negated = test->booltesttype == PG_QUERY__BOOL_TEST_TYPE__IS_NOT_TRUE ||
                      test->booltesttype == PG_QUERY__BOOL_TEST_TYPE__IS_NOT_FALSE ||
                      test->booltesttype == PG_QUERY__BOOL_TEST_TYPE__IS_NOT_UNKNOWN;
    return parse_test(parser, test->arg, test->location, kind, is_negated);
}

/* The subject, if any, then conditions and results in turn, then ELSE: NULL where none is written.
 */
static struct ast_expr *parse_case(struct parser *parser, const PgQuery__CaseExpr *node)
{
    struct ast_expr *expr = expr_new(parser, AST_CASE, node->location, 2 * node->n_args + 2);
    bool is_right = true;
    expr->has_subject = node->arg != NULL;
    if (node->arg) is_right &= expr_add(parser, expr, node->arg);
    for (size_t i = 0; i < node->n_args; i++) {
        if (node->args[i]->node_case != PG_QUERY__NODE__NODE_CASE_WHEN) return NULL;
        const PgQuery__CaseWhen *when = node->args[i]->case_when;
        is_right &= expr_add(parser, expr, when->expr);
        is_right &= expr_add(parser, expr, when->result);
    }
    if (node->defresult)
        is_right &= expr_add(parser, expr, node->defresult);
    else
        expr->arguments[expr->argument_count++] = expr_new(parser, AST_NULL, node->location, 0);
    return is_right ? expr : NULL;
}

/* The unit of interval '7' day: a whole number that takes its unit from the type. NULL: not that.
 */
static const char *cast_interval_unit(const PgQuery__TypeCast *cast)
{
    const PgQuery__Node *node = cast->arg;
    bool is_text = node->node_case == PG_QUERY__NODE__NODE_A_CONST &&
                   node->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL;
    if (!is_text) return NULL;
    const char *digits = node->a_const->sval->sval;
    digits += *digits == '-' || *digits == '+';
    bool is_number = *digits && strspn(digits, "0123456789") == strlen(digits);
    return is_number ? parse_interval_unit(cast->type_name) : NULL;
}

static struct ast_expr *parse_cast(struct parser *parser, const PgQuery__TypeCast *cast)
{
    int offset = cast->location >= 0 ? cast->location : cast->type_name->location;
    struct ast_expr *expr = expr_new(parser, AST_CAST, offset, 1);
    const char *unit = cast_interval_unit(cast);
    expr->type = NT_INTERVAL;
    bool is_right = unit || parse_type(parser, cast->type_name, &expr->type, &expr->typmod);
    is_right &= expr_add(parser, expr, cast->arg);
    if (!is_right) return NULL;
    if (expr->type == NT_DATE) expr->arguments[0] = parse_utc(parser, expr->arguments[0]);
    struct ast_expr *argument = expr->arguments[0];
    if (unit) argument->name = nt_arena_printf(parser->arena, "%s %s", argument->name, unit);
    expr->name =
        parse_copy(parser, parse_string(cast->type_name->names[cast->type_name->n_names - 1]));
    return expr;
}

static struct ast_expr *parse_value_function(struct parser *parser,
                                             const PgQuery__SQLValueFunction *function)
{
    bool is_date = function->op == PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_DATE;
    if (!is_date && function->op != PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP)
        return refuse(parser, function->location, "this SQL value function", "now()");
    struct ast_expr *expr = expr_new(parser, AST_NOW, function->location, 0);
    expr->name = is_date ? "current_date" : "current_timestamp";
    if (!is_date) return expr;
    struct ast_expr *date = expr_new(parser, AST_CAST, function->location, 1);
    date->name = "date";
    date->type = NT_DATE;
    date->arguments[date->argument_count++] = expr;
    return date;
}

/* WITHIN GROUP (ORDER BY x): one expression, ascending. NULLs are passed over, so their place in
 * the order is all the same. */
static bool order_check(struct parser *parser, const PgQuery__FuncCall *call)
{
    const PgQuery__Node *node = call->agg_order[0];
    bool is_plain = call->n_agg_order == 1 && node->node_case == PG_QUERY__NODE__NODE_SORT_BY &&
                    (node->sort_by->sortby_dir == PG_QUERY__SORT_BY_DIR__SORTBY_DEFAULT ||
                     node->sort_by->sortby_dir == PG_QUERY__SORT_BY_DIR__SORTBY_ASC);
    if (!is_plain)
        refuse(parser, call->location, "WITHIN GROUP of several columns or downwards",
               "WITHIN GROUP (ORDER BY column)");
    return is_plain;
}

/* Not of string_agg, which is refused for more. */
static bool order_is_known(const char *name)
{
    return strcmp(name, "array_agg") == 0 || strcmp(name, "string_agg") == 0;
}

/* The parts of PostgreSQL's calls that ours do not have. */
static bool call_check(struct parser *parser, const PgQuery__FuncCall *call, const char *name)
{
    int at = call->location;
    struct nt_arena *arena = parser->arena;
    if (call->over && call->agg_within_group)
        diagnostics_error(parser->diagnostics, at,
                          "OVER is not supported for ordered-set aggregate %s", name);
    else if (call->over && call->agg_distinct)
        *diagnostics_error(parser->diagnostics, at,
                           "DISTINCT is not implemented for window functions") =
            nt_arena_printf(arena, "%s without DISTINCT or without OVER", name);
    else if (call->agg_within_group)
        return order_check(parser, call);
    else if (call->over && call->n_agg_order)
        *diagnostics_error(parser->diagnostics, at,
                           "aggregate ORDER BY is not implemented for window functions") =
            nt_arena_printf(arena, "%s without ORDER BY or without OVER", name);
    else if (call->n_agg_order && !order_is_known(name))
        refuse(parser, at, nt_arena_printf(arena, "ORDER BY within %s", name),
               "first(value, time), last(value, time) or (array_agg(value ORDER BY time "
               "DESC))[1:100]");
    else if (call->func_variadic)
        refuse(parser, at, "VARIADIC", "the arguments one by one");
    else
        return true;
    return false;
}

/* The text of a call: to its ')', and on to those of WITHIN GROUP and FILTER. */
static void call_set_text(struct parser *parser, const PgQuery__FuncCall *call,
                          struct ast_expr *expr)
{
    const struct tokens *tokens = parser->tokens;
    int first = tokens_at(tokens, call->location), open = first;
    while (open < tokens->count && tokens->list[open].kind != PG_QUERY__TOKEN__ASCII_40) open++;
    int last = tokens_close(tokens, open);
    if (call->agg_within_group && last >= 0) last = tokens_close(tokens, last + 3);
    if (call->agg_filter && last >= 0) {
        open = last + 2; /* FILTER ( */
        last = tokens_close(tokens, open);
        expr->filter_sql = tokens_slice(tokens, open + 2, last - 1, parser->arena);
    }
    expr->sql = tokens_slice(tokens, first, last, parser->arena);
}

static struct ast_expr *parse_call(struct parser *parser, const PgQuery__FuncCall *call)
{
    const char *name = call->n_funcname ? parse_string(call->funcname[call->n_funcname - 1]) : "";
    bool is_catalog =
        call->n_funcname == 1 ||
        (call->n_funcname == 2 && strcmp(parse_string(call->funcname[0]), "pg_catalog") == 0);
    if (!is_catalog)
        return refuse(parser, call->location, "a function with a schema", parse_copy(parser, name));
    if (!call_check(parser, call, name)) return NULL;
    bool is_now =
        strcmp(name, "now") == 0 && call->n_args == 0 && !call->agg_star && !call->agg_filter;
    struct ast_expr *expr =
        expr_new(parser, is_now ? AST_NOW : AST_CALL, call->location, call->n_args + 2);
    expr->name = parse_copy(parser, name);
    if (is_now) return expr;
    expr->is_star = call->agg_star;
    expr->is_distinct = call->agg_distinct;
    bool is_right = expr_add_all(parser, expr, call->args, call->n_args);
    if (strcmp(name, "array_agg") == 0) is_right &= parse_list_order(parser, call, expr);
    expr->direct_count = expr->argument_count;
    if (call->agg_within_group)
        is_right &= expr_add(parser, expr, call->agg_order[0]->sort_by->node);
    if (call->agg_filter) {
        expr->filter = parse_expr(parser, call->agg_filter);
        is_right &= expr->filter != NULL;
    }
    if (call->over) {
        expr->over = parse_over(parser, call->over, call->location);
        is_right &= expr->over != NULL;
    }
    call_set_text(parser, call, expr);
    return is_right ? parse_utc_call(parser, expr) : NULL;
}

static struct ast_expr *parse_min_max(struct parser *parser, const PgQuery__MinMaxExpr *node)
{
    enum ast_kind kind = node->op == PG_QUERY__MIN_MAX_OP__IS_GREATEST ? AST_GREATEST : AST_LEAST;
    struct ast_expr *expr = expr_new(parser, kind, node->location, node->n_args);
    return expr_add_all(parser, expr, node->args, node->n_args) ? expr : NULL;
}

static struct ast_expr *parse_coalesce(struct parser *parser, const PgQuery__CoalesceExpr *node)
{
    struct ast_expr *expr = expr_new(parser, AST_COALESCE, node->location, node->n_args);
    return expr_add_all(parser, expr, node->args, node->n_args) ? expr : NULL;
}

/* Text compares in collation "C" in any case. */
static struct ast_expr *parse_collate(struct parser *parser, const PgQuery__CollateClause *collate)
{
    size_t count = collate->n_collname;
    const char *name = count ? parse_string(collate->collname[count - 1]) : "";
    if (strcmp(name, "C") == 0) return parse_expr(parser, collate->arg);
    return refuse(parser, collate->location, nt_arena_printf(parser->arena, "COLLATE \"%s\"", name),
                  "COLLATE \"C\", in which text compares in any case");
}

static struct ast_expr *parse_node(struct parser *parser, const PgQuery__Node *node)
{
    switch (node->node_case) {
    case PG_QUERY__NODE__NODE_A_CONST:
        return parse_const(parser, node->a_const);
    case PG_QUERY__NODE__NODE_COLUMN_REF:
        return parse_column(parser, node->column_ref);
    case PG_QUERY__NODE__NODE_A_EXPR:
        return parse_a_expr(parser, node->a_expr);
    case PG_QUERY__NODE__NODE_BOOL_EXPR:
        return parse_bool(parser, node->bool_expr);
    case PG_QUERY__NODE__NODE_NULL_TEST:
        return parse_test(parser, node->null_test->arg, node->null_test->location, AST_IS_NULL,
                          node->null_test->nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NOT_NULL);
    case PG_QUERY__NODE__NODE_BOOLEAN_TEST:
        return parse_boolean_test(parser, node->boolean_test);
    case PG_QUERY__NODE__NODE_CASE_EXPR:
        return parse_case(parser, node->case_expr);
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
        return parse_coalesce(parser, node->coalesce_expr);
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
        return parse_min_max(parser, node->min_max_expr);
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
        return parse_array(parser, node->a_array_expr);
    case PG_QUERY__NODE__NODE_A_INDIRECTION:
        return parse_subscript(parser, node->a_indirection);
    case PG_QUERY__NODE__NODE_NAMED_ARG_EXPR:
        return parse_named(parser, node->named_arg_expr);
    case PG_QUERY__NODE__NODE_TYPE_CAST:
        return parse_cast(parser, node->type_cast);
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
        return parse_value_function(parser, node->sqlvalue_function);
    case PG_QUERY__NODE__NODE_FUNC_CALL:
        return parse_call(parser, node->func_call);
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
        return parse_collate(parser, node->collate_clause);
    default:
        return refuse(parser, parse_place(parser, node), parse_describe(node),
                      "columns, literals, operators, CASE, functions, casts and aggregates");
    }
}

struct ast_expr *parse_expr(struct parser *parser, const PgQuery__Node *node)
{
    if (!node) return NULL;
    if (parser->depth == EXPRESSION_DEPTH_MAX) {
        *diagnostics_error(parser->diagnostics, parse_place(parser, node),
                           "expression nests more than %d levels deep", EXPRESSION_DEPTH_MAX) =
            "smaller features, put together in the service";
        return NULL;
    }
    parser->depth++;
    struct ast_expr *expr = parse_node(parser, node);
    parser->depth--;
    return expr;
}
