/* test_served.c: a commit log read back, and what it does not answer. */
#include "offline/served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HEADER "commit,now,committed_at,topic,partition,next_offset\n"
#define T(s)   (INT64_C(410313600000000) + INT64_C(1000000) * (s)) /* 2013-01-01, s seconds */

static char path[] = "/tmp/nowthen-served-XXXXXX";

static enum nt_status log_open(const char *text, struct served **served, struct nt_error *error)
{
    struct bytes bytes = {(const uint8_t *)text, strlen(text)};
    assert_int_equal(file_write(path, bytes, NULL), NT_OK);
    return served_open(path, served, error);
}

static const char good[] = HEADER "5,2013-01-01 00:00:01+00,2013-01-01 00:00:01+00,\"t\",0,10\n"
                                  "5,2013-01-01 00:00:01+00,2013-01-01 00:00:01+00,\"t\",1,3\n"
                                  "6,2013-01-01 00:00:02+00,2013-01-01 00:00:02+00,,,\n"
                                  "7,2013-01-01 00:00:04+00,2013-01-01 00:00:04+00,\"t\",0,12\n"
                                  "end,2013-01-01 00:00:09+00,,,,\n";

static uint64_t commit_at(const struct served *served, int64_t us)
{
    uint64_t commit = 0;
    struct nt_error error;
    if (served_commit_at(served, (struct nt_time){us}, &commit, &error) != NT_OK)
        fail_msg("%s", error.text);
    return commit;
}

static void a_time_has_its_commit_and_an_event_too(void **state)
{
    (void)state;
    struct served *served;
    uint64_t commit;
    struct bytes topic = {(const uint8_t *)"t", 1}, other = {(const uint8_t *)"tt", 2};
    assert_int_equal(log_open(good, &served, NULL), NT_OK);
    assert_int_equal(commit_at(served, T(1)), 5);
    assert_int_equal(commit_at(served, T(2) - 1), 5);
    assert_int_equal(commit_at(served, T(3)), 6);
    assert_int_equal(commit_at(served, T(9)), 7);
    assert_int_equal(served_commit_at(served, (struct nt_time){T(1) - 1}, &commit, NULL),
                     NT_EVICTED);
    assert_int_equal(served_commit_at(served, (struct nt_time){T(9) + 1}, &commit, NULL),
                     NT_INVALID);
    assert_int_equal(served_commit_of(served, topic, 0, 0), 5);
    assert_int_equal(served_commit_of(served, topic, 0, 9), 5);
    assert_int_equal(served_commit_of(served, topic, 0, 10), 7);
    assert_true(served_commit_of(served, topic, 0, 12) == SERVED_NEVER);
    assert_true(served_commit_of(served, topic, 2, 0) == SERVED_NEVER);
    assert_true(served_commit_of(served, other, 0, 0) == SERVED_NEVER);
    assert_int_equal(served_commit_check(served, 6, NULL), NT_OK);
    assert_int_equal(served_commit_check(served, 4, NULL), NT_EVICTED);
    assert_int_equal(served_commit_check(served, 0, NULL), NT_EVICTED);
    assert_int_equal(served_commit_check(served, 8, NULL), NT_INVALID);
    served_close(served);
}

static void a_clock_that_was_set_back_leaves_the_past_open(void **state)
{
    (void)state;
    struct served *served;
    struct nt_error error;
    uint64_t commit;
    assert_int_equal(log_open(HEADER "1,2013-01-01 00:00:05+00,2013-01-01 00:00:05+00,t,0,1\n"
                                     "2,2013-01-01 00:00:03+00,2013-01-01 00:00:03+00,t,0,2\n"
                                     "3,2013-01-01 00:00:07+00,2013-01-01 00:00:07+00,t,0,3\n"
                                     "end,2013-01-01 00:00:09+00,,,,\n",
                              &served, NULL),
                     NT_OK);
    assert_int_equal(served_commit_at(served, (struct nt_time){T(4)}, &commit, &error), NT_INVALID);
    assert_non_null(strstr(error.text, "set back"));
    assert_non_null(strstr(error.text, "nowthen_commit"));
    assert_int_equal(commit_at(served, T(8)), 3);
    served_close(served);
}

static void what_is_not_a_whole_log_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } wrong[] = {
        {"", "cut short"},
        {HEADER, "cut short"},
        {HEADER "1,2013-01-01,2013-01-01,t,0,1\n", "cut short"},
        {HEADER
         "1,2013-01-01,2013-01-01,t,0,1\n3,2013-01-01,2013-01-01,t,0,2\nend,2013-01-02,,,,\n",
         ":3: commits are missing"},
        {HEADER
         "1,2013-01-01,2013-01-01,t,0,5\n2,2013-01-01,2013-01-01,t,0,2\nend,2013-01-02,,,,\n",
         ":3: a position moves back"},
        {HEADER "x,2013-01-01,2013-01-01,t,0,5\n", ":2: commit must be a number"},
        {HEADER "1,soon,2013-01-01,t,0,5\n", ":2: now must be a time"},
        {HEADER "1,2013-01-01,2013-01-01,t,zero,5\n", ":2: partition and next_offset"},
        {HEADER "1,2013-01-01\n", ":2: a line has six fields"},
        {HEADER "end,2013-01-02,,,,\n1,2013-01-01,2013-01-01,t,0,5\n", ":3: the log goes on"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct served *served;
        struct nt_error error;
        assert_int_equal(log_open(wrong[i].text, &served, &error), NT_INVALID);
        if (!strstr(error.text, wrong[i].why)) fail_msg("%s: %s", wrong[i].why, error.text);
    }
}

static int path_make(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int path_remove(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_has_its_commit_and_an_event_too),
        cmocka_unit_test(a_clock_that_was_set_back_leaves_the_past_open),
        cmocka_unit_test(what_is_not_a_whole_log_is_refused),
    };
    return cmocka_run_group_tests(tests, path_make, path_remove);
}
