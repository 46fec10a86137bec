-- The engine's own judgement of its file: 'ok', or the first thing it found.
-- name: doctor_integrity (sqlite)
SELECT coalesce((SELECT integrity_check FROM pragma_integrity_check LIMIT 1), 'ok') AS text;
-- name: doctor_integrity (postgres)
SELECT coalesce(min('index ' || c.relname || ' is not valid'), 'ok') AS text
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid;

-- name: doctor_references (sqlite)
SELECT count(*) FROM pragma_foreign_key_check;
-- name: doctor_references (postgres)
SELECT count(*) FROM pg_catalog.pg_constraint WHERE NOT convalidated;

-- How far the head row and the last event are apart.
-- name: doctor_head
SELECT (SELECT position FROM head WHERE id = 1) - (SELECT coalesce(max(position), 0) FROM event);

-- A seal is an event too, after the stretch that it seals: alone it is nothing to be sealed.
-- name: doctor_unsealed
SELECT count(*) FROM event WHERE position > (SELECT coalesce(max(to_pos), 0) FROM seal) AND kind <> 'ledger.seal';

-- name: doctor_files
SELECT hash, size, media_type FROM file ORDER BY hash;

-- name: doctor_orphans
SELECT count(*) FROM file_part WHERE at_us < $1 AND NOT EXISTS (SELECT 1 FROM file WHERE file.hash = file_part.hash);
