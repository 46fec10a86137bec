-- One clause with what belongs to it. Whether a reader may see it is asked of the clause; the rest is read after that.

-- name: clause_of
SELECT key, ordinal, kind, title, text, line FROM clause WHERE plan = $1 AND key = $2 AND from_pos <= $3 AND to_pos > $3
   AND {open_to clause.plan clause.key $4};

-- name: clause_task
SELECT key, ordinal, programme, title, text, product, objective, directions, results, schedule_text, schedule_kind, start_day,
       due_day, line FROM task WHERE plan = $1 AND key = $2 AND from_pos <= $3 AND to_pos > $3;

-- name: clause_phases
SELECT key, task, ordinal, text, kind, start_day, due_day FROM task_phase
 WHERE plan = $1 AND task = $2 AND from_pos <= $3 AND to_pos > $3 ORDER BY ordinal LIMIT 100000;

-- name: clause_bodies
SELECT key, item, role, ordinal, name, org FROM plan_body
 WHERE plan = $1 AND item = $2 AND from_pos <= $3 AND to_pos > $3 ORDER BY role, ordinal LIMIT 100000;

-- name: clause_targets
SELECT key, ordinal, path, text, subject, measure, comparator, low, high, unit, per, by_year, baseline, line FROM target
 WHERE plan = $1 AND path = $2 AND from_pos <= $3 AND to_pos > $3 ORDER BY ordinal LIMIT 100000;

-- A key begins with its path and "#": SQLite would walk the whole plan in its order otherwise.
-- name: clause_duties
SELECT key, ordinal, path, body, org, text, schedule_text, schedule_kind, start_day, due_day, receiver, line FROM duty
 WHERE plan = $1 AND key > $2 || '#' AND key < $2 || '$' AND path = $2 AND from_pos <= $3 AND to_pos > $3
 ORDER BY ordinal + 0 LIMIT 100000;

-- name: clause_findings
SELECT key, ordinal, rule, path, severity, message, message_en, other, line FROM finding f
 WHERE plan = $1 AND path = $2 AND from_pos <= $3 AND to_pos > $3 AND {finding_open_to f $4} ORDER BY ordinal + 0 LIMIT 100000;
