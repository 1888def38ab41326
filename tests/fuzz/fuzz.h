/*
 * fuzz.h: what the fuzz targets share. A target is one file, fuzz_<name>.c: LLVMFuzzerTestOneInput
 * over the bytes of one input of the product, which ends the process where something is wrong.
 *
 * In the preset fuzz a target is linked to libFuzzer, in all others to replay.c, which runs the
 * files of tests/fuzz/corpus/<name> through the same function: an input that was ever a finding is
 * a test for good.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "base/bytes.h"
#include "nowthen/program.h"

/* libFuzzer's names; it finds them by these. The first runs once; always gives 0. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process with the place and what should have held: a finding. */
#define FUZZ_CHECK(condition) ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))
_Noreturn void fuzz_fail(const char *file, int line, const char *what);

/* A directory of its own for this process, below TMPDIR or /tmp, and its end with all in it that a
 * build leaves there. */
void fuzz_directory_make(char *path, size_t size);
void fuzz_directory_remove(const char *path);

#endif
