/* emit_columns.c: tables of columns, and the enums that they point at. */
#include "compiler/emit_file.h"

static const char *enum_symbol(const struct emit_file *file, const struct ir_enum *enumeration)
{
    return file->enums[enumeration - file->program->enums];
}

static const char *column_modifier(struct emit_file *file, const struct ir_column *column)
{
    if (column->enumeration)
        return nt_arena_printf(file->arena, ", .enumeration = &%s",
                               enum_symbol(file, column->enumeration));
    return column->typmod ? nt_arena_printf(file->arena, ", .typmod = %d", column->typmod) : "";
}

const char *emit_columns(struct emit_file *file, const char *object, const char *what,
                         const struct ir_column *columns, int count)
{
    for (int i = 0; i < count; i++)
        if (columns[i].enumeration)
            emit_line(file->c, 0, "extern const struct nt_enum %s;",
                      enum_symbol(file, columns[i].enumeration));
    const char *name = emit_table_share(file, "struct nt_column", object, what, count);
    for (int i = 0; i < count; i++)
        emit_line(file->c, 1, "{.name = %s, .type = %s, .is_not_null = %s, .comment = %s%s},",
                  emit_text(file, columns[i].name), emit_type(columns[i].type),
                  columns[i].is_not_null ? "true" : "false", emit_text(file, columns[i].comment),
                  column_modifier(file, &columns[i]));
    emit_table_end(file, count);
    return name;
}

const char *emit_enums(struct emit_file *file)
{
    const struct ir_program *program = file->program;
    int count = program->enum_count;
    if (count) emit_title(file, "all", "enums");
    for (int i = 0; i < count; i++) {
        const struct ir_enum *enumeration = &program->enums[i];
        emit_line(file->c, 0, "const struct nt_enum %s = {", file->enums[i]);
        emit_line(file->c, 1, ".name = %s,", emit_text(file, enumeration->name));
        emit_text_field(file->c, 1, "sql", enumeration->sql);
        emit_line(file->c, 1, ".labels = {.text = %s, .size = %u},",
                  emit_literal(file->arena, enumeration->labels.text, enumeration->labels.size),
                  enumeration->labels.size);
        emit_line(file->c, 0, "};\n");
    }
    const char *name = emit_table_begin(file, "struct nt_enum *const", "all", "enums", count);
    for (int i = 0; i < count; i++) emit_line(file->c, 1, "&%s,", file->enums[i]);
    emit_table_end(file, count);
    return name;
}
