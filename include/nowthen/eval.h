/*
 * eval.h: what an expression of the definition language is evaluated in, and the functions it may
 * call. Installed; emitted programs call these and nothing else.
 *
 * Every function takes its arguments by value, returns a value, and allocates only from e->arena.
 * A NULL argument gives NULL, but for concat, concat_ws, make_interval, string_to_array. An error
 * (division by zero, overflow, a bad cast) sets e->error, unless one is set already, and returns
 * NULL; the caller of the program looks at e->error after each phase or feature and clears it. No
 * function reads a clock, a locale or the environment.
 */
#ifndef NOWTHEN_EVAL_H
#define NOWTHEN_EVAL_H

#include "nowthen/arena.h"
#include "nowthen/value.h"

struct nt_eval {
    struct nt_arena *arena; /* where results live */
    struct nt_time now;     /* what now() returns; read by finish only */
    const char *error;      /* PostgreSQL's message text, or NULL */
};

/* Sets e->error unless it is set, returns NULL: return nt_fail(e, "division by zero"); */
static inline struct nt_value nt_fail(struct nt_eval *e, const char *message)
{
    if (!e->error) e->error = message;
    return NT_NULL;
}

/* The same for the phases that answer yes or no: return nt_reject(e, "null value in ..."); */
static inline bool nt_reject(struct nt_eval *e, const char *message)
{
    nt_fail(e, message);
    return false;
}

static inline struct nt_value nt_now(const struct nt_eval *e)
{
    return (struct nt_value){.time = e->now};
}

/* SQL's three-valued logic on values that are evaluated already. */
static inline struct nt_value nt_and(struct nt_value x, struct nt_value y)
{
    if (nt_is_false(x) || nt_is_false(y)) return nt_bool(false);
    return x.is_null || y.is_null ? NT_NULL : nt_bool(true);
}
static inline struct nt_value nt_or(struct nt_value x, struct nt_value y)
{
    if (nt_is_true(x) || nt_is_true(y)) return nt_bool(true);
    return x.is_null || y.is_null ? NT_NULL : nt_bool(false);
}
static inline struct nt_value nt_not(struct nt_value x)
{
    return x.is_null ? NT_NULL : nt_bool(!x.boolean);
}
static inline struct nt_value nt_null_test(struct nt_value x)
{
    return nt_bool(x.is_null);
}
static inline struct nt_value nt_true_test(struct nt_value x)
{
    return nt_bool(nt_is_true(x));
}
static inline struct nt_value nt_false_test(struct nt_value x)
{
    return nt_bool(nt_is_false(x));
}

/* The fields extract() knows, in PostgreSQL's spelling. */
#define NT_FIELDS(X)                                                                               \
    X(MICROSECONDS, "microseconds")                                                                \
    X(MILLISECONDS, "milliseconds")                                                                \
    X(SECOND, "second")                                                                            \
    X(MINUTE, "minute")                                                                            \
    X(HOUR, "hour")                                                                                \
    X(DAY, "day")                                                                                  \
    X(WEEK, "week")                                                                                \
    X(MONTH, "month")                                                                              \
    X(QUARTER, "quarter")                                                                          \
    X(YEAR, "year")                                                                                \
    X(DECADE, "decade")                                                                            \
    X(CENTURY, "century")                                                                          \
    X(MILLENNIUM, "millennium")                                                                    \
    X(ISOYEAR, "isoyear")                                                                          \
    X(DOW, "dow")                                                                                  \
    X(ISODOW, "isodow")                                                                            \
    X(DOY, "doy")                                                                                  \
    X(EPOCH, "epoch")                                                                              \
    X(JULIAN, "julian")                                                                            \
    X(TIMEZONE, "timezone")                                                                        \
    X(TIMEZONE_HOUR, "timezone_hour")                                                              \
    X(TIMEZONE_MINUTE, "timezone_minute")

enum nt_field {
#define NT_FIELD_ENUM(name, sql) NT_FIELD_##name,
    NT_FIELDS(NT_FIELD_ENUM)
#undef NT_FIELD_ENUM
        NT_FIELD_COUNT
};

/* Declare every function of the table: nt_int4_add(e, a, b), ... */
#define NT_FUNCTION0(symbol, kind, sql, result)                                                    \
    NT_API struct nt_value nt_##symbol(struct nt_eval *e);
#define NT_FUNCTION1(symbol, kind, sql, result, a)                                                 \
    NT_API struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x);
#define NT_FUNCTION2(symbol, kind, sql, result, a, b)                                              \
    NT_API struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x, struct nt_value y);
#define NT_FUNCTION3(symbol, kind, sql, result, a, b, c)                                           \
    NT_API struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x, struct nt_value y,    \
                                       struct nt_value z);
#define NT_FUNCTION4(symbol, kind, sql, result, a, b, c, d)                                        \
    NT_API struct nt_value nt_##symbol(struct nt_eval *e, struct nt_value x, struct nt_value y,    \
                                       struct nt_value z, struct nt_value w);
#define NT_FUNCTIONS(symbol, kind, sql, result, a)                                                 \
    NT_API struct nt_value nt_##symbol(struct nt_eval *e, int count, const struct nt_value *list);
#include "nowthen/functions.def"

/* The functions of arrays take the type of the elements too: nt_array_append(e, NT_INT4, a, x). */
#define NT_ARRAY_FUNCTION1(symbol, kind, sql, result, a)                                           \
    NT_API struct nt_value nt_##symbol(struct nt_eval *e, enum nt_type element, struct nt_value x);
#define NT_ARRAY_FUNCTION2(symbol, kind, sql, result, a, b)                                        \
    NT_API struct nt_value nt_##symbol(struct nt_eval *e, enum nt_type element, struct nt_value x, \
                                       struct nt_value y);
#define NT_ARRAY_FUNCTION3(symbol, kind, sql, result, a, b, c)                                     \
    NT_API struct nt_value nt_##symbol(struct nt_eval *e, enum nt_type element, struct nt_value x, \
                                       struct nt_value y, struct nt_value z);
#include "nowthen/arrays.def"

/* ARRAY[list[0], ...] */
NT_API struct nt_value nt_array(struct nt_eval *e, enum nt_type element, int count,
                                const struct nt_value *list);
/* The array with each element cast; NULL where a cast fails. */
typedef struct nt_value nt_cast(struct nt_eval *e, struct nt_value x);
NT_API struct nt_value nt_array_cast(struct nt_eval *e, enum nt_type from, enum nt_type to,
                                     nt_cast *cast, struct nt_value array);
/* x operator ANY (array), x operator ALL (array) */
typedef struct nt_value nt_operator(struct nt_eval *e, struct nt_value x, struct nt_value y);
NT_API struct nt_value nt_array_any(struct nt_eval *e, enum nt_type element, nt_operator *compare,
                                    struct nt_value x, struct nt_value array);
NT_API struct nt_value nt_array_all(struct nt_eval *e, enum nt_type element, nt_operator *compare,
                                    struct nt_value x, struct nt_value array);

/* PostgreSQL's total order of two non-NULL values of one type: <0, 0, >0. NaN is the greatest
 * float and equal to itself, -0 equals 0, text compares by bytes (collation "C"), intervals by
 * their length with 30-day months. */
NT_API int nt_compare(enum nt_type type, struct nt_value x, struct nt_value y);

/* How one value takes part in the order of rows. */
struct nt_order {
    enum nt_type type;
    bool is_descending;
    bool is_null_first;
};

/* The place of a row in ORDER BY as a value whose bytes are greater the earlier the row comes;
 * those of two rows are equal only where all their values are, bit for bit. */
NT_API struct nt_value nt_row_order(struct nt_eval *e, unsigned count,
                                    const struct nt_order *orders, const struct nt_value *values);

/* The same of the values alone: rows of equal values have equal bytes. */
NT_API struct nt_value nt_row_key(struct nt_eval *e, unsigned count, const struct nt_order *orders,
                                  const struct nt_value *values);

/* IS DISTINCT FROM, nullif, and greatest and least of two: NULLs ignored, the first of equals. */
static inline struct nt_value nt_distinct(enum nt_type type, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return nt_bool(x.is_null != y.is_null);
    return nt_bool(nt_compare(type, x, y) != 0);
}
static inline struct nt_value nt_nullif(enum nt_type type, struct nt_value x, struct nt_value y)
{
    return !x.is_null && !y.is_null && nt_compare(type, x, y) == 0 ? NT_NULL : x;
}
static inline struct nt_value nt_greatest(enum nt_type type, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return x.is_null ? y : x;
    return nt_compare(type, x, y) < 0 ? y : x;
}
static inline struct nt_value nt_least(enum nt_type type, struct nt_value x, struct nt_value y)
{
    if (x.is_null || y.is_null) return x.is_null ? y : x;
    return nt_compare(type, x, y) > 0 ? y : x;
}

#endif
