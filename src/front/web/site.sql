-- The last position of the ledger: what a page was made at, so that its script can ask for what came after.
-- name: site_position
SELECT position FROM head WHERE id = 1;
