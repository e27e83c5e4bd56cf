import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SOURCE = `
  CREATE TABLE docs (id INTEGER PRIMARY KEY, title TEXT, body TEXT);
  INSERT INTO docs VALUES (1, 'Hello', 'the world of things');
  CREATE VIRTUAL TABLE docs_fts USING fts5(title, body, content='docs', content_rowid='id',
    tokenize='porter unicode61');
  CREATE VIRTUAL TABLE mail USING fts5(sender, text, id UNINDEXED);
  INSERT INTO mail VALUES ('a@x.org', 'first letter', 5), ('b@x.org', 'second letter', 'six');
  CREATE VIRTUAL TABLE events USING fts4(name, note, notindexed=name);
  INSERT INTO events (docid, name, note) VALUES (77, 'start', 'a note'), (78, 'stop', NULL);
  CREATE VIRTUAL TABLE boxes USING rtree(id, minX, maxX, "min Y", maxY, +label);
  INSERT INTO boxes VALUES (1, 0, 1, 0.1, 2, 'one'), (5, -1, 1.1, 3, 4, NULL);
  CREATE VIRTUAL TABLE cubes USING rtree_i32(id, x0, x1, y0, y1, z0, z1);
  INSERT INTO cubes VALUES (9, 1, 2, 3, 4, 5, 6);
`;

it("brings the rows of full text and R-Tree tables over, follows their changes, and fences them", {
  timeout: 120_000,
}, async () => {
  const { path, application } = await sqliteFile(SOURCE);
  const target = await emptyDatabase();
  const migration = openMigration({
    source: path,
    target,
    migrationsDirectory: join(temporaryDirectory(), "migrations"),
  });
  onTestFinished(() => migration.close());
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.sync({ until: "caught-up" });
  expect(await rowsOf(target)).toEqual({
    mail: [
      { rowid: "1", sender: "a@x.org", text: "first letter", id: "5" },
      { rowid: "2", sender: "b@x.org", text: "second letter", id: "six" },
    ],
    events: [
      { rowid: "77", name: "start", note: "a note" },
      { rowid: "78", name: "stop", note: null },
    ],
    boxes: [
      { id: "1", minX: 0, maxX: 1, "min Y": expect.closeTo(0.1, 5), maxY: 2, label: "one" },
      { id: "5", minX: -1, maxX: expect.closeTo(1.1, 5), "min Y": 3, maxY: 4, label: null },
    ],
    cubes: [{ id: "9", x0: "1", x1: "2", y0: "3", y1: "4", z0: "5", z1: "6" }],
  });

  await application.executeMultiple(`
    UPDATE mail SET text = 'third letter' WHERE rowid = 1;
    DELETE FROM mail WHERE rowid = 2;
    INSERT INTO mail (rowid, sender, text, id) VALUES (40, 'c@x.org', 'fourth', NULL);
    INSERT INTO mail (mail) VALUES ('optimize');
    UPDATE events SET docid = 80, note = 'moved' WHERE docid = 78;
    REPLACE INTO events (docid, name, note) VALUES (77, 'again', 'replaced');
    UPDATE boxes SET maxX = 8 WHERE id = 1;
    UPDATE boxes SET label = 'five' WHERE id = 5;
    INSERT OR REPLACE INTO boxes VALUES (5, 2, 3, 4, 5, 'new five');
    WITH n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 400) INSERT INTO boxes SELECT i, i, i + 1, i,
      i + 1, NULL FROM n;
    DELETE FROM boxes WHERE id BETWEEN 200 AND 300;
    UPDATE cubes SET id = 10, z1 = 7;
  `);
  await migration.sync({ until: "caught-up" });
  expect(await migration.check()).toMatchObject({ ok: true, differences: 0, unsettled: 0 });
  const { mail, events, boxes, cubes } = await rowsOf(target);
  expect(mail).toMatchObject([
    { rowid: "1", text: "third letter" },
    { rowid: "40", text: "fourth" },
  ]);
  expect(events).toEqual([
    { rowid: "77", name: "again", note: "replaced" },
    { rowid: "80", name: "stop", note: "moved" },
  ]);
  expect(boxes).toHaveLength(202);
  expect(boxes?.slice(0, 2)).toMatchObject([{ maxX: 8 }, { minX: 2, label: "new five" }]);
  expect(cubes).toEqual([{ id: "10", x0: "1", x1: "2", y0: "3", y1: "4", z0: "5", z1: "7" }]);

  expect(await migration.cutover()).toMatchObject({ phase: "cut-over" });
  for (const write of [
    "INSERT INTO mail VALUES ('x', 'y', 1)",
    "DELETE FROM events",
    "UPDATE boxes SET maxX = 9 WHERE id = 1",
    "INSERT INTO cubes VALUES (1, 1, 2, 3, 4, 5, 6)",
  ])
    await expect(application.execute(write)).rejects.toThrow();
  expect(await migration.check()).toMatchObject({ ok: true, differences: 0 });

  for (const sql of [
    "update mail set text = 'letter from elsewhere' where rowid = 1",
    "delete from mail where rowid = 40",
    "insert into mail (rowid, sender, text, id) values (41, 'd@x.org', 'a fifth', '7')",
    "update events set note = 'changed' where rowid = 80",
    `update boxes set "maxX" = 1000000.1 where id = 1`,
    "update boxes set label = 'other' where id = 5",
    'insert into boxes (id, "minX", "maxX", "min Y", "maxY", label) values (3, 0.1, 0.2, -7, 7, \'new\')',
    "delete from boxes where id between 100 and 399",
    "insert into cubes values (11, 1, 2, 3, 4, 5, 6)",
  ])
    await query(target, sql);
  expect(await migration.rollback()).toMatchObject({ kind: "failback" });
  const rows = async (sql: string) =>
    (await application.execute(sql)).rows.map((row) =>
      Object.values(row).map((value) => (typeof value === "bigint" ? Number(value) : value)),
    );
  expect(await rows("SELECT rowid, text FROM mail WHERE mail MATCH 'letter' ORDER BY rowid")).toEqual([
    [1, "letter from elsewhere"],
  ]);
  expect(await rows("SELECT rowid, id FROM mail ORDER BY rowid")).toEqual([
    [1, 5],
    [41, 7],
  ]);
  expect(await rows("SELECT docid, note FROM events WHERE note MATCH 'changed'")).toEqual([[80, "changed"]]);
  expect(
    await rows("SELECT id, label FROM boxes WHERE minX <= 0.15 AND maxX >= 0.15 AND minX >= 0.05 ORDER BY id"),
  ).toEqual([[3, "new"]]);
  expect(await rows("SELECT id, maxX > 1000000 FROM boxes WHERE id < 100 ORDER BY id")).toEqual([
    [1, 1],
    [3, 0],
    [5, 0],
  ]);
  expect(await rows("SELECT count(*) FROM boxes WHERE id BETWEEN 100 AND 399")).toEqual([[0]]);
  expect(await rows("SELECT id FROM cubes ORDER BY id")).toEqual([[10], [11]]);
  await application.execute("INSERT INTO mail VALUES ('x', 'y', 1)");
  await application.execute("INSERT INTO mail (mail) VALUES ('integrity-check')");
});

it("uses the indexes that stand for searches", async () => {
  const { path } = await sqliteFile(SOURCE);
  const target = await emptyDatabase();
  const migration = openMigration({
    source: path,
    target,
    migrationsDirectory: join(temporaryDirectory(), "migrations"),
  });
  onTestFinished(() => migration.close());
  await migration.schema({ write: true });
  await migration.migrations.up();
  expect(await migration.data()).toMatchObject({ check: { ok: true } });
  const plan = async (sql: string) =>
    (await query<{ "QUERY PLAN": string }>(target, sql)).map((row) => row["QUERY PLAN"]).join("\n");
  await query(
    target,
    `do $$ begin execute format('alter database %I set enable_seqscan = off', current_database()); end $$`,
  );
  expect(
    await plan(
      "explain select from docs where to_tsvector('english', coalesce(title, '') || ' ' || coalesce(body, " +
        "'')) @@ websearch_to_tsquery('english', 'thing')",
    ),
  ).toContain("docs_fts");
  expect(
    await plan(
      "explain select from mail where to_tsvector('simple', coalesce(sender, '') || ' ' || coalesce(text, " +
        "'')) @@ websearch_to_tsquery('simple', 'letter')",
    ),
  ).toContain("mail_search");
  expect(
    await plan(
      `explain select from boxes where box(point("minX", "min Y"), point("maxX", "maxY")) && box(point(0, ` +
        "0), point(1, 1))",
    ),
  ).toContain("boxes_box");
  expect(
    await query(
      target,
      "select title from docs where to_tsvector('english', coalesce(title, '') || ' ' || coalesce(body, " +
        "'')) @@ websearch_to_tsquery('english', 'thing')",
    ),
  ).toEqual([{ title: "Hello" }]);
});

async function rowsOf(target: string): Promise<Record<string, object[]>> {
  const rows: Record<string, object[]> = {};
  for (const [table, key] of [
    ["mail", "rowid"],
    ["events", "rowid"],
    ["boxes", "id"],
    ["cubes", "id"],
  ] as const)
    rows[table] = await query(target, `select * from ${table} order by ${key}`);
  return rows;
}
