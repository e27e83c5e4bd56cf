import { expect, it, onTestFinished } from "vitest";
import { loadRun } from "../../src/db/run-store.ts";
import { openSource } from "../../src/db/source.ts";
import { openMigration } from "../../src/migration.ts";
import { verifyTable } from "../../src/verify/verify-run.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

it("finds the one row too many among many without comparing each with each", async () => {
  const { path } = await sqliteFile("CREATE TABLE many(k TEXT PRIMARY KEY NOT NULL); WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < 60000) INSERT INTO many SELECT 'key ' || i FROM i");
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
  const { differences, rows } = await verifyTable({ run: run.id, source, session, captured: true, tooFarBehind: 20_000n }, mapping);
  expect(rows).toBe(60_000);
  expect(differences).toEqual([{ key: [{ type: "text", hex: Buffer.from("too many").toString("hex") }], what: "extra", columns: [] }]);
});
