/*
 * bulk_plan.c: see bulk_plan.h.
 *
 *   u64 now, us
 *   varint count · count times (text name · u64 rows · byte has_handover · u64 handover, us)
 *   varint count · count times (text topic · u32 partition · u64 offset)
 * A text is a varint size and its bytes.
 */
#include "online/bulk_plan.h"

#include <string.h>

static void text_append(struct buffer *out, const char *text)
{
    buffer_append_varint(out, strlen(text));
    buffer_append_text(out, text);
}

static const char *text_take(struct reader *in, struct nt_arena *arena)
{
    uint64_t size = reader_varint(in);
    const uint8_t *bytes = reader_take(in, size);
    return bytes ? nt_arena_printf(arena, "%.*s", (int)size, (const char *)bytes) : "";
}

void bulk_plan_append(const struct bulk_plan *plan, struct buffer *out)
{
    buffer_append_u64(out, (uint64_t)plan->now.us);
    buffer_append_varint(out, plan->source_count);
    for (size_t i = 0; i < plan->source_count; i++) {
        const struct bulk_source *source = &plan->sources[i];
        text_append(out, source->name);
        buffer_append_u64(out, source->rows);
        buffer_append_byte(out, source->has_handover);
        buffer_append_u64(out, (uint64_t)source->handover.us);
    }
    buffer_append_varint(out, plan->position_count);
    for (size_t i = 0; i < plan->position_count; i++) {
        const struct store_position *position = &plan->positions[i];
        text_append(out, position->topic);
        buffer_append_u32(out, (uint32_t)position->partition);
        buffer_append_u64(out, (uint64_t)position->offset);
    }
}

/* A count of things of at least one byte each; more than there are bytes is none. */
static size_t count_take(struct reader *in)
{
    uint64_t count = reader_varint(in);
    if (count > (uint64_t)(in->end - in->next)) in->is_short = true;
    return in->is_short ? 0 : (size_t)count;
}

static void sources_take(struct reader *in, struct nt_arena *arena, struct bulk_plan *plan)
{
    plan->source_count = count_take(in);
    struct bulk_source *sources = nt_arena_alloc(arena, plan->source_count * sizeof *sources);
    for (size_t i = 0; i < plan->source_count; i++) {
        sources[i].name = text_take(in, arena);
        sources[i].rows = reader_u64(in);
        sources[i].has_handover = reader_byte(in);
        sources[i].handover.us = (int64_t)reader_u64(in);
    }
    plan->sources = sources;
}

bool bulk_plan_take(struct bytes bytes, struct nt_arena *arena, struct bulk_plan *plan)
{
    struct reader in = reader_of(bytes);
    plan->now.us = (int64_t)reader_u64(&in);
    sources_take(&in, arena, plan);
    plan->position_count = count_take(&in);
    struct store_position *positions =
        nt_arena_alloc(arena, plan->position_count * sizeof *positions);
    for (size_t i = 0; i < plan->position_count; i++) {
        positions[i].topic = text_take(&in, arena);
        positions[i].partition = (int32_t)reader_u32(&in);
        positions[i].offset = (int64_t)reader_u64(&in);
    }
    plan->positions = positions;
    return !in.is_short && in.next == in.end;
}
