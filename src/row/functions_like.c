/* functions_like.c: LIKE and ILIKE, as PostgreSQL 15 matches them, with a backslash for its escape.
 */
#include "row/functions.h"
#include "row/text.h"

/* Where text and pattern are read, and where to go on when what follows the last % did not match.
 */
struct match {
    struct nt_value text, pattern;
    uint32_t at, in; /* offsets */
    bool has_percent, folds;
    uint32_t percent_at, percent_in;
};

static bool same_byte(const struct match *match, char a, char b)
{
    return match->folds ? text_lower(a) == text_lower(b) : a == b;
}

/* Moves behind % and what follows of % and _. False: not enough text is left for the _. */
static bool percent_take(struct match *match)
{
    const struct nt_value *pattern = &match->pattern;
    for (; match->in < pattern->size; match->in++) {
        if (pattern->text[match->in] == '_') {
            if (match->at == match->text.size) return false;
            match->at += text_char_size(match->text, match->at);
        } else if (pattern->text[match->in] != '%') {
            break;
        }
    }
    match->has_percent = true;
    match->percent_at = match->at;
    match->percent_in = match->in;
    return true;
}

/* Tries again a character later behind the last %. */
static bool percent_retry(struct match *match)
{
    if (!match->has_percent || match->percent_at >= match->text.size) return false;
    match->percent_at += text_char_size(match->text, match->percent_at);
    match->at = match->percent_at;
    match->in = match->percent_in;
    return true;
}

/* One character or byte of both. */
static bool step_take(struct match *match)
{
    const char *pattern = match->pattern.text;
    if (pattern[match->in] == '_') {
        match->at += text_char_size(match->text, match->at);
        match->in++;
        return true;
    }
    if (pattern[match->in] == '\\') match->in++;
    return same_byte(match, pattern[match->in++], match->text.text[match->at++]);
}

static bool escape_is_last(const struct match *match)
{
    return match->pattern.text[match->in] == '\\' && match->in + 1 == match->pattern.size;
}

/* 1: it matches; 0: it does not; -1: the pattern ends within an escape. */
static int match_run(struct match *match)
{
    const struct nt_value *pattern = &match->pattern;
    while (match->at < match->text.size) {
        if (match->in == pattern->size) {
            if (!percent_retry(match)) return 0;
            continue;
        }
        if (pattern->text[match->in] == '%') {
            if (!percent_take(match)) return 0;
            if (match->in == pattern->size) return 1;
            if (escape_is_last(match)) return -1;
            continue;
        }
        if (escape_is_last(match)) return -1;
        if (!step_take(match) && !percent_retry(match)) return 0;
    }
    while (match->in < pattern->size && pattern->text[match->in] == '%') match->in++;
    return match->in == pattern->size;
}

static struct nt_value matches(struct nt_eval *e, struct nt_value x, struct nt_value y, bool folds,
                               bool is_wanted)
{
    if (x.is_null || y.is_null) return NT_NULL;
    struct match match = {.text = x, .pattern = y, .folds = folds};
    int result = match_run(&match);
    if (result < 0) return nt_fail(e, "LIKE pattern must not end with escape character");
    return nt_bool((result > 0) == is_wanted);
}

struct nt_value nt_text_like(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return matches(e, x, y, false, true);
}

struct nt_value nt_text_not_like(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return matches(e, x, y, false, false);
}

struct nt_value nt_text_ilike(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return matches(e, x, y, true, true);
}

struct nt_value nt_text_not_ilike(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    return matches(e, x, y, true, false);
}

/* The pattern with a backslash for each escape character, and its own backslashes escaped. */
static struct nt_value escaped(struct nt_eval *e, struct nt_value pattern, struct nt_value escape)
{
    struct text_maker out = {nt_arena_alloc(e->arena, (size_t)pattern.size * 2 + 1), 0};
    bool is_after = false;
    for (uint32_t i = 0, size; i < pattern.size; i += size) {
        size = text_char_size(pattern, i);
        bool is_escape =
            !is_after && size == escape.size && memcmp(pattern.text + i, escape.text, size) == 0;
        if (is_escape || (pattern.text[i] == '\\' && !is_after)) text_add(&out, "\\", 1);
        if (!is_escape) text_add(&out, pattern.text + i, size);
        is_after = is_escape;
    }
    return nt_text(out.text, out.size);
}

struct nt_value nt_text_like_escape(struct nt_eval *e, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return NT_NULL;
    if (text_length(y) > 1) return nt_fail(e, "invalid escape string");
    return y.size == 1 && y.text[0] == '\\' ? x : escaped(e, x, y);
}
