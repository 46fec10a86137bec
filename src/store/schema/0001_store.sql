-- What every store has: its own book-keeping, the ledger, and files.

CREATE TABLE migration (
    number BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    hash BYTEA NOT NULL,
    at_us BIGINT NOT NULL
);

-- The end of the ledger. On PostgreSQL, whoever writes holds a lock on this row.
CREATE TABLE head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    position BIGINT NOT NULL,
    chain BYTEA NOT NULL
);
-- (sqlite)
INSERT INTO head (id, position, chain) VALUES (1, 0, zeroblob(32));
-- (postgres)
INSERT INTO head (id, position, chain) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
); -- keyed

CREATE TABLE event (
    position BIGINT PRIMARY KEY,
    at_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    behalf TEXT NOT NULL,
    request TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload_hash BYTEA NOT NULL,
    chain BYTEA NOT NULL
);
CREATE INDEX event_by_subject ON event (subject, position);
CREATE INDEX event_by_time ON event (at_us, position);

-- Apart from the event, so that personal data can be erased: then both are NULL and the chain still holds.
CREATE TABLE event_payload (
    position BIGINT PRIMARY KEY REFERENCES event (position),
    salt BYTEA,
    payload TEXT
);

CREATE TABLE seal (
    seq BIGINT PRIMARY KEY,
    from_pos BIGINT NOT NULL,
    to_pos BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    chain BYTEA NOT NULL,
    previous BYTEA NOT NULL, -- hash of the seal before; 32 zero bytes for the first
    public_key BYTEA NOT NULL,
    signature BYTEA NOT NULL
);

CREATE TABLE file (
    hash BYTEA NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    at_us BIGINT NOT NULL
); -- keyed

-- Parts come before the file that they are of, so they refer to nothing.
CREATE TABLE file_part (
    hash BYTEA NOT NULL,
    part BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (hash, part)
);
