/*
 * version.h: the versions of an online store: which program it serves, the one it served before,
 * and one that is being built beside them.
 *
 *   DIR/                           store.path: the store itself, as long as there was one version
 *   DIR/versions/FP/program/       the program of fingerprint FP: program.so, manifest.json
 *   DIR/versions/FP/store          its store; of the first version a link to DIR, of one that took
 *                                  another's store over a link to that
 *   DIR/live -> versions/FP        the version that is served
 *   DIR/previous -> versions/FP    the one before it, for the way back
 *
 * A link is replaced by rename, so at any moment it names one version, and a version carries all
 * that serving it needs. Who writes here is the one process that has the live store open.
 */
#ifndef ONLINE_VERSION_H
#define ONLINE_VERSION_H

#include "base/bytes.h"
#include "base/hash.h"

enum version_link { VERSION_LIVE, VERSION_PREVIOUS };

/* False: there is no such link. */
bool version_get(const char *root, enum version_link link, char fingerprint[HASH_HEX_SIZE]);
enum nt_status version_set(const char *root, enum version_link link, const char *fingerprint,
                           struct nt_error *error);

/* Paths, appended. version_live_store: root itself when nothing is recorded yet. */
void version_program_path(const char *root, const char *fingerprint, struct buffer *path);
void version_store_path(const char *root, const char *fingerprint, struct buffer *path);
void version_live_store(const char *root, struct buffer *path);

/* Keeps a copy of the program in directory as that of version fingerprint. */
enum nt_status version_keep(const char *root, const char *fingerprint, const char *directory,
                            struct nt_error *error);
/* The version's store is that of the version `of`; NULL: the one in root itself. Nothing if it has
 * one already. */
enum nt_status version_share(const char *root, const char *fingerprint, const char *of,
                             struct nt_error *error);
/* Moves a store that was built elsewhere in. NT_INVALID: the version has one already, or directory
 * is on another file system. */
enum nt_status version_adopt(const char *root, const char *fingerprint, const char *directory,
                             struct nt_error *error);
/* Removes one version with its store, unless that is of the live or of the previous one too. */
enum nt_status version_drop(const char *root, const char *fingerprint, struct nt_error *error);
/* Removes the previous version: there is no way back then. Nobody may have it open. */
enum nt_status version_forget(const char *root, struct nt_error *error);
/* Removes every version but the live, the previous and fingerprint. */
enum nt_status version_prune(const char *root, const char *fingerprint, struct nt_error *error);

#endif
