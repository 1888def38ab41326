/* fingerprint.c: see fingerprint.h. */
#include "compiler/fingerprint.h"

#include "base/hash.h"

const char *const program_flags[] = {
    "-std=gnu17",          "-O2",   "-fPIC", "-shared", "-ffp-contract=off",
    "-fvisibility=hidden", "-Wall", NULL,
};

void program_fingerprint(struct ir_program *program)
{
    struct buffer text = {0};
    for (int i = 0; i < program->view_count; i++) {
        buffer_clear(&text);
        ir_print_view(program, &program->views[i], &text);
        program->views[i].fingerprint = hash64(text.data, text.size);
    }
    buffer_clear(&text);
    buffer_printf(&text, "nowthen %s\nabi %d\n", NOWTHEN_VERSION, NT_PROGRAM_ABI);
    for (const char *const *flag = program_flags; *flag; flag++)
        buffer_printf(&text, "flag %s\n", *flag);
    ir_print(program, &text);
    hash_hex(text.data, text.size, program->fingerprint);
    buffer_deinit(&text);
}
