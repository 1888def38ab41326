/*
 * control.h: a running service takes commands: a socket in the file system, so that who may write
 * in the store's directory may command, and nobody over the network.
 *
 * A caller writes its words, each ended by a zero byte, and closes that direction; the answer is
 * the status as a number, a newline, a text, the end. One at a time, each in a thread of the
 * control's own; a command that takes long is to be begun here and asked about later.
 * client/control.h asks.
 */
#ifndef SERVE_CONTROL_H
#define SERVE_CONTROL_H

#include "base/bytes.h"

#define CONTROL_NAME      "control" /* in the directory of the store */
#define CONTROL_WORDS_MAX 64

struct control;

/* Answers one command: text appended to answer, or the error. */
typedef enum nt_status control_handler(void *self, const char *const *words, size_t count,
                                       struct buffer *answer, struct nt_error *error);

/* A socket that is there already is replaced: the caller has the store open, so nobody else does.
 */
enum nt_status control_start(const char *directory, control_handler *handler, void *self,
                             struct control **control, struct nt_error *error);
/* Lets a command under way finish. NULL is fine. */
void control_stop(struct control *control);

#endif
