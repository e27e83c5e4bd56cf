-- Where a table's rows begin, and the column that is the rowid, if any: a key without an index of its own. Nothing where SQLite does
-- not hand the file's pages over, or would take their bytes for UTF-16 on the way.
SELECT
  m.rootpage,
  CASE WHEN NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name) WHERE origin = 'pk')
    THEN (SELECT CAST(c.name AS BLOB) FROM pragma_table_info(m.name) AS c WHERE c.pk = 1) END
FROM sqlite_schema AS m
JOIN pragma_table_list(m.name) AS l ON l.schema = 'main'
WHERE m.type = 'table' AND m.name = ? AND l.type = 'table' AND l.wr = 0
  AND EXISTS (SELECT 1 FROM pragma_module_list WHERE name = 'sqlite_dbpage')
  AND (SELECT encoding FROM pragma_encoding) = 'UTF-8'
