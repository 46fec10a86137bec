-- Statements of the store's tests, on the tables that every store has.

-- name: test_setting_put
INSERT INTO setting (key, value) VALUES ($1, $2);

-- name: test_setting_replace
INSERT INTO setting (key, value) VALUES ($2, $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: test_setting_get
SELECT value FROM setting WHERE key = $1; -- a comment with $9 and 'quotes

-- name: test_setting_all
SELECT key, value FROM setting ORDER BY key;

-- name: test_setting_count
SELECT count(*) FROM setting;

-- name: test_setting_delete
DELETE FROM setting WHERE key >= $1;

-- name: test_setting_returning
UPDATE setting SET value = $2 WHERE key = $1 RETURNING value;

-- name: test_types
SELECT CAST($1 AS BIGINT) AS whole, CAST($2 AS DOUBLE PRECISION) AS real, CAST($3 AS TEXT) AS text, CAST($4 AS BYTEA) AS bytes,
       CAST($5 AS TEXT) AS day, CAST($6 AS BIGINT) AS yes, '$1 ?1 --' AS word;

-- name: test_sum
SELECT sum(position) AS whole, avg(position) AS real FROM event;

-- name: test_backwards
SELECT CAST($2 AS BIGINT) - CAST($1 AS BIGINT);

-- name: test_event_put
INSERT INTO event (position, at_us, actor, behalf, request, kind, subject, payload_hash, chain)
VALUES ($1, $2, $3, '', '', 'test', $4, $5, $5);

-- name: test_event_count
SELECT count(*) FROM event;

-- name: test_event_all
SELECT position, actor, subject FROM event ORDER BY position;

-- name: test_payload_put
INSERT INTO event_payload (position, payload) VALUES ($1, $2);

-- name: test_series (sqlite)
WITH RECURSIVE series(whole) AS (SELECT 1 UNION ALL SELECT whole + 1 FROM series WHERE whole < $1) SELECT whole FROM series;
-- name: test_series (postgres)
SELECT whole FROM generate_series(1, CAST($1 AS BIGINT)) AS whole;

-- name: test_null_setting
INSERT INTO setting (key, value) VALUES ($1, NULL);

-- name: test_lose_connection (sqlite)
SELECT 1;
-- name: test_lose_connection (postgres)
SELECT CASE WHEN pg_terminate_backend(pg_backend_pid()) THEN 1 END;

-- Everybody's but ours.
-- name: test_lose_others (sqlite)
SELECT 1;
-- name: test_lose_others (postgres)
SELECT count(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()) AS gone;

-- name: test_part_damage
UPDATE file_part SET content = $2 WHERE hash = $1 AND part = 0;

-- name: test_part_count
SELECT count(*) FROM file_part;

-- The first two rows are fine, the third is not.
-- name: test_fails_later (sqlite)
WITH RECURSIVE series(whole) AS (SELECT 1 UNION ALL SELECT whole + 1 FROM series WHERE whole < 5)
SELECT abs(CASE whole WHEN 3 THEN -9223372036854775807 - 1 ELSE whole END) AS whole FROM series;
-- name: test_fails_later (postgres)
SELECT 6 / (3 - whole) AS whole FROM generate_series(1, 5) AS whole;
