import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { openSource } from "../../src/source/source.ts";
import { loadRun } from "../../src/target/store/run-store.ts";
import { verifyTable } from "../../src/verify/verify-run.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

it("finds the one row too many among many without comparing each with each", async () => {
  const { path } = await sqliteFile(
    "CREATE TABLE many(k TEXT PRIMARY KEY NOT NULL); WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i + 1 " +
      "FROM i WHERE i < 60000) INSERT INTO many SELECT 'key ' || i FROM i",
  );
  const { url, target, session } = await emptyTarget("create table many(k text primary key)");
  onTestFinished(() => target.close());
  const migration = openMigration({ source: path, target: url, migrationsDirectory: temporaryDirectory() });
  await migration.sync({ until: "caught-up" });
  await session.run("insert into many values ('too many')");
  await migration.close();
  const source = openSource({ url: path });
  onTestFinished(() => source.close());
  const run = await loadRun(session);
  const mapping = run?.mappings[0];
  if (run === null || mapping === undefined) throw new Error("no run");
  // Each with each would take minutes.
  await session.run("set statement_timeout = '10s'");
  const { differences, rows } = await verifyTable(
    { run: run.id, source, session, captured: true, tooFarBehind: 20_000n },
    mapping,
  );
  expect(rows).toBe(60_000);
  expect(differences).toEqual([
    { key: [{ type: "text", hex: Buffer.from("too many").toString("hex") }], what: "extra", columns: [] },
  ]);
});

it.each([
  ["before all others", "insert into note values (-5, 'x')", 1],
  ["between others", "insert into note values (1001, 'x')", 1],
  ["after all others", "insert into note values (999999, 'x'), (1000000, 'y')", 2],
  [
    "behind a row that differs, and before one",
    "update note set body = 'z' where id in (2000, 4000); insert into note values (3001, 'x'), (4001, 'x')",
    4,
  ],
  ["without a key", "alter table note alter id drop not null; insert into note values (null, 'x')", 1],
])("finds rows too many %s, where the key is a number", async (_, insert, extras) => {
  const { path } = await sqliteFile(
    "CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT); WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL " +
      "SELECT i + 1 FROM i WHERE i < 3000) INSERT INTO note SELECT i * 2, 'body ' || i FROM i",
  );
  const { url, target, session } = await emptyTarget("create table note(id bigint not null unique, body text)");
  const migration = openMigration({ source: path, target: url, migrationsDirectory: temporaryDirectory() });
  onTestFinished(async () => {
    await migration.close();
    await target.close();
  });
  await migration.sync({ until: "caught-up" });
  expect(await migration.check()).toMatchObject({ ok: true, rows: 3000 });
  await session.run(insert);
  expect(await migration.check()).toMatchObject({ ok: false, rows: 3000, differences: extras });
});
