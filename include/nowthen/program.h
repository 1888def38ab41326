/*
 * program.h: a compiled definition file, as the compiler emits it and every shell loads it.
 *
 * Installed; the only header an emitted program includes. A program is a shared object that exports
 * one symbol, nt_program: constant tables that describe the sources, views and services, and the C
 * functions of the phases admit and finish. It links to the runtime only, does no I/O, takes no
 * lock and reads no clock, so every function may be called from any thread.
 */
#ifndef NOWTHEN_PROGRAM_H
#define NOWTHEN_PROGRAM_H

#include "nowthen/arena.h"
#include "nowthen/eval.h"
#include "nowthen/value.h"

/* Raised whenever a struct of this header or the meaning of a function changes: a program built
 * for another number is refused by name. */
#define NT_PROGRAM_ABI 10

#define NT_KEY_COLUMNS_MAX 8
#define NT_PARAMETERS_MAX  1    /* of an aggregate */
#define NT_COLUMNS_MAX     1600 /* of a source, a view or a service; PostgreSQL's own limit */
#define NT_NO_COLUMN       UINT16_MAX
#define NT_REPEATS_FOREVER INT64_MAX

/* CREATE TYPE ... AS ENUM. A value of it is its label, a text, wherever others see it: in rows,
 * keys and features. Between them it is what nt_enum_of_text gives, a bytea in the order of the
 * labels. An array of it is one of texts, and between them of such bytea. */
struct nt_enum {
    const char *name;
    const char *sql;        /* the statement as written */
    struct nt_value labels; /* row/enumeration.h */
};

struct nt_column {
    const char *name;
    enum nt_type type;
    bool is_not_null;
    const char *comment; /* COMMENT ON COLUMN, or NULL */
    int32_t typmod;      /* PostgreSQL's atttypmod of varchar(n) and numeric(p, s); 0: none */
    const struct nt_enum *enumeration; /* of a text that must be one of its labels, or an array of
                                          such; else NULL */
};

/* What a column is where the event does not say: DEFAULT, or GENERATED ALWAYS AS, which an event
 * must not give. */
struct nt_made {
    uint16_t column;
    bool is_generated;
    const char *sql; /* the expression as written */
    /* row[column_count] as in nt_source.check: given columns and defaults, which go first. Of the
     * column's type, not yet held to its typmod. Sets e->error on an error. */
    struct nt_value (*make)(struct nt_eval *e, const struct nt_value *row);
};

/* An option as written, lower-case name: OPTIONS (topic 'flights'). */
struct nt_option {
    const char *name;
    const char *value;
};

/* Where events come from: a foreign table of a server of the kafka wrapper. */
struct nt_source {
    const char *name;
    const char *server;  /* name of its CREATE SERVER */
    const char *brokers; /* bootstrap servers, host:port,... */
    const char *topic;
    const char *format;  /* "json" */
    const char *history; /* OPTIONS (history 'schema.table'): its past in PostgreSQL, or NULL */
    const char *comment;
    const struct nt_column *columns;
    uint16_t column_count;
    uint16_t event_time; /* index of the event time column: timestamptz, never NULL once admitted */
    uint16_t key_count;  /* of its event key, PRIMARY KEY; 0: it has none */
    const uint16_t *key; /* columns, all of them NOT NULL */
    uint16_t made_count;
    const struct nt_made *made; /* defaults, then generated columns */
    /* NOT NULL and CHECK. row[column_count], in column order. True: the event is accepted. False:
     * it is a dead letter and e->error is PostgreSQL's message: which constraint of which relation,
     * or what failed inside a CHECK. */
    bool (*check)(struct nt_eval *e, const struct nt_value *row);
};

/*
 * One end of a window: a point in event time that never falls as now() rises.
 *   now, then each step in order: minus an interval, truncated to a calendar unit, or to a multiple
 * of an interval.
 */
enum nt_bound_step_kind { NT_BOUND_MINUS, NT_BOUND_TRUNC, NT_BOUND_BIN };
struct nt_bound_step {
    uint8_t kind;
    uint8_t field; /* NT_BOUND_TRUNC: enum nt_field, NT_FIELD_DAY, ... */
    int64_t us;    /* NT_BOUND_MINUS: microseconds to subtract, negative to add; NT_BOUND_BIN: of
                      which the greatest multiple is taken that is not after */
};
struct nt_bound {
    bool is_set;
    bool is_inclusive; /* the event at exactly this point is inside */
    uint8_t step_count;
    const struct nt_bound_step *steps;
};

/* Which events a term sees at T: event_time <= T and within both bounds. With a frame, of these the
 * ones at most frame_us older than the newest. */
struct nt_window {
    struct nt_bound lower, upper; /* both unset, and no frame: lifetime */
    bool has_frame;
    int64_t frame_us;
};

struct nt_aggregate; /* runtime/aggregate.h; the program only points at them */

/* An aggregate over stated arguments, whatever the window: what a timeline keeps partials of. */
struct nt_measure {
    const struct nt_aggregate *aggregate;
    uint16_t argument_count;
    uint16_t arguments[2]; /* indexes into the view's arguments */
    enum nt_type types[2]; /* of the arguments */
    enum nt_type result;
    int16_t filter; /* index of a boolean argument that must be true, or -1 */
    /* Where aggregate is nt_aggregate_distinct: what is taken of the distinct values. Else NULL. */
    const struct nt_aggregate *over;
    uint16_t parameter_count;
    struct nt_value parameters[NT_PARAMETERS_MAX]; /* constants, as in percentile_cont(0.9) */
};

/* A measure over a window: one value that finish reads. */
struct nt_term {
    uint16_t measure;
    uint16_t window;
};

struct nt_feature {
    const char *name;
    enum nt_type type;
    const char *sql;      /* the expression as written */
    const char *comment;  /* COMMENT ON COLUMN, or NULL */
    uint64_t fingerprint; /* of all that decides its value, be the rest of the view what it may */
    int16_t key;          /* index of the key column that this is, bare; or -1 */
    bool reads_clock;     /* now() outside a window: changes without an event */
    uint16_t term_count;  /* the terms it reads */
    const uint16_t *terms;
    /* key[key_count], terms[view.term_count] in the view's order (only those listed need be
     * there), e->now. Sets e->error on an error. */
    struct nt_value (*finish)(struct nt_eval *e, const struct nt_value *key,
                              const struct nt_value *terms);
};

/* How a view reads a source. With UNION ALL it has several feeds, the same source perhaps in two.
 */
struct nt_feed {
    uint16_t source;             /* index into nt_program.sources */
    const uint16_t *key_columns; /* the source column of each key; NT_NO_COLUMN: an expression */
    /* WHERE but for its bounds on now(), then the key and the arguments. row as in check. Writes
     * key[key_count] and arguments[argument_count]. False: the event is not in this view; with
     * e->error set it is a dead letter. A key part that is NULL is the caller's to count. */
    bool (*admit)(struct nt_eval *e, const struct nt_value *row, struct nt_value *key,
                  struct nt_value *arguments);
};

/* A feature view: one row per entity. */
struct nt_view {
    const char *name;
    const char *sql; /* the SELECT as written, to the byte: what PostgreSQL is asked */
    const char *comment;
    uint64_t fingerprint; /* of the canonical form of the view and its source: names its state */
    uint16_t feed_count;
    uint16_t key_count;
    uint16_t argument_count;
    uint16_t window_count;
    uint16_t measure_count;
    uint16_t term_count;
    uint16_t feature_count;
    /* A source of it has an event key: the last two arguments are the key and the rank of an event,
     * text that is bytes. Of events of one microsecond whose keys are equal and not NULL one
     * counts: the one with the greatest rank, then with the greatest arguments as tuple bytes. */
    bool has_event_key;
    /* A source of it has an event key that is settled among all events of the source instead,
     * before WHERE: of its accepted events of equal keys, by event time and at one time the greater
     * row first, one counts when none before it is of its time or less than repeats_us older
     * (runtime/repeats.h). Never both. */
    bool has_repeats;
    int64_t repeats_us; /* NT_REPEATS_FOREVER: none at all is before it */
    const struct nt_feed *feeds;
    const struct nt_column *keys;  /* in GROUP BY order, named as SELECT names them */
    const enum nt_type *arguments; /* types of the admitted arguments */
    const struct nt_window *windows;
    const struct nt_measure *measures;
    /* terms[0] is always count(*) over the view's own WHERE window: the entity has a row at T
     * exactly when it is not zero and having is true. */
    const struct nt_term *terms;
    const struct nt_feature *features; /* in SELECT order, bare keys included */
    /* A condition without a name, NULL for none: an entity of which it is not true has no row. When
     * it reads the clock, so does every feature that is no bare key. */
    const struct nt_feature *having;
};

/* CREATE VIEW of events, row by row: the feature views that read it have taken it in. */
struct nt_event_view {
    const char *name;
    const char *sql; /* the SELECT as written */
    const char *comment;
};

/* A view joined into a service. */
struct nt_join {
    const char *alias;
    uint16_t view; /* index into nt_program.views */
    /* The view's key from a request row; key[view.key_count]. A NULL part: no such entity. */
    void (*key)(struct nt_eval *e, const struct nt_value *request, struct nt_value *key);
};

/* What an output of a service reads of its joins. */
struct nt_input {
    uint16_t join;
    uint16_t feature;
};

struct nt_output {
    const char *name;
    enum nt_type type;
    const char *sql;
    const char *comment;
    int16_t request;      /* it is this request column, bare; or -1 */
    uint16_t input_count; /* the features it reads */
    const struct nt_input *inputs;
    /* request[request_count]; joins[j][f] is feature f of join j's view, all NULL where the entity
     * is missing; e->now. */
    struct nt_value (*finish)(struct nt_eval *e, const struct nt_value *request,
                              const struct nt_value *const *joins);
};

/* A feature service: the vector that one model reads. */
struct nt_service {
    const char *name;
    const char *sql;     /* the SELECT as written */
    const char *request; /* name of the request table */
    const char *comment;
    const struct nt_column *columns; /* of the request */
    uint16_t column_count;
    uint16_t join_count;
    uint16_t output_count;
    const struct nt_join *joins;
    const struct nt_output *outputs;
    const char *const *grantees; /* GRANT SELECT, NULL terminated */
};

struct nt_program {
    uint32_t abi;            /* NT_PROGRAM_ABI of the compiler that emitted it */
    const char *fingerprint; /* 32 hex digits: canonical form, runtime version, compiler flags */
    const char *definitions; /* the definition file, to the byte */
    uint16_t enum_count;
    uint16_t source_count;
    uint16_t event_view_count;
    uint16_t view_count;
    uint16_t service_count;
    const struct nt_enum *const *enums;
    const struct nt_source *sources;
    const struct nt_event_view *event_views;
    const struct nt_view *views;
    const struct nt_service *services;
};

/* The aggregates, by symbol: nt_aggregate_sum_float8, ... */
#define NT_AGGREGATE(symbol, ...) NT_API extern const struct nt_aggregate nt_aggregate_##symbol;
#include "nowthen/aggregates.def"
#undef NT_AGGREGATE
/* aggregate(DISTINCT x), for any of them: see nt_measure.over. */
NT_API extern const struct nt_aggregate nt_aggregate_distinct;

#endif
