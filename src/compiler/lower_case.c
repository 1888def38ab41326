/*
 * lower_case.c: aggregate(CASE WHEN c THEN x END), where c reads now(), is aggregate(x) FILTER
 * (WHERE c): aggregates of one argument pass NULL over. With ELSE 0, sum, max and min see a 0 where
 * another event is: what c leaves out.
 */
#include "compiler/aggregates.h"

#include <string.h>

static struct ast_expr *node_make(struct nt_arena *arena, enum ast_kind kind,
                                  const struct ast_expr *at, int count)
{
    struct ast_expr *node = nt_arena_zalloc(arena, sizeof *node);
    node->kind = kind;
    node->offset = at->offset;
    node->start = at->start;
    node->argument_count = count;
    node->arguments = nt_arena_zalloc(arena, (size_t)count * sizeof *node->arguments);
    return node;
}

/* The call over x alone, of the events where the condition is true too. */
static struct ast_expr *call_of_case(struct nt_arena *arena, const struct ast_expr *call)
{
    const struct ast_expr *choice = call->arguments[0];
    struct ast_expr *out = nt_arena_copy(arena, call, sizeof *call);
    out->arguments = nt_arena_copy(arena, &choice->arguments[1], sizeof(struct ast_expr *));
    out->filter = choice->arguments[0];
    if (!call->filter) return out;
    out->filter = node_make(arena, AST_AND, call->filter, 2);
    out->filter->arguments[0] = call->filter;
    out->filter->arguments[1] = choice->arguments[0];
    return out;
}

static struct ast_expr *count_make(struct nt_arena *arena, const struct ast_expr *call)
{
    struct ast_expr *count = nt_arena_copy(arena, call, sizeof *call);
    count->name = "count";
    count->sql = "count(*)";
    count->is_star = true;
    count->argument_count = count->direct_count = 0;
    return count;
}

/* How the aggregate meets a 0; -1: not as one of these. */
static int zero_meets(const struct ast_expr *call)
{
    if (call->is_distinct || call->over) return -1;
    return strcmp(call->name, "sum") == 0   ? (int)AST_COALESCE
           : strcmp(call->name, "max") == 0 ? (int)AST_GREATEST
           : strcmp(call->name, "min") == 0 ? (int)AST_LEAST
                                            : -1;
}

/* CASE WHEN count(*) > count(*) FILTER (c) THEN coalesce(sum(x) FILTER (c), 0) ELSE sum(x) FILTER
 * (c) END */
static struct ast_expr *case_with_zero(struct nt_arena *arena, const struct ast_expr *call,
                                       int meets)
{
    struct ast_expr *inner = call_of_case(arena, call), *out = node_make(arena, AST_CASE, call, 3);
    struct ast_expr *is_more = node_make(arena, AST_OPERATOR, call, 2);
    struct ast_expr *met = node_make(arena, (enum ast_kind)meets, call, 2);
    is_more->name = ">";
    is_more->arguments[0] = count_make(arena, call);
    is_more->arguments[1] = count_make(arena, inner);
    met->arguments[0] = inner;
    met->arguments[1] = call->arguments[0]->arguments[2];
    out->arguments[0] = is_more;
    out->arguments[1] = met;
    out->arguments[2] = inner;
    return out;
}

struct ast_expr *aggregate_of_case(struct nt_arena *arena, const struct ast_expr *call)
{
    const struct ast_expr *choice = call->argument_count == 1 ? call->arguments[0] : NULL;
    if (!choice || choice->kind != AST_CASE || choice->has_subject || choice->argument_count != 3)
        return NULL;
    const struct ast_expr *other = choice->arguments[2];
    if (!ast_reads_now(choice->arguments[0]) || ast_reads_now(choice->arguments[1])) return NULL;
    if (other->kind == AST_NULL) return call_of_case(arena, call);
    bool is_zero = other->kind == AST_INTEGER && strcmp(other->name, "0") == 0;
    int meets = zero_meets(call);
    return is_zero && meets >= 0 ? case_with_zero(arena, call, meets) : NULL;
}
