/* verify_served.h: recorded lookups compared with what the training reader says was served. */
#ifndef CLI_VERIFY_SERVED_H
#define CLI_VERIFY_SERVED_H

#include "cli/verify.h"
#include "offline/served.h"

/* path: the records, as CSV. Differences are printed on stdout with line and both values. */
enum nt_status verify_served(struct session *session, const struct target *target,
                             const struct served *served, const char *path,
                             struct verify_count *counted, struct nt_error *error);

#endif
