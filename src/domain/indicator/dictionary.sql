-- Rows of the dictionary as known at a position ($1), those that hold now (store/kept.h), and what moves them.

-- name: indicator_at
SELECT key, name, name_en, definition, definition_en, unit, unit_en, places, direction, frequency, tree, provider,
    over_places, over_time, weight, formula, dimensions, low, high, jump, steps, steps_en, source, method,
    responsible, in_set, parent, points, level, confirmed, note
  FROM indicator WHERE owner = 0 AND from_pos <= $1 AND to_pos > $1 ORDER BY key;
-- name: indicator_current
SELECT key, name, name_en, definition, definition_en, unit, unit_en, places, direction, frequency, tree, provider,
    over_places, over_time, weight, formula, dimensions, low, high, jump, steps, steps_en, source, method,
    responsible, in_set, parent, points, level, confirmed, note
  FROM indicator WHERE owner = $1 AND to_pos = 9223372036854775807;
-- name: indicator_close
UPDATE indicator SET to_pos = $3 WHERE owner = $1 AND key = $2 AND to_pos = 9223372036854775807;
-- name: indicator_insert
INSERT INTO indicator (owner, from_pos, to_pos, key, name, name_en, definition, definition_en, unit, unit_en, places,
    direction, frequency, tree, provider, over_places, over_time, weight, formula, dimensions, low, high, jump, steps,
    steps_en, source, method, responsible, in_set, parent, points, level, confirmed, note)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
    $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34);

-- name: indicator_set_at
SELECT key, name, name_en, year, issued, confirmed, note
  FROM indicator_set WHERE owner = 0 AND from_pos <= $1 AND to_pos > $1 ORDER BY key;
-- name: indicator_set_current
SELECT key, name, name_en, year, issued, confirmed, note
  FROM indicator_set WHERE owner = $1 AND to_pos = 9223372036854775807;
-- name: indicator_set_close
UPDATE indicator_set SET to_pos = $3 WHERE owner = $1 AND key = $2 AND to_pos = 9223372036854775807;
-- name: indicator_set_insert
INSERT INTO indicator_set (owner, from_pos, to_pos, key, name, name_en, year, issued, confirmed, note)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: dimension_at
SELECT key, dimension, category, name, name_en, ordinal
  FROM dimension WHERE owner = 0 AND from_pos <= $1 AND to_pos > $1 ORDER BY key;
-- name: dimension_current
SELECT key, dimension, category, name, name_en, ordinal
  FROM dimension WHERE owner = $1 AND to_pos = 9223372036854775807;
-- name: dimension_close
UPDATE dimension SET to_pos = $3 WHERE owner = $1 AND key = $2 AND to_pos = 9223372036854775807;
-- name: dimension_insert
INSERT INTO dimension (owner, from_pos, to_pos, key, dimension, category, name, name_en, ordinal)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: goal_at
SELECT key, indicator, plan, target, place, above, measure, comparator, low, high, per, by_year, baseline,
    baseline_period, baseline_source, path, points, note
  FROM goal WHERE owner = 0 AND from_pos <= $1 AND to_pos > $1 ORDER BY key;
-- name: goal_current
SELECT key, indicator, plan, target, place, above, measure, comparator, low, high, per, by_year, baseline,
    baseline_period, baseline_source, path, points, note
  FROM goal WHERE owner = $1 AND to_pos = 9223372036854775807;
-- name: goal_close
UPDATE goal SET to_pos = $3 WHERE owner = $1 AND key = $2 AND to_pos = 9223372036854775807;
-- name: goal_insert
INSERT INTO goal (owner, from_pos, to_pos, key, indicator, plan, target, place, above, measure, comparator, low, high,
    per, by_year, baseline, baseline_period, baseline_source, path, points, note)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21);

-- name: indicator_link_at
SELECT key, indicator, plan, path
  FROM indicator_link WHERE owner = 0 AND from_pos <= $1 AND to_pos > $1 ORDER BY key;
-- name: indicator_link_current
SELECT key, indicator, plan, path
  FROM indicator_link WHERE owner = $1 AND to_pos = 9223372036854775807;
-- name: indicator_link_close
UPDATE indicator_link SET to_pos = $3 WHERE owner = $1 AND key = $2 AND to_pos = 9223372036854775807;
-- name: indicator_link_insert
INSERT INTO indicator_link (owner, from_pos, to_pos, key, indicator, plan, path)
 VALUES ($1, $2, $3, $4, $5, $6, $7);

-- Nothing is ever removed, so the last change is the last row that began.
-- name: dictionary_changed
SELECT coalesce(max(began), 0) FROM (
    SELECT max(from_pos) AS began FROM indicator
    UNION ALL SELECT max(from_pos) FROM indicator_set
    UNION ALL SELECT max(from_pos) FROM dimension
    UNION ALL SELECT max(from_pos) FROM goal
    UNION ALL SELECT max(from_pos) FROM indicator_link) AS all_rows;
