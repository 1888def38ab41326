/*
 * questions.h: the (entity, time) pairs that a spine asks of one view, sorted by key and time, and
 * the feature rows that answer them.
 *
 * Two ways fill them in: from history, a timeline per entity; from the materialized table, its rows
 * in the same order. After that no one can tell which it was. A third answers what past lookups
 * were told: as served, a timeline per entity that grows commit by commit.
 */
#ifndef OFFLINE_QUESTIONS_H
#define OFFLINE_QUESTIONS_H

#include "nowthen/program.h"
#include "offline/connection.h"
#include "offline/served.h"
#include "runtime/view.h"

struct questions;

struct questions *questions_create(const struct nt_program *program, uint16_t view);
void questions_destroy(struct questions *questions); /* NULL is fine */
/* The n-th call is question n - 1. A key with a NULL part asks for no entity. */
void questions_add(struct questions *questions, const struct nt_value *key, struct nt_time at);
/* The same of a past lookup, which had seen that commit: for questions_ask_served. */
void questions_add_served(struct questions *questions, const struct nt_value *key,
                          struct nt_time at, uint64_t commit);
/* From the events of the history that each question's commit had seen. NT_INVALID: the history does
 * not say where in the log its events were. */
enum nt_status questions_ask_served(struct questions *questions, struct connection *connection,
                                    const struct served *served, struct nt_error *error);
enum nt_status questions_ask_history(struct questions *questions, struct connection *connection,
                                     struct nt_error *error);
enum nt_status questions_ask_materialized(struct questions *questions,
                                          struct connection *connection, struct nt_error *error);
/* V(at)[key] of a question, in arena but for text, which is lent until destroy. */
void questions_answer(const struct questions *questions, size_t question, struct nt_arena *arena,
                      struct view_row *row);
uint64_t questions_missing_count(const struct questions *questions);

#endif
