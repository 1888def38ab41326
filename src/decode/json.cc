/*
 * json.cc: the only file that knows simdjson. Its exceptions are never used: every call has a code.
 */
#include "decode/json_token.h"
#include "decode/utf8.h"

#include <cstring>
#include <memory>
#include <new>
#include <simdjson.h>

static_assert(JSON_UNESCAPE_MORE >= simdjson::SIMDJSON_PADDING, "a string is decoded in strides");

/* simdjson counts in 32 bits and leaves the last of them to itself. */
static const size_t SCAN_BYTES_MAX = simdjson::SIMDJSON_MAXSIZE_BYTES - 4096;

struct json_scanner {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> implementation;
    struct buffer text; /* a padded copy of the document */
    size_t capacity;    /* what implementation is ready for */
};

static const char *scanner_error(simdjson::error_code code)
{
    switch (code) {
    case simdjson::EMPTY:
        return "it is empty";
    case simdjson::UTF8_ERROR:
        return "it is not valid UTF-8";
    case simdjson::UNCLOSED_STRING:
        return "a string is not closed";
    case simdjson::UNESCAPED_CHARS:
        return "a string holds a control character that is not escaped";
    case simdjson::CAPACITY:
        return "it is larger than 4 GB";
    default:
        return simdjson::error_message(code);
    }
}

static simdjson::error_code scanner_reserve(json_scanner *scanner, size_t size)
{
    if (scanner->implementation && size <= scanner->capacity) return simdjson::SUCCESS;
    size_t capacity = size < 4096 ? 4096 : size + size / 2;
    if (capacity > SCAN_BYTES_MAX) capacity = SCAN_BYTES_MAX;
    simdjson::error_code code =
        scanner->implementation
            ? scanner->implementation->set_capacity(capacity)
            : simdjson::get_active_implementation()->create_dom_parser_implementation(
                  capacity, simdjson::DEFAULT_MAX_DEPTH, scanner->implementation);
    if (code == simdjson::SUCCESS) scanner->capacity = capacity;
    return code;
}

struct json_scanner *json_scanner_create(void)
{
    return new (memory_zalloc(sizeof(json_scanner))) json_scanner();
}

void json_scanner_destroy(struct json_scanner *scanner)
{
    if (!scanner) return;
    buffer_deinit(&scanner->text);
    scanner->~json_scanner();
    free(scanner);
}

const char *json_scan(struct json_scanner *scanner, struct bytes bytes, struct json_tokens *tokens)
{
    if (bytes.size > SCAN_BYTES_MAX) return scanner_error(simdjson::CAPACITY);
    simdjson::error_code code = scanner_reserve(scanner, bytes.size);
    if (code != simdjson::SUCCESS) return scanner_error(code);
    buffer_clear(&scanner->text);
    buffer_reserve(&scanner->text, bytes.size + simdjson::SIMDJSON_PADDING);
    buffer_append(&scanner->text, bytes.data, bytes.size);
    std::memset(scanner->text.data + bytes.size, ' ', simdjson::SIMDJSON_PADDING);
    code = scanner->implementation->stage1(scanner->text.data, bytes.size,
                                           simdjson::stage1_mode::regular);
    if (code != simdjson::SUCCESS) return scanner_error(code);
    tokens->text = scanner->text.data;
    tokens->starts = scanner->implementation->structural_indexes.get();
    tokens->count = scanner->implementation->n_structural_indexes;
    return tokens->count ? nullptr : scanner_error(simdjson::EMPTY);
}

uint8_t *json_unescape(struct json_scanner *scanner, const uint8_t *quote, uint8_t *out)
{
    uint8_t *end = scanner->implementation->parse_string(quote + 1, out);
    if (!end) return nullptr;
    /* A lone half of a surrogate pair comes through as three bytes that are no UTF-8. */
    return utf8_is_valid({out, static_cast<size_t>(end - out)}) ? end : nullptr;
}

bool utf8_is_valid(struct bytes bytes)
{
    return simdjson::validate_utf8(reinterpret_cast<const char *>(bytes.data), bytes.size);
}
