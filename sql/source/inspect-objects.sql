-- Every table, view, index and trigger in order of creation. A virtual table has no root page.
SELECT
  type,
  CAST(name AS BLOB),
  CAST(tbl_name AS BLOB),
  CAST(sql AS BLOB),
  coalesce(rootpage, 0)
FROM sqlite_schema
ORDER BY rowid
