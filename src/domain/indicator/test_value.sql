-- name: test_value_rows
SELECT v.series, v.period, v.place, v.source, v.state, v.amount, n.method, n.reason FROM value v
  LEFT JOIN value_note n ON n.series = v.series AND n.period = v.period AND n.place = v.place AND n.source = v.source
   AND n.from_pos = v.from_pos
 ORDER BY v.series, v.period, v.place, v.source;
