-- All that changeover added, triggers first: an application's write would fail on a trigger whose table is gone.
SELECT type, name
FROM sqlite_schema
WHERE name LIKE '\_changeover\_%' ESCAPE '\' AND type IN ('trigger', 'table')
ORDER BY CASE type WHEN 'trigger' THEN 0 ELSE 1 END, rowid
