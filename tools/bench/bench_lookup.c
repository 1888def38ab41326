/*
 * bench_lookup.c: asks a lookup service for one card's vector again and again, at a given rate, and
 * says how long the answers took.
 *
 * usage: bench_lookup PORT CONNECTIONS REQUESTS_PER_SECOND SECONDS
 *
 * Prints: requests, failures, then p50, p99 and the longest in microseconds. A thread and a
 * connection each. A latency counts from when the request was due, not from when it was sent, so
 * that an answer which holds up those behind it counts for all of them.
 */
#include "base/bytes.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CARDS           1000000
#define CARDS_ASKED     100000 /* those that are used most: see bench_stream.c */
#define CONNECTIONS_MAX 64
#define ANSWER_MAX      65536

struct caller {
    pthread_t thread;
    int port;
    int64_t start_us, interval_us; /* when the first is due, and how far apart they are */
    size_t count;                  /* to be asked */
    size_t failures;
    int64_t *latencies_us;
    uint64_t random;
};

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static int connect_to(int port)
{
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    close(fd);
    return -1;
}

static size_t request_print(struct caller *caller, char *out, size_t size)
{
    uint64_t random = next_random(&caller->random);
    uint64_t card = random & 1 ? 0 : 1 + (random >> 1) % CARDS_ASKED * 611953 % CARDS;
    char body[128];
    int length = snprintf(
        body, sizeof body,
        "{\"feature_service\":\"fraud_v1\",\"entities\":{\"card\":[\"card-%07" PRIu64 "\"]}}",
        card);
    return (size_t)snprintf(out, size,
                            "POST /get-online-features HTTP/1.1\r\nHost: localhost\r\n"
                            "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                            length, body);
}

/* Reads one whole answer; false: it is not a 200, or the connection ended. */
static bool answer_read(int fd, char *answer)
{
    size_t size = 0, whole = SIZE_MAX;
    while (size < whole && size < ANSWER_MAX - 1) {
        ssize_t got = read(fd, answer + size, ANSWER_MAX - 1 - size);
        if (got <= 0) return false;
        size += (size_t)got;
        answer[size] = 0;
        const char *body = strstr(answer, "\r\n\r\n");
        const char *length = strcasestr(answer, "\r\nContent-Length:");
        if (!body || whole != SIZE_MAX) continue;
        if (!length || length > body) return false;
        whole = (size_t)(body + 4 - answer) + strtoul(length + 17, NULL, 10);
    }
    return size == whole && strncmp(answer, "HTTP/1.1 200", 12) == 0;
}

static void wait_until(int64_t us)
{
    struct timespec at = {us / 1000000, us % 1000000 * 1000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL)) continue;
}

static void *caller_run(void *self)
{
    struct caller *caller = self;
    char request[512], *answer = memory_alloc(ANSWER_MAX);
    int fd = connect_to(caller->port);
    for (size_t i = 0; i < caller->count; i++) {
        int64_t due_us = caller->start_us + (int64_t)i * caller->interval_us;
        wait_until(due_us);
        size_t size = request_print(caller, request, sizeof request);
        if (write(fd, request, size) != (ssize_t)size || !answer_read(fd, answer))
            caller->failures++;
        caller->latencies_us[i] = clock_monotonic_us() - due_us;
    }
    if (fd >= 0) close(fd);
    free(answer);
    return NULL;
}

static int compare_times(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void callers_run(int port, int connections, double rate, double seconds)
{
    struct caller callers[CONNECTIONS_MAX];
    size_t each = (size_t)(rate * seconds / connections), count = each * (size_t)connections;
    int64_t *latencies_us = memory_zalloc((count + 1) * sizeof *latencies_us);
    int64_t interval_us = (int64_t)(1e6 * connections / rate), begin_us = clock_monotonic_us();
    size_t failures = 0;
    for (int i = 0; i < connections; i++) {
        callers[i] = (struct caller){.port = port,
                                     .start_us = begin_us + 10000 + i * interval_us / connections,
                                     .interval_us = interval_us,
                                     .count = each,
                                     .latencies_us = latencies_us + (size_t)i * each,
                                     .random = (uint64_t)i};
        if (pthread_create(&callers[i].thread, NULL, caller_run, &callers[i])) abort();
    }
    for (int i = 0; i < connections; i++) {
        pthread_join(callers[i].thread, NULL);
        failures += callers[i].failures;
    }
    qsort(latencies_us, count, sizeof *latencies_us, compare_times);
    printf("%zu %zu %" PRId64 " %" PRId64 " %" PRId64 "\n", count, failures,
           latencies_us[count / 2], latencies_us[count * 99 / 100], latencies_us[count - 1]);
    free(latencies_us);
}

int main(int argc, char **argv)
{
    double numbers[4] = {0};
    for (int i = 1; i < argc && i <= 4; i++) numbers[i - 1] = strtod(argv[i], NULL);
    if (argc != 5 || numbers[0] < 1 || numbers[1] < 1 || numbers[1] > CONNECTIONS_MAX ||
        numbers[2] * numbers[3] < numbers[1]) {
        fprintf(stderr, "usage: bench_lookup PORT CONNECTIONS REQUESTS_PER_SECOND SECONDS\n");
        return 2;
    }
    callers_run((int)numbers[0], (int)numbers[1], numbers[2], numbers[3]);
    return 0;
}
