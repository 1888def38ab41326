/* command_get.c: nowthen get: one lookup at a running lookup service. */
#include "cli/ask.h"
#include "cli/command.h"
#include "client/client.h"
#include "decode/json.h"

#include <stdio.h>
#include <string.h>

enum { AS_OF };

#define GET_TIMEOUT_MS 10000

static const struct cli_option options_table[] = {
    {"as-of", "TIME", "the value at this time (RFC 3339) instead of now", CLI_TEXT, NULL},
    {"host", "HOST", "of the lookup service", CLI_CONFIG, "serve.host"},
    {"port", "PORT", "of the lookup service", CLI_CONFIG, "serve.port"},
    {0},
};

static struct bytes text_bytes(const char *text, size_t size)
{
    return (struct bytes){(const uint8_t *)text, size};
}

static bool is_number(const char *text)
{
    size_t size = strlen(text);
    return size > 0 && size <= 18 && strspn(text, "0123456789") == size &&
           (text[0] != '0' || size == 1);
}

/* {"feature_service": ..., "entities": {"col": ["value"], ...}}; the service reads the text by the
 * type of its request column, so only plain integers need not be strings. */
static enum nt_status append_request(const struct cli_options *options, struct buffer *request,
                                     struct nt_error *error)
{
    const char *name = options->positional.items[0];
    const char *const *pairs = options->positional.items + 1;
    bool is_list = strchr(name, ':') != NULL;
    buffer_append_text(request, is_list ? "{\"features\":[" : "{\"feature_service\":");
    json_append_string(text_bytes(name, strlen(name)), request);
    buffer_append_text(request, is_list ? "],\"entities\":{" : ",\"entities\":{");
    for (size_t i = 0; i + 1 < options->positional.count; i++) {
        const char *value;
        size_t size;
        enum nt_status status = cli_column_split(pairs, i, &size, &value, error);
        if (status != NT_OK) return status;
        if (i > 0) buffer_append_byte(request, ',');
        json_append_string(text_bytes(pairs[i], size), request);
        buffer_append_text(request, ":[");
        if (is_number(value))
            buffer_append_text(request, value);
        else
            json_append_string(text_bytes(value, strlen(value)), request);
        buffer_append_byte(request, ']');
    }
    buffer_append_byte(request, '}');
    if (options->texts[AS_OF]) {
        buffer_append_text(request, ",\"as_of\":");
        json_append_string(text_bytes(options->texts[AS_OF], strlen(options->texts[AS_OF])),
                           request);
    }
    buffer_append_byte(request, '}');
    return NT_OK;
}

static void print_scalar(const struct json *json)
{
    if (json->kind == JSON_NULL)
        fputs("NULL", stdout);
    else if (json->kind == JSON_BOOL)
        fputs(json->boolean ? "true" : "false", stdout);
    else
        bytes_print(json->text, stdout);
}

/* A line per feature: name, value, status. */
static bool print_response(const struct json *document)
{
    const struct json *results = json_member(document, "results");
    const struct json *metadata = json_member(document, "metadata");
    const struct json *names = metadata ? json_member(metadata, "feature_names") : NULL;
    if (!results || !names || results->count != names->count) return false;
    for (size_t i = 0; i < names->count; i++) {
        const struct json *values = json_member(&results->children[i], "values");
        const struct json *statuses = json_member(&results->children[i], "statuses");
        if (!values || !statuses || values->count != 1 || statuses->count != 1) return false;
        printf("%-28.*s ", (int)names->children[i].text.size,
               (const char *)names->children[i].text.data);
        print_scalar(&values->children[0]);
        printf("  %.*s\n", (int)statuses->children[0].text.size,
               (const char *)statuses->children[0].text.data);
    }
    return true;
}

/* The message in the JSON in the string that an error is (Feast's shape), or the body as it is. */
static enum nt_status refused(int http, const struct json *document, struct buffer *body,
                              struct nt_arena *arena, struct nt_error *error)
{
    enum nt_status status = http == 404   ? NT_NOT_FOUND
                            : http == 410 ? NT_EVICTED
                            : http >= 500 ? NT_UNAVAILABLE
                                          : NT_INVALID;
    struct json_parser *parser = json_parser_create();
    struct json *inner = NULL;
    const char *why;
    const struct json *message = NULL;
    if (document && document->kind == JSON_STRING &&
        json_parse(parser, document->text, arena, &inner, &why))
        message = json_member(inner, "message");
    struct bytes text = message ? message->text : buffer_bytes(body);
    error_set(error, status, "%.*s", (int)text.size, (const char *)text.data);
    json_parser_destroy(parser);
    return status;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    struct buffer request = {0}, body = {0};
    struct nt_arena arena = {0};
    struct json_parser *parser = json_parser_create();
    struct json *document = NULL;
    const char *why = NULL;
    int http = 0;
    enum nt_status status = append_request(options, &request, error);
    if (status == NT_OK)
        status =
            client_get_online_features(config->serve_host, (int)config->serve_port,
                                       buffer_bytes(&request), GET_TIMEOUT_MS, &http, &body, error);
    if (status == NT_OK && !json_parse(parser, buffer_bytes(&body), &arena, &document, &why))
        status = error_set(error, NT_CORRUPT, "the answer is not JSON: %s", why);
    if (status == NT_OK && http != 200) status = refused(http, document, &body, &arena, error);
    if (status == NT_OK && !print_response(document))
        status = error_set(error, NT_CORRUPT, "the answer is not a feature vector");
    json_parser_destroy(parser);
    nt_arena_deinit(&arena);
    buffer_deinit(&body);
    buffer_deinit(&request);
    return status;
}

const struct cli_command command_get = {
    .name = "get",
    .arguments = "SERVICE COL=VALUE ...",
    .summary = "look one entity up at a running lookup service",
    .details =
        "SERVICE is a feature service, or one VIEW:FEATURE. Prints a line per column: name,\n"
        "value, status (PRESENT, NULL_VALUE, NOT_FOUND, ERROR).\n\n"
        "  nowthen get delay_model_v1 tailnum=N14228 origin=EWR",
    .options = options_table,
    .positional_min = 1,
    .positional_max = CLI_VALUES_MAX,
    .run = run,
};
