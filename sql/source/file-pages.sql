-- Pages of the file, as the snapshot has them, one behind the other in the order asked for.
SELECT CAST(group_concat(p.data, '') AS BLOB)
FROM json_each(?) AS j
CROSS JOIN sqlite_dbpage AS p ON p.pgno = j.value
