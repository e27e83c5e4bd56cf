-- The schema's objects with their text, without those of SQLite and of changeover. Statistics are no part of it.
SELECT type, name, coalesce(sql, '') FROM sqlite_schema
WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE '\_changeover\_%' ESCAPE '\'
  AND tbl_name NOT LIKE '\_changeover\_%' ESCAPE '\'
ORDER BY type, name
