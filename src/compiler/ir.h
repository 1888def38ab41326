/*
 * ir.h: a definition file after binding and checking: typed expressions and the tables of
 * nowthen/program.h with expressions where the program has functions.
 *
 * Everything lives in the compile arena. Passes: bind and check build it (lower.c), verify.c checks
 * its invariants, ir_print (ir_text.c) gives its canonical text, which --dump=ir shows and the
 * fingerprint hashes, emit.c turns it into C.
 */
#ifndef COMPILER_IR_H
#define COMPILER_IR_H

#include "nowthen/program.h"

#include "base/bytes.h"

/* Where a piece of the definition file is: byte offset from its start; -1 unknown. */
struct ir_place {
    int32_t offset;
};

enum ir_op {
    IR_CONST,  /* value */
    IR_COLUMN, /* index: of the source's row in check and admit; of the request in a service */
    IR_KEY,    /* index: of the view's key; in a feature */
    IR_TERM,   /* index: of the view's terms; in a feature */
    IR_INPUT,  /* index: of the output's inputs; in a service output */
    IR_NOW,    /* now() */
    IR_CALL,   /* function: index into the table of functions.def; arguments */
    IR_AND,    /* arguments, two or more, left to right, three-valued, short-circuit */
    IR_OR,
    IR_NOT,
    IR_IS_NULL, /* one argument, never NULL; IS NOT NULL is NOT of it */
    IR_IS_TRUE, /* likewise */
    IR_IS_FALSE,
    IR_DISTINCT, /* IS DISTINCT FROM: two arguments of one type */
    IR_CASE,     /* arguments: condition, result, condition, result, ..., else; evaluated lazily */
    IR_COALESCE, /* lazily, left to right */
    IR_NULLIF,   /* two arguments of one type */
    IR_GREATEST, /* NULLs ignored */
    IR_LEAST,
    IR_ROW_ORDER,  /* the place of a row in ORDER BY: orders[argument_count]; text that is bytes.
                    * index 1: rows of equal values have equal bytes */
    IR_ARRAY,      /* of arguments, all of the element's type */
    IR_ARRAY_CAST, /* one array, each element by function, a cast */
    IR_ANY,        /* x operator ANY (array): function is the operator */
    IR_ALL,
};

struct ir_expr {
    enum ir_op op;
    enum nt_type type;
    struct nt_value value; /* IR_CONST */
    int index;             /* IR_COLUMN, IR_KEY, IR_TERM, IR_INPUT */
    int function;          /* ir_op_calls */
    int argument_count;
    struct ir_expr **arguments;
    const struct nt_order *orders; /* IR_ROW_ORDER */
    struct ir_place place;
    bool is_unknown_literal; /* a quoted literal that has no type yet; never after bind */
};

/* Has it a function? */
static inline bool ir_op_calls(enum ir_op op)
{
    return op == IR_CALL || op == IR_ARRAY_CAST || op == IR_ANY || op == IR_ALL;
}

/* CREATE TYPE ... AS ENUM. Until enums.c has run, a type of NT_TYPE_COUNT + i is the program's enum
 * i.
 */
struct ir_enum {
    const char *name, *sql;
    struct nt_value labels; /* row/enumeration.h */
};

static inline bool type_is_enum(enum nt_type type)
{
    return type >= NT_TYPE_COUNT && !nt_type_is_array(type);
}
/* An enum, or an array of one. */
static inline bool type_has_enum(enum nt_type type)
{
    return type_is_enum(nt_type_element(type));
}
/* What its values are within a program, and where others see them. */
static inline enum nt_type type_kept(enum nt_type type)
{
    if (!type_has_enum(type)) return type;
    return nt_type_is_array(type) ? NT_BYTEA_ARRAY : NT_BYTEA;
}
static inline enum nt_type type_seen(enum nt_type type)
{
    if (!type_has_enum(type)) return type;
    return nt_type_is_array(type) ? NT_TEXT_ARRAY : NT_TEXT;
}

struct ir_column {
    const char *name;
    enum nt_type type;
    bool is_not_null;
    const char *comment;
    int32_t typmod;                    /* row/typmod.h */
    const struct ir_enum *enumeration; /* set by enums.c, of a text, or an array, of its labels */
};

/* What a column is where the event does not say. */
struct ir_made {
    int column;
    bool is_generated; /* GENERATED ALWAYS AS (expr) STORED, else DEFAULT expr */
    const char *sql;
    struct ir_expr *expr; /* over the source's columns, of the column's type */
};

struct ir_check {
    const char *name; /* of the constraint as PostgreSQL would name it: flights_arr_delay_check */
    const char *sql;
    struct ir_expr *condition; /* the row is rejected when it is false; NULL passes */
};

struct ir_source {
    const char *name, *server, *brokers, *topic, *format, *history, *comment;
    int column_count;
    struct ir_column *columns;
    int event_time;
    int key_count; /* PRIMARY KEY, the event key; 0: none */
    int *key;
    int made_count;
    struct ir_made *made; /* defaults, which read no column, then what is generated */
    int check_count;
    struct ir_check *checks;
};

struct ir_bound {
    bool is_set, is_inclusive;
    int step_count;
    struct nt_bound_step *steps;
};

struct ir_window {
    struct ir_bound lower, upper;
    bool has_frame; /* only events at most frame_us older than the newest inside the bounds */
    int64_t frame_us;
    const char *sql; /* for the comment in the emitted C */
};

struct ir_measure {
    const char *aggregate; /* symbol in aggregates.def */
    int argument_count;
    int arguments[2]; /* indexes into the view's arguments */
    enum nt_type types[2];
    enum nt_type result;
    int filter;       /* index into the view's arguments, or -1 */
    bool is_distinct; /* of the distinct values of its one argument */
    int parameter_count;
    struct nt_value parameters[NT_PARAMETERS_MAX];
    enum nt_type parameter_types[NT_PARAMETERS_MAX];
    const char *sql;
};

struct ir_argument {
    struct ir_expr *expr; /* over the columns of FROM */
    const char *sql;
    const struct ir_enum *enumeration; /* set by enums.c, of a value of it, or an array */
};

struct ir_term {
    int measure;
    int window;
};

struct ir_feature {
    const char *name, *sql, *comment;
    uint64_t fingerprint;
    enum nt_type type;
    int key; /* bare key column, or -1 */
    bool reads_clock;
    int term_count;
    int *terms;
    struct ir_expr *expr; /* IR_KEY, IR_TERM, IR_NOW at the leaves */
};

/* How a view reads a source: WHERE, key and arguments over its columns. */
struct ir_feed {
    int source;
    struct ir_expr *where; /* without its bounds on now(); NULL when there is none */
    const char *where_sql;
    struct ir_expr *keys[NT_KEY_COLUMNS_MAX];
    int key_columns[NT_KEY_COLUMNS_MAX]; /* of a bare column; -1: an expression */
    struct ir_expr **arguments;
};

/* CREATE VIEW of events: feature views have taken it in; kept for PostgreSQL. */
struct ir_event_view {
    const char *name, *sql, *comment;
};

struct ir_view {
    const char *name, *sql, *comment;
    uint64_t fingerprint;
    int feed_count; /* more than one with UNION ALL */
    struct ir_feed *feeds;
    int key_count;
    struct ir_column keys[NT_KEY_COLUMNS_MAX];
    struct ir_expr *key_exprs[NT_KEY_COLUMNS_MAX]; /* over the columns of FROM */
    int argument_count;
    struct ir_argument *arguments;
    int window_count;
    struct ir_window *windows;
    int measure_count;
    struct ir_measure *measures;
    int term_count;
    struct ir_term *terms; /* terms[0]: count(*) over the WHERE window */
    int feature_count;
    struct ir_feature *features;
    bool has_event_key;        /* the last two arguments are an event's key and rank */
    bool has_repeats;          /* an event key is settled among all events of its source: within */
    int64_t repeats_us;        /* of each other; NT_REPEATS_FOREVER */
    struct ir_feature *having; /* a condition without a name; NULL: no HAVING */
};

struct ir_join {
    const char *alias;
    int view;
    struct ir_expr *key[NT_KEY_COLUMNS_MAX]; /* over request columns, cast to the key's type */
};

struct ir_output {
    const char *name, *sql, *comment;
    enum nt_type type;
    int request; /* bare request column, or -1 */
    int input_count;
    struct nt_input *inputs;
    struct ir_expr *expr; /* IR_COLUMN, IR_INPUT, IR_NOW at the leaves */
};

struct ir_service {
    const char *name, *sql, *request, *comment;
    int column_count;
    struct ir_column *columns;
    int join_count;
    struct ir_join *joins;
    int output_count;
    struct ir_output *outputs;
    int grantee_count;
    const char **grantees;
};

struct ir_program {
    const char *definitions; /* the file, to the byte */
    char fingerprint[33]; /* set by the driver: canonical text, runtime version, compiler flags */
    int enum_count;
    struct ir_enum *enums;
    int source_count;
    struct ir_source *sources;
    int event_view_count;
    struct ir_event_view *event_views;
    int view_count;
    struct ir_view *views;
    int service_count;
    struct ir_service *services;
};

/* Types of arrays.def that the arguments of a call decide. */
#define NT_ANYELEMENT         ((enum nt_type)0x2000)
#define NT_ANYCOMPATIBLE      ((enum nt_type)0x2001)
#define NT_ANYARRAY           NT_ARRAY_OF(NT_ANYELEMENT)
#define NT_ANYCOMPATIBLEARRAY NT_ARRAY_OF(NT_ANYCOMPATIBLE)

/* Lines of functions.def, then of arrays.def, in order, for binding (by name and types) and
 * emitting (by symbol). */
enum ir_function_kind {
    IR_OPERATOR,
    IR_FUNCTION,
    IR_CAST_IMPLICIT,
    IR_CAST_ASSIGNMENT,
    IR_CAST_EXPLICIT,
    IR_TYPMOD,
    IR_INTERNAL,
};
#define IR_ARGUMENTS_MAX 4
struct ir_function {
    const char *symbol; /* "int4_add": the C function is nt_int4_add */
    enum ir_function_kind kind;
    const char *name; /* "+", "extract", "cast" */
    enum nt_type result;
    int argument_count; /* variadic: 0 */
    enum nt_type arguments[IR_ARGUMENTS_MAX];
    bool is_variadic;  /* any number of arguments[0] */
    bool is_of_arrays; /* a line of arrays.def */
};
extern const struct ir_function ir_functions[];
extern const int ir_function_count;
enum nt_type ir_function_argument(const struct ir_function *function, int index);
/* Of a call of a line of arrays.def: the type of the elements. */
enum nt_type ir_call_element(const struct ir_expr *call);
/* That type, or another of the line, in such a call. */
enum nt_type ir_array_type(enum nt_type type, enum nt_type element);

/* The canonical text: no offsets, no file name, no comments on objects; equal meaning as written in
 * equal order gives equal bytes. */
void ir_print(const struct ir_program *program, struct buffer *out);
void ir_print_expr(const struct ir_expr *expr, struct buffer *out);
/* One view with its source, for nt_view.fingerprint. */
void ir_print_view(const struct ir_program *program, const struct ir_view *view,
                   struct buffer *out);
/* One feature with all that decides its value and nothing else of its view, for
 * nt_feature.fingerprint. */
void ir_print_feature(const struct ir_program *program, const struct ir_view *view,
                      const struct ir_feature *feature, struct buffer *out);

#endif
