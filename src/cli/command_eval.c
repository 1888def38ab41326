/*
 * command_eval.c: nowthen eval: a definition over events in files, with no server: how a data
 * engineer tries one. The same program, store and reads as serving, over a store in memory.
 */
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/load.h"
#include "offline/spine.h"
#include "row/key.h"
#include "row/value_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS, OF, AT, KEY, SPINE, FORMAT, OUTPUT };

static const struct cli_option options_table[] = {
    {"events", "SOURCE=FILE", "JSON lines of a source, - for stdin; repeat for others", CLI_LIST,
     NULL},
    {"of", "NAME", "the view or service to ask", CLI_TEXT, NULL},
    {"at", "TIME", "as of this time: all entities, or the one of --key", CLI_TEXT, NULL},
    {"key", "COL=VALUE", "with --at: one entity, or a service's request", CLI_LIST, NULL},
    {"spine", "FILE.csv", "keys or requests, and event_timestamp; - for stdin", CLI_TEXT, NULL},
    {"format", "csv|json", "csv as PostgreSQL's COPY prints it (default), or JSON lines", CLI_TEXT,
     NULL},
    {"output", "FILE", "instead of standard output (also -o)", CLI_TEXT, NULL},
    {0},
};

#define OUTPUT_PIECE_BYTES ((size_t)1 << 16)

struct evaluation {
    const struct cli_options *options;
    struct target target;
    struct store_snapshot *snapshot;
    struct nt_arena arena; /* of one row */
    struct nt_value *values;
    struct nt_time at;
    bool is_json;
    struct buffer out;
    struct buffer *whole; /* NULL: standard output, in pieces */
    enum nt_status status;
    struct nt_error *error;
};

static void flush(struct evaluation *evaluation, size_t least)
{
    struct buffer *out = &evaluation->out;
    if (out->size < least) return;
    if (evaluation->whole)
        buffer_append(evaluation->whole, out->data, out->size);
    else
        bytes_print(buffer_bytes(out), stdout);
    buffer_clear(out);
}

/* Answers one entity or request at evaluation->at into values. */
static enum nt_status answer(struct evaluation *evaluation, const struct nt_value *inputs,
                             struct nt_time at)
{
    struct nt_eval e = {.arena = &evaluation->arena};
    return ask(evaluation->snapshot, &evaluation->target, inputs, at, &e, evaluation->values,
               evaluation->error);
}

static enum nt_status eval_spine(struct evaluation *evaluation)
{
    struct spine *spine;
    enum nt_status status = spine_open(evaluation->options->texts[SPINE], &evaluation->target,
                                       &spine, evaluation->error);
    if (status != NT_OK) return status;
    if (!evaluation->is_json) spine_append_header(spine, &evaluation->out);
    for (;;) {
        struct spine_row row;
        bool is_end;
        nt_arena_reset(&evaluation->arena);
        status = spine_next(spine, &evaluation->arena, &row, &is_end, evaluation->error);
        if (status != NT_OK || is_end) break;
        status = answer(evaluation, row.inputs, row.at);
        if (status != NT_OK) break;
        (evaluation->is_json ? spine_append_row_json
                             : spine_append_row)(spine, &row, evaluation->values, &evaluation->out);
        flush(evaluation, OUTPUT_PIECE_BYTES);
    }
    spine_close(spine);
    return status;
}

static bool eval_entity(void *self, struct bytes key_bytes)
{
    struct evaluation *evaluation = self;
    const struct nt_view *view = evaluation->target.view;
    struct nt_value key[NT_KEY_COLUMNS_MAX];
    nt_arena_reset(&evaluation->arena);
    if (!key_decode(view->keys, view->key_count, key_bytes, &evaluation->arena, key))
        evaluation->status =
            error_set(evaluation->error, NT_CORRUPT, "a key of %s is not readable", view->name);
    struct nt_eval e = {.arena = &evaluation->arena};
    struct view_row row = {0};
    uint16_t index = (uint16_t)(view - evaluation->target.program->views);
    if (evaluation->status == NT_OK)
        evaluation->status = store_read(evaluation->snapshot, index, key, evaluation->at, &e, &row,
                                        evaluation->error);
    if (evaluation->status == NT_OK && row.is_present)
        ask_append_row(&evaluation->target, key, row.features, evaluation->is_json,
                       &evaluation->out);
    flush(evaluation, OUTPUT_PIECE_BYTES);
    return evaluation->status == NT_OK;
}

static enum nt_status eval_key(struct evaluation *evaluation)
{
    const struct cli_values *pairs = &evaluation->options->lists[KEY];
    struct nt_eval e = {.arena = &evaluation->arena};
    struct nt_value *inputs = nt_arena_alloc(
        &evaluation->arena, (evaluation->target.input_count + 1u) * sizeof inputs[0]);
    enum nt_status status = ask_parse_inputs(&evaluation->target, pairs->items, pairs->count, &e,
                                             inputs, evaluation->error);
    if (status == NT_OK) status = answer(evaluation, inputs, evaluation->at);
    if (status == NT_OK)
        ask_append_row(&evaluation->target, inputs, evaluation->values, evaluation->is_json,
                       &evaluation->out);
    return status;
}

static enum nt_status eval_at(struct evaluation *evaluation)
{
    if (!evaluation->is_json) ask_append_header(&evaluation->target, &evaluation->out);
    if (evaluation->options->lists[KEY].count > 0) return eval_key(evaluation);
    uint16_t view = (uint16_t)(evaluation->target.view - evaluation->target.program->views);
    enum nt_status status =
        store_keys(evaluation->snapshot, view, eval_entity, evaluation, evaluation->error);
    return evaluation->status != NT_OK ? evaluation->status : status;
}

/* The question is looked at before events are read, which may take long. */
static enum nt_status question_find(struct evaluation *evaluation, const struct nt_program *program)
{
    const struct cli_options *options = evaluation->options;
    enum nt_status status =
        target_find(program, options->texts[OF], &evaluation->target, evaluation->error);
    if (status != NT_OK || options->texts[SPINE]) return status;
    const char *text = options->texts[AT];
    struct nt_eval e = {.arena = &evaluation->arena};
    struct nt_value at;
    if (!value_parse(&e, NT_TIMESTAMPTZ, text, strlen(text), &at))
        return error_set(evaluation->error, NT_INVALID, "--at: %s", e.error);
    evaluation->at = at.time;
    if (!evaluation->target.service || options->lists[KEY].count > 0) return NT_OK;
    return error_set(evaluation->error, NT_INVALID,
                     "%s is a service: give its request with --key COL=VALUE, or a --spine",
                     evaluation->target.name);
}

static enum nt_status evaluate(struct evaluation *evaluation, struct store *store)
{
    struct nt_error *error = evaluation->error;
    struct buffer whole = {0};
    const char *path = evaluation->options->texts[OUTPUT];
    evaluation->whole = path ? &whole : NULL;
    enum nt_status status = store_snapshot_open(store, &evaluation->snapshot, error);
    if (status != NT_OK) return status;
    evaluation->values =
        memory_zalloc((evaluation->target.output_count + 1u) * sizeof evaluation->values[0]);
    status = evaluation->options->texts[SPINE] ? eval_spine(evaluation) : eval_at(evaluation);
    if (status == NT_OK) flush(evaluation, 0);
    if (status == NT_OK && path) status = file_write(path, buffer_bytes(&whole), error);
    free(evaluation->values);
    store_snapshot_close(evaluation->snapshot);
    buffer_deinit(&whole);
    return status;
}

static enum nt_status load_all(const struct cli_values *events, const struct nt_program *program,
                               struct store *store, struct nt_error *error)
{
    enum nt_status status = NT_OK;
    for (size_t i = 0; i < events->count && status == NT_OK; i++) {
        size_t size;
        const char *path;
        char source[NT_ERROR_TEXT_MAX / 4];
        if (!cli_split(events->items[i], &size, &path) || size >= sizeof source)
            return error_set(error, NT_INVALID, "--events takes SOURCE=FILE, got \"%s\"",
                             events->items[i]);
        memcpy(source, events->items[i], size);
        source[size] = 0;
        status = load_events(store, program, source, path, error);
    }
    return status == NT_OK ? store_commit(store, NULL, 0, error) : status;
}

static enum nt_status check_options(const struct cli_options *options, struct nt_error *error)
{
    const char *format = options->texts[FORMAT];
    if (!options->texts[OF])
        return error_set(error, NT_INVALID, "say what to ask: --of VIEW_OR_SERVICE");
    if (!options->texts[AT] == !options->texts[SPINE])
        return error_set(error, NT_INVALID, "say when: either --at TIME or --spine FILE.csv");
    if (options->lists[KEY].count > 0 && !options->texts[AT])
        return error_set(error, NT_INVALID, "--key goes with --at; a spine has its own keys");
    if (format && strcmp(format, "csv") != 0 && strcmp(format, "json") != 0)
        return error_set(error, NT_INVALID, "--format must be csv or json, got \"%s\"", format);
    return NT_OK;
}

static enum nt_status run(const struct cli_options *options, const struct config *config,
                          struct nt_error *error)
{
    enum nt_status status = check_options(options, error);
    if (status != NT_OK) return status;
    const char *format = options->texts[FORMAT];
    struct evaluation evaluation = {.options = options, .error = error};
    evaluation.is_json = format && strcmp(format, "json") == 0;
    struct loaded loaded;
    struct store *store = NULL;
    status = loaded_init(&loaded, options->positional.items[0], config, error);
    if (status == NT_OK) {
        const struct nt_program *program = program_get(loaded.program);
        struct store_options store_options = {
            .clock = clock_system(),
            .is_event_clock = true,
            .past_reads_us = STORE_PAST_FOREVER,
            .cache_bytes_max = (size_t)config->store_cache_mb << 20,
        };
        status = question_find(&evaluation, program);
        if (status == NT_OK)
            status = store_open(program, kv_memory_open(), &store_options, &store, error);
        if (status == NT_OK) status = load_all(&options->lists[EVENTS], program, store, error);
        if (status == NT_OK) status = evaluate(&evaluation, store);
        store_close(store);
    }
    loaded_deinit(&loaded);
    buffer_deinit(&evaluation.out);
    nt_arena_deinit(&evaluation.arena);
    return status;
}

const struct cli_command command_eval = {
    .name = "eval",
    .arguments = "DEFS.sql --events SOURCE=FILE ... --of NAME (--at TIME | --spine FILE.csv)",
    .summary = "try a definition over events in files; needs no server",
    .details =
        "Events are JSON lines as they would be on the topic. A spine is CSV with the entity key\n"
        "(or the service's request columns) and event_timestamp; the output is its columns, then\n"
        "the features, a line per spine row in the spine's order. With --at and no --key: a line\n"
        "per entity.\n\n"
        "  nowthen eval definitions.sql --events flights=events.jsonl \\\n"
        "      --of aircraft --at '2013-02-01 00:00:00+00' --key tailnum=N14228",
    .options = options_table,
    .positional_min = 1,
    .positional_max = 1,
    .run = run,
};
