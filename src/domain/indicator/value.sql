-- Figures (value.h). Statements that are given twice for many rows: db_exec_many().

-- Names and their numbers.
-- name: value_series_id
SELECT id FROM series WHERE indicator = $1 AND category = $2;
-- name: value_series_all
SELECT id, indicator, category FROM series ORDER BY id;
-- name: value_series_add
INSERT INTO series (id, indicator, category) VALUES ($1, $2, $3);
-- name: value_series_of
SELECT id, indicator, category FROM series WHERE id = $1;
-- name: value_place_id
SELECT id FROM place WHERE code = $1;
-- name: value_place_all
SELECT id, code AS name FROM place ORDER BY id;
-- name: value_place_add (sqlite)
INSERT INTO place (id, code) VALUES ($1, $2);
-- name: value_place_add (postgres)
INSERT INTO place (id, code) SELECT * FROM unnest(CAST(CAST($1 AS TEXT) AS BIGINT[]), CAST(CAST($2 AS TEXT) AS TEXT[]));
-- name: value_source_id
SELECT id FROM value_source WHERE name = $1;
-- name: value_source_all
SELECT id, name FROM value_source ORDER BY id;
-- name: value_source_add
INSERT INTO value_source (id, name) VALUES ($1, $2);

-- Is it an area? A body?
-- name: value_place_is_area
SELECT count(*) FROM area WHERE code = $1;
-- name: value_place_is_org
SELECT count(*) FROM org WHERE code = $1;

-- name: value_add (sqlite)
INSERT INTO value (series, period, place, source, amount, state, from_pos) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING;
-- name: value_add (postgres)
INSERT INTO value (series, period, place, source, amount, state, from_pos)
SELECT * FROM unnest(CAST(CAST($1 AS TEXT) AS BIGINT[]), CAST(CAST($2 AS TEXT) AS BIGINT[]), CAST(CAST($3 AS TEXT) AS BIGINT[]),
    CAST(CAST($4 AS TEXT) AS BIGINT[]), CAST(CAST($5 AS TEXT) AS DOUBLE PRECISION[]), CAST(CAST($6 AS TEXT) AS BIGINT[]),
    CAST(CAST($7 AS TEXT) AS BIGINT[])) ON CONFLICT DO NOTHING;

-- name: value_put (sqlite)
UPDATE value SET amount = $5, state = $6, from_pos = $7 WHERE series = $1 AND period = $2 AND place = $3 AND source = $4;
-- name: value_put (postgres)
UPDATE value SET amount = n.amount, state = n.state, from_pos = n.from_pos
  FROM unnest(CAST(CAST($1 AS TEXT) AS BIGINT[]), CAST(CAST($2 AS TEXT) AS BIGINT[]), CAST(CAST($3 AS TEXT) AS BIGINT[]),
    CAST(CAST($4 AS TEXT) AS BIGINT[]), CAST(CAST($5 AS TEXT) AS DOUBLE PRECISION[]), CAST(CAST($6 AS TEXT) AS BIGINT[]),
    CAST(CAST($7 AS TEXT) AS BIGINT[])) n (series, period, place, source, amount, state, from_pos)
 WHERE value.series = n.series AND value.period = n.period AND value.place = n.place AND value.source = n.source;

-- name: value_was_add (sqlite)
INSERT INTO value_was (series, period, place, source, amount, state, from_pos, to_pos) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
-- name: value_was_add (postgres)
INSERT INTO value_was (series, period, place, source, amount, state, from_pos, to_pos)
SELECT * FROM unnest(CAST(CAST($1 AS TEXT) AS BIGINT[]), CAST(CAST($2 AS TEXT) AS BIGINT[]), CAST(CAST($3 AS TEXT) AS BIGINT[]),
    CAST(CAST($4 AS TEXT) AS BIGINT[]), CAST(CAST($5 AS TEXT) AS DOUBLE PRECISION[]), CAST(CAST($6 AS TEXT) AS BIGINT[]),
    CAST(CAST($7 AS TEXT) AS BIGINT[]), CAST(CAST($8 AS TEXT) AS BIGINT[]));

-- name: value_note_add (sqlite)
INSERT INTO value_note (series, period, place, source, from_pos, method, evidence, reason, report)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);
-- name: value_note_add (postgres)
INSERT INTO value_note (series, period, place, source, from_pos, method, evidence, reason, report)
SELECT * FROM unnest(CAST(CAST($1 AS TEXT) AS BIGINT[]), CAST(CAST($2 AS TEXT) AS BIGINT[]), CAST(CAST($3 AS TEXT) AS BIGINT[]),
    CAST(CAST($4 AS TEXT) AS BIGINT[]), CAST(CAST($5 AS TEXT) AS BIGINT[]), CAST(CAST($6 AS TEXT) AS TEXT[]),
    CAST(CAST($7 AS TEXT) AS TEXT[]), CAST(CAST($8 AS TEXT) AS TEXT[]), CAST(CAST($9 AS TEXT) AS TEXT[]));
-- name: value_note_of
SELECT method, evidence, reason, report FROM value_note
 WHERE series = $1 AND period = $2 AND place = $3 AND source = $4 AND from_pos = $5;

-- name: value_touch_add (sqlite)
INSERT INTO value_touch (position, series, period) VALUES ($1, $2, $3);
-- name: value_touch_add (postgres)
INSERT INTO value_touch (position, series, period)
SELECT * FROM unnest(CAST(CAST($1 AS TEXT) AS BIGINT[]), CAST(CAST($2 AS TEXT) AS BIGINT[]), CAST(CAST($3 AS TEXT) AS BIGINT[]));

-- name: value_at
SELECT amount, state, from_pos FROM value WHERE series = $1 AND period = $2 AND place = $3 AND source = $4;
-- name: value_slice
SELECT place, source, amount, state, from_pos FROM value WHERE series = $1 AND period = $2 ORDER BY place, source;

-- name: value_batch_add
INSERT INTO value_batch (position, kind, name, file, rows_new, rows_changed, rows_same) VALUES ($1, $2, $3, $4, $5, $6, $7);
-- name: value_batch_of
SELECT b.position, b.kind, b.name, b.rows_new, b.rows_changed, b.rows_same, b.undone, e.at_us, e.actor, e.behalf, e.subject
  FROM value_batch b JOIN event e ON e.position = b.position WHERE b.position = $1;
-- name: value_batch_list
SELECT b.position, b.kind, b.name, b.rows_new, b.rows_changed, b.rows_same, b.undone, e.at_us, e.actor, e.behalf, e.subject
  FROM value_batch b JOIN event e ON e.position = b.position WHERE b.position < $1 ORDER BY b.position DESC LIMIT $2;
-- name: value_batch_undone
UPDATE value_batch SET undone = $2 WHERE position = $1;

-- Taking back what the event at $3 brought to one slice.
-- name: value_touched
SELECT series, period FROM value_touch WHERE position = $1 ORDER BY series, period;
-- name: value_undo_later
SELECT place, source FROM value_was WHERE series = $1 AND period = $2 AND from_pos = $3 ORDER BY place, source LIMIT 1;
-- name: value_undo_keep
INSERT INTO value_was (series, period, place, source, amount, state, from_pos, to_pos)
SELECT series, period, place, source, amount, state, from_pos, CAST($4 AS BIGINT) FROM value
 WHERE series = $1 AND period = $2 AND from_pos = $3;
-- name: value_undo_put
UPDATE value SET amount = w.amount, state = w.state, from_pos = $4 FROM value_was w
 WHERE value.series = $1 AND value.period = $2 AND value.from_pos = $3
   AND w.series = $1 AND w.period = $2 AND w.place = value.place AND w.source = value.source AND w.to_pos = $3;
-- name: value_undo_note
INSERT INTO value_note (series, period, place, source, from_pos, method, evidence, reason, report)
SELECT n.series, n.period, n.place, n.source, CAST($4 AS BIGINT), n.method, n.evidence, n.reason, n.report
  FROM value_was w JOIN value_note n ON n.series = w.series AND n.period = w.period AND n.place = w.place AND n.source = w.source
   AND n.from_pos = w.from_pos
 WHERE w.series = $1 AND w.period = $2 AND w.to_pos = $3;
-- name: value_undo_drop
DELETE FROM value WHERE series = $1 AND period = $2 AND from_pos = $3;

-- name: value_choice_close
UPDATE value_choice SET to_pos = $4 WHERE series = $1 AND period = $2 AND place = $3 AND to_pos = $5;
-- name: value_choice_add
INSERT INTO value_choice (series, period, place, source, reason, from_pos, to_pos) VALUES ($1, $2, $3, $4, $5, $6, $7);
-- name: value_choice_now
SELECT source FROM value_choice WHERE series = $1 AND period = $2 AND place = $3 AND to_pos = $4;

-- The periods of a series, one by one, so that what it costs depends on their number and not on that of the places.
-- name: value_periods
WITH RECURSIVE p (period) AS (
    SELECT min(period) FROM value WHERE series = $1
    UNION ALL
    SELECT (SELECT min(v.period) FROM value v WHERE v.series = $1 AND v.period > p.period) FROM p WHERE p.period IS NOT NULL)
SELECT period FROM p WHERE period IS NOT NULL
 UNION
SELECT period FROM value_was WHERE series = $1
 ORDER BY period;

-- What was ever said of one figure up to $4, and what of it held then.
-- name: value_said
SELECT s.name AS source, v.source AS source_id, v.amount, v.state, v.from_pos AS position, v.to_pos AS until, e.actor, e.behalf, e.at_us,
       n.method, n.evidence, n.reason, n.report
  FROM (SELECT source, amount, state, from_pos, CAST(NULL AS BIGINT) AS to_pos FROM value
         WHERE series = $1 AND period = $2 AND place = $3 AND from_pos <= $4
         UNION ALL
        SELECT source, amount, state, from_pos, CASE WHEN to_pos <= $4 THEN to_pos END FROM value_was
         WHERE series = $1 AND period = $2 AND place = $3 AND from_pos <= $4) v
  JOIN value_source s ON s.id = v.source
  JOIN event e ON e.position = v.from_pos
  LEFT JOIN value_note n ON n.series = $1 AND n.period = $2 AND n.place = $3 AND n.source = v.source AND n.from_pos = v.from_pos
 ORDER BY v.from_pos DESC, s.name;

-- Which source somebody decided for, as of $4.
-- name: value_choice_at
SELECT source FROM value_choice WHERE series = $1 AND period = $2 AND place = $3 AND from_pos <= $4 AND to_pos > $4;

-- name: value_batch_series
SELECT s.id, s.indicator, s.category FROM series s
 WHERE s.id IN (SELECT t.series FROM value_touch t WHERE t.position = $1) ORDER BY s.indicator, s.category;
-- name: value_slice_keys
SELECT place, source FROM value WHERE series = $1 AND period = $2 AND place = $3 AND source = $4;
