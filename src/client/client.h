/*
 * client.h: one blocking HTTP request, for nowthen get. No pool, no retries, no TLS.
 */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include "base/bytes.h"

/* Posts a JSON body to http://host:port/get-online-features. body of the response is appended;
 * *http is its status, whatever it is. NT_UNAVAILABLE: nobody answers there within timeout_ms of
 * each step; NT_CORRUPT: what answered does not speak HTTP, or stopped half way. */
enum nt_status client_get_online_features(const char *host, int port, struct bytes request,
                                          int timeout_ms, int *http, struct buffer *body,
                                          struct nt_error *error);

/* GET of a path, likewise. */
enum nt_status client_get(const char *host, int port, const char *path, int timeout_ms, int *http,
                          struct buffer *body, struct nt_error *error);

#endif
