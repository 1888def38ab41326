/* ask.h: what a view or service answers from a store, and its printing where there is no spine. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "offline/spine.h"
#include "online/store.h"

/* values[target->output_count] of one entity or request at `at`, in e->arena. */
enum nt_status ask(struct store_snapshot *snapshot, const struct target *target,
                   const struct nt_value *inputs, struct nt_time at, struct nt_eval *e,
                   struct nt_value *values, struct nt_error *error);

/* Inputs, then outputs that are not bare inputs: as CSV lines or JSON objects, newline included. */
void ask_append_header(const struct target *target, struct buffer *out);
void ask_append_row(const struct target *target, const struct nt_value *inputs,
                    const struct nt_value *values, bool is_json, struct buffer *out);

/* --key COL=VALUE ... into inputs[target->input_count] of arena; those not given are NULL for a
 * service, and NT_INVALID for a view. */
enum nt_status ask_parse_inputs(const struct target *target, const char *const *pairs, size_t count,
                                struct nt_eval *e, struct nt_value *inputs, struct nt_error *error);

#endif
