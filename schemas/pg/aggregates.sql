-- aggregates.sql: the aggregates of the definition language that PostgreSQL 15 does not have, so that a
-- definition file's views run there word for word. Installs into the first schema of search_path; may be
-- run again.
--
--   first(value, order)   the value at the least order        TimescaleDB's names
--   last(value, order)    the value at the greatest order
--
-- Rows whose order is NULL are left out. At equal order the greater value wins, NULL lowest, so that the
-- answer is a function of the rows and not of their order.
DO $install$
DECLARE
  value_type text;
  order_type text;
  state text;
  better text;
  aggregate text;
BEGIN
  FOREACH value_type IN ARRAY ARRAY['boolean', 'integer', 'bigint', 'double precision', 'numeric',
                                    'text', 'timestamptz', 'interval'] LOOP
    FOREACH order_type IN ARRAY ARRAY['integer', 'bigint', 'double precision', 'numeric', 'text',
                                      'timestamptz', 'interval'] LOOP
      state := replace(format('bookend_%s_by_%s', value_type, order_type), ' ', '_');
      CONTINUE WHEN to_regtype(state) IS NOT NULL;
      EXECUTE format('CREATE TYPE %I AS (value %s, sort %s)', state, value_type, order_type);
      EXECUTE format(
        'CREATE FUNCTION %I(state %I) RETURNS %s LANGUAGE sql IMMUTABLE AS ''SELECT (state).value''',
        state || '_value', state, value_type);
      FOREACH aggregate IN ARRAY ARRAY['first', 'last'] LOOP
        better := CASE aggregate WHEN 'first' THEN '<' ELSE '>' END;
        EXECUTE format($function$
          CREATE FUNCTION %1$I(state %2$I, value %3$s, sort %4$s) RETURNS %2$I
          LANGUAGE sql IMMUTABLE AS $body$
            SELECT CASE
              WHEN sort IS NULL THEN state
              WHEN (state).sort IS NULL OR sort %5$s (state).sort THEN ROW(value, sort)::%2$I
              WHEN sort = (state).sort AND value IS NOT NULL
                   AND ((state).value IS NULL OR value > (state).value) THEN ROW(value, sort)::%2$I
              ELSE state
            END
          $body$ $function$, state || '_' || aggregate, state, value_type, order_type, better);
        EXECUTE format('CREATE AGGREGATE %I(%s, %s) (SFUNC = %I, STYPE = %I, FINALFUNC = %I)',
                       aggregate, value_type, order_type, state || '_' || aggregate, state,
                       state || '_value');
      END LOOP;
    END LOOP;
  END LOOP;
END
$install$;
