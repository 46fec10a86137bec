-- name: sample_real
SELECT count(*) FROM (SELECT 1 FROM value WHERE (state & 2) = 0 LIMIT 1) t;
