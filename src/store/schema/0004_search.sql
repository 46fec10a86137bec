-- What search finds (src/domain/search): one row for each thing that has a page of its own, as it is now. `words` is what
-- the engines look in, one blank between two words; domain/search/query.h says what stands in it. PostgreSQL works its own
-- index out of it by itself; on SQLite whoever writes rows here brings search_index in step, in the same transaction.
-- (A trigger would need trusted_schema.)

CREATE TABLE search_doc (
    id BIGINT PRIMARY KEY, -- owner * 2^20 + ordinal
    kind TEXT NOT NULL, -- what it is first, then what else, parted by blanks
    plan TEXT,
    path TEXT,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    words TEXT NOT NULL
);

-- How the words were made: SEARCH_VERSION of the program that made them, 0 if none has.
CREATE TABLE search_made (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO search_made (id, version) VALUES (1, 0);

-- Words are made by us and parted by blanks alone; nothing is told of where in the text they stand.
-- (sqlite)
CREATE VIRTUAL TABLE search_index USING fts5(words, content='search_doc', content_rowid='id', detail='none', columnsize=0,
    tokenize="ascii tokenchars '_'");
-- (postgres)
ALTER TABLE search_doc ADD COLUMN word_set TSVECTOR GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED;
-- (postgres)
CREATE INDEX search_index ON search_doc USING gin (word_set);
