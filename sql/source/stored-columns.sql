-- Columns in the order in which a record has them.
SELECT CAST(c.name AS BLOB), c.dflt_value IS NULL, c.hidden
FROM pragma_table_xinfo(?) AS c
ORDER BY c.cid
