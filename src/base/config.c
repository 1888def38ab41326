/* config.c: settings from a file and the environment, by the table in config.def. */
#include "base/config.h"

#include "base/bytes.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_TEXT, KIND_CHOICE, KIND_INT };

static const struct setting {
    const char *key;
    enum kind kind;
    size_t offset; /* of the field in struct config */
    const char *standard;
    const char *choices;
    int64_t min, max;
    const char *unit;
    const char *what;
} settings[] = {
#define TEXT_OF(x) #x
#define NT_CONFIG_TEXT(field, key, standard, what)                                                 \
    {key, KIND_TEXT, offsetof(struct config, field), standard, NULL, 0, 0, NULL, what},
#define NT_CONFIG_CHOICE(field, key, standard, choices, what)                                      \
    {key, KIND_CHOICE, offsetof(struct config, field), standard, choices, 0, 0, NULL, what},
#define NT_CONFIG_INT(field, key, standard, min, max, unit, what)                                  \
    {key, KIND_INT, offsetof(struct config, field), TEXT_OF(standard), NULL, min, max, unit, what},
#include "base/config.def"
#undef NT_CONFIG_TEXT
#undef NT_CONFIG_CHOICE
#undef NT_CONFIG_INT
};

#define SETTING_COUNT (sizeof settings / sizeof settings[0])

static char **text_field(struct config *config, const struct setting *setting)
{
    return (char **)(void *)((char *)config + setting->offset);
}

static int64_t *int_field(struct config *config, const struct setting *setting)
{
    return (int64_t *)(void *)((char *)config + setting->offset);
}

static bool is_choice(const char *choices, const char *value)
{
    size_t size = strlen(value);
    for (const char *choice = choices; choice; choice = strchr(choice, '|')) {
        if (*choice == '|') choice++;
        if (strncmp(choice, value, size) == 0 && (choice[size] == '|' || !choice[size]))
            return size > 0;
    }
    return false;
}

static enum nt_status set_int(struct config *config, const struct setting *setting,
                              const char *value, struct nt_error *error)
{
    char *end;
    errno = 0;
    long long x = strtoll(value, &end, 10);
    if (errno || end == value || *end || x < setting->min || x > setting->max)
        return error_set(error, NT_INVALID,
                         "%s must be a whole number of %s from %" PRId64 " to %" PRId64
                         ", got \"%s\"",
                         setting->key, setting->unit, setting->min, setting->max, value);
    *int_field(config, setting) = x;
    return NT_OK;
}

static enum nt_status setting_set(struct config *config, const struct setting *setting,
                                  const char *value, struct nt_error *error)
{
    if (setting->kind == KIND_INT) return set_int(config, setting, value, error);
    if (setting->kind == KIND_CHOICE && !is_choice(setting->choices, value))
        return error_set(error, NT_INVALID, "%s must be one of %s, got \"%s\"", setting->key,
                         setting->choices, value);
    free(*text_field(config, setting));
    *text_field(config, setting) = memory_strdup(value);
    return NT_OK;
}

void config_init(struct config *config)
{
    *config = (struct config){0};
    for (size_t i = 0; i < SETTING_COUNT; i++)
        setting_set(config, &settings[i], settings[i].standard, NULL);
}

void config_deinit(struct config *config)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (settings[i].kind != KIND_INT) free(*text_field(config, &settings[i]));
    *config = (struct config){0};
}

enum nt_status config_set(struct config *config, const char *key, const char *value,
                          struct nt_error *error)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (strcmp(settings[i].key, key) == 0)
            return setting_set(config, &settings[i], value, error);
    return error_set(error, NT_INVALID,
                     "there is no setting \"%s\"; `nowthen help config` lists them all", key);
}

/* Cuts white space and, around the whole, double quotes. */
static char *trim(char *text)
{
    while (isspace((unsigned char)*text)) text++;
    size_t size = strlen(text);
    while (size > 0 && isspace((unsigned char)text[size - 1])) text[--size] = 0;
    if (size >= 2 && text[0] == '"' && text[size - 1] == '"') {
        text[size - 1] = 0;
        text++;
    }
    return text;
}

/* A # begins a comment at the start of a line or after white space: passwords may hold one. */
static void cut_comment(char *line)
{
    for (char *at = line; (at = strchr(at, '#')); at++)
        if (at == line || isspace((unsigned char)at[-1])) {
            *at = 0;
            return;
        }
}

static enum nt_status read_line(struct config *config, char *line, struct nt_error *error)
{
    cut_comment(line);
    char *equals = strchr(line, '=');
    if (!equals) {
        char *rest = trim(line);
        if (!*rest) return NT_OK;
        return error_set(error, NT_INVALID, "expected key = value, got \"%s\"", rest);
    }
    *equals = 0;
    return config_set(config, trim(line), trim(equals + 1), error);
}

enum nt_status config_read_file(struct config *config, const char *path, struct nt_error *error)
{
    struct buffer file = {0};
    enum nt_status status = file_read(path, &file, error);
    char *next = status == NT_OK ? (char *)file.data : NULL;
    for (int number = 1; next && status == NT_OK; number++) {
        char *line = next;
        next = strchr(line, '\n');
        if (next) *next++ = 0;
        status = read_line(config, line, error);
        if (status != NT_OK) error_prefix(error, "%s:%d", path, number);
    }
    buffer_deinit(&file);
    return status;
}

static void variable_name(const char *key, char *name, size_t size)
{
    size_t at = (size_t)snprintf(name, size, "NOWTHEN_");
    for (; *key && at + 1 < size; key++)
        name[at++] = *key == '.' ? '_' : (char)toupper((unsigned char)*key);
    name[at] = 0;
}

enum nt_status config_read_environment(struct config *config, struct nt_error *error)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        char name[128];
        variable_name(settings[i].key, name, sizeof name);
        const char *value = getenv(name);
        if (!value) continue;
        enum nt_status status = setting_set(config, &settings[i], value, error);
        if (status != NT_OK) {
            error_prefix(error, "environment variable %s", name);
            return status;
        }
    }
    return NT_OK;
}

void config_describe(FILE *out)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *s = &settings[i];
        char name[128];
        variable_name(s->key, name, sizeof name);
        fprintf(out, "%s = %s\n    %s\n", s->key, s->standard, s->what);
        if (s->kind == KIND_INT)
            fprintf(out, "    %s, from %" PRId64 " to %" PRId64 ";", s->unit, s->min, s->max);
        else if (s->kind == KIND_CHOICE)
            fprintf(out, "    one of %s;", s->choices);
        else
            fprintf(out, "   ");
        fprintf(out, " environment: %s\n\n", name);
    }
}
