/* repeats.c: see repeats.h. */
#include "runtime/repeats.h"

#include "row/enumeration.h"
#include "row/key.h"
#include "row/tuple.h"
#include "runtime/view.h"

bool view_has_repeats(const struct nt_program *program, const struct nt_view *view, uint16_t source)
{
    return view->has_repeats && program->sources[source].key_count > 0 && view_reads(view, source);
}

bool source_has_repeats(const struct nt_program *program, uint16_t source)
{
    for (uint16_t i = 0; i < program->view_count; i++)
        if (view_has_repeats(program, &program->views[i], source)) return true;
    return false;
}

bool repeats_within(const struct nt_view *view, struct nt_time before, struct nt_time time)
{
    if (before.us == time.us || view->repeats_us == NT_REPEATS_FOREVER) return true;
    if (before.us == NT_TIME_MINUS_INFINITY.us) return false;
    return (__int128)time.us - before.us < view->repeats_us;
}

void event_key_append(const struct nt_source *source, const struct nt_value *row,
                      struct buffer *out)
{
    for (uint16_t i = 0; i < source->key_count; i++)
        key_append(source->columns[source->key[i]].type, row[source->key[i]], out);
}

/* Each column as a tuple of one: a byte more, and no list of their types. */
void event_row_append(const struct nt_source *source, const struct nt_value *row,
                      struct buffer *out)
{
    for (uint16_t i = 0; i < source->column_count; i++)
        tuple_append(&source->columns[i].type, 1, &row[i], out);
}

bool event_row_take(const struct nt_source *source, struct reader *in, struct nt_arena *arena,
                    struct nt_value *row)
{
    for (uint16_t i = 0; i < source->column_count; i++)
        if (!tuple_take(&source->columns[i].type, 1, in, arena, &row[i])) return false;
    return true;
}

static int labels_compare(struct nt_value labels, struct nt_value x, struct nt_value y)
{
    return nt_compare(NT_BYTEA, enum_find(labels, x.text, x.size),
                      enum_find(labels, y.text, y.size));
}

static int label_lists_compare(struct nt_value labels, struct nt_value x, struct nt_value y)
{
    struct nt_arena arena;
    nt_arena_init(&arena);
    struct nt_eval e = {.arena = &arena};
    int order = nt_compare(NT_BYTEA_ARRAY, nt_enum_array_of_text(&e, x, labels),
                           nt_enum_array_of_text(&e, y, labels));
    nt_arena_deinit(&arena);
    return order;
}

/* Rows hold an enum as its label; it is ordered by its declaration. */
static int column_compare(const struct nt_column *column, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return y.is_null - x.is_null;
    if (!column->enumeration) return nt_compare(column->type, x, y);
    return nt_type_is_array(column->type) ? label_lists_compare(column->enumeration->labels, x, y)
                                          : labels_compare(column->enumeration->labels, x, y);
}

int event_row_compare(const struct nt_source *source, const struct nt_value *x,
                      const struct nt_value *y)
{
    int order = 0;
    for (uint16_t i = 0; i < source->column_count && order == 0; i++)
        order = column_compare(&source->columns[i], x[i], y[i]);
    if (order) return order;
    struct buffer left = {0}, right = {0};
    event_row_append(source, x, &left);
    event_row_append(source, y, &right);
    order = bytes_compare(buffer_bytes(&left), buffer_bytes(&right));
    buffer_deinit(&left);
    buffer_deinit(&right);
    return order;
}
