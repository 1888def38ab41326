/* object_cache.c: see object_cache.h. An entry is 32 hex digits, the hash of its name and of what
 * follows them. */
#include "compiler/object_cache.h"

#include "base/hash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HEAD_SIZE       (HASH_HEX_SIZE - 1)
#define UNFINISHED      "unfinished-" /* begins the name of an entry that is being written */
#define UNFINISHED_S    (60 * 60)     /* older ones are of a process that was killed */
#define DIRECTORY_MODE  0700          /* what is in it will be run */
#define CACHE_DIRECTORY "nowthen"

bool build_cache_find(const char *directory, int64_t bytes_max, struct nt_arena *arena,
                      struct build_cache *cache)
{
    *cache = (struct build_cache){.directory = directory, .bytes_max = bytes_max};
    if (directory[0]) return bytes_max > 0;
    const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (base && base[0] == '/')
        cache->directory = nt_arena_printf(arena, "%s/" CACHE_DIRECTORY, base);
    else if (home && home[0] == '/')
        cache->directory = nt_arena_printf(arena, "%s/.cache/" CACHE_DIRECTORY, home);
    else
        return false;
    return bytes_max > 0;
}

/* A path in the cache; freed by the caller. */
static char *entry_path(const struct build_cache *cache, const char *name)
{
    struct buffer path = {0};
    buffer_printf(&path, "%s/%s", cache->directory, name);
    return buffer_text(&path);
}

static void entry_hash(const char *name, struct bytes bytes, char hex[HASH_HEX_SIZE])
{
    struct buffer all = {0};
    buffer_append_text(&all, name);
    buffer_append(&all, bytes.data, bytes.size);
    hash_hex(all.data, all.size, hex);
    buffer_deinit(&all);
}

static bool bytes_write(int fd, struct bytes bytes)
{
    while (bytes.size > 0) {
        ssize_t size = write(fd, bytes.data, bytes.size);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return false;
        bytes.data += size;
        bytes.size -= (size_t)size;
    }
    return true;
}

/* Without a sync: what is made of it is synced, or gone with the directory of the build. */
static bool plain_write(const char *path, struct bytes bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return false;
    bool is_written = bytes_write(fd, bytes);
    return close(fd) == 0 && is_written;
}

/* What follows the head of an entry that is whole. */
static bool entry_open(const char *name, const struct buffer *entry, struct bytes *bytes)
{
    char hex[HASH_HEX_SIZE];
    if (entry->size < HEAD_SIZE) return false;
    *bytes = (struct bytes){entry->data + HEAD_SIZE, entry->size - HEAD_SIZE};
    entry_hash(name, *bytes, hex);
    return memcmp(hex, entry->data, HEAD_SIZE) == 0;
}

bool object_cache_get(const struct build_cache *cache, const char *name, const char *path)
{
    struct buffer entry = {0};
    struct bytes bytes;
    struct nt_error ignored;
    char *from = entry_path(cache, name);
    bool is_there = file_read(from, &entry, &ignored) == NT_OK;
    bool is_whole = is_there && entry_open(name, &entry, &bytes);
    if (is_there && !is_whole) unlink(from);
    bool is_copied = is_whole && plain_write(path, bytes);
    if (is_copied) utimensat(AT_FDCWD, from, NULL, 0);
    buffer_deinit(&entry);
    free(from);
    return is_copied;
}

static bool directory_make(const char *directory)
{
    char *path = memory_strdup(directory);
    for (char *at = path + 1; *at; at++) {
        if (*at != '/') continue;
        *at = 0;
        mkdir(path, DIRECTORY_MODE);
        *at = '/';
    }
    bool is_there = mkdir(path, DIRECTORY_MODE) == 0 || errno == EEXIST;
    free(path);
    return is_there;
}

void object_cache_put(const struct build_cache *cache, const char *name, const char *path)
{
    struct buffer bytes = {0};
    struct nt_error ignored;
    char hex[HASH_HEX_SIZE];
    if (!directory_make(cache->directory)) return;
    if (file_read(path, &bytes, &ignored) == NT_OK) {
        char *to = entry_path(cache, name), *unfinished = entry_path(cache, UNFINISHED "XXXXXX");
        entry_hash(name, buffer_bytes(&bytes), hex);
        int fd = mkostemp(unfinished, O_CLOEXEC);
        if (fd >= 0) {
            bool is_written = bytes_write(fd, (struct bytes){(const uint8_t *)hex, HEAD_SIZE}) &&
                              bytes_write(fd, buffer_bytes(&bytes));
            is_written = close(fd) == 0 && is_written;
            if (!is_written || rename(unfinished, to)) unlink(unfinished);
        }
        free(to);
        free(unfinished);
    }
    buffer_deinit(&bytes);
}

struct entry {
    char name[HASH_HEX_SIZE];
    struct timespec used;
    int64_t bytes;
};

static int entry_compare(const void *a, const void *b)
{
    const struct timespec *x = &((const struct entry *)a)->used;
    const struct timespec *y = &((const struct entry *)b)->used;
    if (x->tv_sec != y->tv_sec) return x->tv_sec < y->tv_sec ? -1 : 1;
    return (x->tv_nsec > y->tv_nsec) - (x->tv_nsec < y->tv_nsec);
}

/* All entries into a buffer of struct entry, and their bytes. */
static int64_t entries_list(DIR *directory, struct buffer *entries)
{
    int64_t bytes = 0;
    struct dirent *found;
    while ((found = readdir(directory))) {
        struct entry entry = {0};
        struct stat status;
        if (fstatat(dirfd(directory), found->d_name, &status, AT_SYMLINK_NOFOLLOW)) continue;
        if (strncmp(found->d_name, UNFINISHED, strlen(UNFINISHED)) == 0 &&
            time(NULL) - status.st_mtime > UNFINISHED_S)
            unlinkat(dirfd(directory), found->d_name, 0);
        if (strspn(found->d_name, "0123456789abcdef") != HEAD_SIZE || found->d_name[HEAD_SIZE])
            continue;
        memcpy(entry.name, found->d_name, sizeof entry.name);
        entry.used = status.st_mtim;
        entry.bytes = status.st_size;
        bytes += entry.bytes;
        buffer_append(entries, &entry, sizeof entry);
    }
    return bytes;
}

void object_cache_trim(const struct build_cache *cache)
{
    DIR *directory = opendir(cache->directory);
    if (!directory) return;
    struct buffer list = {0};
    int64_t bytes = entries_list(directory, &list);
    struct entry *entries = (struct entry *)(void *)list.data;
    size_t count = list.size / sizeof *entries;
    if (bytes > cache->bytes_max) qsort(entries, count, sizeof *entries, entry_compare);
    for (size_t i = 0; i < count && bytes > cache->bytes_max; i++) {
        unlinkat(dirfd(directory), entries[i].name, 0);
        bytes -= entries[i].bytes;
    }
    buffer_deinit(&list);
    closedir(directory);
}
