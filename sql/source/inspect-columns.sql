-- Columns of all ordinary tables at once. A virtual table whose module is absent would fail the whole query.
SELECT
  CAST(m.name AS BLOB),
  CAST(c.name AS BLOB),
  CAST(c.type AS BLOB),
  c."notnull",
  CAST(c.dflt_value AS BLOB),
  c.pk,
  c.hidden
FROM sqlite_schema AS m
JOIN pragma_table_xinfo(m.name) AS c
WHERE m.type = 'table' AND m.rootpage > 0
ORDER BY m.rowid, c.cid
