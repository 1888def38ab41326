/*
 * request.h: a lookup's request, understood: which columns it brings, which features it wants. What
 * it points at lives in the request's arena or its JSON document.
 */
#ifndef SERVE_REQUEST_H
#define SERVE_REQUEST_H

#include "decode/json.h"
#include "nowthen/program.h"

/* A column of entities or request data, of one type. */
struct request_column {
    const char *name;
    enum nt_type type;
    int32_t typmod;
    const struct nt_enum *enumeration;
    const struct json *json; /* the array as sent */
    struct nt_value *values; /* row_count */
};

/* A view that the features are of. */
struct request_view {
    uint16_t view;
    uint16_t columns[NT_KEY_COLUMNS_MAX]; /* index of the column of each key */
};

/* A column of the response that is computed. */
struct request_feature {
    const char *name; /* as the response names it */
    enum nt_type type;
    uint16_t source;         /* index into views; 0 for a service */
    uint16_t index;          /* of the feature in the view, or of the output in the service */
    bool is_echoed;          /* an entity column that is among the echoed ones: not repeated */
    struct nt_value *values; /* row_count */
    uint8_t *statuses;
};

struct request {
    const struct json *entities;
    size_t row_count;
    bool has_as_of;
    struct nt_time as_of;
    bool is_full; /* full_feature_names */
    int service;  /* index into program->services; -1: features of views */
    size_t column_count;
    struct request_column *columns;
    size_t view_count;
    struct request_view *views;
    size_t feature_count;
    struct request_feature *features;
    const char *error_class; /* of feast.errors, when reading failed */
};

/* Reads document, decodes the columns and makes room for the features. NT_INVALID or NT_NOT_FOUND
 * with error_class set. */
enum nt_status request_read(const struct nt_program *program, const struct json *document,
                            struct nt_arena *arena, struct request *request,
                            struct nt_error *error);

/* The column whose values are echoed under an entity's name; NULL: it is not echoed (not used, or a
 * feature of that name takes its place). */
const struct request_column *request_echo(const struct request *request, const struct json *entity);

#endif
