-- A GeoPackage: an R-Tree kept in step by triggers that call functions which only GIS software has, and geometry as a BLOB
-- expect: arrives
-- finding: TRIGGER_NOT_TRANSLATED
-- target: select encode(geom, 'hex') from well order by fid limit 1 => 4750000140710000010100000000000000000000400000000000000840
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_contents(table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), srs_id INTEGER);
INSERT INTO gpkg_contents VALUES ('well', 'features', 'well', '2024-03-01T10:00:00.000Z', 28992);
CREATE TABLE well(fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, name TEXT(32), depth MEDIUMINT, ok BOOLEAN);
INSERT INTO well VALUES (1, x'4750000140710000010100000000000000000000400000000000000840', 'a', 12, 1), (2, NULL, 'b', NULL, 0);
CREATE VIRTUAL TABLE rtree_well_geom USING rtree(id, minx, maxx, miny, maxy);
INSERT INTO rtree_well_geom VALUES (1, 2, 2, 3, 3);
CREATE TRIGGER rtree_well_geom_insert AFTER INSERT ON well WHEN (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN INSERT OR REPLACE INTO rtree_well_geom VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)); END;
CREATE TRIGGER rtree_well_geom_delete AFTER DELETE ON well WHEN OLD.geom NOT NULL BEGIN DELETE FROM rtree_well_geom WHERE id = OLD.fid; END;
