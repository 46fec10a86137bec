-- Accounts and what shows that somebody is who they say.

-- name: account_get
SELECT name, full_name, email, disabled,
       (SELECT count(*) FROM account_secret s WHERE s.account = name) AS has_password
  FROM account WHERE name = $1 AND to_pos = 9223372036854775807;
-- name: account_all
SELECT name, full_name, email, disabled,
       (SELECT count(*) FROM account_secret s WHERE s.account = name) AS has_password
  FROM account WHERE to_pos = 9223372036854775807 ORDER BY name;
-- name: account_count
SELECT count(*) FROM account WHERE to_pos = 9223372036854775807;
-- name: account_add
INSERT INTO account (name, full_name, email, disabled, from_pos, to_pos) VALUES ($1, $2, $3, $4, $5, 9223372036854775807);
-- name: account_close
UPDATE account SET to_pos = $2 WHERE name = $1 AND to_pos = 9223372036854775807;

-- What every version of an account says of a person, and the events that may have told it.
-- name: account_person
SELECT DISTINCT full_name, email FROM account WHERE name = $1;
-- name: account_told
SELECT e.position AS position, e.kind, p.payload FROM event e JOIN event_payload p ON p.position = e.position
 WHERE e.subject = $1 AND p.payload IS NOT NULL
UNION ALL SELECT e.position AS position, e.kind, p.payload FROM event e JOIN event_payload p ON p.position = e.position
 WHERE e.kind = 'user.import' AND e.subject <> $1 AND p.payload IS NOT NULL
 ORDER BY position;
-- name: account_forget
UPDATE account SET full_name = name, email = NULL WHERE name = $1;
-- name: identity_forget
DELETE FROM account_identity WHERE account = $1;

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

-- A body and all that stands below it in any tree on a day.
-- name: access_below
WITH RECURSIVE below (code) AS (
    SELECT code FROM org WHERE code = $1 -- and not the argument itself, whose collation would be another
    UNION
    SELECT l.code FROM below JOIN org_link l ON l.target = below.code AND l.link IN ('party', 'state', 'front')
     WHERE l.to_pos = 9223372036854775807 AND (l.valid_from IS NULL OR l.valid_from <= $2) AND (l.valid_to IS NULL OR l.valid_to >= $2)
)
SELECT code FROM below ORDER BY code;

-- name: access_admins
SELECT count(*) FROM account a
  JOIN account_role r ON r.account = a.name AND r.to_pos = 9223372036854775807
 WHERE a.to_pos = 9223372036854775807 AND a.disabled = 0 AND r.role = 'admin' AND r.org = ''
   AND (r.valid_from IS NULL OR r.valid_from <= $1) AND (r.valid_to IS NULL OR r.valid_to >= $1);

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
SELECT s.account, s.behalf, s.how, s.half, s.address, s.agent, s.begun_us, s.seen_us FROM session s
  JOIN account a ON a.name = s.account AND a.to_pos = 9223372036854775807
 WHERE s.hash = $1 AND s.begun_us > $2 AND s.seen_us > $3 AND a.disabled = 0;
-- name: session_of
SELECT s.hash, s.account, s.behalf, s.how, s.half, s.address, s.agent, s.begun_us, s.seen_us FROM session s
 WHERE s.account = $1 AND s.begun_us > $2 AND s.seen_us > $3 AND s.half = 0 ORDER BY s.seen_us DESC, s.begun_us DESC LIMIT 1000;
-- name: session_put
INSERT INTO session (hash, account, behalf, how, half, begun_us, seen_us, address, agent) VALUES ($1, $2, '', $3, $4, $5, $5, $6, $7);
-- name: session_seen
UPDATE session SET seen_us = $2 WHERE hash = $1;
-- name: session_behalf
UPDATE session SET behalf = $2 WHERE hash = $1;
-- name: session_end
DELETE FROM session WHERE hash = $1;
-- name: session_end_of
DELETE FROM session WHERE account = $1 AND hash = $2;
-- name: session_end_all
DELETE FROM session WHERE account = $1;
-- name: session_end_old
DELETE FROM session WHERE begun_us <= $1 OR seen_us <= $2;

-- name: device_get
SELECT count(*) FROM device WHERE hash = $1 AND account = $2 AND until_us > $3;
-- name: device_exists
SELECT count(*) FROM device WHERE hash = $1 AND until_us > $2;
-- name: device_put
INSERT INTO device (hash, account, until_us) VALUES ($1, $2, $3);
-- name: device_end_all
DELETE FROM device WHERE account = $1;
-- name: device_end_old
DELETE FROM device WHERE until_us <= $1;

-- name: api_token_get
SELECT t.account, t.name, t.scope, t.made_us, t.until_us FROM api_token t
  JOIN account a ON a.name = t.account AND a.to_pos = 9223372036854775807
 WHERE t.hash = $1 AND t.until_us > $2 AND a.disabled = 0;
-- name: api_token_of
SELECT account, name, scope, made_us, until_us FROM api_token
 WHERE (CAST($1 AS TEXT) IS NULL OR account = $1) AND until_us > $2 ORDER BY account, name;
-- name: api_token_put
INSERT INTO api_token (hash, account, name, scope, made_us, until_us) VALUES ($1, $2, $3, $4, $5, $6);
-- name: api_token_end
DELETE FROM api_token WHERE account = $1 AND name = $2;
-- name: api_token_end_all
DELETE FROM api_token WHERE account = $1;
