-- name: test_sample_all
SELECT count(*) FROM value;
-- name: test_sample_unmarked
SELECT count(*) FROM value WHERE state < 2 OR state > 7 OR (state & 2) = 0;
-- name: test_sample_corrected
SELECT count(*) FROM value_was;
-- name: test_sample_sources
SELECT count(DISTINCT source) FROM value;
-- name: test_sample_provisional
SELECT count(*) FROM value WHERE (state & 1) = 1;
