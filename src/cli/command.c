/* command.c: options by table: parsing and help. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

/* Options every command takes, after its own. */
static const struct cli_option common_options[] = {
    {"config", "FILE", "settings file (else NOWTHEN_CONFIG)", CLI_TEXT, NULL},
    {"set", "KEY=VALUE", "any setting of `nowthen help config`; may be repeated", CLI_TEXT, NULL},
    {"database", "CONNINFO", "PostgreSQL: conninfo or URI", CLI_CONFIG, "database"},
    {"brokers", "HOST:PORT", "Kafka bootstrap servers", CLI_CONFIG, "kafka.brokers"},
    {"log-level", "LEVEL", "debug, info, warn or error", CLI_CONFIG, "log.level"},
    {0},
};

static const struct cli_option *option_find(const struct cli_option *options, const char *name,
                                            size_t size)
{
    for (const struct cli_option *option = options; option && option->name; option++)
        if (strlen(option->name) == size && memcmp(option->name, name, size) == 0) return option;
    return NULL;
}

/* -o is --output everywhere, as compilers taught everyone. */
static const char *long_name(const char *argument)
{
    if (strcmp(argument, "-o") == 0) return "output";
    if (strcmp(argument, "-h") == 0) return "help";
    return strncmp(argument, "--", 2) == 0 ? argument + 2 : NULL;
}

static enum nt_status values_add(struct cli_values *values, const char *value, const char *what,
                                 struct nt_error *error)
{
    if (values->count == CLI_VALUES_MAX)
        return error_set(error, NT_INVALID, "more than %d of %s", CLI_VALUES_MAX, what);
    values->items[values->count++] = value;
    return NT_OK;
}

static enum nt_status set_setting(struct config *config, const char *text, struct nt_error *error)
{
    size_t size;
    const char *value;
    char key[128];
    if (!cli_split(text, &size, &value) || size >= sizeof key)
        return error_set(error, NT_INVALID, "--set takes KEY=VALUE, got \"%s\"", text);
    memcpy(key, text, size);
    key[size] = 0;
    return config_set(config, key, value, error);
}

static enum nt_status option_take(const struct cli_command *command,
                                  const struct cli_option *option, const char *value,
                                  struct cli_options *options, struct config *config,
                                  struct nt_error *error)
{
    if (option->kind == CLI_CONFIG) {
        enum nt_status status = config_set(config, option->config_key, value, error);
        if (status != NT_OK) error_prefix(error, "--%s", option->name);
        return status;
    }
    if (strcmp(option->name, "set") == 0) return set_setting(config, value, error);
    if (strcmp(option->name, "config") == 0) return NT_OK; /* main read it before */
    size_t index = (size_t)(option - command->options);
    if (option->kind == CLI_FLAG) options->flags[index] = true;
    if (option->kind == CLI_TEXT) options->texts[index] = value;
    if (option->kind == CLI_LIST)
        return values_add(&options->lists[index], value, option->name, error);
    return NT_OK;
}

static enum nt_status option_parse(const struct cli_command *command, const char *name, int argc,
                                   char **argv, int *at, struct cli_options *options,
                                   struct config *config, struct nt_error *error)
{
    const char *equals = strchr(name, '=');
    size_t size = equals ? (size_t)(equals - name) : strlen(name);
    const struct cli_option *option = option_find(command->options, name, size);
    if (!option) option = option_find(common_options, name, size);
    if (!option)
        return error_set(error, NT_INVALID, "%s has no option --%.*s; `nowthen help %s` lists them",
                         command->name, (int)size, name, command->name);
    const char *value = equals ? equals + 1 : NULL;
    if (option->kind == CLI_FLAG && value)
        return error_set(error, NT_INVALID, "--%s takes no value", option->name);
    if (option->kind != CLI_FLAG && !value) {
        bool is_there = *at + 1 < argc && strncmp(argv[*at + 1], "--", 2) != 0;
        if (!is_there)
            return error_set(error, NT_INVALID, "--%s needs a value: --%s %s", option->name,
                             option->name, option->argument);
        value = argv[++*at];
    }
    return option_take(command, option, value, options, config, error);
}

enum nt_status cli_parse(const struct cli_command *command, int argc, char **argv,
                         struct cli_options *options, struct config *config, struct nt_error *error)
{
    *options = (struct cli_options){0};
    for (int at = 0; at < argc; at++) {
        const char *name = long_name(argv[at]);
        enum nt_status status =
            name && *name ? option_parse(command, name, argc, argv, &at, options, config, error)
                          : values_add(&options->positional, argv[at], "arguments", error);
        if (status != NT_OK) return status;
    }
    if (options->positional.count < command->positional_min)
        return error_set(error, NT_INVALID, "something is missing: nowthen %s %s", command->name,
                         command->arguments);
    if (options->positional.count > command->positional_max)
        return error_set(error, NT_INVALID, "\"%s\" is one argument too many: nowthen %s %s",
                         options->positional.items[command->positional_max], command->name,
                         command->arguments);
    return NT_OK;
}

static void help_options(const struct cli_option *options)
{
    for (const struct cli_option *option = options; option && option->name; option++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", option->name, option->argument ? " " : "",
                 option->argument ? option->argument : "");
        printf("  %-26s %s\n", left, option->help);
    }
}

void cli_help(const struct cli_command *command)
{
    printf("nowthen %s %s\n\n%s\n\n%s\n\nOptions:\n", command->name, command->arguments,
           command->summary, command->details);
    help_options(command->options);
    printf("\nOptions of every command:\n");
    help_options(common_options);
}

bool cli_split(const char *text, size_t *name_size, const char **value)
{
    const char *equals = strchr(text, '=');
    if (!equals) return false;
    *name_size = (size_t)(equals - text);
    *value = equals + 1;
    return true;
}

enum nt_status cli_column_split(const char *const *pairs, size_t at, size_t *name_size,
                                const char **value, struct nt_error *error)
{
    const char *pair = pairs[at];
    if (!cli_split(pair, name_size, value))
        return error_set(error, NT_INVALID, "expected COLUMN=VALUE, got \"%s\"", pair);
    for (size_t i = 0; i < at; i++)
        if (strncmp(pairs[i], pair, *name_size + 1) == 0)
            return error_set(error, NT_INVALID,
                             "column \"%.*s\" is given twice, as %s and %s: give it one value",
                             (int)*name_size, pair, pairs[i], pair);
    return NT_OK;
}
