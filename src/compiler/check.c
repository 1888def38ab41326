/* check.c: which names may be given, and the traps of PostgreSQL's grammar. */
#include "compiler/lower.h"

#include <string.h>
#include <strings.h>

bool check_name(struct lower *lower, struct ast_name name, const char *what)
{
    if (!*name.text) return false;
    if (strncmp(name.text, "nowthen_", 8) != 0) return true;
    *diagnostics_error(lower->diagnostics, name.offset,
                       "names that begin with nowthen_ are the project's own, got %s \"%s\"", what,
                       name.text) = name.text[8] ? name.text + 8 : "another name";
    return false;
}

bool check_columns(struct lower *lower, const struct ast_table *table)
{
    bool is_right = true;
    for (int i = 0; i < table->column_count; i++) {
        const struct ast_name *name = &table->columns[i].name;
        for (int j = 0; j < i; j++) {
            if (strcmp(name->text, table->columns[j].name.text) != 0) continue;
            diagnostics_error(lower->diagnostics, name->offset,
                              "column \"%s\" specified more than once", name->text);
            is_right = false;
            break;
        }
    }
    if (table->column_count == 0 || table->column_count > NT_COLUMNS_MAX) {
        diagnostics_error(lower->diagnostics, table->name.offset,
                          "table \"%s\" has %d columns; a table has 1 to %d", table->name.text,
                          table->column_count, NT_COLUMNS_MAX);
        return false;
    }
    return is_right;
}

bool check_source_columns(struct lower *lower, const struct ast_table *table)
{
    bool is_right = check_columns(lower, table);
    for (int i = 0; i < table->column_count; i++) {
        const struct ast_name *name = &table->columns[i].name;
        if (strcmp(name->text, "log_partition") != 0 && strcmp(name->text, "log_offset") != 0)
            continue;
        *diagnostics_error(
            lower->diagnostics, name->offset,
            "\"%s\" says in a history where in the log an event was, and cannot be a "
            "column of a source",
            name->text) = "another name";
        is_right = false;
    }
    return is_right;
}

/* The offline table of a view has these columns of its own. */
static bool name_is_reserved(const char *name)
{
    return strcmp(name, "valid_from") == 0 || strcmp(name, "present") == 0 ||
           strcmp(name, "errors") == 0;
}

static bool check_item(struct lower *lower, const struct ast_item *item, int place,
                       const char **names)
{
    struct diagnostics *diagnostics = lower->diagnostics;
    const char *name = names[place];
    if (!name) {
        *diagnostics_error(diagnostics, item->start, "this expression needs a name") =
            nt_arena_printf(lower->arena, "%s AS name", item->sql);
        return false;
    }
    if (!check_name(lower, (struct ast_name){name, item->name.offset}, "feature")) return false;
    if (name_is_reserved(name)) {
        *diagnostics_error(diagnostics, item->name.offset,
                           "\"%s\" is a column of every offline table and cannot be a feature",
                           name) = nt_arena_printf(lower->arena, "AS %s_feature", name);
        return false;
    }
    for (int i = 0; i < place; i++) {
        if (!names[i] || strcmp(names[i], name) != 0) continue;
        *diagnostics_error(diagnostics, item->name.offset, "column \"%s\" specified more than once",
                           name) = nt_arena_printf(lower->arena, "%s AS another_name", item->sql);
        return false;
    }
    return true;
}

bool check_items(struct lower *lower, const struct ast_view *view, const char **names)
{
    bool is_right = true;
    if (view->item_count > NT_COLUMNS_MAX) {
        diagnostics_error(lower->diagnostics, view->name.offset,
                          "view \"%s\" has %d columns; a view has at most %d", view->name.text,
                          view->item_count, NT_COLUMNS_MAX);
        return false;
    }
    for (int i = 0; i < view->item_count; i++) {
        const struct ast_item *item = &view->items[i];
        if (item->is_star) {
            *diagnostics_error(lower->diagnostics, item->start,
                               "* is not part of the definition language") =
                "the names of the columns";
            is_right = false;
        }
        names[i] = item->name.text ? item->name.text : ast_item_name(item->expr);
        if (item->expr) is_right &= check_item(lower, item, i, names);
    }
    return is_right;
}

void check_alias(struct lower *lower, const struct ast_from *from)
{
    static const char *const traps[] = {"asof", "emit", "tumble", "hop", "watermark", "qualify"};
    for (size_t i = 0; i < sizeof traps / sizeof *traps; i++)
        if (from->alias.text != from->name.text && strcasecmp(from->alias.text, traps[i]) == 0)
            *diagnostics_warn(lower->diagnostics, from->alias.offset,
                              "\"%s\" is no keyword here: PostgreSQL reads it as an alias of %s",
                              from->alias.text, from->name.text) =
                nt_arena_printf(lower->arena, "%s AS %s, where an alias is meant", from->name.text,
                                from->alias.text);
}
