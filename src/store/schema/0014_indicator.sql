-- Indicators: the dictionary, what plans want of them, and their figures (src/domain/indicator).

-- The dictionary, as data/indicators/ or an office gives it; columns are explained in domain/indicator/indicator.h.
CREATE TABLE indicator (
    owner BIGINT NOT NULL, -- always 0: store/kept.h
    key TEXT NOT NULL, -- the code
    name TEXT NOT NULL,
    name_en TEXT,
    definition TEXT,
    definition_en TEXT,
    unit TEXT,
    unit_en TEXT,
    places BIGINT,
    direction TEXT NOT NULL,
    frequency TEXT NOT NULL,
    tree TEXT,
    provider TEXT,
    over_places TEXT NOT NULL,
    over_time TEXT NOT NULL,
    weight TEXT,
    formula TEXT,
    dimensions TEXT,
    low DOUBLE PRECISION,
    high DOUBLE PRECISION,
    jump DOUBLE PRECISION,
    steps TEXT,
    steps_en TEXT,
    source TEXT,
    method TEXT,
    responsible TEXT,
    in_set TEXT,
    parent TEXT,
    points DOUBLE PRECISION,
    level TEXT,
    confirmed BIGINT NOT NULL,
    note TEXT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (owner, key, from_pos)
);

CREATE TABLE indicator_set (
    owner BIGINT NOT NULL,
    key TEXT NOT NULL, -- the code: "DTI-2025"
    name TEXT NOT NULL,
    name_en TEXT,
    year BIGINT,
    issued TEXT, -- the document that gives it
    confirmed BIGINT NOT NULL,
    note TEXT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (owner, key, from_pos)
);

-- What a figure may be broken down by: sex, sector …; one row for each category.
CREATE TABLE dimension (
    owner BIGINT NOT NULL,
    key TEXT NOT NULL, -- dimension:category
    dimension TEXT NOT NULL,
    category TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    ordinal BIGINT NOT NULL,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (owner, key, from_pos)
);

-- An indicator and what is wanted of it: by a target of a plan, or by a body's share of one.
CREATE TABLE goal (
    owner BIGINT NOT NULL,
    key TEXT NOT NULL,
    indicator TEXT NOT NULL,
    plan TEXT, -- slug
    target TEXT, -- key of the plan's target, which says what is wanted; NULL: the columns below do
    place TEXT, -- whose; NULL: of the whole plan
    above TEXT, -- the goal that this is a share of
    measure TEXT,
    comparator TEXT,
    low DOUBLE PRECISION,
    high DOUBLE PRECISION,
    per TEXT,
    by_year TEXT,
    baseline DOUBLE PRECISION,
    baseline_period TEXT,
    baseline_source TEXT,
    path TEXT NOT NULL, -- linear, compound, steps, given, none
    points TEXT, -- of a given path: "2026=10 2027=25"
    note TEXT,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (owner, key, from_pos)
);
CREATE INDEX goal_by_indicator ON goal (indicator, to_pos);
CREATE INDEX goal_by_target ON goal (plan, target, to_pos);

-- Which programmes, tasks and clauses an indicator tells of.
CREATE TABLE indicator_link (
    owner BIGINT NOT NULL,
    key TEXT NOT NULL, -- indicator plan path
    indicator TEXT NOT NULL,
    plan TEXT NOT NULL,
    path TEXT NOT NULL,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (owner, key, from_pos)
);
CREATE INDEX indicator_link_by_path ON indicator_link (plan, path, to_pos);
CREATE INDEX indicator_link_by_indicator ON indicator_link (indicator, to_pos);

-- Names as small numbers, given at first use and never again.
CREATE TABLE series (
    id BIGINT NOT NULL PRIMARY KEY,
    indicator TEXT NOT NULL,
    category TEXT NOT NULL -- "female", or '' for the whole
);
CREATE UNIQUE INDEX series_by_name ON series (indicator, category);
CREATE TABLE place (
    id BIGINT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL -- of an area or a body
);
CREATE UNIQUE INDEX place_by_code ON place (code);
CREATE TABLE value_source (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL -- '': the indicator's own
);
CREATE UNIQUE INDEX value_source_by_name ON value_source (name);

-- Figures that hold, and those that did (domain/indicator/value.h).
CREATE TABLE value (
    series BIGINT NOT NULL,
    period BIGINT NOT NULL, -- period_code() of base/period.h
    place BIGINT NOT NULL,
    source BIGINT NOT NULL,
    amount DOUBLE PRECISION NOT NULL,
    state BIGINT NOT NULL,
    from_pos BIGINT NOT NULL,
    PRIMARY KEY (series, period, place, source)
); -- keyed
CREATE TABLE value_was (
    series BIGINT NOT NULL,
    period BIGINT NOT NULL,
    place BIGINT NOT NULL,
    source BIGINT NOT NULL,
    amount DOUBLE PRECISION NOT NULL,
    state BIGINT NOT NULL,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (series, period, place, source, from_pos)
); -- keyed

-- What is told beside a figure: only where something is.
CREATE TABLE value_note (
    series BIGINT NOT NULL,
    period BIGINT NOT NULL,
    place BIGINT NOT NULL,
    source BIGINT NOT NULL,
    from_pos BIGINT NOT NULL,
    method TEXT,
    evidence TEXT,
    reason TEXT, -- of a correction
    report TEXT,
    PRIMARY KEY (series, period, place, source, from_pos)
); -- keyed

-- Which of several sources counts, as somebody decided.
CREATE TABLE value_choice (
    series BIGINT NOT NULL,
    period BIGINT NOT NULL,
    place BIGINT NOT NULL,
    source BIGINT NOT NULL,
    reason TEXT NOT NULL,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (series, period, place, from_pos)
); -- keyed

-- Which slices each event touched: what the cube follows, and an undo walks.
CREATE TABLE value_touch (
    position BIGINT NOT NULL,
    series BIGINT NOT NULL,
    period BIGINT NOT NULL,
    PRIMARY KEY (position, series, period)
); -- keyed

-- What one event brought.
CREATE TABLE value_batch (
    position BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL, -- the operation
    name TEXT, -- of the file
    file BYTEA, -- its hash in the store
    rows_new BIGINT NOT NULL,
    rows_changed BIGINT NOT NULL,
    rows_same BIGINT NOT NULL,
    undone BIGINT -- position of the event that took it back
);
