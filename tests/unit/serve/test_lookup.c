/* test_lookup.c: Feast's request and response, to the byte. */
#include "serve/lookup.h"

#include "flights.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct fixture {
    struct store *store;
    struct metrics metrics;
    struct lookup *lookup;
    struct lookup_answer answer;
    char *text;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->store = flights_store();
    metrics_init(&f->metrics, &flights_program);
    f->lookup = lookup_create();
    lookup_set(f->lookup, &flights_program, f->store, &f->metrics);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    lookup_destroy(f->lookup);
    metrics_deinit(&f->metrics);
    store_close(f->store);
    free(f->text);
    free(f);
    return 0;
}

static int ask(struct fixture *f, const char *request)
{
    lookup_run(f->lookup, (struct bytes){(const uint8_t *)request, strlen(request)}, &f->answer);
    free(f->text);
    f->text = calloc(1, f->answer.body.size + 1);
    memcpy(f->text, f->answer.body.data, f->answer.body.size);
    return f->answer.http;
}

static void assert_answer(struct fixture *f, const char *request, const char *expected)
{
    if (ask(f, request) != 200) fail_msg("%d: %s", f->answer.http, f->text);
    assert_string_equal(f->text, expected);
}

static void assert_error(struct fixture *f, const char *request, int http, const char *class,
                         const char *message)
{
    struct buffer expected = {0};
    lookup_error_append(class, message, &expected);
    assert_int_equal(ask(f, request), http);
    assert_string_equal(f->text, buffer_text(&expected));
    buffer_deinit(&expected);
}

#define EPOCH "\"1970-01-01T00:00:00Z\""
#define NOW   "\"2013-01-02T10:17:00.250Z\""

static void a_service_answers_column_by_column_in_feasts_shape(void **state)
{
    assert_answer(
        *state,
        "{\"feature_service\":\"model\",\"entities\":{"
        "\"scheduled\":[\"2013-01-03 05:00:00+00\",null],\"tailnum\":[\"N1\",\"N9\"],"
        "\"id\":[9007199254740993,null],\"unknown\":[1,2]},"
        "\"full_feature_names\":false,\"include_feature_view_version_metadata\":false}",
        "{\"results\":["
        "{\"values\":[\"2013-01-03T05:00:00Z\",null],\"statuses\":[\"PRESENT\",\"PRESENT\"],"
        "\"event_timestamps\":[" EPOCH "," EPOCH "]},"
        "{\"values\":[\"N1\",\"N9\"],\"statuses\":[\"PRESENT\",\"PRESENT\"],"
        "\"event_timestamps\":[" EPOCH "," EPOCH "]},"
        "{\"values\":[2,null],\"statuses\":[\"PRESENT\",\"NOT_FOUND\"],"
        "\"event_timestamps\":[" NOW "," EPOCH "]},"
        "{\"values\":[\"2013-01-03T05:00:00Z\",null],\"statuses\":[\"PRESENT\",\"NULL_VALUE\"],"
        "\"event_timestamps\":[" NOW "," NOW "]},"
        "{\"values\":[9007199254740992,null],\"statuses\":[\"PRESENT\",\"NULL_VALUE\"],"
        "\"event_timestamps\":[" NOW "," NOW "]}],"
        "\"metadata\":{\"feature_names\":[\"scheduled\",\"tailnum\",\"legs\",\"departs\",\"id\"]}"
        "}");
}

static void views_are_asked_by_view_and_feature(void **state)
{
    struct fixture *f = *state;
    assert_answer(f,
                  "{\"features\":[\"aircraft:last_delay\",\"aircraft:legs\"],"
                  "\"entities\":{\"tailnum\":[\"N2\",\"N1\",\"N9\",null]}}",
                  "{\"results\":["
                  "{\"values\":[\"N2\",\"N1\",\"N9\",null],"
                  "\"statuses\":[\"PRESENT\",\"PRESENT\",\"PRESENT\",\"PRESENT\"],"
                  "\"event_timestamps\":[" EPOCH "," EPOCH "," EPOCH "," EPOCH "]},"
                  "{\"values\":[-1.5,null,null,null],"
                  "\"statuses\":[\"PRESENT\",\"NULL_VALUE\",\"NOT_FOUND\",\"NOT_FOUND\"],"
                  "\"event_timestamps\":[" NOW "," NOW "," EPOCH "," EPOCH "]},"
                  "{\"values\":[1,2,null,null],"
                  "\"statuses\":[\"PRESENT\",\"PRESENT\",\"NOT_FOUND\",\"NOT_FOUND\"],"
                  "\"event_timestamps\":[" NOW "," NOW "," EPOCH "," EPOCH "]}],"
                  "\"metadata\":{\"feature_names\":[\"tailnum\",\"last_delay\",\"legs\"]}}");
    assert_true(f->answer.has_as_of);
    assert_int_equal(f->answer.as_of.us, FLIGHTS_T0 + DAY_US + 250000);
    assert_int_equal(f->answer.commit, 1);
}

static void composite_keys_and_several_views_come_in_one_request(void **state)
{
    assert_answer(*state,
                  "{\"features\":[\"route:legs\",\"aircraft:legs\",\"route:legs\",\"route:id\"],"
                  "\"full_feature_names\":true,"
                  "\"entities\":{\"id\":[\"9007199254740993\"],\"carrier\":[\"UA\"],"
                  "\"tailnum\":[\"N1\"]}}",
                  "{\"results\":["
                  "{\"values\":[9007199254740993],\"statuses\":[\"PRESENT\"],"
                  "\"event_timestamps\":[" EPOCH "]},"
                  "{\"values\":[\"UA\"],\"statuses\":[\"PRESENT\"],"
                  "\"event_timestamps\":[" EPOCH "]},"
                  "{\"values\":[\"N1\"],\"statuses\":[\"PRESENT\"],"
                  "\"event_timestamps\":[" EPOCH "]},"
                  "{\"values\":[2],\"statuses\":[\"PRESENT\"],\"event_timestamps\":[" NOW "]},"
                  "{\"values\":[2],\"statuses\":[\"PRESENT\"],\"event_timestamps\":[" NOW "]},"
                  "{\"values\":[9007199254740993],\"statuses\":[\"PRESENT\"],"
                  "\"event_timestamps\":[" NOW "]}],"
                  "\"metadata\":{\"feature_names\":[\"id\",\"carrier\",\"tailnum\",\"route__legs\","
                  "\"aircraft__legs\",\"route__id\"]}}");
}

static void a_failed_expression_is_null_with_the_status_error(void **state)
{
    struct fixture *f = *state;
    assert_answer(f,
                  "{\"features\":[\"aircraft:wrong\",\"aircraft:tailnum\"],"
                  "\"entities\":{\"tailnum\":[\"N1\",\"N2\"]}}",
                  "{\"results\":["
                  "{\"values\":[\"N1\",\"N2\"],\"statuses\":[\"PRESENT\",\"PRESENT\"],"
                  "\"event_timestamps\":[" EPOCH "," EPOCH "]},"
                  "{\"values\":[null,1],\"statuses\":[\"ERROR\",\"PRESENT\"],"
                  "\"event_timestamps\":[" NOW "," NOW "]}],"
                  "\"metadata\":{\"feature_names\":[\"tailnum\",\"wrong\"]}}");
    assert_int_equal(f->metrics.views[0][FEATURE_ERROR], 1);
    assert_int_equal(f->metrics.views[0][FEATURE_PRESENT], 1);
    assert_int_equal(f->metrics.entities.sum, 2);
}

static void a_past_moment_is_answered_as_of_it(void **state)
{
    struct fixture *f = *state;
    assert_answer(f,
                  "{\"features\":[\"aircraft:legs\"],\"as_of\":\"2013-01-01T10:17:00Z\","
                  "\"entities\":{\"tailnum\":[\"N1\",\"N2\"]}}",
                  "{\"results\":["
                  "{\"values\":[\"N1\",\"N2\"],\"statuses\":[\"PRESENT\",\"PRESENT\"],"
                  "\"event_timestamps\":[" EPOCH "," EPOCH "]},"
                  "{\"values\":[1,null],\"statuses\":[\"PRESENT\",\"NOT_FOUND\"],"
                  "\"event_timestamps\":[\"2013-01-01T10:17:00Z\"," EPOCH "]}],"
                  "\"metadata\":{\"feature_names\":[\"tailnum\",\"legs\"]}}");
    assert_int_equal(f->answer.as_of.us, FLIGHTS_T0);
    ask(f, "{\"features\":[\"aircraft:legs\"],\"as_of\":\"2013-01-01T10:16:59.999999Z\","
           "\"entities\":{\"tailnum\":[\"N1\"]}}");
    assert_non_null(strstr(f->text, "{\"values\":[null],\"statuses\":[\"NOT_FOUND\"]"));
}

static void an_evicted_past_is_gone_by_name(void **state)
{
    struct fixture *f = *state;
    flights_add(f->store, "N1", "UA", 1, 1, FLIGHTS_T0 + 400 * DAY_US);
    assert_int_equal(store_commit(f->store, NULL, 0, NULL), NT_OK);
    assert_int_equal(ask(f, "{\"features\":[\"aircraft:legs\"],\"as_of\":\"2013-01-02T00:00:00Z\","
                            "\"entities\":{\"tailnum\":[\"N1\"]}}"),
                     410);
    assert_non_null(strstr(f->text, "\\\"class\\\": \\\"FeastError\\\""));
}

static void no_rows_are_an_answer_too(void **state)
{
    assert_answer(*state, "{\"features\":[\"aircraft:legs\"],\"entities\":{\"tailnum\":[]}}",
                  "{\"results\":[{\"values\":[],\"statuses\":[],\"event_timestamps\":[]},"
                  "{\"values\":[],\"statuses\":[],\"event_timestamps\":[]}],"
                  "\"metadata\":{\"feature_names\":[\"tailnum\",\"legs\"]}}");
}

static void errors_are_a_json_string_that_holds_json(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(ask(f, "{\"feature_service\":\"nix\",\"entities\":{\"a\":[1]}}"), 404);
    assert_string_equal(f->text, "\"{\\\"module\\\": \\\"feast.errors\\\", \\\"class\\\": "
                                 "\\\"FeatureServiceNotFoundException\\\", \\\"message\\\": "
                                 "\\\"Feature service nix does not exist\\\"}\"");
    assert_false(f->answer.has_as_of);
}

static void mistakes_are_named(void **state)
{
    static const struct {
        const char *request;
        int http;
        const char *class, *message;
    } cases[] = {
        {"", 400, "FeastError", "the request is not JSON: it is empty"},
        {"[]", 400, "FeastError", "the request must be a JSON object"},
        {"{\"entities\":{}}", 400, "FeastError",
         "entities is missing or no object; write \"entities\": {\"column\": [value, ...], ...}"},
        {"{\"features\":[]}", 400, "FeastError",
         "entities is missing or no object; write \"entities\": {\"column\": [value, ...], ...}"},
        {"{\"entities\":{\"a\":1}}", 400, "FeastError",
         "entities: column \"a\" is no list; write \"a\": [value, ...]"},
        {"{\"entities\":{\"a\":[1,2],\"b\":[1]}}", 400, "FeastError",
         "entities: all columns must have the same number of values, but \"a\" has 2 and \"b\" has "
         "1"},
        {"{\"entities\":{\"a\":[1]}}", 400, "FeastError",
         "nothing is asked for; write \"feature_service\": \"name\" or \"features\": "
         "[\"view:feature\", ...]"},
        {"{\"entities\":{\"a\":[1]},\"features\":\"aircraft:legs\"}", 400, "FeastError",
         "nothing is asked for; write \"feature_service\": \"name\" or \"features\": "
         "[\"view:feature\", ...]"},
        {"{\"entities\":{\"a\":[1]},\"features\":[\"legs\"]}", 400, "FeastError",
         "features: expected \"view:feature\", got legs"},
        {"{\"entities\":{\"a\":[1]},\"features\":[7]}", 400, "FeastError",
         "features: expected \"view:feature\", got 7"},
        {"{\"entities\":{\"a\":[1]},\"features\":[\"nix:legs\"]}", 404,
         "FeatureViewNotFoundException", "Feature view nix does not exist"},
        {"{\"entities\":{\"a\":[1]},\"features\":[\"aircraft:nix\"]}", 404, "FeastError",
         "Feature view aircraft has no feature nix"},
        {"{\"entities\":{\"a\":[1]},\"features\":[\"aircraft:legs\"]}", 400, "FeastError",
         "entities: column \"tailnum\" is missing; feature view aircraft needs it"},
        {"{\"entities\":{\"tailnum\":[\"N1\"],\"id\":[1]},\"feature_service\":\"model\"}", 400,
         "FeastError", "entities: column \"scheduled\" is missing; feature service model needs it"},
        {"{\"entities\":{\"tailnum\":[\"N1\",\"N\\u0000\"]},\"features\":[\"aircraft:legs\"]}", 400,
         "FeastError",
         "entities: row 2: column \"tailnum\": expected a string without U+0000, got "
         "\"N\\u0000\""},
        {"{\"entities\":{\"tailnum\":[\"N1\"],\"id\":[1],\"carrier\":[\"UA\"]},"
         "\"features\":[\"aircraft:legs\",\"route:legs\"]}",
         400, "FeatureNameCollisionError",
         "two features are named legs; set \"full_feature_names\": true"},
        {"{\"entities\":{\"a\":[1]},\"as_of\":\"tomorrow?\"}", 400, "FeastError",
         "as_of: expected a time such as \"2013-01-01T10:17:00Z\", got tomorrow?"},
        {"{\"entities\":{\"a\":[1]},\"as_of\":\"infinity\"}", 400, "FeastError",
         "as_of: expected a time such as \"2013-01-01T10:17:00Z\", got infinity"},
        {"{\"entities\":{\"a\":[1]},\"as_of\":5}", 400, "FeastError",
         "as_of: expected a time such as \"2013-01-01T10:17:00Z\", got JSON 5"},
        {"{\"entities\":{\"a\":[1]},\"full_feature_names\":1}", 400, "FeastError",
         "full_feature_names must be true or false"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_error(*state, cases[i].request, cases[i].http, cases[i].class, cases[i].message);
    }
}

static void too_many_rows_are_refused(void **state)
{
    struct buffer request = {0};
    buffer_append_text(&request, "{\"features\":[\"aircraft:legs\"],\"entities\":{\"tailnum\":[1");
    for (int i = 0; i < LOOKUP_ROWS_MAX; i++) buffer_append_text(&request, ",1");
    buffer_append_text(&request, "]}}");
    assert_error(*state, buffer_text(&request), 400, "FeastError",
                 "entities: 100001 rows in one request; send at most 100000 at a time");
    buffer_deinit(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_service_answers_column_by_column_in_feasts_shape, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(views_are_asked_by_view_and_feature, setup, teardown),
        cmocka_unit_test_setup_teardown(composite_keys_and_several_views_come_in_one_request, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_failed_expression_is_null_with_the_status_error, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_past_moment_is_answered_as_of_it, setup, teardown),
        cmocka_unit_test_setup_teardown(an_evicted_past_is_gone_by_name, setup, teardown),
        cmocka_unit_test_setup_teardown(no_rows_are_an_answer_too, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_are_a_json_string_that_holds_json, setup, teardown),
        cmocka_unit_test_setup_teardown(mistakes_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(too_many_rows_are_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
