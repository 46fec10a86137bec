-- What bodies owe, as known at a position. plan_body_by_org finds a body's parts; what they are parts of is found by its key.

-- name: owed_tasks
SELECT p.id AS plan_id, p.slug AS plan, p.title AS plan_title, b.role, t.key AS path, t.programme, t.title, t.schedule_text,
       t.schedule_kind, t.due_day AS due, t.ordinal, l.name AS lead, l.org AS lead_org
  FROM plan_body b
  JOIN plan p ON p.id = b.plan AND p.from_pos <= $2 AND p.to_pos > $2
  JOIN task t ON t.plan = b.plan AND t.key = b.item AND t.from_pos <= $2 AND t.to_pos > $2
  LEFT JOIN plan_body l ON l.plan = b.plan AND l.key = b.item || ' lead#1' AND l.from_pos <= $2 AND l.to_pos > $2
 WHERE b.org = $1 AND b.from_pos <= $2 AND b.to_pos > $2 AND {open_to b.plan b.item $3} LIMIT 100000;

-- name: owed_duties
SELECT p.id AS plan_id, p.slug AS plan, p.title AS plan_title, b.role, d.path, d.text AS title, d.schedule_text, d.schedule_kind,
       d.due_day AS due, d.ordinal, d.body AS lead, d.org AS lead_org
  FROM plan_body b
  JOIN plan p ON p.id = b.plan AND p.from_pos <= $2 AND p.to_pos > $2
  JOIN duty d ON d.plan = b.plan AND d.key = substr(b.item, 6) AND d.from_pos <= $2 AND d.to_pos > $2
 WHERE b.org = $1 AND b.role IN ('duty', 'receiver') AND b.from_pos <= $2 AND b.to_pos > $2
   AND {open_to d.plan d.path $3} LIMIT 100000;

-- Targets that a body watches.
-- name: owed_watched
SELECT p.id AS plan_id, p.slug AS plan, p.title AS plan_title, b.role, t.path, t.key, t.subject AS title, t.measure, t.comparator, t.low, t.high, t.unit,
       t.per, t.by_year, t.ordinal
  FROM plan_body b
  JOIN plan p ON p.id = b.plan AND p.from_pos <= $2 AND p.to_pos > $2
  JOIN target t ON t.plan = b.plan AND t.key = substr(b.item, 8) AND t.from_pos <= $2 AND t.to_pos > $2
 WHERE b.org = $1 AND b.role = 'monitor' AND substr(b.item, 1, 7) = 'target ' AND b.from_pos <= $2 AND b.to_pos > $2
   AND {open_to t.plan t.path $3} LIMIT 100000;

-- Targets in the clause of a task that a body leads, or below it. A target's key begins with its path.
-- name: owed_targets
SELECT p.id AS plan_id, p.slug AS plan, p.title AS plan_title, 'lead' AS role, t.path, t.key, t.subject AS title, t.measure, t.comparator, t.low,
       t.high, t.unit, t.per, t.by_year, t.ordinal
  FROM plan_body b
  JOIN plan p ON p.id = b.plan AND p.from_pos <= $2 AND p.to_pos > $2
  JOIN target t ON t.plan = b.plan AND t.key >= b.item AND t.key < b.item || '~' AND t.from_pos <= $2 AND t.to_pos > $2
   AND (t.path = b.item OR substr(t.path, 1, length(b.item) + 1) IN (b.item || '-', b.item || '.'))
 WHERE b.org = $1 AND b.role = 'lead' AND b.from_pos <= $2 AND b.to_pos > $2
   AND {open_to b.plan b.item $3} AND {open_to t.plan t.path $3} LIMIT 100000;

-- Tasks and programmes of every plan.
-- name: owed_total
SELECT count(*) FROM task t JOIN plan p ON p.id = t.plan AND p.from_pos <= $1 AND p.to_pos > $1
 WHERE t.from_pos <= $1 AND t.to_pos > $1 AND {open_to t.plan t.key $2};

-- Every body and group that a plan names, with its parts counted. $2: the day; $3: the last day that is near.
-- name: owed_counts
SELECT org AS code,
       SUM(CASE WHEN role = 'lead' THEN 1 ELSE 0 END) AS leads,
       SUM(CASE WHEN role = 'coordinating' THEN 1 ELSE 0 END) AS coordinates,
       SUM(CASE WHEN role = 'monitor' THEN 1 ELSE 0 END) AS monitors,
       SUM(CASE WHEN role = 'duty' THEN 1 ELSE 0 END) AS duties,
       SUM(CASE WHEN role = 'lead' AND due < $2 THEN 1 ELSE 0 END) AS past,
       SUM(CASE WHEN role = 'lead' AND due >= $2 AND due <= $3 THEN 1 ELSE 0 END) AS soon,
       MIN(CASE WHEN role = 'lead' AND due >= $2 THEN due END) AS next_due
  FROM (SELECT DISTINCT b.org, b.role, b.plan, b.item,
               CASE WHEN t.schedule_kind IN ('continuous', 'yearly', 'half_yearly', 'quarterly', 'monthly') THEN NULL
                    ELSE t.due_day END AS due
          FROM plan_body b
          JOIN plan p ON p.id = b.plan AND p.from_pos <= $1 AND p.to_pos > $1
          LEFT JOIN task t ON t.plan = b.plan AND t.key = b.item AND t.from_pos <= $1 AND t.to_pos > $1
         WHERE b.org IS NOT NULL AND b.role <> 'receiver' AND b.from_pos <= $1 AND b.to_pos > $1
           AND {open_to b.plan b.item $4}) parts
 GROUP BY org ORDER BY org;

-- What is laid on groups, and who is named beside them: for what a body owes as a member.
-- name: owed_shared
SELECT DISTINCT b.org AS code, b.plan, b.item
  FROM plan_body b
  JOIN plan p ON p.id = b.plan AND p.from_pos <= $1 AND p.to_pos > $1
 WHERE b.org IS NOT NULL AND b.role <> 'receiver' AND b.from_pos <= $1 AND b.to_pos > $1 AND {open_to b.plan b.item $2}
 ORDER BY b.plan, b.item, code;

-- How the plans write a body's name.
-- name: owed_names
SELECT DISTINCT name FROM plan_body b WHERE org = $1 AND from_pos <= $2 AND to_pos > $2 AND {open_to b.plan b.item $3} ORDER BY name LIMIT 1000;

-- Names that no catalogue knew when the plan was approved.
-- name: owed_unknown
SELECT b.name, p.id AS plan_id, p.slug AS plan, p.title AS plan_title, b.role, b.item AS path
  FROM plan_body b
  JOIN plan p ON p.id = b.plan AND p.from_pos <= $1 AND p.to_pos > $1
 WHERE b.org IS NULL AND b.from_pos <= $1 AND b.to_pos > $1 AND {open_to b.plan b.item $2} ORDER BY b.name, p.slug, b.item LIMIT 10000;
