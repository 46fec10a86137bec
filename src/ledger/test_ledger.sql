-- What somebody with access to the store could do behind the program's back.

-- name: attack_event
UPDATE event SET at_us = $2, actor = $3, behalf = $4, request = $5, kind = $6, subject = $7, payload_hash = $8, chain = $9
 WHERE position = $1;

-- name: attack_payload
UPDATE event_payload SET salt = $2, payload = $3 WHERE position = $1;

-- name: attack_payload_away
DELETE FROM event_payload WHERE position = $1;

-- name: attack_event_away
DELETE FROM event WHERE position = $1;

-- name: attack_event_new
INSERT INTO event (position, at_us, actor, behalf, request, kind, subject, payload_hash, chain)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: attack_payload_new
INSERT INTO event_payload (position, salt, payload) VALUES ($1, $2, $3);

-- name: attack_head
UPDATE head SET position = $1, chain = $2 WHERE id = 1;

-- name: attack_seal
UPDATE seal SET from_pos = $2, to_pos = $3, at_us = $4, chain = $5, previous = $6, public_key = $7, signature = $8
 WHERE seq = $1;

-- name: attack_seal_away
DELETE FROM seal WHERE seq = $1;

-- name: attack_seal_new
INSERT INTO seal (seq, from_pos, to_pos, at_us, chain, previous, public_key, signature)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
