-- The root of the b-tree that holds the rows of a rowid table. No row where the file's pages cannot be had.
SELECT t.rootpage
FROM sqlite_schema AS t
JOIN pragma_table_list(t.name) AS l ON l.schema = 'main' AND l.type = 'table' AND l.wr = 0
WHERE t.type = 'table' AND t.name = ?
  AND EXISTS (SELECT 1 FROM pragma_module_list WHERE name = 'sqlite_dbpage')
