-- Staged again, a part is as new: not dropped from under its file, and mended if it was damaged.
-- name: file_part_put
INSERT INTO file_part (hash, part, at_us, content) VALUES ($1, $2, $3, $4)
ON CONFLICT (hash, part) DO UPDATE SET at_us = excluded.at_us, content = excluded.content;

-- name: file_part_size
SELECT COALESCE(sum(length(content)), 0) FROM file_part WHERE hash = $1;

-- name: file_part_content
SELECT content FROM file_part WHERE hash = $1 AND part = $2;

-- name: file_put
INSERT INTO file (hash, size, media_type, at_us) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING;

-- name: file_find
SELECT hash, size, media_type FROM file WHERE hash = $1;

-- name: file_part_drop
DELETE FROM file_part WHERE at_us < $1 AND NOT EXISTS (SELECT 1 FROM file WHERE file.hash = file_part.hash);
