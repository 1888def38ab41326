/*
 * case_driver.h: what the drivers of the case suite share: arguments, the program, events from
 * files, the spine and its printing. A driver brings only how events are kept and how a row is
 * answered.
 *
 *   driver PROGRAM_DIRECTORY VIEW_OR_SERVICE SPINE.csv SOURCE=EVENTS.jsonl ...
 */
#ifndef TESTS_CASE_DRIVER_H
#define TESTS_CASE_DRIVER_H

#include "offline/spine.h"
#include "runtime/view.h"

struct case_body {
    void *self;
    /* Takes in a file of JSON lines. */
    enum nt_status (*load)(void *self, const struct nt_program *program, uint16_t source,
                           const char *path, struct nt_error *error);
    /* One view's row, in e->arena. */
    enum nt_status (*read)(void *self, uint16_t view, const struct nt_value *key, struct nt_time at,
                           struct nt_eval *e, struct view_row *row, struct nt_error *error);
};

/* open is called once the program is loaded, and makes the body. Returns main's exit code. */
int case_main(int argc, char **argv,
              enum nt_status (*open)(const struct nt_program *program, struct case_body *body,
                                     struct nt_error *error),
              void (*close)(struct case_body *body));

#endif
