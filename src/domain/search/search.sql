-- The documents of one owner stand from $1 to below $2.
-- name: search_held
SELECT id, kind, plan, path, title, text, words FROM search_doc WHERE id >= $1 AND id < $2 ORDER BY id;

-- name: search_add
INSERT INTO search_doc (id, kind, plan, path, title, text, words) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: search_change
UPDATE search_doc SET kind = $2, plan = $3, path = $4, title = $5, text = $6, words = $7 WHERE id = $1;

-- name: search_drop
DELETE FROM search_doc WHERE id >= $1 AND id < $2;

-- Around a change of documents from $1 to below $2: what the index knows of them is taken out, and put in anew.
-- PostgreSQL does that by itself, but leaves what is new in a list for later, which every search would have to read through.
-- name: search_unindex (sqlite)
INSERT INTO search_index (search_index, rowid, words) SELECT 'delete', id, words FROM search_doc WHERE id >= $1 AND id < $2;
-- name: search_unindex (postgres)
DELETE FROM search_doc WHERE id >= $1 AND id < $2 AND word_set IS NULL;
-- name: search_index (sqlite)
INSERT INTO search_index (rowid, words) SELECT id, words FROM search_doc WHERE id >= $1 AND id < $2;
-- name: search_index (postgres)
UPDATE search_made SET version = version + 0 * gin_clean_pending_list('search_index')
 WHERE id = 1 AND CAST($1 AS BIGINT) < CAST($2 AS BIGINT);

-- name: search_all
SELECT count(*) FROM search_doc;

-- The owner of a document is a plan, or 0; $3 is what the reader sees. $1 is words parted by blanks, all of which must be there; one that ends with '*' is the beginning of a word. They are made
-- of letters, digits and '_' (query.c), so that both engines take them as they are.
-- name: search_hits (sqlite)
SELECT d.id, d.kind, d.plan, d.path, d.title, d.text FROM search_index JOIN search_doc d ON d.id = search_index.rowid
 WHERE search_index MATCH $1 AND {open_to d.id/1048576 COALESCE(d.path,'') $3} ORDER BY search_index.rowid LIMIT $2;
-- PostgreSQL is held to its index of words: told of an order and a limit it would walk the rows in that order instead.
-- name: search_hits (postgres)
WITH hit AS MATERIALIZED (
    SELECT id FROM search_doc d WHERE word_set @@ CAST(replace(replace($1, '*', ':*'), ' ', ' & ') AS tsquery)
       AND {open_to d.id/1048576 COALESCE(d.path,'') $3}
), first AS MATERIALIZED (SELECT id FROM hit ORDER BY id LIMIT $2)
SELECT d.id, d.kind, d.plan, d.path, d.title, d.text FROM first JOIN search_doc d ON d.id = first.id ORDER BY d.id;

-- Are there more of them than $2?
-- name: search_more (sqlite)
SELECT count(*) FROM (SELECT 1 FROM search_index WHERE search_index MATCH $1
   AND (NOT EXISTS (SELECT 1 FROM shut) OR EXISTS (SELECT 1 FROM search_doc d WHERE d.id = search_index.rowid
        AND {open_to d.id/1048576 COALESCE(d.path,'') $3})) LIMIT 1 OFFSET $2);
-- name: search_more (postgres)
WITH hit AS MATERIALIZED (
    SELECT id FROM search_doc d WHERE word_set @@ CAST(replace(replace($1, '*', ':*'), ' ', ' & ') AS tsquery)
       AND {open_to d.id/1048576 COALESCE(d.path,'') $3}
)
SELECT count(*) FROM (SELECT 1 FROM hit LIMIT 1 OFFSET $2) AS one;

-- Documents that the engine's index does not know: every one has the word x.
-- name: search_lost (sqlite)
SELECT (SELECT count(*) FROM search_doc) - (SELECT count(*) FROM search_index WHERE search_index MATCH 'x');
-- name: search_lost (postgres)
SELECT count(*) FROM search_doc WHERE NOT word_set @@ CAST('x' AS tsquery);

-- PostgreSQL works the words out with the row, and cannot lose them.
-- name: search_reindex (sqlite)
INSERT INTO search_index (search_index) VALUES ('rebuild');
-- name: search_reindex (postgres)
DELETE FROM search_doc WHERE word_set IS NULL;

-- name: search_version
SELECT version FROM search_made WHERE id = 1;
-- name: search_set_version
UPDATE search_made SET version = $1 WHERE id = 1;
