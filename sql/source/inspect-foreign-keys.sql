-- Foreign keys of all ordinary tables; SQLite numbers them from the last one declared.
SELECT
  CAST(m.name AS BLOB),
  f.id,
  CAST(f."table" AS BLOB),
  CAST(f."from" AS BLOB),
  CAST(f."to" AS BLOB),
  f.on_update,
  f.on_delete
FROM sqlite_schema AS m
JOIN pragma_foreign_key_list(m.name) AS f
WHERE m.type = 'table' AND m.rootpage > 0
ORDER BY m.rowid, f.id DESC, f.seq
