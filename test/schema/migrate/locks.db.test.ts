import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PG_MIGRATE_LOCK_ID } from "node-pg-migrate";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { migrateDown, migrateUp } from "../../../src/schema/migrate/migrate-target.ts";
import { startCli } from "../../support/cli.ts";
import { project, sqlMigration, wholeDatabase } from "../../support/migrations.ts";
import { poolerTo } from "../../support/pooler.ts";
import { emptyDatabase, query } from "../../support/target.ts";

const SLOW = sqlMigration("create table slow(id int)", "drop table slow");

/** A lock of the test's own, at which a migration waits until the test lets it go on. */
const HELD_BY_TEST = 25_000;
const HELD = sqlMigration(
  `select pg_advisory_xact_lock(${HELD_BY_TEST});\ncreate table slow(id int)`,
  "drop table slow",
);

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

function advisoryLocks(url: string): Promise<object[]> {
  return query(
    url,
    "select pid from pg_locks where locktype = 'advisory' and database = (select oid from pg_database " +
      "where datname = current_database())",
  );
}

/** Waits until some transaction of the database holds the lock of migrations. */
async function untilLocked(url: string): Promise<void> {
  while ((await advisoryLocks(url)).length === 0) await delay(20);
}

describe("through a pooler in transaction mode", () => {
  it("a session lock protects nothing, so ours belongs to the transaction", async () => {
    const { url } = await poolerTo(await emptyDatabase());
    const client = await connected(url);
    await client.query("select pg_advisory_lock(1)");
    expect((await client.query("select pg_try_advisory_lock(1) as again")).rows).toEqual([{ again: false }]);
  });

  it("one of two concurrent runs waits, and no lock is left", async () => {
    const direct = await emptyDatabase();
    const { url } = await poolerTo(direct, 4);
    const { directory } = project({
      "0001_slow.sql": HELD,
      "0002_more.sql": sqlMigration("create table more(id int)", "drop table more"),
    });
    const said: string[] = [];
    const holder = await connected(direct);
    await holder.query(`select pg_advisory_lock(${HELD_BY_TEST})`);
    const first = migrateUp({ url, directory });
    while ((await advisoryLocks(direct)).length < 3) await delay(20);
    const second = migrateUp({
      url,
      directory,
      report: (event) => void ("message" in event && said.push(event.message)),
    });
    while (said.length === 0) await delay(20);
    await holder.query("select pg_advisory_unlock_all()");
    expect([await first, await second]).toEqual([["0001_slow", "0002_more"], []]);
    expect(said.join()).toMatch(
      /another process that runs migrations in this database \(an unnamed .* as changeover, process \d+ of the server/,
    );
    expect(await advisoryLocks(direct)).toEqual([]);
  });

  it("a file that runs outside transactions holds the lock, too, and none is left", async () => {
    const direct = await emptyDatabase();
    const { url } = await poolerTo(direct, 4);
    const { directory } = project({
      "0001_t.sql": sqlMigration("create table t(id int)", "drop table t"),
      "0002_i.sql": sqlMigration(
        `create index concurrently t_id on t(id); select pg_advisory_xact_lock(${HELD_BY_TEST}); ` +
          "create index concurrently t_id2 on t(id)",
        "drop index t_id, t_id2",
      ),
    });
    const holder = await connected(direct);
    await holder.query(`select pg_advisory_lock(${HELD_BY_TEST})`);
    const first = migrateUp({ url, directory });
    while ((await query(direct, "select from pg_class where relname = 't_id'")).length === 0) await delay(20);
    const before = await wholeDatabase(direct);
    await expect(migrateUp({ url, directory, waitMs: 0 })).rejects.toMatchObject({ code: "MIGRATIONS_LOCKED" });
    expect(before.filter((line) => line.includes("t_id2"))).toEqual([]);
    await holder.query("select pg_advisory_unlock_all()");
    expect(await first).toEqual(["0001_t", "0002_i"]);
    expect(await advisoryLocks(direct)).toEqual([]);
  });
});

it("a second run is refused if it may not wait, or after its wait", async () => {
  const url = await emptyDatabase();
  const { directory } = project({ "0001_slow.sql": SLOW });
  const holder = await connected(url);
  // As node-pg-migrate's own command line holds it.
  await holder.query(`select pg_advisory_lock(${PG_MIGRATE_LOCK_ID})`);
  const before = await wholeDatabase(url);
  await expect(migrateUp({ url, directory, waitMs: 0 })).rejects.toMatchObject({
    code: "MIGRATIONS_LOCKED",
    message: expect.stringContaining("Nothing was changed") as string,
  });
  await expect(migrateUp({ url, directory, waitMs: 300 })).rejects.toMatchObject({ code: "MIGRATIONS_LOCKED" });
  expect(await wholeDatabase(url)).toEqual(before);
  await holder.query("select pg_advisory_unlock_all()");
  expect(await migrateUp({ url, directory, waitMs: 0 })).toEqual(["0001_slow"]);
});

it("leaves a file that came while it waited for the next run", async () => {
  const url = await emptyDatabase();
  const { directory, write } = project({ "0001_first.sql": sqlMigration("create table a(id int)", "drop table a") });
  const holder = await connected(url);
  await holder.query(`select pg_advisory_lock(${PG_MIGRATE_LOCK_ID})`);
  const running = migrateUp({ url, directory });
  await delay(1_000);
  write({ "0002_second.sql": sqlMigration("create table b(id int)", "drop table b") });
  await holder.query("select pg_advisory_unlock_all()");
  expect(await running).toEqual(["0001_first"]);
  expect(await migrateUp({ url, directory })).toEqual(["0002_second"]);
});

it("a killed process holds no lock, even in the middle of a statement", async () => {
  const url = await emptyDatabase();
  const { cwd, write } = project({
    "0001_slow.sql": sqlMigration("create table t(id int); select pg_sleep(60)", "drop table t"),
  });
  const killed = startCli(["up", "--target", url], { cwd });
  await untilLocked(url);
  while (
    (
      await query(
        url,
        "select from pg_stat_activity where datname = current_database() and query like '%pg_sleep(60)%' " +
          "and pid <> pg_backend_pid()",
      )
    ).length === 0
  )
    await delay(20);
  killed.child.kill("SIGKILL");
  write({ "0001_slow.sql": sqlMigration("create table t(id int)", "drop table t") });
  expect(await migrateUp({ url, directory: `${cwd}/migrations`, waitMs: 20_000 })).toEqual(["0001_slow"]);
});

it("Ctrl-C cancels a statement at the server, and everything is rolled back", async () => {
  const url = await emptyDatabase();
  const { cwd } = project({
    "0001_slow.sql": sqlMigration("create table t(id int); select pg_sleep(60)", "drop table t"),
  });
  const running = startCli(["up", "--target", url, "--json"], { cwd });
  while (
    (
      await query(
        url,
        "select from pg_stat_activity where datname = current_database() and query like '%pg_sleep(60)%' " +
          "and pid <> pg_backend_pid()",
      )
    ).length === 0
  )
    await delay(20);
  running.child.kill("SIGINT");
  expect(await running.ended).toMatchObject({ code: 130, stdout: expect.stringContaining("INTERRUPTED") as string });
  expect(await query(url, "select to_regclass('t') as t, to_regclass('pgmigrations') as p")).toEqual([
    { t: null, p: null },
  ]);
});

describe("a lock that the application holds", () => {
  const ALTER = sqlMigration("alter table items add column price numeric", "alter table items drop column price");

  async function reader(): Promise<{ readonly url: string; readonly directory: string; readonly reading: pg.Client }> {
    const url = await emptyDatabase();
    const made = project({ "0001_items.sql": sqlMigration("create table items(id int)", "drop table items") });
    await migrateUp({ url, directory: made.directory });
    made.write({ "0002_price.sql": ALTER });
    const reading = await connected(url);
    await reading.query("begin; select from items");
    return { url, directory: made.directory, reading };
  }

  it("is waited for in short slices, between which the application's queries run", async () => {
    const { url, directory, reading } = await reader();
    const said: string[] = [];
    const applying = migrateUp({
      url,
      directory,
      lockTimeoutMs: 100,
      report: (event) => void ("message" in event && said.push(event.message)),
    });
    const application = await connected(url);
    let longest = 0;
    for (const until = performance.now() + 900; performance.now() < until; await delay(5)) {
      const started = performance.now();
      await application.query("select from items");
      longest = Math.max(longest, performance.now() - started);
    }
    await reading.query("commit");
    expect(await applying).toEqual(["0002_price"]);
    expect(said.join()).toMatch(
      /could not get a lock within 100 ms, so the transaction was rolled back; retrying in 0.5 s \(attempt 2 of 10\)/,
    );
    // It did wait behind the migration, and no longer than a turn.
    expect(longest).toBeGreaterThan(50);
    expect(longest).toBeLessThan(600);
  });

  it("is given up after the given number of attempts, and everything is rolled back", async () => {
    const { url, directory } = await reader();
    const before = await wholeDatabase(url);
    await expect(migrateUp({ url, directory, lockTimeoutMs: 50, lockAttempts: 2 })).rejects.toMatchObject({
      code: "MIGRATION_LOCK_TIMEOUT",
      message: expect.stringMatching(
        new RegExp(
          "^migration 0002_price needs a lock that others held for more than 50 ms in each of 2 attempts " +
            String.raw`\(open for longer: an unnamed application as .*, process \d+ of the server, ` +
            String.raw`idle in transaction, for \d+ s\)`,
        ),
      ) as string,
    });
    expect(await wholeDatabase(url)).toEqual(before);
  });
});

describe("an index that is built concurrently", () => {
  it("does not wait for sessions that wait for the lock", async () => {
    const url = await emptyDatabase();
    const { directory } = project({
      "0001_t.sql": sqlMigration("create table t(id int); insert into t values (1)", "drop table t"),
      "0002_i.sql": sqlMigration("create index concurrently t_id on t(id)", "drop index concurrently t_id"),
    });
    await migrateUp({ url, directory, count: 1 });
    const old = await connected(url);
    await old.query("begin isolation level repeatable read; select from t");
    const building = migrateUp({ url, directory });
    while ((await query(url, "select from pg_class where relname = 't_id'")).length === 0) await delay(20);
    const waiting = migrateUp({ url, directory });
    await delay(200);
    await old.query("commit");
    expect([await building, await waiting]).toEqual([["0002_i"], []]);
    expect(await query(url, "select indisvalid as valid from pg_index where indexrelid = 't_id'::regclass")).toEqual([
      { valid: true },
    ]);
  });

  it("by a script holds the lock, too; a script that only mentions it runs in a transaction", async () => {
    const url = await emptyDatabase();
    const { directory } = project({
      "0001_t.mjs":
        "// pgm.noTransaction() is not for this one\nexport const up = async (pgm) => { await " +
        "pgm.db.query('create table t(id int)'); pgm.sql('insert into t values (1); " +
        "select 1/0'); };\nexport const down = false;\n",
      "0002_i.mjs":
        "export const up = async (pgm) => { const { rows } = await pgm.db.query('select count(*)::int as n " +
        "from t'); pgm.noTransaction(); pgm.createIndex('t', 'id', { name: `t_id_${rows[0].n}`, " +
        "concurrently: true }); };\nexport const down = (pgm) => { pgm.noTransaction(); pgm.dropIndex('t', " +
        "'id', { name: 't_id_0', concurrently: true }); };\n",
    });
    await expect(migrateUp({ url, directory })).rejects.toMatchObject({
      code: "MIGRATION_FAILED",
      message: expect.stringContaining("it was rolled back") as string,
    });
    expect(await query(url, "select to_regclass('t') as t")).toEqual([{ t: null }]);
    writeFileSync(
      join(directory, "0001_t.mjs"),
      "// pgm.noTransaction() is not for this one\nexport const up = (pgm) => { pgm.sql('create table t(id " +
        "int)'); };\n//2\n",
    );
    renameSync(join(directory, "0001_t.mjs"), join(directory, "0001_u.mjs"));
    expect(await migrateUp({ url, directory })).toEqual(["0001_u", "0002_i"]);
    expect(await query(url, "select indisvalid as valid from pg_index where indexrelid = 't_id_0'::regclass")).toEqual([
      { valid: true },
    ]);
    expect(await migrateDown({ url, directory })).toEqual(["0002_i"]);
  });

  it("is stopped by an abort, and committed statements are reported", async () => {
    const url = await emptyDatabase();
    const { directory } = project({
      "0001_t.sql": sqlMigration("create table t(id int)", "drop table t"),
      "0002_i.sql": sqlMigration("create index concurrently t_id on t(id)", "drop index concurrently t_id"),
    });
    await migrateUp({ url, directory, count: 1 });
    const old = await connected(url);
    await old.query("begin; insert into t values (1)");
    const stop = new AbortController();
    const building = migrateUp({ url, directory, signal: stop.signal }).catch((error: unknown) => error);
    while ((await query(url, "select from pg_class where relname = 't_id'")).length === 0) await delay(20);
    stop.abort();
    expect(await building).toMatchObject({
      code: "MIGRATION_FAILED",
      message: expect.stringContaining("canceling statement") as string,
      hint: expect.stringContaining("INVALID") as string,
    });
    await old.query("rollback");
    expect(await advisoryLocks(url)).toEqual([]);
  });

  it("is not recorded if it fails, and committed statements are reported", async () => {
    const url = await emptyDatabase();
    const made = project({
      "0001_t.sql": sqlMigration("create table t(id int); insert into t values (1), (1)", "drop table t"),
      "0002_i.sql": sqlMigration(
        "create index concurrently t_id on t(id);\ncreate unique index concurrently t_unique on t(id)",
        "drop index t_id",
      ),
    });
    await expect(migrateUp({ url, directory: made.directory })).rejects.toMatchObject({
      code: "MIGRATION_FAILED",
      message: expect.stringMatching(
        /0002_i failed.*outside a transaction: its first statement is committed: could not create unique index/,
      ) as string,
      hint: expect.stringContaining("INVALID") as string,
    });
    expect(await query(url, "select name from pgmigrations")).toEqual([{ name: "0001_t" }]);
    made.write({ "0002_i.sql": sqlMigration("drop index concurrently t_unique; vacuum t", "drop index t_id") });
    expect(await migrateUp({ url, directory: made.directory })).toEqual(["0002_i"]);
  });
});
