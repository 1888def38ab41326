/*
 * bench_transform.c: what one row costs in a compiled program: an expression of a service over its
 * request, and the same one as what a view keeps of an event.
 *
 * usage: bench_transform PROGRAM INPUT OUTPUT
 *
 * PROGRAM is a directory of nowthen compile; INPUT holds rows of three float8, OUTPUT gets the
 * service's answer to each. Prints the nanoseconds of CPU of a request and of an event, the least of
 * some passes over all rows.
 */
#include "registry/program.h"
#include "runtime/view.h"

#include "base/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define COLUMNS 3 /* a, b, c; of an event, then its key and its time */
#define PASSES  5

static void must(enum nt_status status, const struct nt_error *error)
{
    if (status == NT_OK) return;
    fprintf(stderr, "bench_transform: %s\n", error->text);
    exit(1);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

struct rows {
    size_t count;
    struct nt_value (*list)[COLUMNS + 2];
    double *answers;
};

static struct rows rows_read(const char *path)
{
    struct buffer bytes = {0};
    struct nt_error error;
    must(file_read(path, &bytes, &error), &error);
    struct rows rows = {.count = bytes.size / sizeof(double) / COLUMNS};
    const double *numbers = (const double *)(const void *)bytes.data;
    rows.list = memory_zalloc(rows.count * sizeof rows.list[0]);
    rows.answers = memory_zalloc(rows.count * sizeof(double));
    for (size_t i = 0; i < rows.count; i++) {
        for (size_t j = 0; j < COLUMNS; j++) rows.list[i][j].float8 = numbers[i * COLUMNS + j];
        rows.list[i][COLUMNS].integer = (int64_t)(i % 1000);
    }
    buffer_deinit(&bytes);
    return rows;
}

/* As a lookup computes it, for all rows. */
static void requests_run(const struct nt_program *program, struct rows *rows)
{
    const struct nt_output *output = &program->services[0].outputs[0];
    struct nt_eval e = {0};
    for (size_t i = 0; i < rows->count; i++)
        rows->answers[i] = output->finish(&e, rows->list[i], NULL).float8;
}

/* As a worker computes it; the sum is there so that nothing is left out. */
static double events_run(const struct nt_program *program, struct rows *rows)
{
    const struct nt_feed *feed = &program->views[0].feeds[0];
    struct nt_eval e = {0};
    struct nt_value key[NT_KEY_COLUMNS_MAX], argument[4];
    double sum = 0;
    for (size_t i = 0; i < rows->count; i++)
        if (feed->admit(&e, rows->list[i], key, argument)) sum += argument[0].float8;
    return sum;
}

int main(int count, char **words)
{
    struct nt_error error;
    struct program *loaded;
    if (count != 4) {
        fprintf(stderr, "usage: bench_transform PROGRAM INPUT OUTPUT\n");
        return 2;
    }
    must(program_open(words[1], &loaded, &error), &error);
    const struct nt_program *program = program_get(loaded);
    struct rows rows = rows_read(words[2]);
    double request_s = 1e9, event_s = 1e9, sum = 0;
    for (int i = 0; i < PASSES; i++) {
        double start = seconds();
        requests_run(program, &rows);
        double middle = seconds();
        sum += events_run(program, &rows);
        double end = seconds();
        if (middle - start < request_s) request_s = middle - start;
        if (end - middle < event_s) event_s = end - middle;
    }
    struct bytes answers = {(const uint8_t *)rows.answers, rows.count * sizeof(double)};
    must(file_write(words[3], answers, &error), &error);
    printf("%.3f %.3f %.17g\n", request_s * 1e9 / (double)rows.count,
           event_s * 1e9 / (double)rows.count, sum);
    free(rows.list);
    free(rows.answers);
    program_close(loaded);
    return 0;
}
