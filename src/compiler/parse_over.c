/* parse_over.c: OVER of an aggregate, or the window of the WINDOW clause that it names. Of frames
 * there are those that all rows of one time have in common. */
#include "compiler/parse.h"

#include <string.h>

/* FRAMEOPTION_* of PostgreSQL's parsenodes.h. */
enum {
    FRAME_RANGE = 1 << 1,
    FRAME_START_UNBOUNDED = 1 << 5,
    FRAME_END_UNBOUNDED = 1 << 8,
    FRAME_START_ROW = 1 << 9,
    FRAME_END_ROW = 1 << 10,
    FRAME_START_PRECEDING = 1 << 11,
    FRAME_EXCLUDES = 7 << 15,
};

static const char frame_cure[] =
    "RANGE BETWEEN interval '7 days' PRECEDING AND CURRENT ROW, with ORDER BY the event time";

static bool refuse(struct parser *parser, int offset, const char *what, const char *cure)
{
    *diagnostics_error(parser->diagnostics, offset, "%s is not part of the definition language",
                       what) = cure;
    return false;
}

static bool window_report(struct parser *parser, int offset, const char *name)
{
    diagnostics_error(parser->diagnostics, offset, "window \"%s\" does not exist", name);
    return false;
}

static const PgQuery__WindowDef *window_find(const struct parser *parser, const char *name)
{
    const PgQuery__SelectStmt *select = parser->select;
    for (size_t i = 0; i < select->n_window_clause; i++)
        if (strcmp(select->window_clause[i]->window_def->name, name) == 0)
            return select->window_clause[i]->window_def;
    return NULL;
}

/* What ends at the row or behind it ends at the latest row. */
static bool frame_read(struct parser *parser, const PgQuery__WindowDef *window,
                       struct ast_over *over)
{
    int options = window->frame_options;
    bool has_end = options & (FRAME_END_ROW | FRAME_END_UNBOUNDED);
    if (options & FRAME_EXCLUDES)
        return refuse(parser, over->offset, "EXCLUDE in a window", frame_cure);
    over->is_whole = options & FRAME_START_UNBOUNDED && options & FRAME_END_UNBOUNDED;
    if (over->is_whole) return true;
    if (!(options & FRAME_RANGE))
        return refuse(parser, over->offset, "a frame that counts rows (ROWS or GROUPS)",
                      frame_cure);
    if (!has_end || !(options & (FRAME_START_UNBOUNDED | FRAME_START_ROW | FRAME_START_PRECEDING)))
        return refuse(parser, over->offset, "a frame that does not reach up to its row",
                      frame_cure);
    over->is_from_row = options & FRAME_START_ROW;
    over->preceding = parse_expr(parser, window->start_offset);
    return over->preceding || !(options & FRAME_START_PRECEDING);
}

static bool keys_read(struct parser *parser, const PgQuery__WindowDef *window,
                      struct ast_over *over)
{
    bool is_right = true;
    over->partition =
        nt_arena_zalloc(parser->arena, (window->n_partition_clause + 1) * sizeof *over->partition);
    over->sorts =
        nt_arena_zalloc(parser->arena, (window->n_order_clause + 1) * sizeof *over->sorts);
    for (size_t i = 0; i < window->n_partition_clause; i++) {
        struct ast_expr *key = parse_expr(parser, window->partition_clause[i]);
        over->partition[over->partition_count++] = key;
        is_right &= key != NULL;
    }
    for (size_t i = 0; i < window->n_order_clause; i++)
        is_right &= parse_sort(parser, window->order_clause[i], &over->sorts[over->sort_count++]);
    return is_right;
}

struct ast_over *parse_over(struct parser *parser, const PgQuery__WindowDef *window, int offset)
{
    struct ast_over *over = nt_arena_zalloc(parser->arena, sizeof *over);
    over->offset = offset;
    if (*window->name) {
        const char *name = window->name;
        window = window_find(parser, name);
        if (!window) {
            window_report(parser, offset, name);
            return NULL;
        }
    }
    if (*window->refname) {
        refuse(parser, offset, "a window that builds on another",
               "a window with PARTITION BY, ORDER BY and RANGE of its own");
        return NULL;
    }
    return keys_read(parser, window, over) && frame_read(parser, window, over) ? over : NULL;
}
