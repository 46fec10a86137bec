-- Figures as the cube reads them (cube.h).

-- The last load of the catalogue that was known at $1.
-- name: cube_org_changed
SELECT coalesce(max(position), 0) FROM event WHERE subject = 'orgs' AND position <= $1;

-- All of a series; what held at $2.
-- name: cube_values
SELECT period, place, source, amount, state, from_pos FROM value WHERE series = $1 ORDER BY period, place, source;
-- name: cube_values_at
SELECT period, place, source, amount, state, from_pos FROM value WHERE series = $1 AND from_pos <= $2
 UNION ALL
SELECT period, place, source, amount, state, from_pos FROM value_was WHERE series = $1 AND from_pos <= $2 AND to_pos > $2
 ORDER BY period, place, source;

-- One slice of it.
-- name: cube_slice
SELECT period, place, source, amount, state, from_pos FROM value WHERE series = $1 AND period = $2 ORDER BY place, source;

-- Which of several sources somebody decided for.
-- name: cube_choices
SELECT period, place, source FROM value_choice WHERE series = $1 AND from_pos <= $2 AND to_pos > $2 ORDER BY period, place;

-- name: cube_touched
SELECT position, series, period FROM value_touch WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3;
