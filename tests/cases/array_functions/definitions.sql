-- The functions of arrays, which look for a NULL where they are given one.

CREATE SERVER events FOREIGN DATA WRAPPER kafka OPTIONS (brokers 'localhost:9092');

CREATE FOREIGN TABLE e (
  k text NOT NULL,
  a integer[],
  b integer[],
  s text[],
  f float8[],
  n numeric[],
  x integer,
  t text,
  at timestamptz NOT NULL
) SERVER events OPTIONS (topic 'e', format 'json', event_time 'at');

CREATE MATERIALIZED VIEW v AS
SELECT k,
       last(array_append(a, x), at) AS appended,
       last(array_prepend(x, a), at) AS prepended,
       last(array_cat(a, b), at) AS joined,
       last(array_append(a, NULL), at) AS with_null,
       last(array_position(a, x), at) AS place,
       last(array_position(a, NULL), at) AS place_of_null,
       last(array_position(a, 2, 3), at) AS place_from,
       last(array_position(s, t), at) AS text_place,
       last(array_positions(a, 2), at) AS places,
       last(array_positions(s, NULL), at) AS places_of_null,
       last(array_remove(a, 2), at) AS removed,
       last(array_remove(a, NULL), at) AS without_null,
       last(array_replace(a, 2, 20), at) AS replaced,
       last(array_replace(a, NULL, 0), at) AS filled,
       last(array_replace(s, t, NULL), at) AS emptied,
       last(array_to_string(a, ','), at) AS text,
       last(array_to_string(a, ', ', '*'), at) AS text_with_null,
       last(array_to_string(s, t), at) AS text_by,
       last(array_to_string(ARRAY[x > 0, x IS NULL], ''), at) AS truths,
       last(array_append(NULL, x), at) AS alone,
       last(concat(a, '|', s), at) AS concatenated,
       last(array_position(n, 2), at) AS number_place
FROM e
GROUP BY k;
