/* json.c: jsonb in expressions, beside the lines of functions.def: paths, and where a jsonb may not
 * stand. It is read, and never compared, kept or given out: its order and equality are no one's
 * question. */
#include "compiler/resolve.h"

#include "row/jsonb.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_jsonb(const struct ir_expr *expr)
{
    return !expr->is_unknown_literal && expr->type == NT_JSONB;
}

bool json_refuse(struct resolver *resolver, const struct ir_expr *expr, const char *what)
{
    if (!is_jsonb(expr)) return false;
    *diagnostics_error(resolver->diagnostics, expr->place.offset,
                       "%s must be a scalar, not a jsonb", what) =
        "a field, cast to its type: (payload->>'amount')::numeric";
    return true;
}

/* An element of '{a,"b c",0}'. False: it is not of that form. */
static bool element_read(const char **at, struct buffer *element, bool *is_quoted)
{
    const char *text = *at;
    buffer_clear(element);
    while (isspace((unsigned char)*text)) text++;
    *is_quoted = *text == '"';
    if (*is_quoted) text++;
    for (; *text && (*is_quoted ? *text != '"' : !strchr(",{}\"", *text)); text++) {
        if (*text == '\\' && text[1]) text++;
        buffer_append_byte(element, (uint8_t)*text);
    }
    if (*is_quoted && *text++ != '"') return false;
    while (!*is_quoted && element->size > 0 && isspace(element->data[element->size - 1]))
        element->size--;
    while (isspace((unsigned char)*text)) text++;
    *at = text;
    return *is_quoted || element->size > 0;
}

/* The literal of a text[] as a JSON array of strings. *is_null: it has a NULL. */
static bool path_read(const char *at, struct buffer *path, bool *is_null)
{
    struct buffer element = {0};
    bool is_quoted, is_right = *at++ == '{';
    *is_null = false;
    buffer_append_byte(path, '[');
    while (isspace((unsigned char)*at)) at++;
    for (bool is_first = true; is_right && (*at != '}' || !is_first); is_first = false) {
        is_right = element_read(&at, &element, &is_quoted);
        if (!is_right) break;
        *is_null |= !is_quoted && strcasecmp(buffer_text(&element), "null") == 0;
        buffer_append_text(path, is_first ? "" : ", ");
        jsonb_append_string(buffer_bytes(&element), path);
        if (*at != ',') break;
        at++;
    }
    buffer_append_byte(path, ']');
    buffer_deinit(&element);
    return is_right && *at == '}' && at[1 + strspn(at + 1, " \t\r\n")] == 0;
}

static struct ir_expr *path_bind(struct resolver *resolver, const char *name,
                                 struct ir_expr *const *arguments, int offset)
{
    const struct ir_expr *literal = arguments[1];
    struct buffer path = {0};
    bool is_null = true;
    bool is_right = literal->is_unknown_literal &&
                    (literal->value.is_null || path_read(literal->value.text, &path, &is_null));
    struct nt_value value = NT_NULL;
    if (!is_null)
        value = nt_text(nt_arena_copy(resolver->arena, path.data, path.size), (uint32_t)path.size);
    buffer_deinit(&path);
    if (!is_right) {
        *diagnostics_error(resolver->diagnostics, literal->place.offset,
                           "the path of %s is a literal of the names and indexes on the way",
                           name) = "'{items,0,price}'";
        return NULL;
    }
    return expr_internal(
        resolver->arena, strcmp(name, "#>") == 0 ? "jsonb_path" : "jsonb_path_text", arguments[0],
        expr_const(resolver->arena, NT_JSONB, value, literal->place.offset), offset);
}

struct ir_expr *json_operator(struct resolver *resolver, const char *name,
                              struct ir_expr *const *arguments, int count, int offset,
                              bool *is_other)
{
    static const char *const read[] = {"->", "->>", "?"};
    bool has_jsonb = false, has_text = false;
    for (int i = 0; i < count; i++) {
        has_jsonb |= is_jsonb(arguments[i]);
        has_text |= !arguments[i]->is_unknown_literal && arguments[i]->type == NT_TEXT;
    }
    *is_other = !has_jsonb || (strcmp(name, "||") == 0 && has_text);
    for (size_t i = 0; i < sizeof read / sizeof *read; i++) *is_other |= strcmp(read[i], name) == 0;
    if (*is_other) return NULL;
    if (count == 2 && is_jsonb(arguments[0]) &&
        (strcmp(name, "#>") == 0 || strcmp(name, "#>>") == 0))
        return path_bind(resolver, name, arguments, offset);
    *diagnostics_error(resolver->diagnostics, offset,
                       "operator %s of jsonb is not part of the definition language", name) =
        "a scalar of it, with -> ->> #> #>> or ?: (payload->>'amount')::numeric > 10";
    return NULL;
}
