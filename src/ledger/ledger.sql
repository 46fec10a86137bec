-- name: ledger_event_add
INSERT INTO event (position, at_us, actor, behalf, request, kind, subject, payload_hash, chain)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: ledger_payload_add
INSERT INTO event_payload (position, salt, payload) VALUES ($1, $2, $3);

-- name: ledger_payload_erase
UPDATE event_payload SET salt = NULL, payload = NULL WHERE position = $1 AND payload IS NOT NULL;

-- name: ledger_event_exists
SELECT count(*) FROM event WHERE position = $1;

-- The moments of events never fall (ledger_append sees to it), so the last one in time is the last one in order.
-- name: ledger_at
SELECT position FROM event WHERE at_us <= $1 ORDER BY at_us DESC, position DESC LIMIT 1;

-- name: ledger_events
SELECT e.position, at_us, actor, behalf, request, kind, subject, salt, payload, payload_hash, chain
  FROM event e LEFT JOIN event_payload p ON p.position = e.position ORDER BY e.position;

-- name: ledger_events_after
SELECT e.position, at_us, actor, behalf, request, kind, subject, payload, payload_hash, chain
  FROM event e LEFT JOIN event_payload p ON p.position = e.position
 WHERE e.position > $1 ORDER BY e.position LIMIT $2;

-- name: ledger_events_about
SELECT position, at_us, actor, behalf, request, kind, subject, payload_hash, chain FROM event
 WHERE subject = $1 AND kind = $2 ORDER BY position DESC LIMIT $3;

-- name: ledger_last_moment
SELECT max(at_us) FROM event;

-- name: ledger_erasures
SELECT position, kind, subject FROM event WHERE kind = 'ledger.erase' ORDER BY position;

-- name: ledger_head
SELECT position, chain FROM head WHERE id = 1;

-- name: ledger_head_position
SELECT position FROM head WHERE id = 1;

-- name: ledger_seals
SELECT seq, from_pos, to_pos, at_us, chain, previous, public_key, signature FROM seal
 ORDER BY seq;

-- name: ledger_seal_last
SELECT seq, from_pos, to_pos, at_us, chain, previous, public_key, signature FROM seal ORDER BY seq DESC LIMIT 1;

-- The last seal of each day in Vietnam (UTC+7).
-- name: ledger_seals_of_days
SELECT seq, from_pos, to_pos, at_us, chain, previous, public_key, signature FROM seal s
 WHERE seq < $1 AND NOT EXISTS (SELECT 1 FROM seal n WHERE n.seq = s.seq + 1
       AND (n.at_us + 25200000000) / 86400000000 = (s.at_us + 25200000000) / 86400000000)
 ORDER BY seq DESC LIMIT $2;

-- name: ledger_seal_add
INSERT INTO seal (seq, from_pos, to_pos, at_us, chain, previous, public_key, signature)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: ledger_stray_payload
SELECT min(p.position) FROM event_payload p LEFT JOIN event e ON e.position = p.position WHERE e.position IS NULL;
