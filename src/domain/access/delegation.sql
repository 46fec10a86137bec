-- Acting for someone.

-- name: delegation_of
SELECT giver, taker, role, org, valid_from, valid_to, reason FROM delegation
 WHERE to_pos = 9223372036854775807 AND (giver = $1 OR taker = $1) ORDER BY valid_from, giver, taker, role, org;
-- name: delegation_put
INSERT INTO delegation (giver, taker, role, org, valid_from, valid_to, reason, from_pos, to_pos)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 9223372036854775807);
-- name: delegation_close
UPDATE delegation SET to_pos = $5
 WHERE giver = $1 AND taker = $2 AND role = $3 AND org = $4 AND to_pos = 9223372036854775807;
-- name: delegation_below
WITH RECURSIVE below (code) AS (
    SELECT code FROM org WHERE code = $1 -- as access_below has it
    UNION
    SELECT l.code FROM below JOIN org_link l ON l.target = below.code AND l.link IN ('party', 'state', 'front')
     WHERE l.to_pos = 9223372036854775807 AND (l.valid_from IS NULL OR l.valid_from <= $3) AND (l.valid_to IS NULL OR l.valid_to >= $3)
)
SELECT count(*) FROM below WHERE code = $2;
