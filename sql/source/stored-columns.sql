-- Columns in the order of a record's fields.
SELECT CAST(c.name AS BLOB), c.dflt_value IS NULL, c.hidden
FROM pragma_table_xinfo(?) AS c
ORDER BY c.cid
