-- Outlines of areas as known at a position ($1).

-- name: geo_shape_all
SELECT code, rings FROM area_shape WHERE from_pos <= $1 AND to_pos > $1 ORDER BY code;
-- name: geo_shape_add
INSERT INTO area_shape (code, rings, from_pos, to_pos) VALUES ($1, $2, $3, $4);
-- name: geo_shape_close
UPDATE area_shape SET to_pos = $2 WHERE code = $1 AND to_pos = $3;
-- name: geo_changed
SELECT coalesce(max(from_pos), 0) FROM area_shape;
