/*
 * value.h: the types of the definition language and the values of expressions.
 *
 * Installed. Emitted programs, the runtime and every shell around it share these structs; they are
 * plain data, passed by value, and own nothing: what a value points at lives in the arena it was
 * made in.
 */
#ifndef NOWTHEN_VALUE_H
#define NOWTHEN_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NT_API __attribute__((visibility("default")))

/* X(enumerator, SQL name as PostgreSQL's format_type prints it, PostgreSQL type oid) */
#define NT_TYPES(X)                                                                                \
    X(BOOL, "boolean", 16)                                                                         \
    X(INT4, "integer", 23)                                                                         \
    X(INT8, "bigint", 20)                                                                          \
    X(FLOAT8, "double precision", 701)                                                             \
    X(NUMERIC, "numeric", 1700)                                                                    \
    X(TEXT, "text", 25)                                                                            \
    X(TIMESTAMPTZ, "timestamp with time zone", 1184)                                               \
    X(INTERVAL, "interval", 1186)                                                                  \
    X(INT2, "smallint", 21)                                                                        \
    X(FLOAT4, "real", 700)                                                                         \
    X(DATE, "date", 1082)                                                                          \
    X(UUID, "uuid", 2950)                                                                          \
    X(BYTEA, "bytea", 17)                                                                          \
    X(JSONB, "jsonb", 3802)

enum nt_type {
#define NT_TYPE_ENUM(name, sql, oid) NT_##name,
    NT_TYPES(NT_TYPE_ENUM)
#undef NT_TYPE_ENUM
        NT_TYPE_COUNT
};

/* Arrays are types too: that of their elements and a bit. They have one dimension, which begins at
 * 1. Some of them by the names that functions.def gives them. */
#define NT_ARRAY_BIT         0x4000u
#define NT_ARRAY_OF(element) ((enum nt_type)((element) | NT_ARRAY_BIT))
#define NT_TEXT_ARRAY        NT_ARRAY_OF(NT_TEXT)
#define NT_INT4_ARRAY        NT_ARRAY_OF(NT_INT4)
#define NT_BYTEA_ARRAY       NT_ARRAY_OF(NT_BYTEA)

static inline bool nt_type_is_array(enum nt_type type)
{
    return ((unsigned)type & NT_ARRAY_BIT) != 0;
}
/* The type of an array's elements; another type as it is. */
static inline enum nt_type nt_type_element(enum nt_type type)
{
    return (enum nt_type)((unsigned)type & ~NT_ARRAY_BIT);
}

/* An instant: microseconds since 2000-01-01 00:00:00 UTC, as PostgreSQL counts them. */
struct nt_time {
    int64_t us;
};
#define NT_TIME_INFINITY       ((struct nt_time){INT64_MAX})
#define NT_TIME_MINUS_INFINITY ((struct nt_time){INT64_MIN})
/* The finite range of PostgreSQL 15: 4714-11-24 BC up to, not including, 294277-01-01. */
#define NT_TIME_MIN_US INT64_C(-211813488000000000)
#define NT_TIME_END_US INT64_C(9223371331200000000)
/* Microseconds from the Unix epoch to ours. */
#define NT_UNIX_EPOCH_US INT64_C(946684800000000)

/* The dates at either end of time, and the finite range between: 4714-11-24 BC up to, not
 * including, 5874898-06-04. */
#define NT_DATE_INFINITY       INT64_C(2147483647)
#define NT_DATE_MINUS_INFINITY (-INT64_C(2147483648))
#define NT_DATE_MIN            INT64_C(-2451545)
#define NT_DATE_END            INT64_C(2145031949)

#define NT_UUID_SIZE 16

/* As PostgreSQL keeps it: the three parts do not carry into each other. */
struct nt_interval {
    int64_t us;
    int32_t days;
    int32_t months;
};

enum nt_numeric_kind {
    NT_NUMERIC_FINITE,
    NT_NUMERIC_NAN,
    NT_NUMERIC_INFINITY,
    NT_NUMERIC_MINUS_INFINITY
};

/* A number of up to 38 digits is coefficient / 10^scale, |coefficient| < 10^38, and has no limbs. A
 * longer one, up to 1,000 digits, has the magnitude of that coefficient in its limbs, 64 bits each,
 * the least one first and the last one not 0; coefficient is then its sign, -1 or 1. scale is
 * PostgreSQL's display scale, 0 to 1000. */
struct nt_numeric {
    __int128 coefficient;
    const uint64_t *limbs;
    uint16_t limb_count;
    uint16_t scale;
    uint8_t kind; /* enum nt_numeric_kind */
};

/* One SQL value. Which member is live follows from the type, which the program knows. */
struct nt_value {
    union {
        bool boolean;
        int64_t integer; /* int2, int4, int8, each within its range; date: days from 2000-01-01 */
        double float8;   /* float4 too: a double that is one */
        struct nt_time time;
        /* size bytes of UTF-8, no terminating zero; jsonb: as PostgreSQL prints it; uuid (16) and
         * bytea: any; an array: those of row/array.h */
        const char *text;
        const struct nt_numeric *numeric;
        const struct nt_interval *interval;
    };
    uint32_t size; /* bytes of text, uuid, bytea and arrays; 0 for other types */
    bool is_null;
};

#define NT_NULL ((struct nt_value){.is_null = true})

static inline struct nt_value nt_bool(bool x)
{
    return (struct nt_value){.boolean = x};
}
static inline struct nt_value nt_integer(int64_t x)
{
    return (struct nt_value){.integer = x};
}
static inline struct nt_value nt_float8(double x)
{
    return (struct nt_value){.float8 = x};
}
static inline struct nt_value nt_timestamptz(int64_t us)
{
    return (struct nt_value){.time = {us}};
}
static inline struct nt_value nt_text(const char *text, uint32_t size)
{
    return (struct nt_value){.text = text, .size = size};
}

/* Is its value size bytes behind a pointer? */
static inline bool nt_type_is_bytes(enum nt_type type)
{
    return type == NT_TEXT || type == NT_UUID || type == NT_BYTEA || type == NT_JSONB ||
           nt_type_is_array(type);
}

/* SQL's "is it true?": NULL is not. */
static inline bool nt_is_true(struct nt_value v)
{
    return !v.is_null && v.boolean;
}
static inline bool nt_is_false(struct nt_value v)
{
    return !v.is_null && !v.boolean;
}

#endif
