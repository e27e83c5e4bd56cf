-- The triggers of capture: the number of their table, and their text.
SELECT
  substr(name, 13, instr(substr(name, 13), '_') - 1),
  CAST(sql AS BLOB)
FROM sqlite_schema
WHERE type = 'trigger' AND name GLOB '_changeover_[0-9]*_*'
