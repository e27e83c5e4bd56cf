-- An R-Tree, with an auxiliary column
-- expect: arrives
-- finding: VIRTUAL_TABLE_MOVED boxes_rowid
-- target: select id, x0, x1, label from boxes => 1 | 0.5 | 2 | box
CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1, y0, y1, +label TEXT);
INSERT INTO boxes VALUES (1, 0.5, 2, 3, 4, 'box');
