/* A program is loaded only when its bytes, its manifest and this build agree. */
#include "base/bytes.h"
#include "base/hash.h"
#include "registry/manifest.h"
#include "registry/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FINGERPRINT "00112233445566778899aabbccddeeff"

struct place {
    char directory[64];
};

static const char *place_path(const struct place *place, const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", place->directory, name);
    return path;
}

static void text_write(const char *path, const char *text)
{
    struct bytes bytes = {(const uint8_t *)text, strlen(text)};
    assert_int_equal(file_write(path, bytes, NULL), NT_OK);
}

static void manifest_write(const struct place *place, const char *fingerprint)
{
    struct buffer program = {0}, manifest = {0};
    char hash[HASH_HEX_SIZE];
    assert_int_equal(file_read(place_path(place, "program.so"), &program, NULL), NT_OK);
    hash_hex(program.data, program.size, hash);
    buffer_printf(&manifest,
                  "{\n  \"views\": [{\"name\": \"fingerprint\", \"fingerprint\": \"12\"}],\n"
                  "  \"fingerprint\": \"%s\",\n  \"abi\": 1,\n  \"program_hash\": \"%s\"\n}\n",
                  fingerprint, hash);
    text_write(place_path(place, "manifest.json"), buffer_text(&manifest));
    buffer_deinit(&program);
    buffer_deinit(&manifest);
}

/* Builds a shared object from c with the system's compiler. */
static void program_build(const struct place *place, const char *c)
{
    char command[512];
    text_write(place_path(place, "program.c"), c);
    snprintf(command, sizeof command, "cc -shared -fPIC -I%s -o %s/program.so %s/program.c",
             NOWTHEN_INCLUDE, place->directory, place->directory);
    assert_int_equal(system(command), 0);
}

static const char good[] =
    "#include \"nowthen/program.h\"\n"
    "NT_API extern const struct nt_program nt_program;\n"
    "const struct nt_program nt_program = {.abi = NT_PROGRAM_ABI, .fingerprint = \"" FINGERPRINT
    "\"};\n";

static int place_make(void **state)
{
    struct place *place = malloc(sizeof *place);
    snprintf(place->directory, sizeof place->directory, "/tmp/nowthen-program-XXXXXX");
    assert_non_null(mkdtemp(place->directory));
    *state = place;
    return 0;
}

static int place_drop(void **state)
{
    struct place *place = *state;
    const char *names[] = {"program.c", "program.so", "manifest.json"};
    for (size_t i = 0; i < 3; i++) unlink(place_path(place, names[i]));
    rmdir(place->directory);
    free(place);
    return 0;
}

static void a_program_whose_hash_and_fingerprint_agree_is_loaded(void **state)
{
    struct program *program;
    struct nt_error error;
    program_build(*state, good);
    manifest_write(*state, FINGERPRINT);
    assert_int_equal(program_open(((struct place *)*state)->directory, &program, &error), NT_OK);
    assert_string_equal(program_get(program)->fingerprint, FINGERPRINT);
    program_close(program);
}

static void assert_refused(const struct place *place, enum nt_status status, const char *why)
{
    struct program *program;
    struct nt_error error;
    assert_int_equal(program_open(place->directory, &program, &error), status);
    assert_null(program);
    assert_non_null(strstr(error.text, why));
}

static void a_missing_program_is_not_found(void **state)
{
    assert_refused(*state, NT_NOT_FOUND, "manifest.json");
}

static void a_program_with_a_changed_byte_is_corrupt(void **state)
{
    program_build(*state, good);
    manifest_write(*state, FINGERPRINT);
    FILE *file = fopen(place_path(*state, "program.so"), "ab");
    fputc('x', file);
    fclose(file);
    assert_refused(*state, NT_CORRUPT, "damaged");
}

static void another_fingerprint_is_a_mismatch(void **state)
{
    program_build(*state, good);
    manifest_write(*state, "ffffffffffffffffffffffffffffffff");
    assert_refused(*state, NT_MISMATCH, "fingerprint");
}

static void another_abi_is_a_mismatch(void **state)
{
    program_build(*state, "#include \"nowthen/program.h\"\n"
                          "NT_API extern const struct nt_program nt_program;\n"
                          "const struct nt_program nt_program = {.abi = 999, "
                          ".fingerprint = \"" FINGERPRINT "\"};\n");
    manifest_write(*state, FINGERPRINT);
    assert_refused(*state, NT_MISMATCH, "ABI 999");
}

static void a_shared_object_without_the_symbol_is_corrupt(void **state)
{
    program_build(*state, "int nt_other;\n");
    manifest_write(*state, FINGERPRINT);
    assert_refused(*state, NT_CORRUPT, "nt_program");
}

static void a_file_that_is_no_shared_object_is_corrupt(void **state)
{
    text_write(place_path(*state, "program.so"), "not a program");
    manifest_write(*state, FINGERPRINT);
    assert_refused(*state, NT_CORRUPT, "cannot load");
}

static void a_manifest_without_its_members_is_corrupt(void **state)
{
    const char *texts[] = {"",
                           "[]",
                           "{",
                           "{}",
                           "{\"fingerprint\": 3}",
                           "{\"fingerprint\": \"x\"}",
                           "{\"fingerprint\": \"" FINGERPRINT "\"}",
                           "\"fingerprint\"",
                           "{\"a\": \"\\"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        text_write(place_path(*state, "manifest.json"), texts[i]);
        assert_refused(*state, NT_CORRUPT, "is not the manifest");
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_make, place_drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_program_whose_hash_and_fingerprint_agree_is_loaded),
        TEST(a_missing_program_is_not_found),
        TEST(a_program_with_a_changed_byte_is_corrupt),
        TEST(another_fingerprint_is_a_mismatch),
        TEST(another_abi_is_a_mismatch),
        TEST(a_shared_object_without_the_symbol_is_corrupt),
        TEST(a_file_that_is_no_shared_object_is_corrupt),
        TEST(a_manifest_without_its_members_is_corrupt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
