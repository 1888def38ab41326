/*
 * command.h: the shape of a command: its options as a table, from which it is parsed and explained.
 *
 * A command is one file, command_<name>.c: a table of options, one run function. main.c lists them.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/config.h"
#include "base/error.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define CLI_VALUES_MAX 256 /* of one repeated option, or of positional arguments */

struct cli_values {
    const char *items[CLI_VALUES_MAX];
    size_t count;
};

enum cli_option_kind {
    CLI_FLAG,   /* --once */
    CLI_TEXT,   /* --of NAME; the last one counts */
    CLI_LIST,   /* --events S=F --events ...; also --events S=F S=F is not taken: one each */
    CLI_CONFIG, /* sets the setting config_key */
};

struct cli_option {
    const char *name;     /* without its dashes */
    const char *argument; /* NAME in help; NULL for a flag */
    const char *help;     /* one line */
    enum cli_option_kind kind;
    const char *config_key;
};

/* What was given, by the order of the command's options. */
struct cli_options {
    bool flags[32];
    const char *texts[32];
    struct cli_values lists[32];
    struct cli_values positional;
};

struct cli_command {
    const char *name;
    const char *arguments;            /* "DEFS.sql -o DIR" */
    const char *summary;              /* one line */
    const char *details;              /* the rest of --help, with an example */
    const struct cli_option *options; /* ended by a NULL name */
    size_t positional_min, positional_max;
    enum nt_status (*run)(const struct cli_options *options, const struct config *config,
                          struct nt_error *error);
};

extern const struct cli_command command_archive, command_compile, command_eval, command_apply,
    command_import, command_materialize, command_publish, command_serve, command_get,
    command_snapshot, command_verify, command_inspect, command_check, command_backup,
    command_restore, command_erase, command_upgrade, command_rollback;

/* Parses argv (after the command's name). NT_INVALID with what to write instead. */
enum nt_status cli_parse(const struct cli_command *command, int argc, char **argv,
                         struct cli_options *options, struct config *config,
                         struct nt_error *error);
void cli_help(const struct cli_command *command);

/* "NAME=VALUE" cut in two; false without an =. *name is size bytes of text. */
bool cli_split(const char *text, size_t *name_size, const char **value);
/* pairs[at], "COLUMN=VALUE", cut in two. NT_INVALID: it is none, or its column had one before. */
enum nt_status cli_column_split(const char *const *pairs, size_t at, size_t *name_size,
                                const char **value, struct nt_error *error);

/* Set by SIGINT and SIGTERM; long work looks at it and returns NT_INTERRUPTED. */
bool cli_is_interrupted(void);
/* The flag itself, for waits that look at it. */
const volatile sig_atomic_t *cli_interrupted(void);
const atomic_bool *cli_stopping(void);

#endif
