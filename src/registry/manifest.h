/*
 * manifest.h: the two things that loading a program needs of its manifest.json.
 *
 * The manifest is an object whose members "fingerprint" and "program_hash" are strings of 32
 * lower-case hex digits (without escapes); the rest is for people and tools. Registry stays free of
 * a JSON library: this reads just those two members, at the top level, and refuses all else.
 */
#ifndef REGISTRY_MANIFEST_H
#define REGISTRY_MANIFEST_H

#include "base/bytes.h"
#include "base/hash.h"

struct manifest {
    char fingerprint[HASH_HEX_SIZE];
    char program_hash[HASH_HEX_SIZE]; /* hash_hex of the bytes of program.so */
};

/* Reads directory/manifest.json: NT_NOT_FOUND, NT_CORRUPT. */
enum nt_status manifest_read(const char *directory, struct manifest *manifest,
                             struct nt_error *error);
/* False: not a manifest. */
bool manifest_parse(struct bytes text, struct manifest *manifest);

#endif
