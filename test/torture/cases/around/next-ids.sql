-- The next id of tables that are empty, start at 0, hold only negative ids, have AUTOINCREMENT ahead, or a key by another name
-- expect: arrives
-- target: insert into "order"("Name") values ('n') returning "Id" => 8
-- target: insert into empty_one(v) values ('n') returning doc_id => 1
-- target: insert into zero(v) values ('n') returning id => 1
-- target: insert into ahead(v) values ('n') returning id => 101
CREATE TABLE "order"("Id" INTEGER NOT NULL PRIMARY KEY, "Name" TEXT);
INSERT INTO "order" VALUES (7, 'a');
CREATE TABLE empty_one(doc_id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);
CREATE TABLE zero(id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO zero VALUES (0, 'a');
CREATE TABLE ahead(id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);
INSERT INTO ahead VALUES (100, 'a'); DELETE FROM ahead; INSERT INTO ahead VALUES (5, 'b');
