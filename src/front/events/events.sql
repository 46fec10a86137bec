-- name: feed_head
SELECT position FROM head WHERE id = 1;

-- name: feed_after
SELECT position, at_us, kind, subject FROM event WHERE position > $1 ORDER BY position LIMIT $2;
