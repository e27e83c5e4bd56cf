import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { openEmbedded } from "../../../src/embedded/embedded.ts";
import { dryRun } from "../../../src/schema/migrate/dry-run.ts";
import { jobOf, migrateUp } from "../../../src/schema/migrate/migrate-target.ts";
import { runCli } from "../../support/cli.ts";
import { project, sqlMigration, wholeDatabase } from "../../support/migrations.ts";
import { temporaryDirectory } from "../../support/source.ts";
import { emptyDatabase, query } from "../../support/target.ts";

const ITEMS = sqlMigration("create table items(id bigint primary key)", "drop table items");
const PRICE = sqlMigration("alter table items add column price numeric", "alter table items drop column price");
const INDEX = sqlMigration(
  "create index concurrently items_price on items(price)",
  "drop index concurrently items_price",
);
const ASKING =
  "export const up = async (pgm) => { const { rows } = await pgm.db.query('select 1 as n'); " +
  "pgm.sql(`select ${rows[0].n}`); };\nexport const down = (pgm) => { pgm.dropColumn('items', 'x'); };\n";

it("prints what would run, and changes no catalogue, rows or locks", async () => {
  const url = await emptyDatabase();
  const { cwd, directory, write } = project({ "0001_items.sql": ITEMS });
  await migrateUp({ url, directory });
  write({
    "0002_price.sql": PRICE,
    "0003_index.sql": INDEX,
    "0004_asking.mjs": ASKING,
    "0005_more.mjs": "export const up = (pgm) => { pgm.addColumn('items', { note: 'text' }); };",
  });
  const before = await wholeDatabase(url);
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();
  onTestFinished(() => holder.end());
  // With the table held, and the lock of migrations too, a dry run waits for neither.
  await holder.query(
    "begin; lock table items in access exclusive mode; select pg_advisory_xact_lock(7241865325823964)",
  );
  const up = await runCli(["up", "--dry-run", "--target", url], { cwd });
  const down = await runCli(["down", "--dry-run", "--json", "--target", url], { cwd });
  const redo = await runCli(["redo", "--dry-run", "--target", url], { cwd });
  await holder.query("rollback");
  expect(up).toMatchObject({ code: 0, stderr: "" });
  expect(up.stdout).toBe(`-- 0002_price (up)
-- Up Migration
alter table items add column price numeric;

-- 0003_index (up), outside a transaction: statement by statement, each in effect at once
-- Up Migration
create index concurrently items_price on items(price);

-- 0004_asking (up)
-- This file asks the database while it runs. It was not asked, so what SQL the file would run is not known.

-- 0005_more (up)
ALTER TABLE "items"
  ADD "note" text;
`);
  expect(JSON.parse(down.stdout)).toEqual({
    ok: true,
    dry_run: true,
    planned: [
      {
        name: "0001_items",
        direction: "down",
        sql: [expect.stringContaining("drop table items") as string],
        transaction: true,
        asks_database: false,
      },
    ],
    next_steps: expect.any(Array) as unknown[],
  });
  expect(redo.stdout).toMatch(/0001_items \(down\)[^]*drop table items[^]*0001_items \(up\)[^]*create table items/);
  expect(await wholeDatabase(url)).toEqual(before);
});

it("refuses like a real run", async () => {
  const url = await emptyDatabase();
  const { directory, write } = project({ "0001_items.sql": ITEMS });
  const options = { url, directory };
  await migrateUp(options);
  write({ "0001_items.sql": `${ITEMS}-- changed\n` });
  await expect(dryRun(options, jobOf("down", {}))).rejects.toMatchObject({ code: "MIGRATION_CHANGED" });
  expect(await dryRun({ ...options, acceptChanged: true }, jobOf("down", {}))).toHaveLength(1);
  write({ "0001_items.sql": ITEMS, "0002_x.sql": sqlMigration("commit", "select 1") });
  await expect(dryRun(options, jobOf("up", {}))).rejects.toMatchObject({ code: "MIGRATION_OWN_TRANSACTION" });
});

it("does not wait for a lock on the migrations table", async () => {
  const url = await emptyDatabase();
  const { directory } = project({ "0001_items.sql": ITEMS });
  await migrateUp({ url, directory });
  const holder = new pg.Client({ connectionString: url });
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query("begin; lock table pgmigrations in access exclusive mode");
  await expect(dryRun({ url, directory }, jobOf("up", {}))).rejects.toMatchObject({ context: { sqlState: "55P03" } });
  await holder.query("rollback");
});

describe("on an idle server", () => {
  it("writes not one byte of WAL", async () => {
    const embedded = await openEmbedded({ directory: temporaryDirectory() });
    onTestFinished(() => embedded.release());
    const url = await embedded.database("quiet");
    const { directory, write } = project({ "0001_items.sql": ITEMS });
    await migrateUp({ url, directory });
    write({ "0002_price.sql": PRICE });
    const position = async () =>
      (await query<{ at: string }>(url, "select pg_current_wal_insert_lsn()::text as at"))[0]?.at;
    const moved = async (work: () => Promise<unknown>) => {
      const before = await position();
      await work();
      return (await position()) !== before;
    };
    // The server has work of its own now and then: a checkpoint, autovacuum. A writer would show in each attempt.
    let still = false;
    for (let attempt = 0; attempt < 5 && !still; attempt++) {
      still = !(await moved(async () => {
        await dryRun({ url, directory }, jobOf("up", {}));
        await dryRun({ url, directory }, jobOf("redo", {}));
      }));
      if (!still) await delay(300);
    }
    expect(still).toBe(true);
    expect(await moved(() => migrateUp({ url, directory }))).toBe(true);
  });
});
