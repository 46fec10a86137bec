-- name: draft_all
SELECT id, state, title, source, source_name, reading, plan, author, at_us, items, accepted, mended, refused,
       from_pos AS version FROM draft WHERE from_pos <= $1 AND to_pos > $1 ORDER BY id DESC LIMIT 1000;

-- name: draft_by_id
SELECT id, state, title, source, source_name, reading, plan, author, at_us, items, accepted, mended, refused,
       from_pos AS version FROM draft WHERE id = $1 AND from_pos <= $2 AND to_pos > $2;

-- name: draft_of_source
SELECT COALESCE(MAX(id), 0) FROM draft WHERE source = $1 AND state = 'open' AND to_pos = 9223372036854775807;

-- name: draft_next_id
SELECT COALESCE(MAX(id), 0) + 1 FROM draft;

-- name: draft_close
UPDATE draft SET to_pos = $2 WHERE id = $1 AND to_pos = 9223372036854775807;

-- name: draft_insert
INSERT INTO draft (id, state, title, source, source_name, reading, plan, author, at_us, items, accepted, mended, refused,
       from_pos, to_pos)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 9223372036854775807);

-- name: draft_decision_at
SELECT key, decision, mends, reason, actor, at_us, from_pos AS version FROM draft_decision
 WHERE draft = $1 AND from_pos <= $2 AND to_pos > $2 ORDER BY key LIMIT 100000;

-- name: draft_decision_close
UPDATE draft_decision SET to_pos = $3 WHERE draft = $1 AND key = $2 AND to_pos = 9223372036854775807;

-- name: draft_decision_insert
INSERT INTO draft_decision (draft, key, decision, mends, reason, actor, at_us, from_pos, to_pos)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 9223372036854775807);
