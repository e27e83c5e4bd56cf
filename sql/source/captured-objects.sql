-- All objects of changeover in the source, triggers first: a write of the application would fail on a trigger without
-- its table.
SELECT type, name
FROM sqlite_schema
WHERE name LIKE '\_changeover\_%' ESCAPE '\' AND type IN ('trigger', 'table')
ORDER BY CASE type WHEN 'trigger' THEN 0 ELSE 1 END, rowid
