-- Rows as known at a position ($1). Each table: all of them, add one, close the one that holds now.

-- name: org_kind_all
SELECT kind, name, name_en, kind_of AS of, rank, note FROM org_kind WHERE from_pos <= $1 AND to_pos > $1 ORDER BY kind;
-- name: org_kind_add
INSERT INTO org_kind (kind, name, name_en, kind_of, rank, note, from_pos, to_pos)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
-- name: org_kind_close
UPDATE org_kind SET to_pos = $2 WHERE kind = $1 AND to_pos = $3;

-- name: org_word_all
SELECT word, full_text AS expansion, note FROM org_word WHERE from_pos <= $1 AND to_pos > $1 ORDER BY word;
-- name: org_word_add
INSERT INTO org_word (word, full_text, note, from_pos, to_pos) VALUES ($1, $2, $3, $4, $5);
-- name: org_word_close
UPDATE org_word SET to_pos = $2 WHERE word = $1 AND to_pos = $3;

-- name: org_area_all
SELECT code, name, kind, parent, km2, lon, lat, valid_from, valid_to, confirmed, note
  FROM area WHERE from_pos <= $1 AND to_pos > $1 ORDER BY code;
-- name: org_area_add
INSERT INTO area (code, name, kind, parent, km2, lon, lat, valid_from, valid_to, confirmed, note, from_pos, to_pos)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);
-- name: org_area_close
UPDATE area SET to_pos = $2 WHERE code = $1 AND to_pos = $3;

-- name: org_unit_all
SELECT code, name, short, kind, area, valid_from, valid_to, confirmed, note
  FROM org WHERE from_pos <= $1 AND to_pos > $1 ORDER BY code;
-- name: org_unit_add
INSERT INTO org (code, name, short, kind, area, valid_from, valid_to, confirmed, note, from_pos, to_pos)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);
-- name: org_unit_close
UPDATE org SET to_pos = $2 WHERE code = $1 AND to_pos = $3;

-- name: org_group_all
SELECT code, name, kinds, tree, under, depth, include, exclude, valid_from, valid_to, confirmed, note
  FROM org_group WHERE from_pos <= $1 AND to_pos > $1 ORDER BY code;
-- name: org_group_add
INSERT INTO org_group (code, name, kinds, tree, under, depth, include, exclude, valid_from, valid_to, confirmed, note,
    from_pos, to_pos) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);
-- name: org_group_close
UPDATE org_group SET to_pos = $2 WHERE code = $1 AND to_pos = $3;

-- name: org_link_all
SELECT link, code, target, valid_from, valid_to, note
  FROM org_link WHERE from_pos <= $1 AND to_pos > $1 ORDER BY key;
-- name: org_link_add
INSERT INTO org_link (link, code, target, valid_from, valid_to, note, from_pos, to_pos, key)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);
-- name: org_link_close
UPDATE org_link SET to_pos = $2 WHERE key = $1 AND to_pos = $3;

-- name: org_alias_all
SELECT alias, code, valid_from, valid_to, note FROM org_alias WHERE from_pos <= $1 AND to_pos > $1 ORDER BY key;
-- name: org_alias_add
INSERT INTO org_alias (alias, code, valid_from, valid_to, note, from_pos, to_pos, key)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
-- name: org_alias_close
UPDATE org_alias SET to_pos = $2 WHERE key = $1 AND to_pos = $3;

-- name: org_changed
SELECT coalesce(max(position), 0) FROM event WHERE subject = 'orgs';
