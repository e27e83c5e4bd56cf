-- Pages of the database file for the verification, as the snapshot sees them, one behind the other.
SELECT CAST(group_concat(page.data, '') AS BLOB), count(*)
FROM json_each(?) AS wanted
CROSS JOIN sqlite_dbpage AS page ON page.pgno = wanted.value
