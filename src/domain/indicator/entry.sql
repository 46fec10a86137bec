-- Entering figures by hand (entry.h).

-- Figures of a place, or of an indicator, in a period, and who brought them.
-- name: entry_of_place
SELECT s.indicator, CAST($1 AS TEXT) AS place, o.name AS source, v.amount, v.state, v.from_pos AS position, e.at_us, e.actor, e.behalf, n.evidence
  FROM series s
  JOIN value v ON v.series = s.id AND v.period = $2 AND v.place = (SELECT id FROM place WHERE code = $1)
  JOIN value_source o ON o.id = v.source
  JOIN event e ON e.position = v.from_pos
  LEFT JOIN value_note n ON n.series = v.series AND n.period = v.period AND n.place = v.place AND n.source = v.source
   AND n.from_pos = v.from_pos
 WHERE s.category = '';
-- name: entry_of_indicator
SELECT s.indicator, p.code AS place, o.name AS source, v.amount, v.state, v.from_pos AS position, e.at_us, e.actor, e.behalf, n.evidence
  FROM series s
  JOIN value v ON v.series = s.id AND v.period = $2
  JOIN place p ON p.id = v.place
  JOIN value_source o ON o.id = v.source
  JOIN event e ON e.position = v.from_pos
  LEFT JOIN value_note n ON n.series = v.series AND n.period = v.period AND n.place = v.place AND n.source = v.source
   AND n.from_pos = v.from_pos
 WHERE s.indicator = $1 AND s.category = '';
-- name: entry_filled
SELECT DISTINCT s.indicator, p.code AS place
  FROM series s JOIN value v ON v.series = s.id AND v.period = $1 JOIN place p ON p.id = v.place
 WHERE s.category = '';

-- What a batch brought, and what each figure was before; at most $2.
-- name: entry_batch_rows
SELECT s.indicator, s.category, p.code AS place, t.period, o.name AS source, v.amount, v.state, w.amount AS was, w.state AS was_state,
       v.holds, n.evidence, n.reason
  FROM value_touch t
  JOIN (SELECT series, period, place, source, amount, state, from_pos, 1 AS holds FROM value
        UNION ALL SELECT series, period, place, source, amount, state, from_pos, 0 FROM value_was) v
    ON v.series = t.series AND v.period = t.period AND v.from_pos = t.position
  JOIN series s ON s.id = v.series
  JOIN place p ON p.id = v.place
  JOIN value_source o ON o.id = v.source
  LEFT JOIN value_was w ON w.series = v.series AND w.period = v.period AND w.place = v.place AND w.source = v.source
   AND w.to_pos = t.position
  LEFT JOIN value_note n ON n.series = v.series AND n.period = v.period AND n.place = v.place AND n.source = v.source
   AND n.from_pos = v.from_pos
 WHERE t.position = $1
 ORDER BY t.series, t.period, v.place, v.source
 LIMIT $2;

-- Figures of which two sources say different things, and nobody has decided; of one indicator ($1 not null) or all. The
-- sources of each stand one after the other.
-- name: entry_differing
SELECT s.indicator, s.category, p.code AS place, v.period, o.name AS source, v.amount, v.state, v.from_pos AS position, e.at_us, e.actor
  FROM (SELECT DISTINCT a.series, a.period, a.place
          FROM value a JOIN value b ON b.series = a.series AND b.period = a.period AND b.place = a.place
         WHERE b.source <> a.source AND b.amount <> a.amount
           AND a.series IN (SELECT id FROM series WHERE CAST($1 AS TEXT) IS NULL OR indicator = $1)
           AND NOT EXISTS (SELECT 1 FROM value_choice c WHERE c.series = a.series AND c.period = a.period AND c.place = a.place
                            AND c.to_pos = $3)
         ORDER BY a.series, a.period DESC, a.place LIMIT $2) d
  JOIN value v ON v.series = d.series AND v.period = d.period AND v.place = d.place
  JOIN series s ON s.id = v.series
  JOIN place p ON p.id = v.place
  JOIN value_source o ON o.id = v.source
  JOIN event e ON e.position = v.from_pos
 ORDER BY v.series, v.period DESC, v.place, v.source;
-- name: entry_sources
SELECT count(*) FROM value_source;
