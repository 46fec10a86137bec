-- Codes of an authenticator and of recovery.

-- name: totp_get
SELECT t.secret, t.since_us, t.last_step, t.pending,
       (SELECT count(*) FROM account_recovery r WHERE r.account = t.account) AS recovery_left
  FROM account_totp t WHERE t.account = $1;
-- name: totp_pend
INSERT INTO account_totp (account, pending) VALUES ($1, $2)
    ON CONFLICT (account) DO UPDATE SET pending = EXCLUDED.pending;
-- name: totp_start
UPDATE account_totp SET secret = $2, since_us = $3, last_step = $4, pending = NULL WHERE account = $1;
-- name: totp_step
UPDATE account_totp SET last_step = $2 WHERE account = $1;
-- name: totp_end
DELETE FROM account_totp WHERE account = $1;

-- name: recovery_put
INSERT INTO account_recovery (account, hash) VALUES ($1, $2);
-- name: recovery_use
DELETE FROM account_recovery WHERE account = $1 AND hash = $2;
-- name: recovery_end
DELETE FROM account_recovery WHERE account = $1;
