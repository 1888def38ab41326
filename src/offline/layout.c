/* layout.c: the columns of a view's offline table, as SQL and as binary COPY. */
#include "offline/layout.h"

#include "offline/copy.h"
#include "offline/history.h"
#include "row/value_text.h"

#include <stdlib.h>
#include <string.h>

#define FIXED_COLUMNS 3 /* valid_from, present, errors */
#define TERM_PREFIX   "term$"
#define HAVING_ERROR  "having$"

static const char *const reserved[] = {"valid_from", "present", "errors", HAVING_ERROR};

/* In the same schema, of erase, archive and the registry. */
static const char *const own_tables[] = {"archive", "erased", "object", "program"};

static bool having_reads_clock(const struct nt_view *view)
{
    return view->having && view->having->reads_clock;
}

static void term_add(struct layout *layout, uint16_t term, struct nt_arena *arena)
{
    const struct nt_view *view = layout->view;
    for (uint16_t i = 0; i < layout->column_count; i++)
        if (layout->columns[i].is_term && layout->columns[i].index == term) return;
    layout->columns[layout->column_count++] = (struct layout_column){
        .name = nt_arena_printf(arena, TERM_PREFIX "%u", term),
        .type = view->measures[view->terms[term].measure].result,
        .is_term = true,
        .index = term,
    };
}

static void terms_add(struct layout *layout, const struct nt_feature *feature,
                      struct nt_arena *arena)
{
    for (uint16_t i = 0; feature->reads_clock && i < feature->term_count; i++)
        term_add(layout, feature->terms[i], arena);
}

static enum nt_status name_check(const struct nt_view *view, const char *name,
                                 struct nt_error *error)
{
    bool is_reserved = strncmp(name, TERM_PREFIX, strlen(TERM_PREFIX)) == 0;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        is_reserved |= strcmp(name, reserved[i]) == 0;
    if (!is_reserved) return NT_OK;
    return error_set(
        error, NT_INVALID,
        "view %s has a column named %s, which its offline table keeps for itself: give "
        "it another name with AS",
        view->name, name);
}

static enum nt_status view_name_check(const struct nt_view *view, struct nt_error *error)
{
    bool is_taken = false;
    for (size_t i = 0; i < sizeof own_tables / sizeof *own_tables; i++)
        is_taken |= strcmp(view->name, own_tables[i]) == 0;
    if (!is_taken) return NT_OK;
    return error_set(error, NT_INVALID,
                     "a view cannot be named %s: nowthen.%s is a table of Nowthen's own; give it "
                     "another name",
                     view->name, view->name);
}

enum nt_status layout_init(struct layout *layout, const struct nt_view *view,
                           struct nt_arena *arena, struct nt_error *error)
{
    enum nt_status status = view_name_check(view, error);
    size_t most = (size_t)view->feature_count + view->term_count;
    *layout = (struct layout){.view = view};
    layout->columns = nt_arena_alloc(arena, most * sizeof *layout->columns);
    for (uint16_t i = 0; i < view->key_count && status == NT_OK; i++)
        status = name_check(view, view->keys[i].name, error);
    for (uint16_t i = 0; i < view->feature_count && status == NT_OK; i++) {
        const struct nt_feature *feature = &view->features[i];
        status = name_check(view, feature->name, error);
        if (feature->key >= 0 || feature->reads_clock) continue;
        layout->columns[layout->column_count++] =
            (struct layout_column){.name = feature->name, .type = feature->type, .index = i};
    }
    for (uint16_t i = 0; i < view->feature_count; i++) terms_add(layout, &view->features[i], arena);
    if (view->having) terms_add(layout, view->having, arena);
    unsigned count = view->key_count + FIXED_COLUMNS + (unsigned)layout->column_count;
    if (status == NT_OK && count > NT_COLUMNS_MAX)
        status =
            error_set(error, NT_INVALID,
                      "the offline table of view %s needs %u columns, PostgreSQL takes %d: split "
                      "the view",
                      view->name, count, NT_COLUMNS_MAX);
    return status;
}

void layout_append_name(const struct nt_view *view, struct buffer *sql)
{
    buffer_append_text(sql, "nowthen.");
    sql_append_name(sql, view->name);
}

/* Without a comment: takes the one away that was there. */
static void comment_append(const struct layout *layout, const char *column, const char *comment,
                           struct buffer *sql)
{
    buffer_append_text(sql, column ? "COMMENT ON COLUMN " : "COMMENT ON TABLE ");
    layout_append_name(layout->view, sql);
    if (column) {
        buffer_append_byte(sql, '.');
        sql_append_name(sql, column);
    }
    buffer_append_text(sql, " IS ");
    if (comment)
        sql_append_literal(sql, (struct bytes){(const uint8_t *)comment, strlen(comment)});
    else
        buffer_append_text(sql, "NULL");
    buffer_append_text(sql, "; ");
}

void layout_append_comments(const struct layout *layout, struct buffer *sql)
{
    const struct nt_view *view = layout->view;
    comment_append(layout, NULL, view->comment, sql);
    for (uint16_t i = 0; i < layout->column_count; i++) {
        const struct layout_column *column = &layout->columns[i];
        if (!column->is_term)
            comment_append(layout, column->name, view->features[column->index].comment, sql);
    }
}

void layout_append_create(const struct layout *layout, struct buffer *sql)
{
    const struct nt_view *view = layout->view;
    buffer_append_text(sql, "CREATE TABLE ");
    layout_append_name(view, sql);
    buffer_append_text(sql, " (");
    for (uint16_t i = 0; i < view->key_count; i++) {
        sql_append_column_type(sql, view->keys[i].name, view->keys[i].type, 0, true);
        buffer_append_text(sql, ", ");
    }
    buffer_append_text(sql,
                       "valid_from timestamptz NOT NULL, present boolean NOT NULL, errors text[]");
    for (uint16_t i = 0; i < layout->column_count; i++) {
        buffer_append_text(sql, ", ");
        sql_append_column_type(sql, layout->columns[i].name, layout->columns[i].type, 0, false);
    }
    buffer_append_text(sql, ")");
}

static void keys_append(const struct nt_view *view, struct buffer *sql)
{
    for (uint16_t i = 0; i < view->key_count; i++) {
        sql_append_name(sql, view->keys[i].name);
        buffer_append_text(sql, ", ");
    }
}

void layout_append_key(const struct layout *layout, bool is_added, struct buffer *sql)
{
    struct buffer name = {0};
    buffer_printf(&name, "%.50s_pkey", layout->view->name);
    buffer_append_text(sql, "ALTER TABLE ");
    layout_append_name(layout->view, sql);
    buffer_append_text(sql, is_added ? " ADD CONSTRAINT " : " DROP CONSTRAINT IF EXISTS ");
    sql_append_name(sql, buffer_text(&name));
    if (is_added) {
        buffer_append_text(sql, " PRIMARY KEY (");
        keys_append(layout->view, sql);
        buffer_append_text(sql, "valid_from)");
    }
    buffer_deinit(&name);
}

void layout_append_columns(const struct layout *layout, struct buffer *sql)
{
    keys_append(layout->view, sql);
    buffer_append_text(sql, "valid_from, present, errors");
    for (uint16_t i = 0; i < layout->column_count; i++) {
        buffer_append_text(sql, ", ");
        sql_append_name(sql, layout->columns[i].name);
    }
}

static void errors_append(const struct layout *layout, const struct view_row *row, bool is_stored,
                          const char *const *errors, struct buffer *tail)
{
    const char *names[NT_COLUMNS_MAX + 1];
    size_t count = 0;
    for (uint16_t i = 0; i < layout->column_count && is_stored; i++) {
        const struct layout_column *column = &layout->columns[i];
        bool is_error = column->is_term ? errors && errors[column->index]
                                        : row->statuses[column->index] == FEATURE_ERROR;
        if (is_error) names[count++] = column->name;
    }
    if (row->has_failed && !having_reads_clock(layout->view)) names[count++] = HAVING_ERROR;
    copy_append_names(tail, names, count);
}

bool layout_append_tail(const struct layout *layout, const struct view_row *row,
                        const struct nt_value *terms, const char *const *errors,
                        struct buffer *tail)
{
    bool is_stored = row->is_present;
    if (having_reads_clock(layout->view)) is_stored = terms && terms[0].integer != 0;
    copy_append_value(tail, NT_BOOL, nt_bool(is_stored));
    errors_append(layout, row, is_stored, errors, tail);
    for (uint16_t i = 0; i < layout->column_count; i++) {
        const struct layout_column *column = &layout->columns[i];
        struct nt_value value = NT_NULL;
        if (is_stored)
            value = column->is_term ? terms[column->index] : row->features[column->index];
        copy_append_value(tail, column->type, value);
    }
    return is_stored;
}

bool layout_take_row(const struct layout *layout, struct bytes tuple, struct nt_arena *arena,
                     struct layout_row *row)
{
    const struct nt_view *view = layout->view;
    struct reader in = reader_of(tuple);
    struct nt_value valid_from;
    int count;
    if (!copy_take_count(&in, &count)) return false;
    if (count != view->key_count + FIXED_COLUMNS + layout->column_count) return false;
    row->key = nt_arena_alloc(arena, view->key_count * sizeof *row->key);
    for (uint16_t i = 0; i < view->key_count; i++)
        if (!copy_take_value(&in, view->keys[i].type, arena, &row->key[i])) return false;
    if (!copy_take_value(&in, NT_TIMESTAMPTZ, arena, &valid_from)) return false;
    row->valid_from = valid_from.time;
    row->tail = (struct bytes){in.next, (size_t)(in.end - in.next)};
    return true;
}

/* What a tail says, before the clock is read. */
struct stored {
    bool is_present;
    struct bytes *errors;
    size_t error_count;
    struct nt_value *values; /* layout->column_count */
};

static bool stored_take(const struct layout *layout, struct bytes tail, struct nt_arena *arena,
                        struct stored *stored)
{
    struct reader in = reader_of(tail);
    struct nt_value present;
    if (!copy_take_value(&in, NT_BOOL, arena, &present) || present.is_null) return false;
    if (!copy_take_names(&in, arena, &stored->errors, &stored->error_count)) return false;
    stored->is_present = present.boolean;
    stored->values = nt_arena_alloc(arena, layout->column_count * sizeof *stored->values);
    for (uint16_t i = 0; i < layout->column_count; i++)
        if (!copy_take_value(&in, layout->columns[i].type, arena, &stored->values[i])) return false;
    return in.next == in.end;
}

static bool stored_is_error(const struct stored *stored, const char *name)
{
    for (size_t i = 0; i < stored->error_count; i++)
        if (stored->errors[i].size == strlen(name) &&
            memcmp(stored->errors[i].data, name, stored->errors[i].size) == 0)
            return true;
    return false;
}

/* Features of the row that are stored as they are. */
static void row_set_stored(const struct layout *layout, const struct stored *stored,
                           struct view_row *row)
{
    for (uint16_t i = 0; i < layout->column_count; i++) {
        const struct layout_column *column = &layout->columns[i];
        if (column->is_term) continue;
        row->features[column->index] = stored->values[i];
        row->statuses[column->index] = stored_is_error(stored, column->name) ? FEATURE_ERROR
                                       : stored->values[i].is_null           ? FEATURE_NULL_VALUE
                                                                             : FEATURE_PRESENT;
    }
}

bool layout_finish(const struct layout *layout, struct bytes tail, const struct nt_value *key,
                   struct nt_time now, struct nt_eval *e, struct view_row *row)
{
    const struct nt_view *view = layout->view;
    struct stored stored;
    if (!stored_take(layout, tail, e->arena, &stored)) return false;
    struct nt_value *terms = nt_arena_alloc(e->arena, view->term_count * sizeof *terms);
    const char **errors = nt_arena_zalloc(e->arena, view->term_count * sizeof *errors);
    for (uint16_t i = 0; i < view->term_count; i++) terms[i] = NT_NULL;
    /* terms[0] decides presence; where a feature needs its real count it is stored. */
    terms[0] = nt_integer(stored.is_present);
    for (uint16_t i = 0; i < layout->column_count && stored.is_present; i++) {
        const struct layout_column *column = &layout->columns[i];
        if (!column->is_term) continue;
        terms[column->index] = stored.values[i];
        if (stored_is_error(&stored, column->name)) errors[column->index] = "stored as an error";
    }
    enum view_presence presence = stored.is_present ? VIEW_PRESENT : VIEW_ABSENT;
    if (stored_is_error(&stored, HAVING_ERROR))
        presence = VIEW_FAILED;
    else if (having_reads_clock(view))
        presence = view_presence(view, key, terms, errors, now, e);
    view_fill(view, presence, key, terms, errors, now, e, row);
    if (presence == VIEW_PRESENT) row_set_stored(layout, &stored, row);
    return true;
}
