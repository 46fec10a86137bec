-- Who may sign in, in which roles, and for whom (src/domain/access).

CREATE TABLE account (
    name TEXT NOT NULL, -- what one signs in with; never changes
    full_name TEXT NOT NULL,
    email TEXT,
    disabled BIGINT NOT NULL,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (name, from_pos)
); -- keyed

CREATE TABLE account_role (
    account TEXT NOT NULL,
    role TEXT NOT NULL,
    org TEXT NOT NULL, -- code of the body; '' for the whole system
    valid_from TEXT,
    valid_to TEXT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (account, role, org, from_pos)
);
CREATE INDEX account_role_by_org ON account_role (org, to_pos);

-- What is secret stands apart from what the ledger tells, and in no event: hashes alone, and nobody but whoever signs in
-- changes them.
CREATE TABLE account_secret (
    account TEXT NOT NULL PRIMARY KEY,
    password TEXT NOT NULL, -- argon2id, with its salt and cost
    changed_us BIGINT NOT NULL
); -- keyed

-- A link that was handed out once, to choose a password with.
CREATE TABLE access_link (
    hash BYTEA NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    until_us BIGINT NOT NULL
); -- keyed
CREATE INDEX access_link_by_account ON access_link (account);

CREATE TABLE session (
    hash BYTEA NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    behalf TEXT NOT NULL, -- for whom: users/NAME, orgs/CODE, or ''
    how TEXT NOT NULL, -- password, code, link, oidc
    half BIGINT NOT NULL, -- 1: the password was right, the code is still owed
    begun_us BIGINT NOT NULL,
    seen_us BIGINT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL -- how the browser calls itself
); -- keyed
CREATE INDEX session_by_account ON session (account);

-- A browser that somebody has signed in with before: wrong passwords from elsewhere do not lock it out.
CREATE TABLE device (
    hash BYTEA NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    until_us BIGINT NOT NULL
); -- keyed
CREATE INDEX device_by_account ON device (account);

-- What a program signs in with.
CREATE TABLE api_token (
    hash BYTEA NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    name TEXT NOT NULL, -- what it is for
    scope TEXT NOT NULL, -- words of permissions, parted by blanks
    made_us BIGINT NOT NULL,
    until_us BIGINT NOT NULL
); -- keyed
CREATE INDEX api_token_by_account ON api_token (account);
