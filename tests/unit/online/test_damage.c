/* test_damage.c: files of the store with bytes flipped or cut off: every read is right or refused,
 * and a backup does not share the damage of what was written after it. */
#include "../../support/store_fixture.h"
#include "online/check.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHOPS     40
#define EVENTS    4000
#define FLIPS_PER 6
#define CUTS_PER  2
#define PATH_SIZE 512

static void directory_copy(const char *from, const char *to)
{
    struct buffer command = {0};
    buffer_printf(&command, "rm -rf '%s' && cp -r '%s' '%s'", to, from, to);
    assert_int_equal(system(buffer_text(&command)), 0);
    buffer_deinit(&command);
}

/* What every entity answers, or the status in its place. */
static void answers_take(struct store *store, struct buffer *out)
{
    struct store_snapshot *snapshot;
    struct nt_arena arena;
    struct nt_error error;
    nt_arena_init(&arena);
    if (store_snapshot_open(store, &snapshot, &error) != NT_OK) {
        buffer_append_text(out, "refused");
        return;
    }
    for (int shop = 0; shop < SHOPS; shop++) {
        struct nt_eval e = {.arena = &arena};
        struct view_row row;
        nt_arena_reset(&arena);
        struct nt_value key = fixture_text(nt_arena_printf(&arena, "shop%d", shop));
        struct nt_time at = {T0 + 5 * FIXTURE_HOUR_US};
        enum nt_status status = store_read(snapshot, FIXTURE_EVER, &key, at, &e, &row, &error);
        if (status != NT_OK)
            buffer_printf(out, "%d:%s\n", shop, status_name(status));
        else if (!row.is_present)
            buffer_printf(out, "%d:absent\n", shop);
        else
            buffer_printf(out, "%d:%ld,%ld\n", shop, (long)row.features[1].integer,
                          (long)row.features[1].is_null);
    }
    store_snapshot_close(snapshot);
    nt_arena_deinit(&arena);
}

static void store_fill(const char *path, int from, int to)
{
    struct store *store = open_with(rocks_open(path), options_event());
    for (int i = from; i < to; i++)
        apply_ok(store, i % 3 ? 0 : i / 3 % SHOPS, i,
                 T0 + (i * INT64_C(7919) % 18000) * INT64_C(1000000));
    commit_at(store, to);
    store_close(store);
    struct kv *kv = rocks_open(path); /* what was in the log goes into files */
    kv->ops->close(kv);
}

static void lines_compare(const char *was, const char *is, const char *file, long at)
{
    while (*was) {
        size_t x = strcspn(was, "\n"), y = strcspn(is, "\n");
        const char *colon = memchr(is, ':', y);
        bool is_refused = colon && strncmp(colon, ":corrupt", 8) == 0;
        if (!is_refused && (x != y || memcmp(was, is, x) != 0))
            fail_msg("%s at %ld: %.*s is now %.*s", file, at, (int)x, was, (int)y, is);
        was += x + 1;
        is += y + 1;
    }
}

static void no_fault(void *self, const struct nt_error *error)
{
    (void)error;
    ++*(int *)self;
}

static bool always(void *self)
{
    (void)self;
    return true;
}

/* True: the damage showed. */
static bool damaged_look(const char *path, const char *expected, const char *file, long at)
{
    struct kv *kv;
    struct store *store;
    struct nt_error error;
    struct buffer answers = {0};
    enum nt_status status = kv_rocks_open(path, KV_CACHE_BYTES, &kv, &error);
    struct store_options options = options_event();
    if (status == NT_OK) status = store_open(&fixture_program, kv, &options, &store, &error);
    if (status != NT_OK) {
        assert_int_equal(status, NT_CORRUPT);
        assert_non_null(strstr(error.text, "restore"));
        return true;
    }
    answers_take(store, &answers);
    bool is_seen = strcmp(buffer_text(&answers), "refused") == 0;
    if (!is_seen) lines_compare(expected, buffer_text(&answers), file, at);
    struct store_snapshot *snapshot;
    struct check_report report = {0};
    int faults = 0;
    struct check_visitor visitor = {no_fault, always, &faults};
    if (store_snapshot_open(store, &snapshot, &error) == NT_OK) {
        status = store_check(snapshot, &visitor, &report, &error);
        is_seen |= status == NT_CORRUPT || report.faults > 0;
        store_snapshot_close(snapshot);
    }
    bool is_told = strstr(buffer_text(&answers), "corrupt") != NULL;
    if (is_told && !is_seen) fail_msg("%s at %ld: the check does not see it", file, at);
    store_close(store);
    buffer_deinit(&answers);
    return is_seen;
}

static long file_size(const char *path)
{
    struct stat stat_of;
    assert_int_equal(stat(path, &stat_of), 0);
    return (long)stat_of.st_size;
}

static void byte_flip(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    fputc(byte ^ 0x10, file);
    assert_int_equal(fclose(file), 0);
}

struct trial {
    char good[PATH_SIZE], bad[PATH_SIZE];
    const char *expected;
    int tried, seen;
};

static void file_try(struct trial *trial, const char *name, long at, bool is_cut)
{
    struct buffer file = {0};
    directory_copy(trial->good, trial->bad);
    buffer_printf(&file, "%s/%s", trial->bad, name);
    if (is_cut)
        assert_int_equal(truncate(buffer_text(&file), at), 0);
    else
        byte_flip(buffer_text(&file), at);
    trial->tried++;
    trial->seen += damaged_look(trial->bad, trial->expected, name, at);
    buffer_deinit(&file);
}

static void file_damage(struct trial *trial, const char *name, unsigned *seed)
{
    struct buffer file = {0};
    buffer_printf(&file, "%s/%s", trial->good, name);
    long size = file_size(buffer_text(&file));
    buffer_deinit(&file);
    for (int i = 0; i < FLIPS_PER; i++) file_try(trial, name, rand_r(seed) % size, false);
    for (int i = 0; i < CUTS_PER; i++) file_try(trial, name, rand_r(seed) % size, true);
}

static void a_damaged_file_is_refused_or_read_right(void **state)
{
    (void)state;
    char path[] = "/tmp/nowthen-damage-XXXXXX";
    struct trial trial = {0};
    struct buffer expected = {0};
    unsigned seed = (unsigned)getpid();
    print_message("seed %u\n", seed);
    assert_non_null(mkdtemp(path));
    snprintf(trial.good, sizeof trial.good, "%s/good", path);
    snprintf(trial.bad, sizeof trial.bad, "%s/bad", path);
    store_fill(trial.good, 0, EVENTS);
    struct store *store = open_with(rocks_open(trial.good), options_event());
    answers_take(store, &expected);
    store_close(store);
    trial.expected = buffer_text(&expected);
    DIR *directory = opendir(trial.good);
    for (struct dirent *entry; (entry = readdir(directory));)
        if (strstr(entry->d_name, ".sst")) file_damage(&trial, entry->d_name, &seed);
    closedir(directory);
    print_message("%d of %d showed\n", trial.seen, trial.tried);
    assert_true(trial.tried >= 3 * (FLIPS_PER + CUTS_PER) && trial.seen > trial.tried / 2);
    buffer_deinit(&expected);
    path_remove(path);
}

static void a_backup_is_the_store_as_it_was(void **state)
{
    (void)state;
    char path[] = "/tmp/nowthen-backup-XXXXXX";
    struct buffer store_path = {0}, backup = {0}, before = {0}, after = {0};
    struct nt_error error;
    assert_non_null(mkdtemp(path));
    buffer_printf(&store_path, "%s/online", path);
    buffer_printf(&backup, "%s/backup", path);
    store_fill(buffer_text(&store_path), 0, EVENTS / 2);
    struct kv *kv = rocks_open(buffer_text(&store_path));
    assert_int_equal(kv_rocks_copy(kv, buffer_text(&backup), &error), NT_OK);
    assert_int_equal(kv_rocks_copy(kv, buffer_text(&backup), &error), NT_INVALID);
    assert_non_null(strstr(error.text, "is there already"));
    struct store *store = open_with(kv, options_event());
    answers_take(store, &before);
    store_close(store);
    store_fill(buffer_text(&store_path), EVENTS / 2, EVENTS);
    store = open_with(rocks_open(buffer_text(&backup)), options_event());
    int64_t offset;
    assert_int_equal(store_position_get(store, "sales", 3, &offset, &error), NT_OK);
    assert_int_equal(offset, EVENTS / 2);
    answers_take(store, &after);
    store_close(store);
    assert_string_equal(buffer_text(&before), buffer_text(&after));
    path_remove(path);
    buffer_deinit(&store_path);
    buffer_deinit(&backup);
    buffer_deinit(&before);
    buffer_deinit(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_file_is_refused_or_read_right),
        cmocka_unit_test(a_backup_is_the_store_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
