/*
 * tokens.h: the definition file as PostgreSQL's scanner sees it, without comments. The parse tree
 * says where an expression starts but not where it ends; tokens do.
 */
#ifndef COMPILER_TOKENS_H
#define COMPILER_TOKENS_H

#include "compiler/diagnostics.h"

struct token {
    int start, end; /* bytes from the start of the file */
    int kind;       /* PgQuery__Token */
};

struct tokens {
    struct bytes text;
    const struct token *list; /* in order */
    int count;
};

/* Scans all of the text (zero terminated). False: it does not scan; the parser says where. */
bool tokens_scan(struct bytes text, struct nt_arena *arena, struct tokens *tokens);
/* Index of the first token that starts at offset or later; count when there is none. */
int tokens_at(const struct tokens *tokens, int offset);
/* Index of the first token of that kind from index on, outside parentheses that open from there;
 * stops at ';' and at a parenthesis that closes what was open before. -1: none. */
int tokens_find(const struct tokens *tokens, int index, int kind);
/* Index of the ')' of the '(' at index; -1 when that is no '('. */
int tokens_close(const struct tokens *tokens, int index);
/* The last token of the item of a list that begins at index: before the ',' or ')' that ends it. */
int tokens_item_end(const struct tokens *tokens, int index);
/* The text from the start of one token to the end of another, in arena; "" when last < first. */
const char *tokens_slice(const struct tokens *tokens, int first, int last, struct nt_arena *arena);
/* The same with now() for every CURRENT_TIMESTAMP and CURRENT_DATE, which PostgreSQL reads off the
 * clock: a question as of T needs a function that can be set. */
const char *tokens_question(const struct tokens *tokens, int first, int last,
                            struct nt_arena *arena);
/* How deeply the parse tree of the text can nest, never less than it does. The tree is read and
 * freed by recursion in libraries, so what may nest too deeply must not reach the parser. */
int tokens_nesting(const struct tokens *tokens, int *offset);

#endif
