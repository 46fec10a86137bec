-- Bodies, groups, areas and their names (src/domain/org). A row holds from from_pos to to_pos; one that changed is closed and
-- opened anew. valid_from and valid_to are the days on which the thing itself exists.

CREATE TABLE org_kind (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    kind_of TEXT NOT NULL, -- unit, area
    rank BIGINT NOT NULL,
    note TEXT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (kind, from_pos)
); -- keyed

CREATE TABLE org_word (
    word TEXT NOT NULL,
    full_text TEXT, -- NULL: does not count when names are compared
    note TEXT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (word, from_pos)
); -- keyed

CREATE TABLE area (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent TEXT,
    km2 DOUBLE PRECISION,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    valid_from TEXT,
    valid_to TEXT,
    confirmed BIGINT NOT NULL,
    note TEXT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (code, from_pos)
); -- keyed

CREATE TABLE org (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    short TEXT,
    kind TEXT NOT NULL,
    area TEXT,
    valid_from TEXT,
    valid_to TEXT,
    confirmed BIGINT NOT NULL,
    note TEXT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (code, from_pos)
); -- keyed

CREATE TABLE org_group (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kinds TEXT, -- lists are codes parted by a blank
    tree TEXT,
    under TEXT,
    depth BIGINT,
    include TEXT,
    exclude TEXT,
    valid_from TEXT,
    valid_to TEXT,
    confirmed BIGINT NOT NULL,
    note TEXT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (code, from_pos)
); -- keyed

-- One row for each place in a tree (party, state, front) and time, each committee that leads a body, each predecessor.
CREATE TABLE org_link (
    key TEXT NOT NULL,
    link TEXT NOT NULL,
    code TEXT NOT NULL,
    target TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    note TEXT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (key, from_pos)
); -- keyed
CREATE INDEX org_link_by_target ON org_link (target, link);

CREATE TABLE org_alias (
    key TEXT NOT NULL,
    alias TEXT NOT NULL,
    code TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    note TEXT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (key, from_pos)
); -- keyed
