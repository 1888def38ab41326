/* version.c: see version.h. */
#include "online/version.h"

#include "online/kv.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TARGET_PREFIX "versions/"

static const char *const link_names[] = {"live", "previous"};
static const char *const artefacts[] = {"program.c", "program.so", "manifest.json"};
#define ARTEFACT_COUNT (sizeof artefacts / sizeof artefacts[0])

/* ---- paths ---- */

static void version_path(const char *root, const char *fingerprint, struct buffer *path)
{
    buffer_printf(path, "%s/" TARGET_PREFIX "%s", root, fingerprint);
}

void version_program_path(const char *root, const char *fingerprint, struct buffer *path)
{
    version_path(root, fingerprint, path);
    buffer_append_text(path, "/program");
}

void version_store_path(const char *root, const char *fingerprint, struct buffer *path)
{
    version_path(root, fingerprint, path);
    buffer_append_text(path, "/store");
}

void version_live_store(const char *root, struct buffer *path)
{
    char fingerprint[HASH_HEX_SIZE];
    if (version_get(root, VERSION_LIVE, fingerprint))
        version_store_path(root, fingerprint, path);
    else
        buffer_append_text(path, root);
}

/* ---- links ---- */

bool version_get(const char *root, enum version_link link, char fingerprint[HASH_HEX_SIZE])
{
    struct buffer path = {0};
    char target[sizeof TARGET_PREFIX + HASH_HEX_SIZE];
    size_t skip = strlen(TARGET_PREFIX);
    buffer_printf(&path, "%s/%s", root, link_names[link]);
    ssize_t size = readlink(buffer_text(&path), target, sizeof target);
    buffer_deinit(&path);
    if (size != (ssize_t)skip + HASH_HEX_SIZE - 1 || memcmp(target, TARGET_PREFIX, skip) != 0)
        return false;
    memcpy(fingerprint, target + skip, HASH_HEX_SIZE - 1);
    fingerprint[HASH_HEX_SIZE - 1] = 0;
    return true;
}

/* A link of that name to target, in place of what was there. */
static enum nt_status link_make(const char *path, const char *target, struct nt_error *error)
{
    struct buffer fresh = {0};
    enum nt_status status = NT_OK;
    buffer_printf(&fresh, "%s.new", path);
    unlink(buffer_text(&fresh));
    if (symlink(target, buffer_text(&fresh)) != 0 || rename(buffer_text(&fresh), path) != 0)
        status = error_errno(error, "cannot make the link %s", path);
    buffer_deinit(&fresh);
    return status;
}

enum nt_status version_set(const char *root, enum version_link link, const char *fingerprint,
                           struct nt_error *error)
{
    struct buffer path = {0}, target = {0};
    buffer_printf(&path, "%s/%s", root, link_names[link]);
    buffer_printf(&target, TARGET_PREFIX "%s", fingerprint);
    enum nt_status status = link_make(buffer_text(&path), buffer_text(&target), error);
    buffer_deinit(&path);
    buffer_deinit(&target);
    return status;
}

/* ---- making ---- */

static enum nt_status directories_make(const char *root, const char *fingerprint,
                                       struct nt_error *error)
{
    struct buffer paths[3] = {{0}};
    enum nt_status status = NT_OK;
    buffer_printf(&paths[0], "%s/" TARGET_PREFIX, root);
    version_path(root, fingerprint, &paths[1]);
    version_program_path(root, fingerprint, &paths[2]);
    for (int i = 0; i < 3; i++) {
        if (status == NT_OK && mkdir(buffer_text(&paths[i]), 0777) != 0 && errno != EEXIST)
            status = error_errno(error, "cannot make directory %s", buffer_text(&paths[i]));
        buffer_deinit(&paths[i]);
    }
    return status;
}

static enum nt_status file_copy(const char *from, const char *to, const char *name,
                                struct nt_error *error)
{
    struct buffer source = {0}, target = {0}, text = {0};
    buffer_printf(&source, "%s/%s", from, name);
    buffer_printf(&target, "%s/%s", to, name);
    enum nt_status status = file_read(buffer_text(&source), &text, error);
    if (status == NT_OK) status = file_write(buffer_text(&target), buffer_bytes(&text), error);
    buffer_deinit(&source);
    buffer_deinit(&target);
    buffer_deinit(&text);
    return status;
}

/* A program that is open must not be written over: what is there is the same, to the byte. */
static bool is_kept(const char *from, const char *to)
{
    struct buffer paths[2] = {{0}}, texts[2] = {{0}};
    buffer_printf(&paths[0], "%s/manifest.json", from);
    buffer_printf(&paths[1], "%s/manifest.json", to);
    bool is_same = file_read(buffer_text(&paths[0]), &texts[0], NULL) == NT_OK &&
                   file_read(buffer_text(&paths[1]), &texts[1], NULL) == NT_OK &&
                   bytes_compare(buffer_bytes(&texts[0]), buffer_bytes(&texts[1])) == 0;
    for (int i = 0; i < 2; i++) {
        buffer_deinit(&paths[i]);
        buffer_deinit(&texts[i]);
    }
    return is_same;
}

/* The manifest goes last: until it is there the directory holds no program. */
enum nt_status version_keep(const char *root, const char *fingerprint, const char *directory,
                            struct nt_error *error)
{
    struct buffer to = {0};
    version_program_path(root, fingerprint, &to);
    enum nt_status status = directories_make(root, fingerprint, error);
    if (status == NT_OK && !is_kept(directory, buffer_text(&to))) {
        for (size_t i = 1; i < ARTEFACT_COUNT && status == NT_OK; i++)
            status = file_copy(directory, buffer_text(&to), artefacts[i], error);
    }
    buffer_deinit(&to);
    return status;
}

enum nt_status version_share(const char *root, const char *fingerprint, const char *of,
                             struct nt_error *error)
{
    struct buffer path = {0}, target = {0};
    struct stat found;
    enum nt_status status = NT_OK;
    version_store_path(root, fingerprint, &path);
    if (of)
        buffer_printf(&target, "../%s/store", of);
    else
        buffer_append_text(&target, "../..");
    if (lstat(buffer_text(&path), &found) != 0)
        status = link_make(buffer_text(&path), buffer_text(&target), error);
    buffer_deinit(&path);
    buffer_deinit(&target);
    return status;
}

enum nt_status version_adopt(const char *root, const char *fingerprint, const char *directory,
                             struct nt_error *error)
{
    struct buffer path = {0};
    enum nt_status status = NT_OK;
    version_store_path(root, fingerprint, &path);
    if (!kv_rocks_exists(directory))
        status = error_set(error, NT_NOT_FOUND, "there is no online store at %s", directory);
    else if (access(buffer_text(&path), F_OK) == 0)
        status = error_set(error, NT_INVALID,
                           "there is a store of that version at %s already: upgrade without "
                           "--from, which goes on with it, or remove it first",
                           buffer_text(&path));
    else if (rename(directory, buffer_text(&path)) != 0)
        status = error_errno(error, "cannot move %s to %s: build it on the same file system",
                             directory, buffer_text(&path));
    buffer_deinit(&path);
    return status;
}

/* ---- removing ---- */

static bool is_same_store(const char *root, const char *one, enum version_link other)
{
    char fingerprint[HASH_HEX_SIZE];
    struct buffer paths[2] = {{0}};
    struct stat found[2];
    if (!version_get(root, other, fingerprint)) return false;
    version_store_path(root, one, &paths[0]);
    version_store_path(root, fingerprint, &paths[1]);
    bool is_same = stat(buffer_text(&paths[0]), &found[0]) == 0 &&
                   stat(buffer_text(&paths[1]), &found[1]) == 0 &&
                   found[0].st_ino == found[1].st_ino && found[0].st_dev == found[1].st_dev;
    buffer_deinit(&paths[0]);
    buffer_deinit(&paths[1]);
    return is_same;
}

static void program_remove(const char *root, const char *fingerprint)
{
    struct buffer path = {0};
    for (size_t i = 0; i < ARTEFACT_COUNT; i++) {
        buffer_clear(&path);
        version_program_path(root, fingerprint, &path);
        buffer_printf(&path, "/%s", artefacts[i]);
        unlink(buffer_text(&path));
    }
    buffer_clear(&path);
    version_program_path(root, fingerprint, &path);
    rmdir(buffer_text(&path));
    buffer_deinit(&path);
}

/* The program last: a version that was dropped half way is one still, and is dropped again. */
enum nt_status version_drop(const char *root, const char *fingerprint, struct nt_error *error)
{
    struct buffer path = {0};
    enum nt_status status = NT_OK;
    if (is_same_store(root, fingerprint, VERSION_LIVE) ||
        is_same_store(root, fingerprint, VERSION_PREVIOUS))
        return NT_OK;
    version_store_path(root, fingerprint, &path);
    if (kv_rocks_exists(buffer_text(&path))) status = kv_rocks_remove(buffer_text(&path), error);
    if (status == NT_OK && unlink(buffer_text(&path)) != 0) rmdir(buffer_text(&path));
    if (status == NT_OK) program_remove(root, fingerprint);
    buffer_clear(&path);
    version_path(root, fingerprint, &path);
    if (status == NT_OK) rmdir(buffer_text(&path));
    buffer_deinit(&path);
    return status;
}

static bool is_linked(const char *root, const char *name)
{
    char fingerprint[HASH_HEX_SIZE];
    for (enum version_link link = VERSION_LIVE; link <= VERSION_PREVIOUS; link++)
        if (version_get(root, link, fingerprint) && strcmp(fingerprint, name) == 0) return true;
    return false;
}

enum nt_status version_prune(const char *root, const char *fingerprint, struct nt_error *error)
{
    struct buffer path = {0};
    enum nt_status status = NT_OK;
    buffer_printf(&path, "%s/" TARGET_PREFIX, root);
    DIR *directory = opendir(buffer_text(&path));
    buffer_deinit(&path);
    if (!directory) return NT_OK;
    for (struct dirent *each; status == NT_OK && (each = readdir(directory));) {
        const char *name = each->d_name;
        if (strlen(name) != HASH_HEX_SIZE - 1 || strcmp(name, fingerprint) == 0) continue;
        if (!is_linked(root, name)) status = version_drop(root, name, error);
    }
    closedir(directory);
    return status;
}

enum nt_status version_forget(const char *root, struct nt_error *error)
{
    char fingerprint[HASH_HEX_SIZE], live[HASH_HEX_SIZE];
    struct buffer path = {0};
    if (!version_get(root, VERSION_PREVIOUS, fingerprint))
        return error_set(error, NT_NOT_FOUND, "%s keeps no version before the live one", root);
    buffer_printf(&path, "%s/%s", root, link_names[VERSION_PREVIOUS]);
    bool is_gone = unlink(buffer_text(&path)) == 0;
    buffer_deinit(&path);
    if (!is_gone) return error_errno(error, "cannot remove a link in %s", root);
    bool is_live = version_get(root, VERSION_LIVE, live) && strcmp(live, fingerprint) == 0;
    return is_live ? NT_OK : version_drop(root, fingerprint, error);
}
