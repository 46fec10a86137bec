-- Accounts and what shows that somebody is who they say.

-- name: account_get
SELECT name, full_name, email, disabled,
       (SELECT count(*) FROM account_secret s WHERE s.account = name) AS has_password
  FROM account WHERE name = $1 AND to_pos = 9223372036854775807;
-- name: account_all
SELECT name, full_name, email, disabled,
       (SELECT count(*) FROM account_secret s WHERE s.account = name) AS has_password
  FROM account WHERE to_pos = 9223372036854775807 ORDER BY name;
-- name: account_add
INSERT INTO account (name, full_name, email, disabled, from_pos, to_pos) VALUES ($1, $2, $3, $4, $5, 9223372036854775807);
-- name: account_close
UPDATE account SET to_pos = $2 WHERE name = $1 AND to_pos = 9223372036854775807;

-- name: account_role_of
SELECT account, role, org, valid_from, valid_to FROM account_role
 WHERE account = $1 AND to_pos = 9223372036854775807 ORDER BY role, org;
-- name: account_role_all
SELECT account, role, org, valid_from, valid_to FROM account_role
 WHERE to_pos = 9223372036854775807 ORDER BY account, role, org;
-- name: account_role_add
INSERT INTO account_role (account, role, org, valid_from, valid_to, from_pos, to_pos)
VALUES ($1, $2, $3, $4, $5, $6, 9223372036854775807);
-- name: account_role_close
UPDATE account_role SET to_pos = $4 WHERE account = $1 AND role = $2 AND org = $3 AND to_pos = 9223372036854775807;

-- name: access_org
SELECT count(*) FROM org WHERE code = $1 AND to_pos = 9223372036854775807;

-- name: password_kept
SELECT s.password FROM account_secret s
  JOIN account a ON a.name = s.account AND a.to_pos = 9223372036854775807
 WHERE s.account = $1 AND a.disabled = 0;
-- name: password_put
INSERT INTO account_secret (account, password, changed_us) VALUES ($1, $2, $3)
    ON CONFLICT (account) DO UPDATE SET password = EXCLUDED.password, changed_us = EXCLUDED.changed_us;

-- name: link_account
SELECT l.account FROM access_link l
  JOIN account a ON a.name = l.account AND a.to_pos = 9223372036854775807
 WHERE l.hash = $1 AND l.until_us > $2 AND a.disabled = 0;
-- name: link_put
INSERT INTO access_link (hash, account, until_us) VALUES ($1, $2, $3);
-- name: link_end
DELETE FROM access_link WHERE account = $1;

-- name: session_get
SELECT s.account, s.address, s.agent, s.begun_us, s.seen_us FROM session s
  JOIN account a ON a.name = s.account AND a.to_pos = 9223372036854775807
 WHERE s.hash = $1 AND s.begun_us > $2 AND s.seen_us > $3 AND a.disabled = 0;
-- name: session_put
INSERT INTO session (hash, account, begun_us, seen_us, address, agent) VALUES ($1, $2, $3, $3, $4, $5);
-- name: session_seen
UPDATE session SET seen_us = $2 WHERE hash = $1;
-- name: session_end
DELETE FROM session WHERE hash = $1;
-- name: session_end_all
DELETE FROM session WHERE account = $1;
-- name: session_end_old
DELETE FROM session WHERE begun_us <= $1 OR seen_us <= $2;
