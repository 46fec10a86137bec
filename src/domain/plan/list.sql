-- Pages of the items of all plans or of one, as known at a position ($2), behind a cursor, a page at a time. A filter that is
-- NULL does not count. Plans from $6 to $7. The order is (plan, ordinal), or by deadline where the deadline is asked for.
-- SQLite chooses an index without knowing the rows: "x + 0" and COALESCE keep it from one that leads nowhere.

-- Columns that a page shows are read only if $13 is 1; counting reads the rest.
-- part: task_columns
t.plan AS plan_id, t.key AS path, t.ordinal, t.title, t.schedule_kind, t.due_day,
       CASE WHEN CAST($13 AS BIGINT) = 1 THEN t.text END AS text, CASE WHEN CAST($13 AS BIGINT) = 1 THEN t.product END AS product,
       CASE WHEN CAST($13 AS BIGINT) = 1 THEN t.objective END AS objective,
       CASE WHEN CAST($13 AS BIGINT) = 1 THEN t.directions END AS directions,
       CASE WHEN CAST($13 AS BIGINT) = 1 THEN t.results END AS results,
       CASE WHEN CAST($13 AS BIGINT) = 1 THEN t.schedule_text END AS schedule_text, t.start_day, t.line,
       CASE WHEN CAST($13 AS BIGINT) = 1 THEN (SELECT count(*) FROM finding f WHERE f.plan = t.plan AND f.path = t.key
         AND f.severity = 'error' AND f.from_pos <= $2 AND f.to_pos > $2 AND {finding_open_to f $16}) END AS errors,
       CASE WHEN CAST($13 AS BIGINT) = 1 THEN (SELECT count(*) FROM finding f WHERE f.plan = t.plan AND f.path = t.key
         AND f.severity = 'warning' AND f.from_pos <= $2 AND f.to_pos > $2 AND {finding_open_to f $16}) END AS warnings;

-- $10 and $11: the first and the last day a deadline may stand on; $12: 'periodic', 'missing', 'dated'. $16: what the reader sees.
-- part: task_fits
t.from_pos <= $2 AND t.to_pos > $2
   AND (CAST($3 AS TEXT) IS NULL OR t.schedule_kind = $3)
   AND (CAST($8 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM plan_body b WHERE b.plan = t.plan AND b.item = t.key AND b.role = $9
        AND COALESCE(b.org, '') = $8 AND b.from_pos <= $2 AND b.to_pos > $2))
   AND (CAST($10 AS TEXT) IS NULL OR t.due_day >= $10)
   AND (CAST($11 AS TEXT) IS NULL OR t.due_day <= $11)
   AND (CAST($12 AS TEXT) IS NULL
        OR ($12 = 'periodic' AND t.schedule_kind IN ('continuous', 'yearly', 'half_yearly', 'quarterly', 'monthly'))
        OR (t.schedule_kind NOT IN ('continuous', 'yearly', 'half_yearly', 'quarterly', 'monthly')
            AND (($12 = 'missing' AND t.due_day IS NULL) OR ($12 = 'dated' AND t.due_day IS NOT NULL))))
   AND (CAST($14 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM finding f WHERE f.plan = t.plan AND f.path = t.key
        AND f.from_pos <= $2 AND f.to_pos > $2 AND (f.severity = 'error' OR f.severity = $14) AND {finding_open_to f $16}))
   AND {open_to t.plan t.key $16};

-- name: list_task
SELECT {task_columns} FROM task t
 WHERE t.programme = $1 AND (t.plan, t.ordinal) > ($4, $5) AND t.plan <= $7 AND {task_fits} AND CAST($6 AS BIGINT) IS NOT NULL
 ORDER BY t.plan, t.ordinal LIMIT $15;

-- name: list_task_of_kind
SELECT {task_columns} FROM task t
 WHERE t.programme = $1 AND t.schedule_kind = $3 AND (t.plan, t.ordinal) > ($4, $5) AND t.plan <= $7 AND {task_fits}
   AND CAST($6 AS BIGINT) IS NOT NULL
 ORDER BY t.plan, t.ordinal LIMIT $15;

-- $17: the day the cursor stands at.
-- name: list_task_by_due
SELECT {task_columns} FROM task t
 WHERE t.programme = $1 AND {task_fits} AND (t.due_day, t.plan, t.ordinal) > ($17, $4, $5) AND t.due_day <= $18 AND t.plan >= $6 AND t.plan <= $7
 ORDER BY t.due_day, t.plan, t.ordinal LIMIT $15;

-- What a body has is gathered first and sorted then. $19 is 1: by deadline.
-- name: list_task_of_body
SELECT {task_columns}
  FROM (SELECT DISTINCT plan, item FROM plan_body WHERE org = $8 AND role = $9 AND plan >= $6 AND plan <= $7 AND from_pos <= $2
           AND to_pos > $2) own
  JOIN task t ON t.plan = own.plan AND t.key = own.item
 WHERE t.programme + 0 = $1 AND {task_fits} AND (CAST($18 AS TEXT) IS NULL OR t.due_day <= $18)
   AND (CASE WHEN CAST($19 AS BIGINT) = 1 THEN t.due_day ELSE '' END, t.plan, t.ordinal) > ($17, $4, $5)
 ORDER BY CASE WHEN CAST($19 AS BIGINT) = 1 THEN t.due_day ELSE '' END, t.plan, t.ordinal LIMIT $15;

-- name: list_task_one
SELECT t.plan AS plan_id, t.key AS path, t.ordinal, t.title, t.schedule_kind, t.due_day, t.text, t.product, t.objective, t.directions,
       t.results, t.schedule_text, t.start_day, t.line,
       (SELECT count(*) FROM finding f WHERE f.plan = t.plan AND f.path = t.key AND f.severity = 'error'
           AND f.from_pos <= $3 AND f.to_pos > $3 AND {finding_open_to f $5}) AS errors,
       (SELECT count(*) FROM finding f WHERE f.plan = t.plan AND f.path = t.key AND f.severity = 'warning'
           AND f.from_pos <= $3 AND f.to_pos > $3 AND {finding_open_to f $5}) AS warnings
  FROM task t WHERE t.plan = $1 AND t.key = $2 AND t.programme = $4 AND t.from_pos <= $3 AND t.to_pos > $3
   AND {open_to t.plan t.key $5};

-- The bodies of many items at once: $1 is ["plan item", …] as JSON, `nth` counts from 0 in it. To take a text apart costs
-- SQLite less than a list in a list.
-- name: list_bodies (sqlite)
SELECT j.key AS nth, b.role, b.name, b.org FROM json_each($1) j
 CROSS JOIN plan_body b ON b.plan = CAST(j.value AS BIGINT) AND b.item = substr(j.value, instr(j.value, ' ') + 1)
 WHERE b.from_pos <= $2 AND b.to_pos > $2 ORDER BY j.key, b.role, b.ordinal;
-- name: list_bodies (postgres)
SELECT j.n - 1 AS nth, b.role, b.name, b.org FROM json_array_elements_text(CAST($1 AS JSON)) WITH ORDINALITY AS j(value, n)
  JOIN plan_body b ON b.plan = CAST(split_part(j.value, ' ', 1) AS BIGINT) AND b.item = substr(j.value, strpos(j.value, ' ') + 1)
 WHERE b.from_pos <= $2 AND b.to_pos > $2 ORDER BY j.n, b.role, b.ordinal;

-- name: list_phases (sqlite)
SELECT j.key AS nth, h.text, h.kind, h.start_day, h.due_day FROM json_each($1) j
 CROSS JOIN task_phase h ON h.plan = CAST(j.value AS BIGINT) AND h.task = substr(j.value, instr(j.value, ' ') + 1)
 WHERE h.from_pos <= $2 AND h.to_pos > $2 ORDER BY j.key, h.ordinal;
-- name: list_phases (postgres)
SELECT j.n - 1 AS nth, h.text, h.kind, h.start_day, h.due_day FROM json_array_elements_text(CAST($1 AS JSON)) WITH ORDINALITY AS j(value, n)
  JOIN task_phase h ON h.plan = CAST(split_part(j.value, ' ', 1) AS BIGINT) AND h.task = substr(j.value, strpos(j.value, ' ') + 1)
 WHERE h.from_pos <= $2 AND h.to_pos > $2 ORDER BY j.n, h.ordinal;

-- Targets: $6 a path, and what stands under it.
-- part: target_columns
t.plan AS plan_id, t.key, t.ordinal, t.path, t.text, t.subject, t.measure, t.comparator, t.low, t.high, t.unit, t.per, t.by_year,
       t.baseline, t.line;

-- name: list_target
SELECT {target_columns} FROM target t
 WHERE (t.plan, t.ordinal) > ($2, $3) AND t.plan >= CAST($4 AS BIGINT) AND t.plan <= $5 AND t.from_pos <= $1 AND t.to_pos > $1
   AND (CAST($6 AS TEXT) IS NULL OR t.path = $6 OR substr(t.path, 1, length($6) + 1) IN ($6 || '.', $6 || '-'))
   AND (CAST($7 AS TEXT) IS NULL OR t.measure = $7)
   AND (CAST($8 AS TEXT) IS NULL OR t.by_year = $8)
   AND (CAST($9 AS TEXT) IS NULL OR t.unit = $9) AND {open_to t.plan t.path $11}
 ORDER BY t.plan, t.ordinal LIMIT $10;

-- name: list_target_one
SELECT {target_columns} FROM target t WHERE t.plan = $1 AND t.key = $2 AND t.from_pos <= $3 AND t.to_pos > $3
   AND {open_to t.plan t.path $4};

-- name: list_target_on_path
SELECT {target_columns} FROM target t WHERE t.plan = $1 AND t.path = $2 AND t.from_pos <= $3 AND t.to_pos > $3
   AND {open_to t.plan t.path $4}
 ORDER BY t.ordinal LIMIT 1000;

-- Targets of clauses that are found to contradict this one.
-- name: list_target_against
SELECT {target_columns} FROM target t
 WHERE t.plan = $1 AND t.path IN (
       SELECT f.other FROM finding f WHERE f.plan = $1 AND f.path = $2 AND COALESCE(f.rule, '') = 'target_conflict'
          AND f.from_pos <= $3 AND f.to_pos > $3 AND {finding_open_to f $4}
       UNION SELECT f.path FROM finding f WHERE f.plan = $1 AND f.other = $2 AND COALESCE(f.rule, '') = 'target_conflict'
          AND f.from_pos <= $3 AND f.to_pos > $3 AND {finding_open_to f $4})
   AND t.from_pos <= $3 AND t.to_pos > $3 AND {open_to t.plan t.path $4}
 ORDER BY t.ordinal + 0 LIMIT 1000;

-- The indicator of each of many targets: $1 as above, with the target's name in addresses for its item, which is the key of
-- its goal.
-- name: list_target_indicators (sqlite)
SELECT j.key AS nth, g.indicator FROM json_each($1) j
 CROSS JOIN goal g ON g.owner = 0 AND g.key = substr(j.value, instr(j.value, ' ') + 1)
 WHERE g.from_pos <= $2 AND g.to_pos > $2 ORDER BY j.key;
-- name: list_target_indicators (postgres)
SELECT j.n - 1 AS nth, g.indicator FROM json_array_elements_text(CAST($1 AS JSON)) WITH ORDINALITY AS j(value, n)
  JOIN goal g ON g.owner = 0 AND g.key = substr(j.value, strpos(j.value, ' ') + 1)
 WHERE g.from_pos <= $2 AND g.to_pos > $2 ORDER BY j.n;

-- name: list_indicators_on
SELECT i.key AS code, i.name, i.name_en, i.unit FROM indicator_link l
  JOIN indicator i ON i.owner = 0 AND i.key = l.indicator AND i.from_pos <= $3 AND i.to_pos > $3
 WHERE l.plan = $1 AND l.path = $2 AND l.from_pos <= $3 AND l.to_pos > $3 ORDER BY i.key LIMIT 1000;

-- What the first few thousand of them are counted in.
-- name: list_units
SELECT DISTINCT unit AS word FROM (SELECT unit FROM target x WHERE unit IS NOT NULL AND from_pos <= $1 AND to_pos > $1 AND {open_to x.plan x.path $2}
   LIMIT 5000) t
 ORDER BY unit LIMIT 300;
-- name: list_years
SELECT DISTINCT by_year AS word FROM (SELECT by_year FROM target x WHERE by_year IS NOT NULL AND from_pos <= $1 AND to_pos > $1 AND {open_to x.plan x.path $2}
   LIMIT 5000) t
 ORDER BY by_year LIMIT 300;

-- part: duty_columns
d.plan AS plan_id, d.ordinal, d.path, d.body, d.org, d.text, d.schedule_text, d.schedule_kind, d.start_day, d.due_day, d.receiver, d.line;
-- part: duty_fits
(d.plan, d.ordinal) > ($2, $3) AND d.plan >= CAST($4 AS BIGINT) AND d.plan <= $5 AND d.from_pos <= $1 AND d.to_pos > $1
   AND (CAST($6 AS TEXT) IS NULL OR d.schedule_kind = $6) AND {open_to d.plan d.path $8};

-- name: list_duty
SELECT {duty_columns} FROM duty d WHERE {duty_fits} ORDER BY d.plan, d.ordinal LIMIT $7;
-- name: list_duty_of_body
SELECT {duty_columns} FROM duty d WHERE d.org = $9 AND {duty_fits} ORDER BY d.plan, d.ordinal LIMIT $7;

-- part: finding_columns
f.plan AS plan_id, f.ordinal, f.rule, f.path, f.severity, f.message, f.message_en, f.other, f.line;
-- part: finding_fits
(f.plan, f.ordinal) > ($2, $3) AND f.plan >= CAST($4 AS BIGINT) AND f.plan <= $5 AND f.from_pos <= $1 AND f.to_pos > $1
   AND (CAST($6 AS TEXT) IS NULL OR f.rule = $6) AND (CAST($7 AS TEXT) IS NULL OR f.severity = $7)
   AND {finding_open_to f $9};

-- name: list_finding
SELECT {finding_columns} FROM finding f WHERE {finding_fits} ORDER BY f.plan, f.ordinal LIMIT $8;
-- name: list_finding_of_rule
SELECT {finding_columns} FROM finding f WHERE f.rule = $6 AND {finding_fits} ORDER BY f.plan, f.ordinal LIMIT $8;
-- name: list_finding_of_severity
SELECT {finding_columns} FROM finding f WHERE f.severity = $7 AND {finding_fits} ORDER BY f.plan, f.ordinal LIMIT $8;

-- What is found about one clause, and where it is the other one of a contradiction.
-- name: list_finding_on_path
SELECT {finding_columns}
  FROM (SELECT * FROM finding a WHERE a.plan = $1 AND a.path = $2 AND a.from_pos <= $3 AND a.to_pos > $3
        UNION ALL SELECT * FROM finding b WHERE b.plan = $1 AND b.other = $2 AND b.path <> $2 AND b.from_pos <= $3 AND b.to_pos > $3) f
 WHERE {finding_open_to f $4}
 ORDER BY CASE f.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, f.ordinal LIMIT 1000;

-- name: list_clause
SELECT c.ordinal, c.key AS path, c.kind, c.title, c.text, c.line FROM clause c
 WHERE c.plan = $2 AND c.ordinal > $3 AND c.from_pos <= $1 AND c.to_pos > $1 AND {open_to c.plan c.key $5}
 ORDER BY c.ordinal LIMIT $4;

-- name: list_plan_slug
SELECT slug AS word FROM plan WHERE id = $1 AND from_pos <= $2 AND to_pos > $2;
-- name: list_plans
SELECT slug AS code, title AS name FROM plan WHERE from_pos <= $1 AND to_pos > $1 AND {open_to plan.id '' $2} ORDER BY slug LIMIT 300;

-- Is a body's code known, in the catalogue or in a plan?
-- name: list_body_known
SELECT CASE WHEN EXISTS (SELECT 1 FROM org WHERE code = $1) OR EXISTS (SELECT 1 FROM org_group WHERE code = $1)
              OR EXISTS (SELECT 1 FROM plan_body b WHERE b.org = $1 AND {open_to b.plan b.item $2})
              OR EXISTS (SELECT 1 FROM duty d WHERE d.org = $1 AND {open_to d.plan d.path $2}) THEN 1 ELSE 0 END;

-- What the catalogue calls a body; NULL if it has no name there that says more than its code.
-- part: name_in_catalogue
NULLIF(COALESCE((SELECT name FROM org WHERE code = o.org AND from_pos <= $1 AND to_pos > $1),
                (SELECT name FROM org_group WHERE code = o.org AND from_pos <= $1 AND to_pos > $1)), o.org);

-- The bodies that have a part in some task, found from one to the next along the index.
-- name: list_task_bodies
WITH RECURSIVE o(org) AS (
  SELECT MIN(org) FROM plan_body
  UNION ALL SELECT (SELECT MIN(b.org) FROM plan_body b WHERE b.org > o.org) FROM o WHERE o.org IS NOT NULL)
SELECT o.org AS code, COALESCE({name_in_catalogue},
       (SELECT b.name FROM plan_body b WHERE b.org = o.org AND b.from_pos <= $1 AND b.to_pos > $1 AND {open_to b.plan b.item $2} LIMIT 1), o.org) AS name
  FROM o WHERE o.org IS NOT NULL
   AND (NOT EXISTS (SELECT 1 FROM shut) OR EXISTS (SELECT 1 FROM plan_body b WHERE b.org = o.org AND {open_to b.plan b.item $2})) LIMIT 500;
-- name: list_duty_bodies
WITH RECURSIVE o(org) AS (
  SELECT MIN(org) FROM duty
  UNION ALL SELECT (SELECT MIN(d.org) FROM duty d WHERE d.org > o.org) FROM o WHERE o.org IS NOT NULL)
SELECT o.org AS code, COALESCE({name_in_catalogue},
       (SELECT d.body FROM duty d WHERE d.org = o.org AND d.from_pos <= $1 AND d.to_pos > $1 AND {open_to d.plan d.path $2} LIMIT 1), o.org) AS name
  FROM o WHERE o.org IS NOT NULL
   AND (NOT EXISTS (SELECT 1 FROM shut) OR EXISTS (SELECT 1 FROM duty d WHERE d.org = o.org AND {open_to d.plan d.path $2})) LIMIT 500;

-- name: list_body_any
SELECT CASE WHEN EXISTS (SELECT 1 FROM org WHERE from_pos <= $1 AND to_pos > $1) THEN 1 ELSE 0 END;

-- name: list_body_name
SELECT name AS word FROM org WHERE code = $1 AND from_pos <= $2 AND to_pos > $2
UNION ALL SELECT name FROM org_group WHERE code = $1 AND from_pos <= $2 AND to_pos > $2 LIMIT 1;
