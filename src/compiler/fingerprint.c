/* fingerprint.c: see fingerprint.h. */
#include "compiler/fingerprint.h"

#include "base/hash.h"

const char *const program_flags[] = {
    "-std=gnu17",          "-O2",   "-fPIC", "-shared", "-ffp-contract=off",
    "-fvisibility=hidden", "-Wall", NULL,
};

static void view_fingerprint(const struct ir_program *program, struct ir_view *view)
{
    struct buffer text = {0};
    ir_print_view(program, view, &text);
    view->fingerprint = hash64(text.data, text.size);
    for (int i = 0; i < view->feature_count; i++) {
        buffer_clear(&text);
        ir_print_feature(program, view, &view->features[i], &text);
        view->features[i].fingerprint = hash64(text.data, text.size);
    }
    buffer_deinit(&text);
}

void program_fingerprint(struct ir_program *program)
{
    struct buffer text = {0};
    for (int i = 0; i < program->view_count; i++) view_fingerprint(program, &program->views[i]);
    buffer_printf(&text, "nowthen %s\nabi %d\n", NOWTHEN_VERSION, NT_PROGRAM_ABI);
    for (const char *const *flag = program_flags; *flag; flag++)
        buffer_printf(&text, "flag %s\n", *flag);
    ir_print(program, &text);
    hash_hex(text.data, text.size, program->fingerprint);
    buffer_deinit(&text);
}
