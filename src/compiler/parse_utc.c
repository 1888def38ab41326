/*
 * parse_utc.c: x AT TIME ZONE 'UTC' where it changes nothing. It gives a timestamp without time
 * zone, which the language has not; what reads its day, its hour or its epoch finds those of x, for
 * all is in UTC, and so does a second AT TIME ZONE 'UTC', which leads back.
 */
#include "compiler/parse.h"

#include <string.h>
#include <strings.h>

static bool is_call(const struct ast_expr *expr, const char *name, int count)
{
    return expr->kind == AST_CALL && expr->argument_count == count && strcmp(expr->name, name) == 0;
}

static bool is_in_utc(const struct ast_expr *expr)
{
    return is_call(expr, "timezone", 2) && expr->arguments[0]->kind == AST_STRING &&
           strcasecmp(expr->arguments[0]->name, "utc") == 0;
}

struct ast_expr *parse_utc(struct parser *parser, struct ast_expr *expr)
{
    if (is_in_utc(expr)) return expr->arguments[1];
    if (!is_call(expr, "date_trunc", 2)) return expr;
    struct ast_expr *inner = parse_utc(parser, expr->arguments[1]);
    if (inner == expr->arguments[1]) return expr;
    struct ast_expr *out = nt_arena_copy(parser->arena, expr, sizeof *expr);
    out->arguments = nt_arena_copy(parser->arena, expr->arguments, 2 * sizeof *expr->arguments);
    out->arguments[1] = inner;
    return out;
}

struct ast_expr *parse_utc_call(struct parser *parser, struct ast_expr *call)
{
    bool reads_part = is_call(call, "extract", 2) || is_call(call, "date_part", 2);
    if (reads_part) call->arguments[1] = parse_utc(parser, call->arguments[1]);
    if (is_call(call, "date", 1)) call->arguments[0] = parse_utc(parser, call->arguments[0]);
    if (!is_in_utc(call)) return call;
    struct ast_expr *inner = parse_utc(parser, call->arguments[1]);
    return inner == call->arguments[1] ? call : inner;
}
