-- Everything of the schema that is the application's, and our own triggers. What ANALYZE
-- makes is left out, so that statistics are no drift.
SELECT CAST(type || char(31) || name || char(31) || tbl_name || char(31) || coalesce(sql, '') AS BLOB), CAST(tbl_name AS BLOB)
FROM sqlite_schema
WHERE name NOT LIKE 'sqlite\_stat%' ESCAPE '\' AND name NOT LIKE '\_changeover\_fence%' ESCAPE '\'
ORDER BY type, name
