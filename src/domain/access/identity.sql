-- Which account is whose at a provider of identities.

-- name: identity_of
SELECT i.issuer, i.subject, i.account FROM account_identity i
 WHERE i.issuer = $1 AND i.subject = $2 AND i.to_pos = 9223372036854775807;
-- name: identity_all
SELECT issuer, subject, account FROM account_identity
 WHERE account = $1 AND to_pos = 9223372036854775807 ORDER BY issuer, subject;
-- name: identity_count
SELECT count(*) FROM account_identity WHERE account = $1 AND issuer = $2 AND to_pos = 9223372036854775807;
-- name: identity_add
INSERT INTO account_identity (issuer, subject, account, from_pos, to_pos) VALUES ($1, $2, $3, $4, 9223372036854775807);
-- name: identity_close
UPDATE account_identity SET to_pos = $3 WHERE issuer = $1 AND subject = $2 AND to_pos = 9223372036854775807;

-- name: identity_used_add
INSERT INTO identity_used (hash, until_us) VALUES ($1, $2) ON CONFLICT DO NOTHING;
-- name: identity_used_sweep
DELETE FROM identity_used WHERE until_us < $1;
