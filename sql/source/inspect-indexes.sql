-- Key terms of all indexes of ordinary tables; cid -1 is the rowid, -2 an expression.
SELECT
  CAST(m.name AS BLOB),
  CAST(i.name AS BLOB),
  i."unique",
  i.origin,
  i.partial,
  x.cid,
  CAST(x.name AS BLOB),
  x."desc",
  CAST(x.coll AS BLOB)
FROM sqlite_schema AS m
JOIN pragma_index_list(m.name) AS i
JOIN pragma_index_xinfo(i.name) AS x
WHERE m.type = 'table' AND m.rootpage > 0 AND x.key = 1
ORDER BY m.rowid, i.seq DESC, x.seqno
