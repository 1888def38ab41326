/* Settings: later wins, and what is wrong is named with its cure. */
#include "base/bytes.h"
#include "base/config.h"

#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static enum nt_status read_text(struct config *config, const char *text, struct nt_error *error)
{
    char path[] = "/tmp/nowthen-config-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    enum nt_status status = config_read_file(config, path, error);
    unlink(path);
    return status;
}

static void defaults_are_those_of_the_table(void **state)
{
    (void)state;
    struct config config;
    config_init(&config);
    assert_int_equal(config.serve_port, 6566);
    assert_string_equal(config.serve_clock, "wall");
    assert_string_equal(config.database, "");
    config_deinit(&config);
}

static void a_file_sets_what_it_names(void **state)
{
    (void)state;
    struct config config;
    config_init(&config);
    assert_int_equal(read_text(&config,
                               "# all of it\n\n  serve.port =  7000  # free\n"
                               "database = \"host=db password=a#b\"\nstore.path=/var/x\n",
                               NULL),
                     NT_OK);
    assert_int_equal(config.serve_port, 7000);
    assert_string_equal(config.database, "host=db password=a#b");
    assert_string_equal(config.store_path, "/var/x");
    config_deinit(&config);
}

static void a_line_that_is_wrong_is_named(void **state)
{
    (void)state;
    struct config config;
    struct nt_error error;
    config_init(&config);
    assert_int_equal(read_text(&config, "serve.port = 1\nserve.port = 70000\n", &error),
                     NT_INVALID);
    assert_non_null(strstr(error.text, ":2: serve.port must be a whole number of port from 0 to "
                                       "65535, got \"70000\""));
    assert_int_equal(read_text(&config, "serve.clock = moon\n", &error), NT_INVALID);
    assert_non_null(strstr(error.text, "serve.clock must be one of wall|event, got \"moon\""));
    assert_int_equal(read_text(&config, "serve.clock = wal\n", &error), NT_INVALID);
    assert_int_equal(read_text(&config, "serve.clock =\n", &error), NT_INVALID);
    assert_int_equal(read_text(&config, "colour = red\n", &error), NT_INVALID);
    assert_non_null(strstr(error.text, "there is no setting \"colour\""));
    assert_int_equal(read_text(&config, "serve.port\n", &error), NT_INVALID);
    assert_int_equal(read_text(&config, "serve.port = 12x\n", &error), NT_INVALID);
    config_deinit(&config);
}

static void the_environment_wins_over_the_file(void **state)
{
    (void)state;
    struct config config;
    struct nt_error error;
    config_init(&config);
    read_text(&config, "serve.port = 7000\n", NULL);
    setenv("NOWTHEN_SERVE_PORT", "7001", 1);
    assert_int_equal(config_read_environment(&config, &error), NT_OK);
    assert_int_equal(config.serve_port, 7001);
    setenv("NOWTHEN_SERVE_PORT", "many", 1);
    assert_int_equal(config_read_environment(&config, &error), NT_INVALID);
    assert_non_null(strstr(error.text, "environment variable NOWTHEN_SERVE_PORT"));
    unsetenv("NOWTHEN_SERVE_PORT");
    config_deinit(&config);
}

static void a_missing_file_is_not_found(void **state)
{
    (void)state;
    struct config config;
    config_init(&config);
    assert_int_equal(config_read_file(&config, "/nowhere/nowthen.conf", NULL), NT_NOT_FOUND);
    config_deinit(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_those_of_the_table),
        cmocka_unit_test(a_file_sets_what_it_names),
        cmocka_unit_test(a_line_that_is_wrong_is_named),
        cmocka_unit_test(the_environment_wins_over_the_file),
        cmocka_unit_test(a_missing_file_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
