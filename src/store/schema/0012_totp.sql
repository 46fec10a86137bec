-- The second thing that shows who somebody is: codes of an authenticator (src/domain/access/totp.h).

-- Secrets are encrypted with a key that stands outside the store.
CREATE TABLE account_totp (
    account TEXT NOT NULL PRIMARY KEY,
    secret BYTEA, -- in force; NULL: none yet
    since_us BIGINT,
    last_step BIGINT, -- of 30 s since 1970: codes of this step and before are used up
    pending BYTEA -- shown, and waiting for its first code
); -- keyed

-- Codes for whoever lost the authenticator, each good once: what is left of them, as keyed hashes.
CREATE TABLE account_recovery (
    account TEXT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (account, hash)
); -- keyed
