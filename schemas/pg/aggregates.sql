-- first(value, by) and last(value, by), and the same by the names min_by and max_by, for PostgreSQL,
-- in schema asof, with Nowthen's rule for ties: rows whose `by` is NULL are passed over; at equal
-- `by` the greater value wins, NULL being the lowest; text compares by bytes. Some per value type and
-- ordering type, because PostgreSQL has no polymorphic type that remembers two of them in an
-- aggregate's state.
--
-- Needs schema asof. Can be run again, and is to be where first and last read an enum that is new.
DO $body$
DECLARE
  enums text[] := ARRAY(SELECT oid::regtype::text FROM pg_type WHERE typtype = 'e' ORDER BY oid);
  value_types text[] := '{boolean,smallint,integer,bigint,real,double precision,numeric,text,bytea,uuid,date,'
                        'timestamptz,interval}' || enums;
  by_types text[] := '{integer,bigint,double precision,numeric,text,timestamptz,interval}' || enums;
  v text;
  b text;
  state text;
  v_collate text;
  b_collate text;
  way record;
BEGIN
  FOREACH v IN ARRAY value_types LOOP
    FOREACH b IN ARRAY by_types LOOP
      state := format('asof."picked %s by %s"',
                      CASE WHEN v = ANY (enums) THEN v::regtype::oid::text ELSE v END,
                      CASE WHEN b = ANY (enums) THEN b::regtype::oid::text ELSE b END);
      IF to_regtype(state) IS NOT NULL THEN
        CONTINUE;
      END IF;
      v_collate := CASE v WHEN 'text' THEN 'COLLATE "C"' ELSE '' END;
      b_collate := CASE b WHEN 'text' THEN 'COLLATE "C"' ELSE '' END;
      EXECUTE format('CREATE TYPE %s AS (value %s, ordered %s)', state, v, b);
      EXECUTE format(
        'CREATE FUNCTION asof."picked value"(state %s) RETURNS %s LANGUAGE sql IMMUTABLE
           AS ''SELECT (state).value''', state, v);
      FOR way IN SELECT * FROM (VALUES ('first', '<'), ('last', '>'), ('min_by', '<'), ('max_by', '>'))
          AS w(name, beats) LOOP
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

-- The same of arrays, and by arrays, of any type: the state is what PostgreSQL prints for them, which it
-- reads again.
DO $body$
DECLARE
  shape record;
  way record;
BEGIN
  IF to_regtype('asof."picked array"') IS NULL THEN
    CREATE TYPE asof."picked array" AS (value text, ordered text);
    CREATE FUNCTION asof."is above"(x anyelement, y anyelement) RETURNS boolean
      LANGUAGE plpgsql IMMUTABLE AS $above$
    BEGIN
      CASE pg_typeof(x)
        WHEN 'text'::regtype THEN RETURN x::text > y::text COLLATE "C";
        WHEN 'text[]'::regtype THEN RETURN x::text[] > y::text[] COLLATE "C";
        ELSE RETURN x > y;
      END CASE;
    END $above$;
  END IF;
  FOR shape IN SELECT * FROM (VALUES ('array', 'anyarray', 'anycompatible'),
                                     ('by array', 'anynonarray', 'anycompatiblearray')) AS s(name, value, place) LOOP
    IF to_regprocedure(format('asof.max_by(%s, %s)', shape.value, shape.place)) IS NOT NULL THEN
      CONTINUE;
    END IF;
    EXECUTE format(
      'CREATE FUNCTION asof."picked %1$s value"(state asof."picked array", value %2$s, place %3$s)
         RETURNS %2$s LANGUAGE plpgsql IMMUTABLE AS $value$
       BEGIN
         RETURN state.value;
       END $value$', shape.name, shape.value, shape.place);
    FOR way IN SELECT * FROM (VALUES ('first', 'kept_place, place'), ('last', 'place, kept_place'),
                                     ('min_by', 'kept_place, place'), ('max_by', 'place, kept_place'))
        AS w(name, beats) LOOP
      EXECUTE format(
        'CREATE FUNCTION asof."%1$s %3$s step"(state asof."picked array", value %4$s, place %5$s)
           RETURNS asof."picked array" LANGUAGE plpgsql IMMUTABLE
           SET TimeZone = ''UTC'' SET DateStyle = ''ISO'' SET IntervalStyle = ''postgres''
           SET bytea_output = ''hex'' SET extra_float_digits = 1 AS $step$
         DECLARE
           kept value%%TYPE := state.value;
           kept_place place%%TYPE := state.ordered;
         BEGIN
           IF place IS NULL THEN RETURN state; END IF;
           IF kept_place IS NULL OR asof."is above"(%2$s)
              OR (place = kept_place AND value IS NOT NULL AND (kept IS NULL OR asof."is above"(value, kept))) THEN
             state.value := value::text;
             state.ordered := place::text;
           END IF;
           RETURN state;
         END $step$',
        way.name, way.beats, shape.name, shape.value, shape.place);
      EXECUTE format(
        'CREATE AGGREGATE asof.%1$s(%3$s, %4$s)
           (SFUNC = asof."%1$s %2$s step", STYPE = asof."picked array",
            FINALFUNC = asof."picked %2$s value", FINALFUNC_EXTRA)',
        way.name, shape.name, shape.value, shape.place);
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

-- approx_percentile(f, x): percentile_disc over buckets that are 64 to a power of two; the answer is
-- the middle of one, within 1 / 128 of the value. A bucket is a sign, an exponent and 6 bits of the
-- fraction. The state is f and the buckets of the values so far.
CREATE OR REPLACE FUNCTION asof."bucket of"(x double precision) RETURNS bigint
  LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN x = 'NaN' THEN 131073 WHEN x = 0 THEN 0 WHEN x < 0 THEN -1 - magnitude
              ELSE magnitude END
  FROM (SELECT (('x' || encode(float8send(x), 'hex'))::bit(64)::bigint & 9223372036854775807) >> 46)
    AS bits(magnitude)
$$;
CREATE OR REPLACE FUNCTION asof."bucket value"(bucket bigint) RETURNS double precision
  LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN bucket = 131073 THEN 'NaN' WHEN m = 0 THEN 0
              WHEN m = 131008 THEN side * 'Infinity'::double precision
              WHEN m < 64 THEN side * (2 * m + 1) / 128.0 * power(2::double precision, -1022)
              ELSE side * (2 * (m & 63) + 129) / 128.0
                   * power(2::double precision, (m >> 6)::double precision - 1023) END
  FROM (SELECT CASE WHEN bucket < 0 THEN -1 - bucket ELSE bucket END,
               CASE WHEN bucket < 0 THEN -1 ELSE 1 END::double precision) AS parts(m, side)
$$;
CREATE OR REPLACE FUNCTION asof."sketch step"(state double precision[], f double precision,
                                              x double precision)
  RETURNS double precision[] LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(state, ARRAY[f])
         || CASE WHEN x IS NULL THEN '{}' ELSE ARRAY[asof."bucket of"(x)::double precision] END
$$;
CREATE OR REPLACE FUNCTION asof."sketch value"(state double precision[]) RETURNS double precision
  LANGUAGE sql IMMUTABLE AS $$
  SELECT asof."bucket value"((percentile_disc(state[1]) WITHIN GROUP (ORDER BY b))::bigint)
  FROM unnest(state[2:]) AS buckets(b)
$$;
CREATE OR REPLACE AGGREGATE asof.approx_percentile(double precision, double precision)
  (SFUNC = asof."sketch step", STYPE = double precision[], FINALFUNC = asof."sketch value");

-- approx_count_distinct(x): HyperLogLog with 4096 registers over hashtextextended of the value as
-- text, equal values made one text; the estimate is Ertl's (2017). The state is the hashes so far.
CREATE OR REPLACE FUNCTION asof."loglog value"(hashes bigint[]) RETURNS bigint
  LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  counts double precision[];
  x double precision;
  y double precision;
  z double precision := 0;
  before double precision;
  total double precision;
BEGIN
  SELECT array_agg(coalesce(number, 0) ORDER BY rank) INTO counts
  FROM generate_series(0, 53) AS ranks(rank) LEFT JOIN (
    SELECT highest, count(*)::double precision AS number
    FROM (SELECT max(CASE WHEN rest ~ '1' THEN position('1' in rest) ELSE 53 END) AS highest
          FROM (SELECT hash, substr(hash::bit(64)::text, 13) FROM unnest(hashes) AS g(hash))
                 AS h(hash, rest)
          GROUP BY (hash >> 52) & 4095) AS registers
    GROUP BY highest) AS used ON rank = highest;
  counts[1] := 4096 - (SELECT sum(n) FROM unnest(counts) AS c(n));
  IF counts[1] = 4096 THEN RETURN 0; END IF;
  x := 1 - counts[54] / 4096;
  IF x <> 0 AND x <> 1 THEN
    y := 1;
    z := 1 - x;
    LOOP
      x := sqrt(x);
      before := z;
      y := y * 0.5;
      z := z - (1 - x) * (1 - x) * y;
      EXIT WHEN z = before;
    END LOOP;
    z := z / 3;
  END IF;
  total := 4096 * z;
  FOR rank IN REVERSE 52..1 LOOP
    total := 0.5 * (total + counts[rank + 1]);
  END LOOP;
  x := counts[1] / 4096;
  y := 1;
  z := x;
  LOOP
    EXIT WHEN x = 0;
    x := x * x;
    before := z;
    z := z + x * y;
    y := y + y;
    EXIT WHEN z = before;
  END LOOP;
  RETURN round(0.7213475204444817::double precision * 4096 * 4096 / (total + 4096 * z))::bigint;
END $$;
DO $body$
DECLARE
  type record;
BEGIN
  FOR type IN SELECT * FROM (VALUES
      ('text', 'x'), ('boolean', 'CASE WHEN x THEN ''t'' WHEN NOT x THEN ''f'' END'),
      ('smallint', 'x::text'), ('integer', 'x::text'), ('bigint', 'x::text'),
      ('numeric', 'trim_scale(x)::text'), ('real', 'CASE WHEN x = 0 THEN ''0'' ELSE x::text END'),
      ('double precision', 'CASE WHEN x = 0 THEN ''0'' ELSE x::text END'),
      ('bytea', 'x::text'), ('anyenum', 'x::text'), ('uuid', 'x::text'), ('date', 'x::text'), ('timestamptz', 'x::text'),
      ('interval', 'trim_scale(
         ((extract(year FROM x) * 12 + extract(month FROM x)) * 30 + extract(day FROM x))
         * 86400000000 + extract(hour FROM x) * 3600000000 + extract(minute FROM x) * 60000000
         + extract(microseconds FROM x))::text')) AS t(name, printed) LOOP
    EXECUTE format(
      'CREATE OR REPLACE FUNCTION asof."loglog step"(hashes bigint[], x %s) RETURNS bigint[]
         LANGUAGE plpgsql IMMUTABLE SET TimeZone = ''UTC'' SET DateStyle = ''ISO''
         SET bytea_output = ''hex'' SET extra_float_digits = 1
         AS $step$
       BEGIN
         IF x IS NULL THEN RETURN hashes; END IF;
         RETURN array_append(hashes, hashtextextended((%s) COLLATE "C", 0));
       END $step$', type.name, type.printed);
    EXECUTE format(
      'CREATE OR REPLACE AGGREGATE asof.approx_count_distinct(%s)
         (SFUNC = asof."loglog step", STYPE = bigint[], INITCOND = ''{}'',
          FINALFUNC = asof."loglog value")', type.name);
  END LOOP;
END $body$;

-- decayed_sum(x, at, half_life), decayed_count(at, half_life): each row weighs half as much for every
-- half-life that has passed at now(). The state is the sum as of its newest row; an infinite `at`
-- counts nothing.
DO $body$
BEGIN
  IF to_regtype('asof."decayed"') IS NULL THEN
    CREATE TYPE asof."decayed" AS (total double precision, newest timestamptz, half_life interval);
  END IF;
END $body$;
CREATE OR REPLACE FUNCTION asof."decayed by"(total double precision, passed interval,
                                             half_life interval)
  RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN total IN (0, 'NaN', 'Infinity', '-Infinity') THEN total + 0
              WHEN n > 2200 OR ln(abs(total)) / ln(2) - n < -1074 THEN 0
              ELSE total * power(2::double precision, -trunc(n / 2))
                   * power(2::double precision, trunc(n / 2) - n) END
  FROM (SELECT (extract(epoch FROM passed) / extract(epoch FROM half_life))::double precision)
    AS passed(n)
$$;
CREATE OR REPLACE FUNCTION asof."decayed step"(state asof."decayed", x double precision,
                                               at timestamptz, half_life interval)
  RETURNS asof."decayed" LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF x IS NULL OR at IS NULL OR NOT isfinite(at) THEN
    RETURN state;
  ELSIF state.newest IS NULL THEN
    RETURN ROW(x, at, half_life)::asof."decayed";
  ELSIF at > state.newest THEN
    state.total := asof."decayed by"(state.total, at - state.newest, half_life) + x;
    state.newest := at;
  ELSE
    state.total := state.total + asof."decayed by"(x, state.newest - at, half_life);
  END IF;
  RETURN state;
END $$;
CREATE OR REPLACE FUNCTION asof."decayed step"(state asof."decayed", at timestamptz,
                                               half_life interval)
  RETURNS asof."decayed" LANGUAGE sql IMMUTABLE AS $$
  SELECT asof."decayed step"(state, 1::double precision, at, half_life)
$$;
-- Where schema asof has a now() of its own, as the oracle's, that one is meant whoever asks.
DO $body$
BEGIN
  EXECUTE format(
    'CREATE OR REPLACE FUNCTION asof."decayed value"(state asof."decayed") RETURNS double precision
       LANGUAGE sql STABLE AS $value$
       SELECT asof."decayed by"(state.total, %s.now() - state.newest, state.half_life)
     $value$',
    CASE WHEN to_regprocedure('asof.now()') IS NULL THEN 'pg_catalog' ELSE 'asof' END);
END $body$;
CREATE OR REPLACE FUNCTION asof."decayed number"(state asof."decayed") RETURNS double precision
  LANGUAGE sql STABLE AS $$
  SELECT coalesce(asof."decayed value"(state), 0)
$$;
CREATE OR REPLACE AGGREGATE asof.decayed_sum(double precision, timestamptz, interval)
  (SFUNC = asof."decayed step", STYPE = asof."decayed", FINALFUNC = asof."decayed value");
CREATE OR REPLACE AGGREGATE asof.decayed_count(timestamptz, interval)
  (SFUNC = asof."decayed step", STYPE = asof."decayed", FINALFUNC = asof."decayed number");

-- last_n(x, place, n): x of the n rows with the greatest place, that one first; at equal place the
-- greater x first, NULL last. top_k(x, k): the k values that are most frequent, of equally many the
-- lesser first. Both are NULL where there is no row, and keep what PostgreSQL prints of the values.
DO $body$
BEGIN
  IF to_regtype('asof."listed"') IS NULL THEN
    CREATE TYPE asof."listed" AS (texts text[], places text[], length integer);
  END IF;
END $body$;
CREATE OR REPLACE FUNCTION asof."stands above"(x anyelement, y anyelement) RETURNS boolean
  LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF pg_typeof(x) = 'text'::regtype THEN
    RETURN x::text > y::text COLLATE "C";
  END IF;
  RETURN x > y;
END $$;
CREATE OR REPLACE FUNCTION asof."last_n step"(state asof."listed", x anyelement, place anycompatible, n integer)
  RETURNS asof."listed" LANGUAGE plpgsql IMMUTABLE
  SET TimeZone = 'UTC' SET DateStyle = 'ISO' SET IntervalStyle = 'postgres'
  SET bytea_output = 'hex' SET extra_float_digits = 1 AS $$
DECLARE
  kept x%TYPE;
  kept_place place%TYPE;
  i integer := 1;
BEGIN
  IF place IS NULL THEN RETURN state; END IF;
  WHILE i <= coalesce(cardinality(state.texts), 0) LOOP
    kept := state.texts[i];
    kept_place := state.places[i];
    EXIT WHEN asof."stands above"(place, kept_place);
    EXIT WHEN place = kept_place AND x IS NOT NULL
              AND (kept IS NULL OR asof."stands above"(x, kept));
    i := i + 1;
  END LOOP;
  state.texts := (state.texts[:i - 1] || (x::text) || state.texts[i:])[:n];
  state.places := (state.places[:i - 1] || (place::text) || state.places[i:])[:n];
  RETURN state;
END $$;
CREATE OR REPLACE FUNCTION asof."last_n value"(state asof."listed", x anyelement, place anycompatible, n integer)
  RETURNS anyarray LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN state.texts;
END $$;
CREATE OR REPLACE AGGREGATE asof.last_n(anyelement, anycompatible, integer)
  (SFUNC = asof."last_n step", STYPE = asof."listed", FINALFUNC = asof."last_n value", FINALFUNC_EXTRA);
CREATE OR REPLACE FUNCTION asof."top_k step"(state asof."listed", x anyelement, k integer)
  RETURNS asof."listed" LANGUAGE plpgsql IMMUTABLE
  SET TimeZone = 'UTC' SET DateStyle = 'ISO' SET IntervalStyle = 'postgres'
  SET bytea_output = 'hex' SET extra_float_digits = 1 AS $$
BEGIN
  IF x IS NULL THEN RETURN state; END IF;
  state.texts := array_append(state.texts, x::text);
  state.length := k;
  RETURN state;
END $$;
CREATE OR REPLACE FUNCTION asof."top_k value"(state asof."listed", x anyelement, k integer)
  RETURNS anyarray LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  list ALIAS FOR $0;
BEGIN
  list := state.texts;
  IF pg_typeof(list) = 'text[]'::regtype THEN
    RETURN (SELECT array_agg(v ORDER BY number DESC, v COLLATE "C")
            FROM (SELECT v, count(*) AS number FROM unnest(list::text[]) AS g(v)
                  GROUP BY v ORDER BY number DESC, v COLLATE "C" LIMIT state.length) AS top);
  END IF;
  RETURN (SELECT array_agg(v ORDER BY number DESC, v)
          FROM (SELECT v, count(*) AS number FROM unnest(list) AS g(v)
                GROUP BY v ORDER BY number DESC, v LIMIT state.length) AS top);
END $$;
CREATE OR REPLACE AGGREGATE asof.top_k(anyelement, integer)
  (SFUNC = asof."top_k step", STYPE = asof."listed", FINALFUNC = asof."top_k value", FINALFUNC_EXTRA);

-- histogram(x, low, high, n): rows below low, in each of n buckets of one width, at high and above.
CREATE OR REPLACE FUNCTION asof."histogram step"(state integer[], x double precision, low double precision,
                                                 high double precision, n integer)
  RETURNS integer[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  bucket integer := width_bucket(x, low, high, n) + 1;
BEGIN
  IF bucket IS NULL THEN RETURN state; END IF;
  state := coalesce(state, array_fill(0, ARRAY[n + 2]));
  state[bucket] := state[bucket] + 1;
  RETURN state;
END $$;
CREATE OR REPLACE AGGREGATE asof.histogram(double precision, double precision, double precision, integer)
  (SFUNC = asof."histogram step", STYPE = integer[]);
