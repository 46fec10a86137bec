-- name: check_series
SELECT id FROM series WHERE indicator = $1 AND category = $2;

-- name: check_place
SELECT id FROM place WHERE code = $1;

-- name: check_places
SELECT id, code FROM place;

-- name: check_source
SELECT id FROM value_source WHERE name = $1;

-- Figures of a series in a stretch of periods, of all places.
-- name: check_past
SELECT period, place, source, amount, state FROM value WHERE series = $1 AND period >= $2 AND period <= $3
 ORDER BY period, place, source;

-- The same of one place, in the periods from $3 to $4 that stand $5 apart.
-- name: check_past_of
WITH RECURSIVE p(code) AS (SELECT CAST($3 AS BIGINT) UNION ALL SELECT code + $5 FROM p WHERE code + $5 <= $4)
SELECT v.period, v.place, v.source, v.amount, v.state
  FROM p CROSS JOIN value v WHERE v.series = $1 AND v.period = p.code AND v.place = $2
 ORDER BY v.period, v.source;

-- Who has told a figure of a series in a period.
-- name: check_told
SELECT p.code FROM value v JOIN place p ON p.id = v.place WHERE v.series = $1 AND v.period = $2;
