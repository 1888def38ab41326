/*
 * view_builder.h: a feature view while it is lowered; shared by lower_view.c, which leads,
 * lower_key.c and lower_latest.c.
 */
#ifndef COMPILER_VIEW_BUILDER_H
#define COMPILER_VIEW_BUILDER_H

#include "compiler/lower.h"

struct view_builder {
    struct lower *lower;
    const struct ast_view *syntax;
    struct ir_view *view;
    const struct event_rows *rows;
    struct event_columns columns;
    struct ir_expr *where;     /* over the columns of FROM; NULL: none */
    struct ir_expr *row_order; /* of a DISTINCT ON view: a row's place in ORDER BY; else NULL */
    bool is_latest_first;      /* ORDER BY begins with the key and the event time, DESC */
};

/* Where the columns of an event are read; where: "WHERE", "GROUP BY". */
struct bind_scope view_event_scope(struct view_builder *builder, const char *where);

/* The term of a measure over the WHERE window. */
int view_term_get(struct view_builder *builder, const struct ir_measure *measure);
int view_argument_get(struct view_builder *builder, struct ir_expr *expr, const char *sql);

/* lower_latest.c: ORDER BY of a DISTINCT ON view to row_order, once the keys are known. */
bool view_order_lower(struct view_builder *builder);
/* The column of the latest row. */
struct ir_expr *view_latest_column(struct view_builder *builder, const struct ir_expr *column);

/* Is it the column of the event time? */
bool view_is_event_time(const struct view_builder *builder, const struct ir_expr *expr);

/* lower_over.c: *window, that of WHERE, narrowed to the frame of a call with OVER. */
bool view_over_window(struct view_builder *builder, const struct ast_expr *call,
                      struct ir_window *window);

/* lower_event_key.c: who settles which of equal events counts where a source has an event key, and
 * what a timeline needs for it; once the feeds are made. */
void view_event_key_lower(struct view_builder *builder);

/* lower_key.c: GROUP BY to the entity key. False: reported. */
bool view_keys_lower(struct view_builder *builder);
/* An expression of GROUP BY, DISTINCT ON or ORDER BY (clause), which may name a select item. */
struct ir_expr *view_key_bind(struct view_builder *builder, const struct ast_expr *key,
                              const char *clause);
/* The key that the expression is; -1: none. */
int view_key_find(const struct ir_view *view, const struct ir_expr *expr);
/* In a bound feature, what is a key becomes one. A column that is left is of the latest row in a
 * DISTINCT ON view, else it is reported. */
bool view_keys_replace(struct view_builder *builder, struct ir_expr **expr);
/* Keys are named as the select list names them, so all must be there. */
bool view_keys_name(struct view_builder *builder);

#endif
