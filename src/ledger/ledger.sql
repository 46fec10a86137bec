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
 WHERE subject = $1 AND kind || '' = $2 ORDER BY position DESC LIMIT $3;

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

-- name: ledger_seal_covering
SELECT to_pos FROM seal WHERE to_pos >= $1 ORDER BY seq LIMIT 1;

-- name: ledger_seal_add
INSERT INTO seal (seq, from_pos, to_pos, at_us, chain, previous, public_key, signature)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: ledger_stray_payload
SELECT min(p.position) FROM event_payload p LEFT JOIN event e ON e.position = p.position WHERE e.position IS NULL;

-- $1 is ["plans", …] as JSON.
-- name: ledger_about_add (sqlite)
INSERT INTO event_about (about, position) SELECT DISTINCT value, CAST($2 AS BIGINT) FROM json_each($1) WHERE 1 = 1
    ON CONFLICT DO NOTHING;
-- name: ledger_about_add (postgres)
INSERT INTO event_about (about, position) SELECT DISTINCT value, CAST($2 AS BIGINT) FROM json_array_elements_text(CAST($1 AS JSON)) j (value)
    ON CONFLICT DO NOTHING;

-- Positions between $1 and $2, the nearest $3 of them to one end: of all events, or of those of one actor, and so on.
-- name: ledger_all_down
SELECT position FROM event WHERE position > $1 AND position < $2 ORDER BY position DESC LIMIT $3;
-- name: ledger_actor_down
SELECT position FROM event WHERE position > $1 AND position < $2 AND actor = $4 ORDER BY position DESC LIMIT $3;
-- name: ledger_behalf_down
SELECT position FROM event WHERE position > $1 AND position < $2 AND behalf = $4 AND behalf <> '' ORDER BY position DESC LIMIT $3;
-- name: ledger_kind_down
SELECT position FROM event WHERE position > $1 AND position < $2 AND kind = $4 ORDER BY position DESC LIMIT $3;
-- name: ledger_subjects_down (sqlite)
SELECT p.value AS position FROM json_each($4) j CROSS JOIN json_each((SELECT json_group_array(position) FROM
       (SELECT position FROM event WHERE subject = j.value AND position > $1 AND position < $2 ORDER BY position DESC LIMIT $3))) p
 UNION SELECT p.value FROM json_each($4) j CROSS JOIN json_each((SELECT json_group_array(position) FROM
       (SELECT position FROM event_about WHERE about = j.value AND position > $1 AND position < $2 ORDER BY position DESC LIMIT $3))) p
 ORDER BY position DESC LIMIT $3;
-- name: ledger_subjects_down (postgres)
SELECT DISTINCT e.position FROM json_array_elements_text(CAST($4 AS JSON)) j (value) CROSS JOIN LATERAL
       ((SELECT position FROM event WHERE subject = j.value AND position > $1 AND position < $2 ORDER BY position DESC LIMIT $3)
        UNION ALL (SELECT position FROM event_about WHERE about = j.value AND position > $1 AND position < $2 ORDER BY position DESC LIMIT $3)) e
 ORDER BY e.position DESC LIMIT $3;
-- name: ledger_all_up
SELECT position FROM event WHERE position > $1 AND position < $2 ORDER BY position ASC LIMIT $3;
-- name: ledger_actor_up
SELECT position FROM event WHERE position > $1 AND position < $2 AND actor = $4 ORDER BY position ASC LIMIT $3;
-- name: ledger_behalf_up
SELECT position FROM event WHERE position > $1 AND position < $2 AND behalf = $4 AND behalf <> '' ORDER BY position ASC LIMIT $3;
-- name: ledger_kind_up
SELECT position FROM event WHERE position > $1 AND position < $2 AND kind = $4 ORDER BY position ASC LIMIT $3;
-- name: ledger_subjects_up (sqlite)
SELECT p.value AS position FROM json_each($4) j CROSS JOIN json_each((SELECT json_group_array(position) FROM
       (SELECT position FROM event WHERE subject = j.value AND position > $1 AND position < $2 ORDER BY position ASC LIMIT $3))) p
 UNION SELECT p.value FROM json_each($4) j CROSS JOIN json_each((SELECT json_group_array(position) FROM
       (SELECT position FROM event_about WHERE about = j.value AND position > $1 AND position < $2 ORDER BY position ASC LIMIT $3))) p
 ORDER BY position ASC LIMIT $3;
-- name: ledger_subjects_up (postgres)
SELECT DISTINCT e.position FROM json_array_elements_text(CAST($4 AS JSON)) j (value) CROSS JOIN LATERAL
       ((SELECT position FROM event WHERE subject = j.value AND position > $1 AND position < $2 ORDER BY position ASC LIMIT $3)
        UNION ALL (SELECT position FROM event_about WHERE about = j.value AND position > $1 AND position < $2 ORDER BY position ASC LIMIT $3)) e
 ORDER BY e.position ASC LIMIT $3;

-- Events at the positions of a list, in its order, those that fit alone; the payload if $6 is 1.
-- part: ledger_fits
(CAST($2 AS TEXT) IS NULL OR e.actor = $2) AND (CAST($3 AS TEXT) IS NULL OR e.behalf = $3)
   AND (CAST($4 AS TEXT) IS NULL OR e.kind = $4)
   AND (CAST($5 AS TEXT) IS NULL OR e.subject = $5 OR EXISTS (SELECT 1 FROM event_about a WHERE a.about = $5 AND a.position = e.position));
-- name: ledger_at_positions (sqlite)
SELECT e.position, at_us, actor, behalf, request, kind, subject, CASE WHEN CAST($6 AS BIGINT) = 1 THEN p.payload END AS payload, payload_hash,
       chain
  FROM json_each($1) j CROSS JOIN event e ON e.position = j.value LEFT JOIN event_payload p ON p.position = e.position
 WHERE {ledger_fits} ORDER BY j.key;
-- name: ledger_at_positions (postgres)
SELECT e.position, at_us, actor, behalf, request, kind, subject, CASE WHEN CAST($6 AS BIGINT) = 1 THEN p.payload END AS payload, payload_hash,
       chain
  FROM json_array_elements_text(CAST($1 AS JSON)) WITH ORDINALITY AS j (value, n) JOIN event e ON e.position = CAST(j.value AS BIGINT)
  LEFT JOIN event_payload p ON p.position = e.position
 WHERE {ledger_fits} ORDER BY j.n;
