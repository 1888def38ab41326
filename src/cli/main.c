/* main.c: nowthen COMMAND: the list of commands, settings, signals, exit codes. */
#include "base/arena.h"
#include "base/log.h"
#include "cli/command.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cli_command *const commands[] = {
    &command_compile, &command_eval,        &command_apply,    &command_import, &command_publish,
    &command_archive, &command_materialize, &command_serve,    &command_get,    &command_snapshot,
    &command_verify,  &command_inspect,     &command_check,    &command_backup, &command_restore,
    &command_erase,   &command_upgrade,     &command_rollback,
};
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

/* The same fact in the two shapes that those who wait for it take. */
static volatile sig_atomic_t was_interrupted;
static atomic_bool is_stopping;

static void on_signal(int signal)
{
    (void)signal;
    was_interrupted = 1;
    atomic_store(&is_stopping, true);
}

bool cli_is_interrupted(void)
{
    return was_interrupted;
}

const volatile sig_atomic_t *cli_interrupted(void)
{
    return &was_interrupted;
}

const atomic_bool *cli_stopping(void)
{
    return &is_stopping;
}

/* SA_RESETHAND: a second Ctrl-C ends the process at once. */
static void signals_install(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void print_help(FILE *out)
{
    fputs("nowthen: an online/offline feature store. A feature is a SQL query over now().\n\n"
          "Usage: nowthen COMMAND [OPTIONS]\n\n",
          out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n`nowthen help COMMAND` explains one; `nowthen help config` lists the settings.\n"
          "Exit codes: 0 done, 1 differences found, 2 wrong input, 3 not found, 4 corrupt,\n"
          "5 other version, 6 server unavailable, 7 i/o error, 8 evicted, 130 interrupted.\n",
          out);
}

static const struct cli_command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i]->name, name) == 0) return commands[i];
    return NULL;
}

static int fail(const char *what, enum nt_status status, const struct nt_error *error)
{
    /* Diagnostics of a definition file begin with their own place and stand alone. */
    if (error->text[0]) fprintf(stderr, "nowthen %s: %s\n", what, error->text);
    return status_exit_code(status);
}

static int help(int argc, char **argv)
{
    if (argc < 1) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[0], "config") == 0) {
        config_describe(stdout);
        return 0;
    }
    const struct cli_command *command = command_find(argv[0]);
    if (!command) {
        fprintf(stderr, "nowthen help: there is no command \"%s\"; `nowthen help` lists them\n",
                argv[0]);
        return status_exit_code(NT_INVALID);
    }
    cli_help(command);
    return 0;
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) return true;
    return false;
}

/* --config comes before everything else, wherever it stands. */
static const char *config_path(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--config") == 0 && i + 1 < argc) return argv[i + 1];
        if (strncmp(argv[i], "--config=", 9) == 0) return argv[i] + 9;
    }
    return getenv("NOWTHEN_CONFIG");
}

static enum nt_status settings_read(struct config *config, const char *path, struct nt_error *error)
{
    enum nt_status status = path ? config_read_file(config, path, error) : NT_OK;
    return status == NT_OK ? config_read_environment(config, error) : status;
}

static int run(const struct cli_command *command, int argc, char **argv)
{
    struct config config;
    struct cli_options options;
    struct nt_error error = {0};
    config_init(&config);
    enum nt_status status = settings_read(&config, config_path(argc, argv), &error);
    if (status == NT_OK) status = cli_parse(command, argc, argv, &options, &config, &error);
    if (status == NT_OK) {
        enum log_level level;
        if (log_level_parse(config.log_level, &level)) log_level_set(level);
        status = command->run(&options, &config, &error);
    }
    config_deinit(&config);
    if (fflush(stdout) != 0 && status == NT_OK) status = error_errno(&error, "standard output");
    return status == NT_OK ? 0 : fail(command->name, status, &error);
}

int main(int argc, char **argv)
{
    nt_arena_malloc_through = getenv("NOWTHEN_MALLOC_THROUGH") != NULL;
    signals_install();
    if (argc < 2) {
        print_help(stderr);
        return status_exit_code(NT_INVALID);
    }
    const char *name = argv[1];
    if (strcmp(name, "help") == 0) return help(argc - 2, argv + 2);
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) return help(0, NULL);
    if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0) {
        puts("nowthen " NOWTHEN_VERSION);
        return 0;
    }
    const struct cli_command *command = command_find(name);
    if (!command) {
        fprintf(stderr, "nowthen: there is no command \"%s\"; `nowthen help` lists them\n", name);
        return status_exit_code(NT_INVALID);
    }
    if (wants_help(argc - 2, argv + 2)) {
        cli_help(command);
        return 0;
    }
    return run(command, argc - 2, argv + 2);
}
