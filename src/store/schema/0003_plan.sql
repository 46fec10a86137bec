-- Plans as approved. Every table below `plan` is kept by store/kept.h: owner `plan`, key within it, from_pos and to_pos.

CREATE TABLE plan (
    id BIGINT NOT NULL,
    slug TEXT NOT NULL,
    title TEXT,
    number TEXT,
    issuer TEXT,
    year_from TEXT,
    year_to TEXT,
    year_vision TEXT,
    source BYTEA, -- hash of the document it was compiled from
    source_name TEXT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (id, from_pos)
);
CREATE INDEX plan_by_slug ON plan (slug, to_pos);

CREATE TABLE clause (
    plan BIGINT NOT NULL,
    key TEXT NOT NULL, -- the path
    ordinal BIGINT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT,
    text TEXT,
    line BIGINT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (plan, key, from_pos)
);
CREATE INDEX clause_in_order ON clause (plan, ordinal, to_pos);

-- Tasks and programmes.
CREATE TABLE task (
    plan BIGINT NOT NULL,
    key TEXT NOT NULL, -- the path
    ordinal BIGINT NOT NULL,
    programme BIGINT NOT NULL, -- 1: one of the plan's programmes
    title TEXT,
    text TEXT,
    product TEXT,
    objective TEXT,
    directions TEXT,
    results TEXT,
    schedule_text TEXT,
    schedule_kind TEXT NOT NULL,
    start_day TEXT,
    due_day TEXT,
    line BIGINT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (plan, key, from_pos)
);
CREATE INDEX task_in_order ON task (plan, ordinal, to_pos);
CREATE INDEX task_by_due ON task (to_pos, due_day);

CREATE TABLE task_phase (
    plan BIGINT NOT NULL,
    key TEXT NOT NULL, -- path#ordinal
    task TEXT NOT NULL, -- its path
    ordinal BIGINT NOT NULL,
    text TEXT,
    kind TEXT NOT NULL,
    start_day TEXT,
    due_day TEXT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (plan, key, from_pos)
);

-- Who has which part in a task, a target or a duty, as the document names them.
CREATE TABLE plan_body (
    plan BIGINT NOT NULL,
    key TEXT NOT NULL, -- item role#ordinal
    item TEXT NOT NULL, -- path of a task; "target " and its key; "duty " and its key
    role TEXT NOT NULL, -- lead, coordinating, monitor; of a duty: duty, receiver
    ordinal BIGINT NOT NULL,
    name TEXT NOT NULL,
    org TEXT, -- code of the body or group in the catalogue; NULL: no catalogue knows the name
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (plan, key, from_pos)
);
CREATE INDEX plan_body_by_org ON plan_body (org, to_pos);

CREATE TABLE target (
    plan BIGINT NOT NULL,
    key TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    path TEXT NOT NULL,
    text TEXT,
    subject TEXT,
    measure TEXT NOT NULL,
    comparator TEXT,
    low DOUBLE PRECISION,
    high DOUBLE PRECISION,
    unit TEXT,
    per TEXT,
    by_year TEXT,
    baseline DOUBLE PRECISION,
    line BIGINT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (plan, key, from_pos)
);
CREATE INDEX target_in_order ON target (plan, ordinal, to_pos);

CREATE TABLE duty (
    plan BIGINT NOT NULL,
    key TEXT NOT NULL, -- path#ordinal
    ordinal BIGINT NOT NULL,
    path TEXT NOT NULL,
    body TEXT,
    org TEXT,
    text TEXT,
    schedule_text TEXT,
    schedule_kind TEXT NOT NULL,
    start_day TEXT,
    due_day TEXT,
    receiver TEXT,
    line BIGINT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (plan, key, from_pos)
);
CREATE INDEX duty_in_order ON duty (plan, ordinal, to_pos);

CREATE TABLE finding (
    plan BIGINT NOT NULL,
    key TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    rule TEXT NOT NULL,
    path TEXT,
    severity TEXT NOT NULL,
    message TEXT NOT NULL,
    other TEXT,
    line BIGINT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (plan, key, from_pos)
);
CREATE INDEX finding_in_order ON finding (plan, ordinal, to_pos);
