/*
 * config.h: settings. Later wins: defaults, the file, the environment, the command line.
 *
 * A file is lines of "key = value"; # begins a comment; a value may stand in double quotes.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include "base/error.h"

#include <stdint.h>
#include <stdio.h>

struct config {
#define NT_CONFIG_TEXT(field, key, standard, what)                char *field;
#define NT_CONFIG_CHOICE(field, key, standard, choices, what)     char *field;
#define NT_CONFIG_INT(field, key, standard, min, max, unit, what) int64_t field;
#include "base/config.def"
#undef NT_CONFIG_TEXT
#undef NT_CONFIG_CHOICE
#undef NT_CONFIG_INT
};

void config_init(struct config *config); /* the defaults */
void config_deinit(struct config *config);
/* NT_INVALID: no such key, or a value outside its range; the error says what would do. */
enum nt_status config_set(struct config *config, const char *key, const char *value,
                          struct nt_error *error);
enum nt_status config_read_file(struct config *config, const char *path, struct nt_error *error);
enum nt_status config_read_environment(struct config *config, struct nt_error *error);
/* Every key with its default, unit, range and meaning: what --help config prints. */
void config_describe(FILE *out);

#endif
