-- Where each table begins, and the number of its capture, by the names of the triggers: they go where the table goes.
-- The fence's own have no number.
SELECT
  CAST(t.name AS BLOB),
  coalesce(t.rootpage, 0),
  (SELECT substr(g.name, 13, instr(substr(g.name, 13), '_') - 1) FROM sqlite_schema AS g
   WHERE g.type = 'trigger' AND g.tbl_name = t.name AND g.name GLOB '_changeover_[0-9]*_*' LIMIT 1)
FROM sqlite_schema AS t
WHERE t.type = 'table' AND t.name NOT LIKE '\_changeover\_%' ESCAPE '\'
