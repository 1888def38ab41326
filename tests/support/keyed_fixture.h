/*
 * keyed_fixture.h: the program of program_fixture.h over a source with an event key, which says
 * nothing of time or shop: PRIMARY KEY (amount). An amount comes once within the hour that
 * `recent` looks back, and once for all times in `ever`. One program has both views; one has
 * `recent` alone, so that it forgets.
 */
#ifndef SUPPORT_KEYED_FIXTURE_H
#define SUPPORT_KEYED_FIXTURE_H

#include "program_fixture.h"

static const uint16_t keyed_key[] = {FIXTURE_AMOUNT};
static struct nt_source keyed_source;
static struct nt_view keyed_views[2];
static struct nt_program keyed_program, keyed_recent_program;

static inline void keyed_fixture_fill(void)
{
    keyed_source = fixture_sources[0];
    keyed_source.key_count = 1;
    keyed_source.key = keyed_key;
    for (int i = 0; i < 2; i++) {
        keyed_views[i] = fixture_views[i];
        keyed_views[i].has_repeats = true;
        keyed_views[i].repeats_us = i == FIXTURE_RECENT ? FIXTURE_HOUR_US : NT_REPEATS_FOREVER;
    }
    keyed_program = fixture_program;
    keyed_program.sources = &keyed_source;
    keyed_program.views = keyed_views;
    keyed_recent_program = keyed_program;
    keyed_recent_program.view_count = 1;
    keyed_recent_program.service_count = 0;
}

#endif
