/* worker_call.c: what others ask of the worker's thread, done between two commits. */
#include "stream/worker_impl.h"

#include <errno.h>
#include <time.h>

#define WAIT_S_MAX 30 /* a commit that waits for dead letters may take for ever */

/* With lock held. */
static bool is_taken_in_time(struct worker *worker, struct worker_call *call)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_S_MAX;
    int failure = 0;
    while (!call->is_taken && !worker->is_ended && failure != ETIMEDOUT)
        failure = pthread_cond_timedwait(&worker->call_changed, &worker->lock, &until);
    return call->is_taken;
}

enum nt_status worker_ask(struct worker *worker,
                          enum nt_status (*run)(void *self, struct nt_error *error), void *self,
                          struct nt_error *error)
{
    struct worker_call call = {.run = run, .self = self};
    pthread_mutex_lock(&worker->lock);
    worker->call = &call;
    bool is_taken = is_taken_in_time(worker, &call);
    worker->call = NULL;
    while (is_taken && !call.is_done) pthread_cond_wait(&worker->call_changed, &worker->lock);
    bool is_ended = worker->is_ended;
    pthread_mutex_unlock(&worker->lock);
    if (!is_taken)
        return error_set(error, NT_UNAVAILABLE, "the worker %s; try again when /readyz says 200",
                         is_ended ? "has ended" : "is waiting for its servers");
    if (call.status != NT_OK && error) *error = call.error;
    return call.status;
}

enum nt_status worker_call_run(struct worker *worker, struct nt_error *error)
{
    pthread_mutex_lock(&worker->lock);
    bool is_asked = worker->call != NULL;
    pthread_mutex_unlock(&worker->lock);
    if (!is_asked) return NT_OK;
    enum nt_status status = worker->pending ? worker_commit(worker, error) : NT_OK;
    if (status != NT_OK) return status;
    pthread_mutex_lock(&worker->lock);
    struct worker_call *call = worker->call; /* NULL: who asked has given up */
    if (call) call->is_taken = true;
    pthread_cond_broadcast(&worker->call_changed);
    pthread_mutex_unlock(&worker->lock);
    if (!call) return NT_OK;
    call->status = call->run(call->self, &call->error);
    pthread_mutex_lock(&worker->lock);
    call->is_done = true;
    pthread_cond_broadcast(&worker->call_changed);
    pthread_mutex_unlock(&worker->lock);
    return NT_OK;
}

void worker_call_end(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    worker->is_ended = true;
    pthread_cond_broadcast(&worker->call_changed);
    pthread_mutex_unlock(&worker->lock);
}
