/* commits.h: where the commit log comes from: a file, or the running lookup service. */
#ifndef CLI_COMMITS_H
#define CLI_COMMITS_H

#include "base/config.h"
#include "offline/served.h"

/* path NULL: asks the service at serve.host and serve.port, page by page. */
enum nt_status commits_open(const struct config *config, const char *path, struct served **served,
                            struct nt_error *error);

#endif
