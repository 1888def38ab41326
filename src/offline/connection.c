/* connection.c: libpq, asked without blocking so that Ctrl-C is seen within a fifth of a second. */
#include "offline/connection.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_TIMEOUT_S "10"
#define WAIT_MS           200
#define PARAMETERS_MAX    16
#define SQLSTATE_SIZE     6
#define BYTEA_OID         17
#define CANCEL_TEXT_SIZE  256

struct connection {
    PGconn *pg;
    const volatile sig_atomic_t *interrupted;
    char *copied; /* the row that copy_next lent */
    char sqlstate[SQLSTATE_SIZE];
    bool was_cancelled;
};

struct answer {
    PGresult *result;
};

static enum nt_status status_of_sqlstate(const char *sqlstate)
{
    static const struct {
        const char *prefix;
        enum nt_status status;
    } map[] = {
        {"57014", NT_INTERRUPTED}, {"57", NT_UNAVAILABLE},  {"08", NT_UNAVAILABLE},
        {"53300", NT_UNAVAILABLE}, {"53", NT_IO},           {"58", NT_IO},
        {"3D000", NT_NOT_FOUND},   {"3F000", NT_NOT_FOUND}, {"42P01", NT_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        if (strncmp(sqlstate, map[i].prefix, strlen(map[i].prefix)) == 0) return map[i].status;
    return NT_INVALID;
}

/* libpq ends its messages with newlines, ours have none. */
static int trimmed(const char *text)
{
    size_t size = strlen(text);
    while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == ' ')) size--;
    return size > 1500 ? 1500 : (int)size;
}

static enum nt_status failed(struct connection *c, const PGresult *result, struct nt_error *error)
{
    const char *sqlstate = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    if (!sqlstate) {
        const char *text = PQerrorMessage(c->pg);
        c->sqlstate[0] = 0;
        return error_set(
            error, NT_UNAVAILABLE,
            "the connection to PostgreSQL at %s port %s is lost: %.*s; start the server "
            "and run this again",
            PQhost(c->pg), PQport(c->pg), trimmed(text), text);
    }
    memcpy(c->sqlstate, sqlstate, SQLSTATE_SIZE - 1);
    c->sqlstate[SQLSTATE_SIZE - 1] = 0;
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    if (!primary) primary = "no message";
    return error_set(error, status_of_sqlstate(sqlstate), "PostgreSQL says: %.*s%s%.*s (%s)",
                     trimmed(primary), primary, detail ? "; " : "", detail ? trimmed(detail) : 0,
                     detail ? detail : "", sqlstate);
}

static void cancel(struct connection *c)
{
    char text[CANCEL_TEXT_SIZE];
    PGcancel *request = PQgetCancel(c->pg);
    if (request) PQcancel(request, text, sizeof text);
    PQfreeCancel(request);
    c->was_cancelled = true;
}

static void interruption_check(struct connection *c)
{
    if (c->interrupted && *c->interrupted && !c->was_cancelled) cancel(c);
}

/* Until the server has sent something. False: the connection is lost. */
static bool wait_for_input(struct connection *c)
{
    struct pollfd ready = {.fd = PQsocket(c->pg), .events = POLLIN};
    interruption_check(c);
    if (ready.fd < 0) return false;
    poll(&ready, 1, WAIT_MS);
    return PQconsumeInput(c->pg) == 1;
}

/* The next result, NULL after the last. */
static PGresult *result_next(struct connection *c)
{
    while (PQisBusy(c->pg))
        if (!wait_for_input(c)) break;
    return PQgetResult(c->pg);
}

static void results_drain(struct connection *c)
{
    PGresult *result;
    while ((result = result_next(c)) != NULL) {
        ExecStatusType kind = PQresultStatus(result);
        PQclear(result);
        if (kind == PGRES_COPY_IN || kind == PGRES_COPY_OUT) break;
    }
}

/* All results of what was sent; keeps the last that has rows. */
static enum nt_status results_collect(struct connection *c, PGresult **kept, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    PGresult *result;
    *kept = NULL;
    while ((result = result_next(c)) != NULL) {
        ExecStatusType kind = PQresultStatus(result);
        if (kind == PGRES_TUPLES_OK) {
            PQclear(*kept);
            *kept = result;
            continue;
        }
        if (kind != PGRES_COMMAND_OK && kind != PGRES_EMPTY_QUERY && status == NT_OK)
            status = failed(c, result, error);
        PQclear(result);
        if (PQstatus(c->pg) != CONNECTION_OK) break;
    }
    if (status != NT_OK) {
        PQclear(*kept);
        *kept = NULL;
    }
    return status;
}

enum nt_status connection_interruption(const struct connection *c, struct nt_error *error)
{
    if (c->interrupted && *c->interrupted) return error_set(error, NT_INTERRUPTED, "interrupted");
    return NT_OK;
}

static enum nt_status begin(struct connection *c, struct nt_error *error)
{
    c->sqlstate[0] = 0;
    c->was_cancelled = false;
    return connection_interruption(c, error);
}

static enum nt_status open_failed(struct connection *c, struct nt_error *error)
{
    const char *text = PQerrorMessage(c->pg);
    bool is_missing = strstr(text, "does not exist") && strstr(text, "database");
    bool is_refused = strstr(text, "authentication") || strstr(text, "no pg_hba.conf entry") ||
                      strstr(text, "role ");
    if (is_missing)
        return error_set(error, NT_NOT_FOUND, "%.*s; create it with createdb", trimmed(text), text);
    if (is_refused)
        return error_set(error, NT_INVALID,
                         "%.*s; check user and password (PGUSER, PGPASSWORD, "
                         "~/.pgpass)",
                         trimmed(text), text);
    const char *host = PQhost(c->pg), *port = PQport(c->pg);
    return error_set(
        error, NT_UNAVAILABLE,
        "cannot reach PostgreSQL at %s port %s: %.*s; start it (tools/stack up) or give "
        "another address",
        host && *host ? host : "the default host", port && *port ? port : "5432", trimmed(text),
        text);
}

/* Without = or :// it is a database's name. libpq's complaint names the option, not its value,
 * which may be a password. */
static enum nt_status conninfo_check(const char *conninfo, struct nt_error *error)
{
    char *why = NULL;
    if (!strchr(conninfo, '=') && !strstr(conninfo, "://")) return NT_OK;
    PQconninfoOption *options = PQconninfoParse(conninfo, &why);
    enum nt_status status = NT_OK;
    if (!options)
        status = error_set(error, NT_INVALID,
                           "the setting database cannot be read: %.*s; write host=... dbname=... "
                           "or postgresql://user@host:port/dbname",
                           why ? trimmed(why) : 0, why ? why : "");
    PQconninfoFree(options);
    PQfreemem(why);
    return status;
}

enum nt_status connection_open(const char *conninfo, const volatile sig_atomic_t *interrupted,
                               struct connection **connection, struct nt_error *error)
{
    static const char set_up[] =
        "SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; SET DateStyle = 'ISO';"
        "SET IntervalStyle = 'postgres'; SET extra_float_digits = 1; SET bytea_output = 'hex';"
        "SET client_min_messages = 'warning'; SET standard_conforming_strings = on;"
        "SET application_name = 'nowthen'";
    *connection = NULL;
    enum nt_status status = conninfo_check(conninfo, error);
    if (status != NT_OK) return status;
    struct connection *c = memory_zalloc(sizeof *c);
    c->interrupted = interrupted;
    /* What conninfo says comes later and wins. */
    const char *names[] = {"connect_timeout", "dbname", NULL};
    const char *values[] = {CONNECT_TIMEOUT_S, conninfo, NULL};
    c->pg = PQconnectdbParams(names, values, 1);
    if (!c->pg || PQstatus(c->pg) != CONNECTION_OK) status = open_failed(c, error);
    if (status == NT_OK && PQserverVersion(c->pg) < 120000)
        status = error_set(error, NT_MISMATCH,
                           "PostgreSQL at %s port %s is version %d; 12 or later is needed",
                           PQhost(c->pg), PQport(c->pg), PQserverVersion(c->pg) / 10000);
    if (status == NT_OK) status = connection_exec(c, set_up, error);
    if (status != NT_OK) {
        connection_close(c);
        return status;
    }
    *connection = c;
    return NT_OK;
}

void connection_close(struct connection *c)
{
    if (!c) return;
    PQfreemem(c->copied);
    PQfinish(c->pg);
    free(c);
}

const char *connection_sqlstate(const struct connection *c)
{
    return c->sqlstate;
}

static enum nt_status answer_make(PGresult *result, struct answer **answer)
{
    *answer = NULL;
    if (!result) return NT_OK;
    *answer = memory_alloc(sizeof **answer);
    (*answer)->result = result;
    return NT_OK;
}

enum nt_status connection_query(struct connection *c, const char *sql, struct answer **answer,
                                struct nt_error *error)
{
    PGresult *result = NULL;
    *answer = NULL;
    enum nt_status status = begin(c, error);
    if (status != NT_OK) return status;
    if (!PQsendQuery(c->pg, sql)) return failed(c, NULL, error);
    status = results_collect(c, &result, error);
    return status == NT_OK ? answer_make(result, answer) : status;
}

enum nt_status connection_exec(struct connection *c, const char *sql, struct nt_error *error)
{
    struct answer *answer;
    enum nt_status status = connection_query(c, sql, &answer, error);
    answer_clear(answer);
    return status;
}

struct parameter parameter_text(const char *text)
{
    /* The zero is counted: libpq reads text parameters as C strings. */
    struct bytes bytes = {(const uint8_t *)text, text ? strlen(text) + 1 : 0};
    return (struct parameter){.bytes = bytes, .is_null = !text};
}

struct parameter parameter_bytea(struct bytes bytes)
{
    return (struct parameter){.bytes = bytes, .is_binary = true};
}

enum nt_status connection_query_with(struct connection *c, const char *sql,
                                     const struct parameter *parameters, size_t count,
                                     struct answer **answer, struct nt_error *error)
{
    const char *values[PARAMETERS_MAX];
    int sizes[PARAMETERS_MAX], formats[PARAMETERS_MAX];
    Oid types[PARAMETERS_MAX];
    *answer = NULL;
    if (count > PARAMETERS_MAX)
        return error_set(error, NT_INVALID, "%zu parameters; at most %d", count, PARAMETERS_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct parameter *p = &parameters[i];
        values[i] = p->is_null ? NULL : (const char *)p->bytes.data;
        if (!p->is_null && !p->bytes.data) values[i] = "";
        sizes[i] = (int)p->bytes.size;
        formats[i] = p->is_binary;
        types[i] = p->is_binary ? BYTEA_OID : 0;
    }
    enum nt_status status = begin(c, error);
    if (status != NT_OK) return status;
    if (!PQsendQueryParams(c->pg, sql, (int)count, types, values, sizes, formats, 0))
        return failed(c, NULL, error);
    PGresult *result;
    status = results_collect(c, &result, error);
    return status == NT_OK ? answer_make(result, answer) : status;
}

size_t answer_row_count(const struct answer *answer)
{
    return answer ? (size_t)PQntuples(answer->result) : 0;
}

size_t answer_column_count(const struct answer *answer)
{
    return answer ? (size_t)PQnfields(answer->result) : 0;
}

const char *answer_text(const struct answer *answer, size_t row, size_t column)
{
    int r = (int)row, c = (int)column;
    if (PQgetisnull(answer->result, r, c)) return NULL;
    return PQgetvalue(answer->result, r, c);
}

bool answer_bytea(const struct answer *answer, size_t row, size_t column, struct buffer *out)
{
    static const char digits[] = "0123456789abcdef";
    const char *text = answer_text(answer, row, column);
    if (!text || text[0] != '\\' || text[1] != 'x') return false;
    for (text += 2; *text; text += 2) {
        const char *high = strchr(digits, text[0]);
        const char *low = text[1] ? strchr(digits, text[1]) : NULL;
        if (!high || !low) return false;
        buffer_append_byte(out, (uint8_t)((high - digits) << 4 | (low - digits)));
    }
    return true;
}

void answer_clear(struct answer *answer)
{
    if (!answer) return;
    PQclear(answer->result);
    free(answer);
}

static enum nt_status copy_begin(struct connection *c, const char *sql, ExecStatusType wanted,
                                 struct nt_error *error)
{
    enum nt_status status = begin(c, error);
    if (status != NT_OK) return status;
    if (!PQsendQuery(c->pg, sql)) return failed(c, NULL, error);
    PGresult *result = result_next(c);
    if (PQresultStatus(result) != wanted) {
        status = failed(c, result, error);
        PQclear(result);
        results_drain(c);
        return status;
    }
    PQclear(result);
    return NT_OK;
}

enum nt_status connection_copy_out(struct connection *c, const char *sql, struct nt_error *error)
{
    return copy_begin(c, sql, PGRES_COPY_OUT, error);
}

enum nt_status connection_copy_next(struct connection *c, struct bytes *row, struct nt_error *error)
{
    PQfreemem(c->copied);
    c->copied = NULL;
    *row = (struct bytes){0};
    int size;
    while ((size = PQgetCopyData(c->pg, &c->copied, 1)) == 0)
        if (!wait_for_input(c)) return failed(c, NULL, error);
    if (size > 0) {
        *row = (struct bytes){(const uint8_t *)c->copied, (size_t)size};
        return NT_OK;
    }
    if (size == -2) return failed(c, NULL, error);
    PGresult *ignored;
    enum nt_status status = results_collect(c, &ignored, error);
    PQclear(ignored);
    return status;
}

void connection_copy_stop(struct connection *c)
{
    int size;
    cancel(c);
    do {
        PQfreemem(c->copied);
        c->copied = NULL;
        size = PQgetCopyData(c->pg, &c->copied, 0);
    } while (size > 0);
    results_drain(c);
}

enum nt_status connection_copy_in(struct connection *c, const char *sql, struct nt_error *error)
{
    return copy_begin(c, sql, PGRES_COPY_IN, error);
}

void connection_copy_abandon(struct connection *c)
{
    if (PQputCopyEnd(c->pg, "abandoned") == 1) results_drain(c);
}

enum nt_status connection_copy_put(struct connection *c, struct bytes piece, struct nt_error *error)
{
    if (c->interrupted && *c->interrupted) {
        connection_copy_abandon(c);
        return error_set(error, NT_INTERRUPTED, "interrupted");
    }
    if (piece.size == 0) return NT_OK;
    if (PQputCopyData(c->pg, (const char *)piece.data, (int)piece.size) == 1) return NT_OK;
    return failed(c, NULL, error);
}

enum nt_status connection_copy_end(struct connection *c, struct nt_error *error)
{
    if (PQputCopyEnd(c->pg, NULL) != 1) return failed(c, NULL, error);
    PGresult *ignored;
    enum nt_status status = results_collect(c, &ignored, error);
    PQclear(ignored);
    return status;
}

void sql_append_name(struct buffer *sql, const char *name)
{
    buffer_append_byte(sql, '"');
    for (; *name; name++) {
        if (*name == '"') buffer_append_byte(sql, '"');
        buffer_append_byte(sql, (uint8_t)*name);
    }
    buffer_append_byte(sql, '"');
}

void sql_append_literal(struct buffer *sql, struct bytes text)
{
    buffer_append_byte(sql, '\'');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\'') buffer_append_byte(sql, '\'');
        buffer_append_byte(sql, text.data[i]);
    }
    buffer_append_byte(sql, '\'');
}
