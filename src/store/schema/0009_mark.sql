-- What of a plan is public, internal or restricted (src/domain/sight).

-- What people decided. What is not marked is internal.
CREATE TABLE mark (
    plan BIGINT NOT NULL,
    path TEXT NOT NULL, -- '': the whole plan; else a clause, and all that stands under it
    level TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (plan, path, from_pos)
); -- keyed

-- What follows from it now: everything restricted, by every name it has in other tables.
CREATE TABLE shut (
    plan BIGINT NOT NULL,
    item TEXT NOT NULL, -- a clause's path; "duty V.8.3#1", "target II.1-2a" as in plan_body; "finding KEY"; '': the plan itself
    path TEXT NOT NULL, -- the clause that it belongs to: who may see that may see this; '!': only who sees all
    PRIMARY KEY (plan, item)
); -- keyed

-- Who has read what is restricted. Not in the ledger, and kept for a time (SIGHT_LOG_DAYS).
CREATE TABLE access_log (
    id BIGINT NOT NULL PRIMARY KEY,
    at_us BIGINT NOT NULL,
    account TEXT NOT NULL,
    address TEXT NOT NULL, -- where it was asked from
    plan TEXT NOT NULL,
    path TEXT NOT NULL,
    how TEXT NOT NULL -- the request: "/tasks.csv?plan=06-nq-tu"
); -- keyed
CREATE INDEX access_log_by_moment ON access_log (at_us);
