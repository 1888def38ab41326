/* view.h: the phase finish: from an entity's timeline to its feature row, and from feature rows to
 * a service's vector. The one place where features are computed, in serving and training alike.
 * Pure. */
#ifndef RUNTIME_VIEW_H
#define RUNTIME_VIEW_H

#include "nowthen/program.h"
#include "runtime/timeline.h"

enum feature_status {
    FEATURE_PRESENT,
    FEATURE_NULL_VALUE, /* the entity is there, the feature is NULL */
    FEATURE_NOT_FOUND,  /* the entity has no row */
    FEATURE_ERROR,      /* the expression failed: NULL, counted */
};
const char *feature_status_name(enum feature_status status); /* "PRESENT", ... */

/* One row of a view at T. Arrays of view->feature_count in SELECT order; NULLs and NOT_FOUND where
 * the entity has none. */
struct view_row {
    bool is_present;
    bool has_failed; /* HAVING failed: the row is there, and every feature an ERROR */
    struct nt_value *features;
    uint8_t *statuses; /* enum feature_status */
};

/* V(now)[key]. timeline NULL: no such entity. Everything in row lives in e->arena; e->now is set to
 * now; e->error is left clear. */
enum nt_status view_read(const struct nt_view *view, struct timeline *timeline,
                         const struct nt_value *key, struct nt_time now, struct nt_eval *e,
                         struct view_row *row, struct nt_error *error);

/* Does the entity have a row? By terms[0], then HAVING. */
enum view_presence { VIEW_ABSENT, VIEW_PRESENT, VIEW_FAILED };
enum view_presence view_presence(const struct nt_view *view, const struct nt_value *key,
                                 const struct nt_value *terms, const char *const *errors,
                                 struct nt_time now, struct nt_eval *e);
/* The row of an entity of which that is known. */
void view_fill(const struct nt_view *view, enum view_presence presence, const struct nt_value *key,
               const struct nt_value *terms, const char *const *errors, struct nt_time now,
               struct nt_eval *e, struct view_row *row);
/* Both: one view row from terms that are known already (NULL terms with an error: errors[term] not
 * NULL; errors may be NULL). */
void view_finish(const struct nt_view *view, const struct nt_value *key,
                 const struct nt_value *terms, const char *const *errors, struct nt_time now,
                 struct nt_eval *e, struct view_row *row);

/* One vector. joins[service->join_count]; values and statuses[service->output_count]. An output
 * that fails or reads a feature that is an ERROR is NULL with status ERROR. The status of another
 * that is NULL: NOT_FOUND if it reads features and all of their entities are missing, else
 * NULL_VALUE. */
void service_read(const struct nt_service *service, const struct nt_value *request,
                  const struct view_row *joins, struct nt_time now, struct nt_eval *e,
                  struct nt_value *values, uint8_t *statuses);

/* Can others sort its events by key and time? Every part of the key is a column of the one source,
 * and which of equal events counts takes no look at other entities. */
bool view_takes_sorted(const struct nt_view *view);

/* Does one of its feeds read the source? */
bool view_reads(const struct nt_view *view, uint16_t source);

/* By name; -1: none. */
int program_view(const struct nt_program *program, const char *name);
int program_service(const struct nt_program *program, const char *name);
int program_source(const struct nt_program *program, const char *name);
int view_feature(const struct nt_view *view, const char *name);

#endif
