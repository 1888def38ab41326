/* test_timeline_unique.c: of events with equal event keys one counts, in any order of arrival. */
#include "timeline_desk.h"

#define KEYED_ARGUMENTS (ARGUMENTS + 2)
#define KEYS            50

static enum nt_type keyed_types[KEYED_ARGUMENTS];
static struct nt_view keyed;

struct keyed_sample {
    int64_t us;
    struct nt_value arguments[KEYED_ARGUMENTS];
};
static struct keyed_sample keyed_samples[EVENTS_MAX];
static char key_texts[KEYS][8], rank_texts[3][8];

static void keyed_view_fill(void)
{
    views_fill();
    memcpy(keyed_types, argument_types, sizeof argument_types);
    keyed_types[ARGUMENTS] = keyed_types[ARGUMENTS + 1] = NT_TEXT;
    keyed = view;
    keyed.argument_count = KEYED_ARGUMENTS;
    keyed.arguments = keyed_types;
    keyed.has_event_key = true;
    for (int i = 0; i < KEYS; i++) sprintf(key_texts[i], "k%d", i);
    for (int i = 0; i < 3; i++) sprintf(rank_texts[i], "r%d", i);
}

static struct nt_value text_of(const char *text)
{
    return nt_text(text, (uint32_t)strlen(text));
}

/* Repetitions of one another with other ranks and arguments; some without a key. */
static void keyed_fill(size_t count, uint64_t span_us)
{
    samples_fill(count, 0, span_us);
    for (size_t i = 0; i < count; i++) {
        struct keyed_sample *sample = &keyed_samples[i];
        sample->us = samples[i].us;
        memcpy(sample->arguments, samples[i].arguments, sizeof samples[i].arguments);
        sample->arguments[ARGUMENTS] =
            random_below(10) ? text_of(key_texts[random_below(KEYS)]) : NT_NULL;
        sample->arguments[ARGUMENTS + 1] = text_of(rank_texts[random_below(3)]);
        if (i == 0 || random_below(2)) continue;
        const struct keyed_sample *first = &keyed_samples[random_below(i)];
        sample->us = first->us;
        sample->arguments[ARGUMENTS] = first->arguments[ARGUMENTS];
        if (random_below(2)) *sample = *first;
    }
}

static void keyed_shuffle(size_t count)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = random_below(i);
        struct keyed_sample kept = keyed_samples[i - 1];
        keyed_samples[i - 1] = keyed_samples[j];
        keyed_samples[j] = kept;
    }
}

static int rank_order(const struct keyed_sample *x, const struct keyed_sample *y)
{
    const struct nt_value *a = &x->arguments[ARGUMENTS + 1], *b = &y->arguments[ARGUMENTS + 1];
    int order = bytes_compare((struct bytes){(const uint8_t *)a->text, a->size},
                              (struct bytes){(const uint8_t *)b->text, b->size});
    if (order) return order;
    struct buffer left = {0}, right = {0};
    tuple_append(keyed_types, KEYED_ARGUMENTS, x->arguments, &left);
    tuple_append(keyed_types, KEYED_ARGUMENTS, y->arguments, &right);
    order = bytes_compare(buffer_bytes(&left), buffer_bytes(&right));
    buffer_deinit(&left);
    buffer_deinit(&right);
    return order;
}

static bool is_same_key(const struct keyed_sample *x, const struct keyed_sample *y)
{
    const struct nt_value *a = &x->arguments[ARGUMENTS], *b = &y->arguments[ARGUMENTS];
    return x->us == y->us && !a->is_null && !b->is_null && a->size == b->size &&
           memcmp(a->text, b->text, a->size) == 0;
}

/* Moves those that count to the front, without the help of a timeline. */
static size_t keyed_unique(size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        size_t j = 0;
        while (j < left && !is_same_key(&keyed_samples[i], &keyed_samples[j])) j++;
        if (j == left)
            keyed_samples[left++] = keyed_samples[i];
        else if (rank_order(&keyed_samples[i], &keyed_samples[j]) > 0)
            keyed_samples[j] = keyed_samples[i];
    }
    return left;
}

static void keyed_add(struct desk *desk, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct nt_time time = {keyed_samples[i].us};
        assert_int_equal(timeline_add(desk->timeline, time, keyed_samples[i].arguments, NULL),
                         NT_OK);
        uint64_t dice = random_below(200);
        if (dice < 3) desk_flush(desk);
        if (dice < 2) desk_reopen(desk);
    }
    desk_flush(desk);
}

static void repeated_events_leave_the_bytes_of_those_that_count(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 10, 70, 300, 1500};
    for (unsigned k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        for (int round = 0; round < 4; round++) {
            struct desk *all = desk_create(&keyed), *one = desk_create(&keyed);
            keyed_fill(sizes[k], UINT64_C(1) << (4 + 10 * round));
            keyed_add(all, sizes[k]);
            struct desk *other = desk_create(&keyed);
            keyed_shuffle(sizes[k]);
            keyed_add(other, sizes[k]);
            size_t left = keyed_unique(sizes[k]);
            assert_true(left <= sizes[k]);
            keyed_add(one, left);
            map_assert_same(all->map, other->map);
            map_assert_same(all->map, one->map);
            desk_free(all);
            desk_free(other);
            desk_free(one);
        }
    }
}

static void a_repeated_event_changes_nothing(void **state)
{
    (void)state;
    struct desk *desk = desk_create(&keyed), *again = desk_create(&keyed);
    keyed_fill(400, UINT64_C(1) << 40);
    size_t left = keyed_unique(400);
    keyed_add(desk, left);
    keyed_add(again, left);
    keyed_shuffle(left);
    for (size_t i = 0; i < left; i++) {
        if (keyed_samples[i].arguments[ARGUMENTS].is_null) continue;
        struct nt_time time = {keyed_samples[i].us};
        assert_int_equal(timeline_add(again->timeline, time, keyed_samples[i].arguments, NULL),
                         NT_OK);
    }
    desk_flush(again);
    map_assert_same(desk->map, again->map);
    desk_free(desk);
    desk_free(again);
}

/* ---- removing ---- */

static void desk_remove(struct desk *desk, const struct sample *sample)
{
    struct nt_time time = {sample->us};
    assert_int_equal(timeline_remove(desk->timeline, time, sample->arguments, NULL), NT_OK);
    uint64_t dice = random_below(200);
    if (dice < 3) desk_flush(desk);
    if (dice < 2) desk_reopen(desk);
}

static void what_is_removed_never_came(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 10, 70, 300, 1500};
    for (unsigned k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        for (int round = 0; round < 4; round++) {
            struct desk *all = desk_create(&view), *few = desk_create(&view);
            samples_fill(sizes[k], 0, UINT64_C(1) << (4 + 10 * round));
            size_t kept = 1 + random_below(sizes[k]);
            desk_add(few, 0, kept);
            desk_flush(few);
            struct sample *gone = memory_alloc((sizes[k] + 1) * sizeof *gone);
            memcpy(gone, samples + kept, (sizes[k] - kept) * sizeof *gone);
            samples_shuffle(sizes[k]);
            desk_add(all, 0, sizes[k]);
            for (size_t i = 0; i < sizes[k] - kept; i++) desk_remove(all, &gone[i]);
            desk_flush(all);
            map_assert_same(all->map, few->map);
            free(gone);
            desk_free(all);
            desk_free(few);
        }
    }
}

static void what_is_not_there_is_not_removed(void **state)
{
    (void)state;
    struct desk *desk = desk_create(&view), *same = desk_create(&view);
    samples_fill(400, 0, UINT64_C(1) << 30);
    desk_add(desk, 0, 300);
    desk_add(same, 0, 300);
    for (size_t i = 300; i < 400; i++) samples[i].us += INT64_C(1) << 40;
    for (size_t i = 300; i < 400; i++) desk_remove(desk, &samples[i]);
    desk_flush(desk);
    desk_flush(same);
    map_assert_same(desk->map, same->map);
    desk_free(desk);
    desk_free(same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeated_events_leave_the_bytes_of_those_that_count),
        cmocka_unit_test(a_repeated_event_changes_nothing),
        cmocka_unit_test(what_is_removed_never_came),
        cmocka_unit_test(what_is_not_there_is_not_removed),
    };
    seed = seed_take();
    keyed_view_fill();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
