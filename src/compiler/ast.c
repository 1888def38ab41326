/* ast.c: questions about the tree that are asked in more than one pass. */
#include "compiler/ast.h"

#include <stddef.h>

bool ast_reads_now(const struct ast_expr *expr)
{
    if (!expr) return false;
    if (expr->kind == AST_NOW) return true;
    for (int i = 0; i < expr->argument_count; i++)
        if (ast_reads_now(expr->arguments[i])) return true;
    return ast_reads_now(expr->filter);
}

bool ast_has_over(const struct ast_expr *expr)
{
    if (!expr) return false;
    for (int i = 0; i < expr->argument_count; i++)
        if (ast_has_over(expr->arguments[i])) return true;
    return expr->over != NULL;
}

/* FigureColnameInternal of PostgreSQL's parse_target.c. Strength 2: a name that is good; 1: one
 * that an outer expression may replace; 0: none. */
static int item_name(const struct ast_expr *expr, const char **name)
{
    static const char *const names[] = {
        [AST_COALESCE] = "coalesce", [AST_NULLIF] = "nullif", [AST_GREATEST] = "greatest",
        [AST_LEAST] = "least",       [AST_CASE] = "case",
    };
    if (!expr) return 0;
    switch (expr->kind) {
    case AST_COLUMN:
    case AST_CALL:
    case AST_NOW:
        *name = expr->name;
        return 2;
    case AST_ARRAY:
        *name = "array";
        return 2;
    case AST_COALESCE:
    case AST_NULLIF:
    case AST_GREATEST:
    case AST_LEAST:
        *name = names[expr->kind];
        return 2;
    case AST_INDEX: /* the name of what is subscripted */
    case AST_SLICE:
        return item_name(expr->arguments[0], name);
    case AST_CAST: {
        int strength = item_name(expr->arguments[0], name);
        if (strength <= 1) *name = expr->name;
        return strength <= 1 ? 1 : strength;
    }
    case AST_CASE: {
        int strength = item_name(expr->arguments[expr->argument_count - 1], name);
        if (strength <= 1) *name = names[AST_CASE];
        return strength <= 1 ? 1 : strength;
    }
    default:
        return 0;
    }
}

const char *ast_item_name(const struct ast_expr *expr)
{
    const char *name = NULL;
    return item_name(expr, &name) ? name : NULL;
}
