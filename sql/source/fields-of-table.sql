-- The fields of a table's records, in their order. `is_rowid`: the field is empty, and the value is the rowid.
SELECT CAST(c.name AS BLOB), c.dflt_value IS NOT NULL AS has_default,
  c.pk = 1 AND upper(c.type) = 'INTEGER'
    AND (SELECT count(*) FROM pragma_table_xinfo(?1) AS k WHERE k.pk > 0) = 1
    AND NOT EXISTS (SELECT 1 FROM pragma_index_list(?1) AS i WHERE i.origin = 'pk') AS is_rowid
FROM pragma_table_xinfo(?1) AS c
WHERE c.hidden <> 2
ORDER BY c.cid
