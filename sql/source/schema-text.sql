-- Each schema object: its text, its table, and its part in capture. 'rest': objects that do not affect capture
-- (statistics, views and their triggers, non-unique indexes). The fence's triggers are left out: their changes of the
-- schema version are counted instead.
SELECT
  CAST(type || char(31) || name || char(31) || tbl_name || char(31) || coalesce(sql, '') AS BLOB),
  CAST(tbl_name AS BLOB),
  CASE
    WHEN name LIKE 'sqlite\_stat%' ESCAPE '\' THEN 'rest'
    WHEN type = 'view' OR tbl_name IN (SELECT name FROM sqlite_schema WHERE type = 'view') THEN 'rest'
    WHEN type = 'index' AND sql NOT LIKE 'CREATE UNIQUE %' THEN 'rest'
    WHEN type <> 'trigger' THEN 'definition'
    WHEN name LIKE '\_changeover\_%' ESCAPE '\' THEN 'capture'
    ELSE 'triggers'
  END
FROM sqlite_schema
WHERE name NOT LIKE '\_changeover\_fence%' ESCAPE '\'
ORDER BY type, name
