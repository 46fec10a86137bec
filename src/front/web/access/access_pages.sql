-- name: access_org_name
SELECT name FROM org WHERE code = $1 AND to_pos = 9223372036854775807;
-- name: access_org_count
SELECT count(*) FROM org WHERE code = $1 AND to_pos = 9223372036854775807;
