-- What the pages of the ledger walk along (src/ledger/find.c), each in the order of the ledger.

CREATE INDEX event_by_actor ON event (actor, position);
CREATE INDEX event_by_behalf ON event (behalf, position) WHERE behalf <> '';
CREATE INDEX event_by_kind ON event (kind, position);

-- What an event is about beside its subject: all that its subject is a part of, and the items that it changed.
CREATE TABLE event_about (
    about TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (about, position)
); -- keyed

-- Of events from before.
-- (sqlite)
INSERT INTO event_about (about, position)
SELECT substr(subject, 1, instr(subject, '/') - 1), position FROM event WHERE instr(subject, '/') > 0;
-- (postgres)
INSERT INTO event_about (about, position) SELECT split_part(subject, '/', 1), position FROM event WHERE strpos(subject, '/') > 0;
INSERT INTO event_about (about, position) SELECT 'ledger/seals', position FROM event WHERE kind = 'ledger.seal';
INSERT INTO event_about (about, position) SELECT 'ledger/keys', position FROM event WHERE kind = 'ledger.key';
INSERT INTO event_about (about, position) SELECT 'ledger/events', position FROM event WHERE kind = 'ledger.erase';
INSERT INTO event_about (about, position)
WITH RECURSIVE item (slug, path, position) AS (
  SELECT p.slug, x.path, x.position
    FROM (SELECT plan, key AS path, from_pos AS position FROM clause UNION SELECT plan, key, to_pos FROM clause
          UNION SELECT plan, key, from_pos FROM task UNION SELECT plan, key, to_pos FROM task
          UNION SELECT plan, task, from_pos FROM task_phase UNION SELECT plan, task, to_pos FROM task_phase
          UNION SELECT plan, path, from_pos FROM target UNION SELECT plan, path, to_pos FROM target
          UNION SELECT plan, path, from_pos FROM duty UNION SELECT plan, path, to_pos FROM duty
          UNION SELECT plan, item, from_pos FROM plan_body WHERE item NOT LIKE '% %'
          UNION SELECT plan, item, to_pos FROM plan_body WHERE item NOT LIKE '% %') x
    JOIN (SELECT DISTINCT id, slug FROM plan) p ON p.id = x.plan
   WHERE x.position < 9223372036854775807
  UNION SELECT slug, rtrim(rtrim(path, '0123456789abcdefghijklmnopqrstuvwxyz'), '.-'), position FROM item
         WHERE path LIKE '%.%' OR path LIKE '%-%')
SELECT DISTINCT 'plans/' || slug || '/' || path, position FROM item WHERE path <> '';
