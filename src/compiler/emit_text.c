/* emit_text.c: the letters of the emitted C: names, lines, comments, string literals. */
#include "compiler/emit.h"

#include "base/hash.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_COLUMNS 100

/* Keywords, names of the headers that an emitted program includes, and macros that gnu17
 * predefines in lower case. */
static const char *const reserved[] = {
    "asm",          "auto",    "bool",    "break",   "case",      "char",     "const",
    "continue",     "default", "do",      "double",  "else",      "enum",     "extern",
    "false",        "float",   "for",     "goto",    "if",        "inline",   "int",
    "i386",         "linux",   "long",    "main",    "offsetof",  "register", "restrict",
    "return",       "short",   "signed",  "sizeof",  "static",    "struct",   "switch",
    "true",         "typedef", "typeof",  "union",   "unix",      "unsigned", "void",
    "volatile",     "while",   "alignas", "alignof", "constexpr", "nullptr",  "static_assert",
    "thread_local",
};

/* Where a name is, or would be. */
static const char **name_place(const struct emit_names *names, const char *name)
{
    size_t at = hash64(name, strlen(name)) & (names->capacity - 1);
    while (names->places[at] && strcmp(names->places[at], name) != 0)
        at = (at + 1) & (names->capacity - 1);
    return &names->places[at];
}

static bool name_is_taken(const struct emit_names *names, const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (!strcmp(reserved[i], name)) return true;
    if (names->capacity > 0 && *name_place(names, name)) return true;
    size_t size = strlen(name);
    return size > 2 && !strcmp(name + size - 2, "_t");
}

static char *name_clean(struct nt_arena *arena, const char *wanted)
{
    bool needs_prefix = !isalpha((unsigned char)*wanted) || !strncasecmp(wanted, "nt_", 3);
    char *name = nt_arena_printf(arena, "%s%s", needs_prefix ? "sql_" : "", wanted);
    for (char *at = name; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        *at = byte < 128 && isalnum(byte) ? (char)tolower(byte) : '_';
    }
    return name;
}

static void names_add(struct emit_names *names, struct nt_arena *arena, const char *name)
{
    if (2 * (names->count + 1) > names->capacity) {
        struct emit_names grown = {.count = names->count,
                                   .capacity = names->capacity ? 2 * names->capacity : 32};
        grown.places = nt_arena_zalloc(arena, grown.capacity * sizeof *grown.places);
        for (size_t i = 0; i < names->capacity; i++)
            if (names->places[i]) *name_place(&grown, names->places[i]) = names->places[i];
        *names = grown;
    }
    *name_place(names, name) = name;
    names->count++;
}

const char *emit_name(struct emit_names *names, struct nt_arena *arena, const char *wanted)
{
    const char *clean = name_clean(arena, wanted);
    const char *name = clean;
    for (int i = 2; name_is_taken(names, name); i++)
        name = nt_arena_printf(arena, "%s_%d", clean, i);
    names_add(names, arena, name);
    return name;
}

const char *emit_type(enum nt_type type)
{
    static const char *const types[][2] = {
#define TYPE_ENUMERATOR(name, sql, oid) {"NT_" #name, "NT_ARRAY_OF(NT_" #name ")"},
        NT_TYPES(TYPE_ENUMERATOR)
#undef TYPE_ENUMERATOR
    };
    return types[nt_type_element(type)][nt_type_is_array(type)];
}

static void indent_append(struct buffer *c, int indent)
{
    for (int i = 0; i < indent; i++) buffer_append_text(c, "    ");
}

/* The size of the first piece of text that fits into columns, ending behind the last comma of those
 * in the fewest parentheses, outside of string literals; all of it when it fits or has no comma. */
static size_t piece_size(const char *text, size_t columns)
{
    if (strlen(text) <= columns) return strlen(text);
    size_t best = 0;
    int depth = 0, best_depth = 0;
    bool is_quoted = false;
    for (size_t i = 0; text[i]; i++) {
        if (i >= columns && best) return best;
        if (is_quoted && text[i] == '\\') {
            i++;
        } else if (text[i] == '"') {
            is_quoted = !is_quoted;
        } else if (!is_quoted) {
            depth += (text[i] == '(' || text[i] == '{') - (text[i] == ')' || text[i] == '}');
            if (text[i] != ',' || text[i + 1] != ' ' || (best && depth > best_depth)) continue;
            best = i + 1;
            best_depth = depth;
        }
    }
    return best ? best : strlen(text);
}

static void line_append(struct buffer *c, int indent, const char *text)
{
    int at = indent;
    while (*text) {
        size_t size = piece_size(text, LINE_COLUMNS - (size_t)(4 * at));
        indent_append(c, at);
        buffer_append(c, text, size);
        buffer_append_byte(c, '\n');
        text += size;
        while (*text == ' ') text++;
        at = indent + 2;
    }
}

void emit_line(struct buffer *c, int indent, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = memory_alloc((size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    line_append(c, indent, text);
    free(text);
}

/* Neither ends the comment nor begins one inside. */
void emit_comment(struct buffer *c, int indent, const char *text)
{
    indent_append(c, indent);
    buffer_append_text(c, "/* ");
    for (const char *at = text; *at; at++) {
        if (*at == '\r') continue;
        buffer_append_byte(c, (uint8_t)*at);
        if ((at[0] == '*' && at[1] == '/') || (at[0] == '/' && at[1] == '*')) {
            buffer_append_byte(c, ' ');
        } else if (*at == '\n') {
            indent_append(c, indent);
            buffer_append_text(c, " * ");
        }
    }
    buffer_append_text(c, " */\n");
}

const char *emit_literal(struct nt_arena *arena, const char *text, size_t size)
{
    char *literal = nt_arena_alloc(arena, 4 * size + 3);
    char *at = literal;
    *at++ = '"';
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte == '"' || byte == '\\') {
            *at++ = '\\';
            *at++ = (char)byte;
        } else if (byte == '\n') {
            *at++ = '\\';
            *at++ = 'n';
        } else if (byte < ' ' || byte > '~' || byte == '?') {
            /* Three octal digits end by themselves; ? could begin a trigraph. */
            *at++ = '\\';
            *at++ = (char)('0' + (byte >> 6));
            *at++ = (char)('0' + ((byte >> 3) & 7));
            *at++ = (char)('0' + (byte & 7));
        } else {
            *at++ = (char)byte;
        }
    }
    *at++ = '"';
    *at = 0;
    return literal;
}

static void text_lines(struct buffer *c, int indent, struct nt_arena *arena, const char *text)
{
    do {
        const char *end = strchr(text, '\n');
        size_t size = end ? (size_t)(end - text) + 1 : strlen(text);
        buffer_append_byte(c, '\n');
        indent_append(c, indent);
        buffer_append_text(c, emit_literal(arena, text, size));
        text += size;
    } while (*text);
}

void emit_text_field(struct buffer *c, int indent, const char *field, const char *text)
{
    indent_append(c, indent);
    buffer_printf(c, ".%s =", field);
    struct nt_arena arena = {0};
    if (!text)
        buffer_append_text(c, " NULL");
    else if (strchr(text, '\n') || strlen(text) > LINE_COLUMNS / 2)
        text_lines(c, indent + 1, &arena, text);
    else
        buffer_printf(c, " %s", emit_literal(&arena, text, strlen(text)));
    buffer_append_text(c, ",\n");
    nt_arena_deinit(&arena);
}
