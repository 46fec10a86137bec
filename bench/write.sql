-- name: bench_event_put
INSERT INTO event (position, at_us, actor, behalf, request, kind, subject, payload_hash, chain)
VALUES ($1, $2, $3, '', '', $4, $5, $6, $6);
