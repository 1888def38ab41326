-- first(value, by) and last(value, by) for PostgreSQL, in schema asof, with Nowthen's rule for ties:
-- rows whose `by` is NULL are passed over; at equal `by` the greater value wins, NULL being the
-- lowest; text compares by bytes. One pair per value type and ordering type, because PostgreSQL has
-- no polymorphic type that remembers two of them in an aggregate's state.
--
-- Needs schema asof. Can be run again.
DO $body$
DECLARE
  value_types text[] := '{boolean,smallint,integer,bigint,real,double precision,numeric,text,bytea,uuid,date,'
                        'timestamptz,interval}';
  by_types text[] := '{integer,bigint,double precision,numeric,text,timestamptz,interval}';
  v text;
  b text;
  state text;
  v_collate text;
  b_collate text;
  way record;
BEGIN
  FOREACH v IN ARRAY value_types LOOP
    FOREACH b IN ARRAY by_types LOOP
      state := 'asof."picked ' || v || ' by ' || b || '"';
      IF to_regtype(state) IS NOT NULL THEN
        CONTINUE;
      END IF;
      v_collate := CASE v WHEN 'text' THEN 'COLLATE "C"' ELSE '' END;
      b_collate := CASE b WHEN 'text' THEN 'COLLATE "C"' ELSE '' END;
      EXECUTE format('CREATE TYPE %s AS (value %s, ordered %s)', state, v, b);
      EXECUTE format(
        'CREATE FUNCTION asof."picked value"(state %s) RETURNS %s LANGUAGE sql IMMUTABLE
           AS ''SELECT (state).value''', state, v);
      FOR way IN SELECT * FROM (VALUES ('first', '<'), ('last', '>')) AS w(name, beats) LOOP
        EXECUTE format(
          'CREATE FUNCTION asof."%1$s step"(state %2$s, value %3$s, by %4$s) RETURNS %2$s
             LANGUAGE plpgsql IMMUTABLE AS $step$
           BEGIN
             IF by IS NULL THEN RETURN state; END IF;
             IF state IS NULL OR by %5$s state.ordered %6$s
                OR (by = state.ordered %6$s AND value IS NOT NULL
                    AND (state.value IS NULL OR value > state.value %7$s)) THEN
               state.value := value;
               state.ordered := by;
             END IF;
             RETURN state;
           END $step$',
          way.name, state, v, b, way.beats, b_collate, v_collate);
        EXECUTE format(
          'CREATE AGGREGATE asof.%1$s(%2$s, %3$s)
             (SFUNC = asof."%1$s step", STYPE = %4$s, FINALFUNC = asof."picked value")',
          way.name, v, b, state);
      END LOOP;
    END LOOP;
  END LOOP;
END $body$;

-- median(x): percentile_cont(0.5) WITHIN GROUP (ORDER BY x), for double precision and interval.
DO $body$
DECLARE
  v text;
BEGIN
  FOREACH v IN ARRAY '{double precision,interval}'::text[] LOOP
    IF to_regprocedure(format('asof.median(%s)', v)) IS NOT NULL THEN
      CONTINUE;
    END IF;
    EXECUTE format(
      'CREATE FUNCTION asof."median of"(gathered %1$s[]) RETURNS %1$s LANGUAGE sql IMMUTABLE
         AS ''SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM unnest(gathered) AS g(x)''', v);
    EXECUTE format(
      'CREATE AGGREGATE asof.median(%1$s)
         (SFUNC = array_append, STYPE = %1$s[], INITCOND = ''{}'', FINALFUNC = asof."median of")', v);
  END LOOP;
END $body$;
