-- The last position of the ledger: what /metrics shows, and proof that the store answers.
-- name: api_head
SELECT position FROM head WHERE id = 1;
