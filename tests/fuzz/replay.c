/*
 * replay.c: main of a fuzz target without libFuzzer: runs files, and the files of directories, each
 * through LLVMFuzzerTestOneInput.
 *
 *   fuzz_NAME [--damage] FILE_OR_DIRECTORY...
 *
 * --damage runs each also cut short and with one byte changed, at up to DAMAGE_MAX places spread
 * over it: what a torn write or a flipped bit leaves. What changes and how depends on nothing but
 * the file.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DAMAGE_MAX 128

/* A copy of exactly this size, so that the address sanitizer sees a byte read too far. */
static void run_copy(const uint8_t *data, size_t size)
{
    uint8_t *copy = memory_alloc(size);
    if (size) memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void run_damaged(struct buffer *text)
{
    size_t step = text->size / DAMAGE_MAX + 1;
    for (size_t at = 0; at < text->size; at += step) {
        run_copy(text->data, at);
        uint8_t was = text->data[at];
        text->data[at] = (uint8_t)(was ^ (1u << at % 8));
        run_copy(text->data, text->size);
        text->data[at] = (uint8_t)(was + 0x80);
        run_copy(text->data, text->size);
        text->data[at] = was;
    }
}

static size_t run_file(const char *path, bool is_damaging)
{
    struct buffer text = {0};
    struct nt_error error;
    if (file_read(path, &text, &error) != NT_OK) {
        fprintf(stderr, "%s\n", error.text);
        exit(status_exit_code(error.status));
    }
    fprintf(stderr, "%s\n", path); /* the last one named is the one that failed */
    run_copy(text.data, text.size);
    if (is_damaging) run_damaged(&text);
    buffer_deinit(&text);
    return 1;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static size_t run_path(const char *path, bool is_damaging)
{
    struct dirent **entries;
    struct stat status;
    if (stat(path, &status) || !S_ISDIR(status.st_mode)) return run_file(path, is_damaging);
    int found = scandir(path, &entries, is_visible, alphasort);
    size_t count = 0;
    for (int i = 0; i < found; i++) {
        struct buffer name = {0};
        buffer_printf(&name, "%s/%s", path, entries[i]->d_name);
        count += run_path(buffer_text(&name), is_damaging);
        buffer_deinit(&name);
        free(entries[i]);
    }
    if (found >= 0) free(entries);
    return count;
}

int main(int argc, char **argv)
{
    bool is_damaging = argc > 1 && strcmp(argv[1], "--damage") == 0;
    size_t count = 0;
    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1 + is_damaging; i < argc; i++) count += run_path(argv[i], is_damaging);
    printf("%zu inputs\n", count);
    return count > 0 ? 0 : status_exit_code(NT_NOT_FOUND); /* that nothing ran is no success */
}
