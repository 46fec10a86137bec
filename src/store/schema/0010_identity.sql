-- Who somebody is who signs in at another provider (src/domain/access/identity.h).

CREATE TABLE account_identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL, -- what the issuer calls the person
    account TEXT NOT NULL,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject, from_pos)
); -- keyed
CREATE INDEX account_identity_by_account ON account_identity (account, to_pos);

-- Answers of a provider that somebody has signed in with: none opens twice.
CREATE TABLE identity_used (
    hash BYTEA NOT NULL PRIMARY KEY,
    until_us BIGINT NOT NULL -- past it the answer is too old by itself
); -- keyed
CREATE INDEX identity_used_by_until ON identity_used (until_us);
