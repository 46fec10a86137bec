-- Drafts: what the compiler read from a document, and what a person decided of it, item by item, until it is approved.

CREATE TABLE draft (
    id BIGINT NOT NULL,
    state TEXT NOT NULL, -- open, approved, discarded
    title TEXT,
    source BYTEA NOT NULL, -- hash of the document
    source_name TEXT NOT NULL,
    reading BYTEA NOT NULL, -- hash of what the compiler read, a file of the store too (domain/plan/draft.h)
    plan TEXT, -- slug of the plan it was approved as
    author TEXT NOT NULL,
    at_us BIGINT NOT NULL, -- when it was brought
    items BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    mended BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (id, from_pos)
);
CREATE INDEX draft_by_source ON draft (source, to_pos);

CREATE TABLE draft_decision (
    draft BIGINT NOT NULL,
    key TEXT NOT NULL, -- of the item: task-III.3.3
    decision TEXT NOT NULL, -- accepted, mended, refused
    mends TEXT, -- {"set": ["field=value", …]}
    reason TEXT,
    actor TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    PRIMARY KEY (draft, key, from_pos)
);
