-- What is a body's in the ledger.

-- name: history_items
SELECT 'plans/' || p.slug || '/' || x.path AS word
  FROM (SELECT plan, item AS path FROM plan_body
         WHERE org = $1 AND role IN ('lead', 'coordinating') AND item NOT LIKE '% %' AND to_pos = 9223372036854775807
        UNION SELECT b.plan, t.path FROM plan_body b JOIN target t ON t.plan = b.plan AND 'target ' || t.key = b.item AND t.to_pos = 9223372036854775807
         WHERE b.org = $1 AND b.role IN ('lead', 'coordinating') AND b.to_pos = 9223372036854775807
        UNION SELECT plan, path FROM duty WHERE org = $1 AND to_pos = 9223372036854775807) x
  JOIN plan p ON p.id = x.plan AND p.to_pos = 9223372036854775807
 ORDER BY word LIMIT 5000;

-- name: history_roles
SELECT account AS word, from_pos AS above, to_pos AS below, valid_from, valid_to FROM account_role WHERE org = $1
 ORDER BY account, from_pos LIMIT 5000;

-- name: history_body
SELECT CASE WHEN EXISTS (SELECT 1 FROM org WHERE code = $1) OR EXISTS (SELECT 1 FROM org_group WHERE code = $1) THEN 1 ELSE 0 END;

-- An account as it stood at a position.
-- name: history_account
SELECT name, full_name, email, disabled FROM account WHERE name = $1 AND from_pos <= $2 AND to_pos > $2;
-- name: history_account_roles
SELECT account, role, org, valid_from, valid_to FROM account_role WHERE account = $1 AND from_pos <= $2 AND to_pos > $2
 ORDER BY role, org;
