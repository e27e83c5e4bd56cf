-- Django's own forms: char(32) for UUIDs, bigint microseconds for durations, decimals as reals, JSON with a CHECK, unsigned with a CHECK, deferred foreign keys, naive datetimes with microseconds
-- expect: arrives
-- types: plain, enhanced
CREATE TABLE "app_doc"("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" char(32) NOT NULL UNIQUE, "took" bigint NULL, "price" decimal NOT NULL, "data" text NOT NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)),
  "n" integer unsigned NOT NULL CHECK ("n" >= 0), "made" datetime NOT NULL, "at" time NULL, "on" date NULL, "ok" bool NOT NULL, "blob" BLOB NULL, "parent_id" integer NULL REFERENCES "app_doc" ("id") DEFERRABLE INITIALLY DEFERRED);
INSERT INTO "app_doc" VALUES (1, '0123456789abcdef0123456789abcdef', 90061000001, 12.3, '{"a": [1, null]}', 0, '2024-03-01 10:00:00.123456', '10:00:00', '2024-03-01', 1, x'00', NULL),
  (2, 'fedcba9876543210fedcba9876543210', NULL, 0.1, 'null', 4000000000, '2024-03-01 10:00:00', '23:59:59.999999', NULL, 0, NULL, 1);
CREATE UNIQUE INDEX "app_doc_cond" ON "app_doc" ("n") WHERE "ok";
