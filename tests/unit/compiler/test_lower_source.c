/* Servers, sources, request tables, comments and grants that are refused. */
#include "definitions_fixture.h"

static void a_table_without_a_server_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (at timestamptz) SERVER nosuch OPTIONS (topic 'x', "
                   "format 'json', event_time 'at');\n",
                   "d.sql:6:22: server \"nosuch\" does not exist before this statement\n"
                   "CREATE FOREIGN TABLE x (at timestamptz) SERVER nosuch OPTIONS (topic 'x', "
                   "format 'json', event_time 'at');\n"
                   "                     ^\n"
                   "  write instead: CREATE SERVER nosuch FOREIGN DATA WRAPPER kafka OPTIONS "
                   "(brokers 'localhost:9092') above it, or SERVER request\n");
}

static void a_table_without_a_topic_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (at timestamptz) SERVER kafka1 OPTIONS (format 'json', "
                   "event_time 'at');\n",
                   "d.sql:6:22: event source \"x\" has no option topic\n"
                   "CREATE FOREIGN TABLE x (at timestamptz) SERVER kafka1 OPTIONS (format 'json', "
                   "event_time 'at');\n"
                   "                     ^\n"
                   "  write instead: OPTIONS (topic '...', format 'json', event_time 'column', "
                   "history 'schema.table')\n");
}

static void an_unknown_format_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (at timestamptz) SERVER kafka1 OPTIONS (topic 'x', "
                   "format 'avro', event_time 'at');\n",
                   "d.sql:6:22: events are JSON objects, got format 'avro'\n"
                   "CREATE FOREIGN TABLE x (at timestamptz) SERVER kafka1 OPTIONS (topic 'x', "
                   "format 'avro', event_time 'at');\n"
                   "                     ^\n"
                   "  write instead: format 'json'\n");
}

static void an_event_time_that_is_no_time_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (at text) SERVER kafka1 OPTIONS (topic 'x', format "
                   "'json', event_time 'at');\n",
                   "d.sql:6:25: the event time must be timestamp with time zone\n"
                   "CREATE FOREIGN TABLE x (at text) SERVER kafka1 OPTIONS (topic 'x', format "
                   "'json', event_time 'at');\n"
                   "                        ^\n"
                   "  write instead: at timestamptz NOT NULL\n");
}

static void an_unknown_option_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE FOREIGN TABLE x (at timestamptz) SERVER kafka1 OPTIONS (topik 'x', "
                   "format 'json', event_time 'at');\n",
                   "d.sql:6:64: there is no option \"topik\" of an event source\n"
                   "CREATE FOREIGN TABLE x (at timestamptz) SERVER kafka1 OPTIONS (topik 'x', "
                   "format 'json', event_time 'at');\n"
                   "                                                               ^\n"
                   "  write instead: OPTIONS (topic '...', format 'json', event_time 'column', "
                   "history 'schema.table')\n");
}

static void a_secret_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE SERVER k2 FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'h', sasl_password 'x');\n",
        "d.sql:6:67: a definition file holds no secrets, got option \"sasl_password\" of a server\n"
        "CREATE SERVER k2 FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'h', sasl_password 'x');\n"
        "                                                                  ^\n"
        "  write instead: it in the environment or the configuration\n");
}

static void another_wrapper_is_refused(void **state)
{
    (void)state;
    assert_refused("CREATE SERVER k2 FOREIGN DATA WRAPPER pulsar OPTIONS (brokers 'h');\n",
                   "d.sql:6:15: events come from Kafka, got foreign data wrapper \"pulsar\"\n"
                   "CREATE SERVER k2 FOREIGN DATA WRAPPER pulsar OPTIONS (brokers 'h');\n"
                   "              ^\n"
                   "  write instead: CREATE SERVER k2 FOREIGN DATA WRAPPER kafka OPTIONS (brokers "
                   "'localhost:9092')\n");
}

static void not_null_in_a_request_is_refused(void **state)
{
    (void)state;
    assert_refused(
        "CREATE FOREIGN TABLE x (i int NOT NULL) SERVER request;\n",
        "d.sql:6:31: a request column may be NULL: a request is answered, not rejected\n"
        "CREATE FOREIGN TABLE x (i int NOT NULL) SERVER request;\n"
        "                              ^\n"
        "  write instead: the column without NOT NULL; coalesce(column, value) in the service\n");
}

static void a_grant_on_a_source_is_refused(void **state)
{
    (void)state;
    assert_refused("GRANT SELECT ON e TO x;\n",
                   "d.sql:6:17: access is granted on services, and \"e\" is none\n"
                   "GRANT SELECT ON e TO x;\n"
                   "                ^\n"
                   "  write instead: GRANT SELECT ON service TO role\n");
}

static void a_comment_on_the_wrong_kind_is_refused(void **state)
{
    (void)state;
    assert_refused("COMMENT ON VIEW e IS 'x';\n",
                   "d.sql:6:17: \"e\" is a FOREIGN TABLE\n"
                   "COMMENT ON VIEW e IS 'x';\n"
                   "                ^\n"
                   "  write instead: COMMENT ON FOREIGN TABLE e IS '...'\n");
}

static void a_comment_on_an_unknown_column_is_refused(void **state)
{
    (void)state;
    assert_refused("COMMENT ON COLUMN e.nosuch IS 'x';\n",
                   "d.sql:6:19: column \"nosuch\" of relation \"e\" does not exist\n"
                   "COMMENT ON COLUMN e.nosuch IS 'x';\n"
                   "                  ^\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_without_a_server_is_refused),
        cmocka_unit_test(a_table_without_a_topic_is_refused),
        cmocka_unit_test(an_unknown_format_is_refused),
        cmocka_unit_test(an_event_time_that_is_no_time_is_refused),
        cmocka_unit_test(an_unknown_option_is_refused),
        cmocka_unit_test(a_secret_is_refused),
        cmocka_unit_test(another_wrapper_is_refused),
        cmocka_unit_test(not_null_in_a_request_is_refused),
        cmocka_unit_test(a_grant_on_a_source_is_refused),
        cmocka_unit_test(a_comment_on_the_wrong_kind_is_refused),
        cmocka_unit_test(a_comment_on_an_unknown_column_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
