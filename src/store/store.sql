-- The store's own statements.

-- name: tx_begin (sqlite)
BEGIN IMMEDIATE;
-- name: tx_begin (postgres)
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;

-- name: tx_snapshot (sqlite)
BEGIN;
-- name: tx_snapshot (postgres)
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;

-- References are looked at when the transaction ends.
-- name: tx_defer (sqlite)
PRAGMA defer_foreign_keys = ON;
-- name: tx_defer (postgres)
SET CONSTRAINTS ALL DEFERRED;

-- name: tx_commit
COMMIT;

-- name: tx_rollback
ROLLBACK;

-- name: tx_savepoint
SAVEPOINT command;

-- name: tx_release
RELEASE SAVEPOINT command;

-- name: tx_undo
ROLLBACK TO SAVEPOINT command;

-- After rows of search_doc were copied. PostgreSQL has its index by then, but for a list of what is new.
-- name: copy_search (sqlite)
INSERT INTO search_index (search_index) VALUES ('rebuild');
-- name: copy_search (postgres)
UPDATE search_made SET version = version + 0 * gin_clean_pending_list('search_index') WHERE id = 1;

-- name: head_read
SELECT position, chain FROM head WHERE id = 1;

-- Whoever holds this row's lock hands out positions. (SQLite has locked the whole file by then.)
-- name: head_lock (sqlite)
SELECT position, chain FROM head WHERE id = 1;
-- name: head_lock (postgres)
SELECT position, chain FROM head WHERE id = 1 FOR UPDATE;

-- name: head_put
UPDATE head SET position = $1, chain = $2 WHERE id = 1;

-- name: migration_table (sqlite)
SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migration';
-- name: migration_table (postgres)
SELECT count(*) FROM pg_catalog.pg_class
 WHERE oid = to_regclass('migration') AND relkind = 'r';

-- Tables that are not ours in a store without our book-keeping: it belongs to another program.
-- name: foreign_tables (sqlite)
SELECT count(*) FROM sqlite_schema WHERE type = 'table';
-- name: foreign_tables (postgres)
SELECT count(*) FROM pg_catalog.pg_class c
 WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relkind IN ('r', 'p')
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e');

-- One node at a time migrates. (SQLite has locked the whole file by then.)
-- name: migration_lock (sqlite)
SELECT 1 AS locked;
-- name: migration_lock (postgres)
SELECT 1 AS locked FROM pg_catalog.pg_advisory_xact_lock(4826019356);

-- name: migration_all
SELECT number, name, hash FROM migration ORDER BY number;

-- name: migration_add
INSERT INTO migration (number, name, hash, at_us) VALUES ($1, $2, $3, $4);

-- A SQLite file as it stands, with its log, into a new one.
-- name: file_into (sqlite)
VACUUM INTO $1;
-- name: file_into (postgres)
SELECT CAST($1 AS TEXT) AS not_on_postgres;
