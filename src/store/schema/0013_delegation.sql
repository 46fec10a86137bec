-- Acting for someone: what a person who holds roles has others do, for some days (src/domain/access/delegation.h).

CREATE TABLE delegation (
    giver TEXT NOT NULL, -- account
    taker TEXT NOT NULL, -- account
    role TEXT NOT NULL, -- '' for each that may be handed on
    org TEXT NOT NULL, -- code of the body; '' as far as the giver's own role goes
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    reason TEXT NOT NULL,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (giver, taker, role, org, from_pos)
);
CREATE INDEX delegation_by_taker ON delegation (taker, to_pos);
