-- Marks, what follows from them, and who has read it.

-- name: sight_plan
SELECT id AS plan FROM plan WHERE slug = $1 AND to_pos = 9223372036854775807;
-- name: sight_has_clause
SELECT count(*) FROM clause WHERE plan = $1 AND key = $2;

-- name: sight_marks
SELECT (SELECT p.slug FROM plan p WHERE p.id = m.plan AND p.to_pos = 9223372036854775807) AS plan, m.plan AS plan_id, m.path, m.level,
       m.reason, m.actor, m.at_us FROM mark m
 WHERE m.to_pos = 9223372036854775807 AND (CAST($1 AS BIGINT) IS NULL OR m.plan = $1) ORDER BY m.plan, m.path LIMIT 100000;
-- name: sight_mark_close
UPDATE mark SET to_pos = $3 WHERE plan = $1 AND path = $2 AND to_pos = 9223372036854775807;
-- name: sight_mark_insert
INSERT INTO mark (plan, path, level, reason, actor, at_us, from_pos, to_pos)
VALUES ($1, $2, $3, $4, $5, $6, $7, 9223372036854775807);

-- Everything under a path, in every version of the plan, by every name.
-- name: sight_shut_clear
DELETE FROM shut WHERE plan = $1;
-- name: sight_shut_under
INSERT INTO shut (plan, item, path)
SELECT DISTINCT CAST($1 AS BIGINT), x.item, x.path
  FROM (SELECT key AS item, key AS path FROM clause WHERE plan = $1
        UNION SELECT key, key FROM task WHERE plan = $1
        UNION SELECT path, path FROM target WHERE plan = $1
        UNION SELECT 'target ' || key, path FROM target WHERE plan = $1
        UNION SELECT path, path FROM duty WHERE plan = $1
        UNION SELECT 'duty ' || key, path FROM duty WHERE plan = $1
        UNION SELECT path, path FROM finding WHERE plan = $1 AND path IS NOT NULL
        UNION SELECT CAST($2 AS TEXT), CAST($2 AS TEXT)) x
 WHERE CAST($2 AS TEXT) = '' OR x.path = $2 OR substr(x.path, 1, length($2) + 1) IN ($2 || '.', $2 || '-')
ON CONFLICT (plan, item) DO NOTHING;
-- name: sight_shut_add
INSERT INTO shut (plan, item, path) VALUES ($1, $2, $3) ON CONFLICT (plan, item) DO NOTHING;

-- What is said in the clauses of a plan, in every version; `shut` is 1 for what is restricted.
-- name: sight_texts
SELECT x.path, x.text, CASE WHEN s.item IS NULL THEN 0 ELSE 1 END AS shut
  FROM (SELECT key AS path, title AS text FROM clause WHERE plan = $1
        UNION SELECT key, text FROM clause WHERE plan = $1
        UNION SELECT key, title FROM task WHERE plan = $1
        UNION SELECT key, text FROM task WHERE plan = $1
        UNION SELECT key, product FROM task WHERE plan = $1
        UNION SELECT key, objective FROM task WHERE plan = $1
        UNION SELECT key, directions FROM task WHERE plan = $1
        UNION SELECT key, results FROM task WHERE plan = $1
        UNION SELECT path, subject FROM target WHERE plan = $1
        UNION SELECT path, text FROM target WHERE plan = $1
        UNION SELECT path, text FROM duty WHERE plan = $1) x
  LEFT JOIN shut s ON s.plan = $1 AND s.item = x.path
 WHERE x.text IS NOT NULL AND x.text <> '' ORDER BY x.path, x.text;

-- name: sight_findings
SELECT key, path, message, message_en FROM finding WHERE plan = $1;

-- Clauses of today whose words stood at a restricted path before: they were moved.
-- name: sight_moved
SELECT DISTINCT n.key AS path, o.key AS text FROM clause o
  JOIN shut s ON s.plan = o.plan AND s.item = o.key
  JOIN clause n ON n.plan = o.plan AND n.text = o.text AND n.key <> o.key AND n.to_pos = 9223372036854775807
 WHERE o.plan = $1 AND length(o.text) >= 20 AND NOT EXISTS (SELECT 1 FROM shut t WHERE t.plan = n.plan AND t.item = n.key)
 ORDER BY n.key, o.key;

-- Everything restricted: what a reader with sight is told to have seen.
-- name: sight_all
SELECT plan, item, path FROM shut ORDER BY plan, item;
-- name: sight_any
SELECT CASE WHEN EXISTS (SELECT 1 FROM shut) THEN 1 ELSE 0 END;
-- name: sight_paths
SELECT DISTINCT plan, path AS item, path FROM shut WHERE path <> '!' ORDER BY plan, path;

-- Of these, what has to do with one of the bodies $1, codes as JSON. Who merely gets a report has no part in the work.
-- name: sight_of_bodies (sqlite)
SELECT DISTINCT s.plan, s.item, s.path FROM shut s JOIN plan_body b ON b.plan = s.plan AND b.item = s.item
 WHERE b.to_pos = 9223372036854775807 AND b.role <> 'receiver' AND b.org IN (SELECT value FROM json_each($1)) ORDER BY s.plan, s.path;
-- name: sight_of_bodies (postgres)
SELECT DISTINCT s.plan, s.item, s.path FROM shut s JOIN plan_body b ON b.plan = s.plan AND b.item = s.item
 WHERE b.to_pos = 9223372036854775807 AND b.role <> 'receiver'
   AND b.org IN (SELECT json_array_elements_text(CAST($1 AS JSON))) ORDER BY s.plan, s.path;

-- A plan by its name and an item in it, if that is restricted.
-- name: sight_named
SELECT s.plan, s.item, s.path FROM shut s
 WHERE s.plan IN (SELECT p.id FROM plan p WHERE p.slug = $1 AND p.to_pos = 9223372036854775807) AND s.item = $2;

-- name: sight_log_next
SELECT COALESCE(MAX(id), 0) + 1 FROM access_log;
-- name: sight_log_add
INSERT INTO access_log (id, at_us, account, address, plan, path, how)
VALUES ($1, $2, $3, $4, COALESCE((SELECT p.slug FROM plan p WHERE p.id = $5 ORDER BY p.from_pos DESC LIMIT 1), ''), $6, $7);
-- name: sight_log_forget
DELETE FROM access_log WHERE at_us < $1;
-- name: sight_log
SELECT id, at_us, account, address, plan, path, how FROM access_log
 WHERE id < $1 AND (CAST($2 AS TEXT) IS NULL OR account = $2) AND (CAST($3 AS TEXT) IS NULL OR plan = $3)
   AND (CAST($4 AS TEXT) IS NULL OR path = $4 OR substr(path, 1, length($4) + 1) IN ($4 || '.', $4 || '-'))
   AND (CAST($5 AS BIGINT) IS NULL OR at_us >= $5) AND (CAST($6 AS BIGINT) IS NULL OR at_us < $6)
 ORDER BY id DESC LIMIT $7;
