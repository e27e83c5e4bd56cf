-- Pages of the database file as the snapshot sees them, concatenated in the given order.
SELECT CAST(group_concat(p.data, '') AS BLOB)
FROM json_each(?) AS j
CROSS JOIN sqlite_dbpage AS p ON p.pgno = j.value
