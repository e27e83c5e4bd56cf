SELECT type, CAST(name AS BLOB), CAST(tbl_name AS BLOB)
FROM sqlite_schema
WHERE name LIKE '\_changeover\_%' ESCAPE '\' AND type IN ('trigger', 'table')
ORDER BY CASE type WHEN 'trigger' THEN 0 ELSE 1 END, rowid
