/*
 * json.h: reading and writing JSON. Reading is simdjson's, behind a C face (json.cc); a document is
 * a tree in the arena. Numbers keep their text, so 64-bit integers and numerics lose nothing.
 */
#ifndef DECODE_JSON_H
#define DECODE_JSON_H

#include "base/bytes.h"
#include "nowthen/eval.h"

#ifdef __cplusplus
extern "C" {
#endif

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

#define JSON_DEPTH_MAX 64

struct json {
    enum json_kind kind;
    bool boolean;
    bool was_escaped;  /* STRING: without this it holds no zero, nor any other control character */
    struct bytes text; /* STRING: decoded UTF-8, may hold zeros. All others: as written */
    struct bytes name; /* of this member, when inside an object */
    size_t count;      /* ARRAY, OBJECT: children in order */
    struct json *children;
};

struct json_parser; /* reusable buffers; one thread */
struct json_parser *json_parser_create(void);
void json_parser_destroy(struct json_parser *parser);
/* False: *why is a static or arena text that goes on from "not JSON: ". */
bool json_parse(struct json_parser *parser, struct bytes bytes, struct nt_arena *arena,
                struct json **document, const char **why);
/* A member that is wanted of an object. */
struct json_want {
    struct bytes name;
    struct bytes plain; /* "name": as most producers write it; empty: it takes escapes */
    bool is_whole;      /* an array or object comes with its children */
};
/* name is copied. */
struct json_want json_want_make(struct bytes name, bool is_whole);
void json_want_free(struct json_want *want);
/* The wanted members, without the tree: bytes is an object, values[i] its last member of the name
 * of wants[i], JSON_NULL and without a name when missing. All of bytes is checked. A text points
 * into bytes, or into arena where it was escaped; a name may be that of wants[i]. */
bool json_pick(struct json_parser *parser, struct bytes bytes, const struct json_want *wants,
               size_t count, struct nt_arena *arena, struct json *values, const char **why);
/* The last member of that name; NULL: none, or not an object. */
const struct json *json_member(const struct json *object, const char *name);

/* A JSON string with its quotes, ASCII-escaped. */
void json_append_string(struct bytes text, struct buffer *out);
/* A value as Feast's clients expect it: NULL null; bool; integers as numbers; float8 shortest with
 * ".0" when integral, NaN and infinities null; numeric a string; timestamptz
 * "2013-01-01T10:17:00Z"; interval and text strings; an array as one. */
void json_append_value(enum nt_type type, struct nt_value value, struct buffer *out);

#ifdef __cplusplus
}
#endif

#endif
