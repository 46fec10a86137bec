-- name: plan_by_slug
SELECT id, slug, title, number, issuer, year_from, year_to, year_vision, source, source_name, from_pos AS position
  FROM plan WHERE slug = $1 AND from_pos <= $2 AND to_pos > $2 AND {open_to plan.id '' $3};

-- name: plan_all
SELECT id, slug, title, number, issuer, year_from, year_to, year_vision, source, source_name, from_pos AS position
  FROM plan WHERE from_pos <= $1 AND to_pos > $1 AND {open_to plan.id '' $2} ORDER BY slug LIMIT 1000;

-- name: plan_counts
SELECT (SELECT count(*) FROM clause WHERE plan = $1 AND from_pos <= $2 AND to_pos > $2
           AND {open_to clause.plan clause.key $3}) AS clauses,
       (SELECT count(*) FROM task WHERE plan = $1 AND programme = 0 AND from_pos <= $2 AND to_pos > $2
           AND {open_to task.plan task.key $3}) AS tasks,
       (SELECT count(*) FROM task WHERE plan = $1 AND programme = 1 AND from_pos <= $2 AND to_pos > $2
           AND {open_to task.plan task.key $3}) AS programmes,
       (SELECT count(*) FROM target WHERE plan = $1 AND from_pos <= $2 AND to_pos > $2
           AND {open_to target.plan target.path $3}) AS targets,
       (SELECT count(*) FROM duty WHERE plan = $1 AND from_pos <= $2 AND to_pos > $2
           AND {open_to duty.plan duty.path $3}) AS duties,
       (SELECT count(*) FROM finding f WHERE plan = $1 AND from_pos <= $2 AND to_pos > $2
           AND {finding_open_to f $3}) AS findings;

-- name: plan_next_id
SELECT COALESCE(MAX(id), 0) + 1 FROM plan;

-- name: plan_close
UPDATE plan SET to_pos = $2 WHERE id = $1 AND to_pos = 9223372036854775807;

-- name: plan_insert
INSERT INTO plan (id, slug, title, number, issuer, year_from, year_to, year_vision, source, source_name, from_pos, to_pos)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 9223372036854775807);

-- name: clause_current
SELECT key, ordinal, kind, title, text, line FROM clause WHERE plan = $1 AND to_pos = 9223372036854775807;
-- name: clause_at
SELECT key, ordinal, kind, title, text, line FROM clause
 WHERE plan = $1 AND from_pos <= $2 AND to_pos > $2
   AND {open_to clause.plan clause.key $3} ORDER BY ordinal LIMIT 100000;
-- name: clause_close
UPDATE clause SET to_pos = $3 WHERE plan = $1 AND key = $2 AND to_pos = 9223372036854775807;
-- name: clause_insert
INSERT INTO clause (plan, from_pos, to_pos, key, ordinal, kind, title, text, line) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: task_current
SELECT key, ordinal, programme, title, text, product, objective, directions, results, schedule_text, schedule_kind, start_day,
       due_day, line FROM task WHERE plan = $1 AND to_pos = 9223372036854775807;
-- name: task_at
SELECT key, ordinal, programme, title, text, product, objective, directions, results, schedule_text, schedule_kind, start_day,
       due_day, line FROM task WHERE plan = $1 AND from_pos <= $2 AND to_pos > $2
   AND {open_to task.plan task.key $3} ORDER BY ordinal LIMIT 100000;
-- name: task_close
UPDATE task SET to_pos = $3 WHERE plan = $1 AND key = $2 AND to_pos = 9223372036854775807;
-- name: task_insert
INSERT INTO task (plan, from_pos, to_pos, key, ordinal, programme, title, text, product, objective, directions, results,
       schedule_text, schedule_kind, start_day, due_day, line)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: task_phase_current
SELECT key, task, ordinal, text, kind, start_day, due_day FROM task_phase WHERE plan = $1 AND to_pos = 9223372036854775807;
-- name: task_phase_at
SELECT key, task, ordinal, text, kind, start_day, due_day FROM task_phase
 WHERE plan = $1 AND from_pos <= $2 AND to_pos > $2 ORDER BY task, ordinal LIMIT 100000;
-- name: task_phase_close
UPDATE task_phase SET to_pos = $3 WHERE plan = $1 AND key = $2 AND to_pos = 9223372036854775807;
-- name: task_phase_insert
INSERT INTO task_phase (plan, from_pos, to_pos, key, task, ordinal, text, kind, start_day, due_day)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: plan_body_current
SELECT key, item, role, ordinal, name, org FROM plan_body WHERE plan = $1 AND to_pos = 9223372036854775807;
-- name: plan_body_at
SELECT key, item, role, ordinal, name, org FROM plan_body
 WHERE plan = $1 AND from_pos <= $2 AND to_pos > $2 ORDER BY item, role, ordinal LIMIT 1000000;
-- name: plan_body_close
UPDATE plan_body SET to_pos = $3 WHERE plan = $1 AND key = $2 AND to_pos = 9223372036854775807;
-- name: plan_body_insert
INSERT INTO plan_body (plan, from_pos, to_pos, key, item, role, ordinal, name, org) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: target_current
SELECT key, ordinal, path, text, subject, measure, comparator, low, high, unit, per, by_year, baseline, line FROM target
 WHERE plan = $1 AND to_pos = 9223372036854775807;
-- name: target_at
SELECT key, ordinal, path, text, subject, measure, comparator, low, high, unit, per, by_year, baseline, line FROM target
 WHERE plan = $1 AND from_pos <= $2 AND to_pos > $2
   AND {open_to target.plan target.path $3} ORDER BY ordinal LIMIT 100000;
-- name: target_close
UPDATE target SET to_pos = $3 WHERE plan = $1 AND key = $2 AND to_pos = 9223372036854775807;
-- name: target_insert
INSERT INTO target (plan, from_pos, to_pos, key, ordinal, path, text, subject, measure, comparator, low, high, unit, per, by_year,
       baseline, line)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: duty_current
SELECT key, ordinal, path, body, org, text, schedule_text, schedule_kind, start_day, due_day, receiver, line FROM duty
 WHERE plan = $1 AND to_pos = 9223372036854775807;
-- name: duty_at
SELECT key, ordinal, path, body, org, text, schedule_text, schedule_kind, start_day, due_day, receiver, line FROM duty
 WHERE plan = $1 AND from_pos <= $2 AND to_pos > $2
   AND {open_to duty.plan duty.path $3} ORDER BY ordinal LIMIT 100000;
-- name: duty_close
UPDATE duty SET to_pos = $3 WHERE plan = $1 AND key = $2 AND to_pos = 9223372036854775807;
-- name: duty_insert
INSERT INTO duty (plan, from_pos, to_pos, key, ordinal, path, body, org, text, schedule_text, schedule_kind, start_day, due_day,
       receiver, line)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: finding_current
SELECT key, ordinal, rule, path, severity, message, message_en, other, line FROM finding WHERE plan = $1 AND to_pos = 9223372036854775807;
-- name: finding_at
SELECT key, ordinal, rule, path, severity, message, message_en, other, line FROM finding f
 WHERE plan = $1 AND from_pos <= $2 AND to_pos > $2 AND {finding_open_to f $3} ORDER BY ordinal LIMIT 100000;
-- name: finding_close
UPDATE finding SET to_pos = $3 WHERE plan = $1 AND key = $2 AND to_pos = 9223372036854775807;
-- name: finding_insert
INSERT INTO finding (plan, from_pos, to_pos, key, ordinal, rule, path, severity, message, message_en, other, line)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- The paths of what an approval changed.
-- part: touched
plan = $1 AND (from_pos = $2 OR to_pos = $2);
-- name: plan_touched
SELECT key AS path FROM clause WHERE {touched} UNION SELECT key FROM task WHERE {touched} UNION SELECT task FROM task_phase WHERE {touched}
 UNION SELECT path FROM target WHERE {touched} UNION SELECT path FROM duty WHERE {touched}
 UNION SELECT item FROM plan_body WHERE {touched} AND item NOT LIKE '% %' ORDER BY path;
