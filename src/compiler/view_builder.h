/*
 * view_builder.h: a feature view while it is lowered; shared by lower_view.c, which leads, and
 * lower_key.c.
 */
#ifndef COMPILER_VIEW_BUILDER_H
#define COMPILER_VIEW_BUILDER_H

#include "compiler/lower.h"

struct view_builder {
    struct lower *lower;
    const struct ast_view *syntax;
    struct ir_view *view;
    const struct ir_source *source;
    struct event_columns columns;
};

/* Where the columns of an event are read; where: "WHERE", "GROUP BY". */
struct bind_scope view_event_scope(struct view_builder *builder, const char *where);

/* lower_key.c: GROUP BY to the entity key. False: reported. */
bool view_keys_lower(struct view_builder *builder);
/* In a bound feature, what is a key becomes one. A column that is left is reported. */
bool view_keys_replace(struct view_builder *builder, struct ir_expr **expr);
/* Keys are named as the select list names them, so all must be there. */
bool view_keys_name(struct view_builder *builder);

#endif
