-- Names with spaces, quotes, dots, semicolons, per cent signs, tabs, line ends, backslashes and emoji
-- expect: arrives
-- during: UPDATE "a table" SET "x'y" = 'changed', "col""umn" = 2 WHERE "the id" = 1; INSERT INTO "semi;colon -- no comment" VALUES (3, '\.')
-- target: select "back\slash", "100%", "😀" from "a table" => 7 | 100 | joy
CREATE TABLE "a table"("the id" INTEGER PRIMARY KEY, "col""umn" INTEGER, "x'y" TEXT, "a.b" TEXT, "tab	here" TEXT, "line
end" TEXT, "back\slash" INTEGER, "100%" INTEGER, "$1" TEXT, "😀" TEXT, "?" TEXT, ":x" TEXT, "[b]" TEXT, "`" TEXT);
INSERT INTO "a table" VALUES (1, 1, 'q', 'd', 't', 'l', 7, 100, '$', 'joy', '?', ':', '[]', '`');
CREATE TABLE "semi;colon -- no comment"("\." INTEGER PRIMARY KEY, "\N" TEXT);
INSERT INTO "semi;colon -- no comment" VALUES (1, '\N'), (2, NULL);
CREATE INDEX "an 'index'" ON "a table"("x'y", "col""umn" DESC);
