-- Reserved words of PostgreSQL as names of tables and columns
-- expect: arrives
-- during: UPDATE "order" SET "group" = 'b', "user" = 5; INSERT INTO "user" VALUES ('c', NULL)
-- target: select "user", "select", "end", "offset", "all", "default", "check", "analyze" from "order" => 5 | s | e | 3 | 1 | d | c | z
CREATE TABLE "user"("primary" TEXT PRIMARY KEY, "references" TEXT);
INSERT INTO "user" VALUES ('a', 'x'), ('b', 'y');
CREATE TABLE "order"("table" INTEGER PRIMARY KEY, "user" INTEGER, "select" TEXT, "group" TEXT REFERENCES "user"("primary"), "end" TEXT, "offset" INT, "all" INT, "default" TEXT DEFAULT 'd', "check" TEXT CHECK ("check" <> ''), "analyze" TEXT, "from" TEXT, "where" TEXT, "limit" TEXT, "column" TEXT, "constraint" TEXT, "true" TEXT, "null" TEXT, "current_user" TEXT);
INSERT INTO "order"("table", "user", "select", "group", "end", "offset", "all", "check", "analyze") VALUES (1, 2, 's', 'a', 'e', 3, 1, 'c', 'z');
