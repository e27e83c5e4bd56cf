-- The root page of a table, and the column that is an alias of the rowid, if any. No row if SQLite does not expose
-- pages, or if the encoding is UTF-16, which would corrupt their bytes.
SELECT
  m.rootpage,
  CASE WHEN NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name) WHERE origin = 'pk')
    THEN (SELECT CAST(c.name AS BLOB) FROM pragma_table_info(m.name) AS c WHERE c.pk = 1) END
FROM sqlite_schema AS m
JOIN pragma_table_list(m.name) AS l ON l.schema = 'main'
WHERE m.type = 'table' AND m.name = ? AND l.type = 'table' AND l.wr = 0
  AND EXISTS (SELECT 1 FROM pragma_module_list WHERE name = 'sqlite_dbpage')
  AND (SELECT encoding FROM pragma_encoding) = 'UTF-8'
