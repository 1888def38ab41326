/*
 * json_read.c: the grammar of JSON (RFC 8259) over simdjson's tokens: a recursive descent of at
 * most JSON_DEPTH_MAX levels, which checks every byte, also of what nobody asked for.
 */
#include "decode/json.h"
#include "decode/json_flat.h"
#include "decode/json_token.h"

#include <stdlib.h>
#include <string.h>

/* Events of a topic are alike: after one that is not flat, so many are not tried. */
#define WALKS 31

struct json_parser {
    struct json_scanner *scanner;
    struct buffer
        stack; /* struct json: the finished children of the arrays and objects still open */
    unsigned walks_left; /* documents that are not looked at as flat ones */
};

/* One document being read. */
struct walk {
    struct json_parser *parser;
    struct json_tokens tokens;
    size_t next;
    const uint8_t *text; /* the document where it may be pointed into: same bytes as tokens.text */
    struct nt_arena *arena;
    bool has_escapes; /* one look at the whole document spares one at each of its strings */
    const char *why;  /* NULL while all is well */
};

struct json_parser *json_parser_create(void)
{
    struct json_parser *parser = memory_zalloc(sizeof *parser);
    parser->scanner = json_scanner_create();
    return parser;
}

void json_parser_destroy(struct json_parser *parser)
{
    if (!parser) return;
    json_scanner_destroy(parser->scanner);
    buffer_deinit(&parser->stack);
    free(parser);
}

static bool walk_fail(struct walk *walk, const char *expected)
{
    if (walk->why) return false;
    if (walk->next >= walk->tokens.count) {
        walk->why = nt_arena_printf(walk->arena, "it ends where %s should be", expected);
    } else {
        walk->why = nt_arena_printf(walk->arena, "expected %s at byte %u", expected,
                                    (unsigned)walk->tokens.starts[walk->next] + 1);
    }
    return false;
}

/* The first byte of the next token; at the end a blank, which no token begins with. */
static inline uint8_t walk_peek(const struct walk *walk)
{
    return walk->tokens.text[walk->tokens.starts[walk->next]];
}

/* The next token without the blanks behind it, as a span of walk->text. */
static inline struct bytes walk_token(const struct walk *walk)
{
    size_t start = walk->tokens.starts[walk->next];
    size_t end = walk->tokens.starts[walk->next + 1];
    const uint8_t *text = walk->tokens.text;
    while (end > start + 1 && json_is_blank(text[end - 1])) end--;
    return (struct bytes){walk->text + start, end - start};
}

static inline bool walk_string(struct walk *walk, struct bytes *text, bool *was_escaped)
{
    struct bytes token = walk_token(walk);
    size_t start = walk->tokens.starts[walk->next];
    if (token.size < 2 || token.data[token.size - 1] != '"') return walk_fail(walk, "a string");
    *text = (struct bytes){token.data + 1, token.size - 2};
    *was_escaped = walk->has_escapes && memchr(text->data, '\\', text->size);
    if (*was_escaped) {
        uint8_t *decoded = nt_arena_alloc(walk->arena, text->size + JSON_UNESCAPE_MORE);
        uint8_t *end = json_unescape(walk->parser->scanner, walk->tokens.text + start, decoded);
        if (!end) return walk_fail(walk, "a string with valid escapes");
        *text = (struct bytes){decoded, (size_t)(end - decoded)};
    }
    walk->next++;
    return true;
}

static bool is_number(struct bytes token)
{
    return json_number_end(token.data, token.size, 0) == token.size;
}

static inline bool token_is(struct bytes token, const char *word)
{
    size_t size = strlen(word);
    return token.size == size && memcmp(token.data, word, size) == 0;
}

static inline bool walk_scalar(struct walk *walk, struct json *value)
{
    if (walk_peek(walk) == '"') {
        value->kind = JSON_STRING;
        return walk_string(walk, &value->text, &value->was_escaped);
    }
    if (walk->next >= walk->tokens.count) return walk_fail(walk, "a value");
    struct bytes token = walk_token(walk);
    value->text = token;
    if (is_number(token)) {
        value->kind = JSON_NUMBER;
    } else if (token_is(token, "null")) {
        value->kind = JSON_NULL;
    } else if (token_is(token, "true") || token_is(token, "false")) {
        value->kind = JSON_BOOL;
        value->boolean = token.size == 4;
    } else {
        return walk_fail(walk, "a value");
    }
    walk->next++;
    return true;
}

/* Whether the container that close ends goes on after a child: true past a comma. */
static inline bool walk_more(struct walk *walk, uint8_t close)
{
    uint8_t byte = walk_peek(walk);
    if (byte == ',') {
        walk->next++;
        return true;
    }
    if (byte == close) {
        walk->next++;
    } else {
        walk_fail(walk, close == '}' ? "a comma or }" : "a comma or ]");
    }
    return false;
}

/* A member's name and the colon. */
static bool walk_name(struct walk *walk, struct bytes *name)
{
    if (walk_peek(walk) != '"') return walk_fail(walk, "the name of a member");
    bool was_escaped;
    if (!walk_string(walk, name, &was_escaped)) return false;
    if (walk_peek(walk) != ':') return walk_fail(walk, "a colon");
    walk->next++;
    return true;
}

static bool walk_value(struct walk *walk, int depth, bool is_kept, struct json *value);

/* Takes the children that were pushed since base off the stack. */
static void walk_keep(struct walk *walk, size_t base, struct json *value)
{
    struct buffer *stack = &walk->parser->stack;
    value->count = (stack->size - base) / sizeof *value;
    if (value->count) {
        value->children = nt_arena_copy(walk->arena, stack->data + base, stack->size - base);
    }
    stack->size = base;
}

/* An array or an object. Not kept: checked, and its children forgotten. */
static bool walk_container(struct walk *walk, int depth, bool is_kept, struct json *value)
{
    bool is_object = walk_peek(walk) == '{';
    uint8_t close = is_object ? '}' : ']';
    size_t base = walk->parser->stack.size, first = walk->next;
    if (depth >= JSON_DEPTH_MAX) {
        walk->why = "it is nested deeper than 64 levels";
        return false;
    }
    walk->next++;
    bool more = walk_peek(walk) != close;
    if (!more) walk->next++;
    while (more) {
        struct json child = {0};
        if (is_object && !walk_name(walk, &child.name)) return false;
        if (!walk_value(walk, depth + 1, is_kept, &child)) return false;
        if (is_kept) buffer_append(&walk->parser->stack, &child, sizeof child);
        more = walk_more(walk, close);
    }
    if (walk->why) return false;
    value->kind = is_object ? JSON_OBJECT : JSON_ARRAY;
    size_t start = walk->tokens.starts[first], end = walk->tokens.starts[walk->next - 1] + 1;
    value->text = (struct bytes){walk->text + start, end - start};
    if (is_kept) walk_keep(walk, base, value);
    return true;
}

static bool walk_value(struct walk *walk, int depth, bool is_kept, struct json *value)
{
    uint8_t byte = walk_peek(walk);
    if (byte == '{' || byte == '[') return walk_container(walk, depth, is_kept, value);
    return walk_scalar(walk, value);
}

static bool walk_end(struct walk *walk)
{
    return walk->next == walk->tokens.count || walk_fail(walk, "the end");
}

static bool walk_start(struct walk *walk, struct json_parser *parser, struct bytes bytes,
                       const char **why)
{
    parser->stack.size = 0;
    walk->has_escapes = bytes.size && memchr(bytes.data, '\\', bytes.size);
    *why = json_scan(parser->scanner, bytes, &walk->tokens);
    return !*why;
}

bool json_parse(struct json_parser *parser, struct bytes bytes, struct nt_arena *arena,
                struct json **document, const char **why)
{
    struct walk walk = {.parser = parser, .arena = arena};
    if (!walk_start(&walk, parser, bytes, why)) return false;
    walk.text = nt_arena_copy(arena, bytes.data, bytes.size);
    *document = nt_arena_zalloc(arena, sizeof **document);
    bool is_good = walk_value(&walk, 0, true, *document) && walk_end(&walk);
    *why = walk.why;
    return is_good;
}

struct json_want json_want_make(struct bytes name, bool is_whole)
{
    struct json_want want = {.is_whole = is_whole};
    struct buffer plain = {0};
    buffer_append_byte(&plain, '"');
    buffer_append(&plain, name.data, name.size);
    buffer_append_text(&plain, "\":");
    want.plain = buffer_bytes(&plain);
    want.name = (struct bytes){want.plain.data + 1, name.size};
    for (size_t i = 0; i < name.size; i++) {
        uint8_t byte = name.data[i];
        if (byte < ' ' || byte == '"' || byte == '\\') want.plain.size = 0;
    }
    return want;
}

void json_want_free(struct json_want *want)
{
    free((void *)(uintptr_t)want->plain.data);
}

static bool walk_pick(struct json_parser *parser, struct bytes bytes, const struct json_want *wants,
                      size_t count, struct nt_arena *arena, struct json *values, const char **why)
{
    struct walk walk = {.parser = parser, .arena = arena, .text = bytes.data};
    json_values_clear(values, count);
    if (!walk_start(&walk, parser, bytes, why)) return false;
    bool more = walk_peek(&walk) == '{' || walk_fail(&walk, "an object");
    if (more) {
        walk.next++;
        more = walk_peek(&walk) != '}';
        if (!more) walk.next++;
    }
    for (size_t guess = 0; more && !walk.why;) {
        struct json other, *value = &other;
        struct bytes name;
        if (!walk_name(&walk, &name)) break;
        size_t at = json_name_find(wants, count, name, guess);
        if (at < count) {
            value = &values[at];
            guess = at + 1 < count ? at + 1 : 0;
        }
        *value = (struct json){.name = name};
        if (!walk_value(&walk, 1, at < count && wants[at].is_whole, value)) break;
        more = walk_more(&walk, '}');
    }
    bool is_good = !walk.why && walk_end(&walk);
    *why = walk.why;
    return is_good;
}

bool json_pick(struct json_parser *parser, struct bytes bytes, const struct json_want *wants,
               size_t count, struct nt_arena *arena, struct json *values, const char **why)
{
    *why = NULL;
    if (parser->walks_left)
        parser->walks_left--;
    else if (json_flat_pick(bytes, wants, count, values))
        return true;
    else
        parser->walks_left = WALKS;
    return walk_pick(parser, bytes, wants, count, arena, values, why);
}

const struct json *json_member(const struct json *object, const char *name)
{
    if (!object || object->kind != JSON_OBJECT) return NULL;
    for (size_t i = object->count; i > 0; i--) {
        if (token_is(object->children[i - 1].name, name)) return &object->children[i - 1];
    }
    return NULL;
}
