import { copyFileSync, existsSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { openEmbedded } from "../../src/embedded/embedded.ts";
import { openMigration } from "../../src/migration.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SHOP = `
  CREATE TABLE customers(id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);
  CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES customers(id), note TEXT);
  INSERT INTO customers VALUES(1, 'a@x'), (2, 'b@x');
  INSERT INTO orders VALUES(1, 1, 'first'), (2, 2, 'second')`;

async function ends() {
  const cwd = temporaryDirectory();
  const { application, path } = await sqliteFile(SHOP, { journalMode: "delete" });
  application.close();
  const target = await emptyDatabase();
  const embedded = await openEmbedded({ directory: inject("embeddedDirectory") });
  onTestFinished(() => embedded.release());
  const migration = openMigration({ source: path, target, migrationsDirectory: join(cwd, "migrations") });
  onTestFinished(() => migration.close());
  const scratch = () =>
    query<{ datname: string }>(
      target,
      `select datname from pg_database where datname like 'changeover_rehearse_%_${process.pid.toString(36)}_%'`,
    );
  return { cwd, embedded, migration, path, scratch, target };
}

function ask(path: string, sql: string): unknown[] {
  const database = new Database(path);
  try {
    return database.prepare(sql).raw().all() as unknown[];
  } finally {
    database.close();
  }
}

const SCHEMA = "SELECT type, name, sql FROM sqlite_schema ORDER BY rowid";

describe("a rehearsal on a copy", { timeout: 240_000 }, () => {
  it("goes there and back in a database of its own; the run, both its ends and the copy's rows stay", async () => {
    const { cwd, embedded, migration, path, scratch, target } = await ends();
    const unmarked = ask(path, SCHEMA);
    await migration.schema({ write: true });
    await migration.migrations.up();
    await migration.sync({ until: "caught-up" });
    const copy = join(cwd, "copy.db");
    copyFileSync(path, copy);
    const state = "select to_jsonb(r) as run from changeover.run r";
    const before = [await query(target, state), ask(path, SCHEMA)];
    const rehearsal = await migration.rehearse({ copy, embedded });
    expect(rehearsal).toMatchObject({
      ok: true,
      checks: [
        { check: "copy", ok: true },
        { check: "cutover", ok: true, detail: expect.stringContaining("4 rows compared, no difference") as string },
        { check: "failback", ok: true },
      ],
      predictedDowntimeMs: expect.any(Number) as number,
    });
    expect([await query(target, state), ask(path, SCHEMA)]).toEqual(before);
    expect(ask(copy, SCHEMA)).toEqual(unmarked);
    expect(ask(copy, "SELECT * FROM orders")).toHaveLength(2);
    expect(await scratch()).toEqual([]);
    await expect(migration.rehearse({ copy: path, embedded })).rejects.toMatchObject({ code: "COPY_IS_THE_SOURCE" });
    const withoutSource = openMigration({ target, migrationsDirectory: join(cwd, "migrations") });
    onTestFinished(() => withoutSource.close());
    await expect(withoutSource.rehearse({ copy: path, embedded })).rejects.toMatchObject({
      code: "COPY_IS_THE_SOURCE",
    });
    await expect(withoutSource.rehearse({ copy: "none.db", embedded })).rejects.toMatchObject({
      code: "COPY_NOT_FOUND",
    });
    expect(await migration.cutover()).toMatchObject({ phase: "cut-over" });
  });

  it("has its tables in the schema that is given for the target", async () => {
    const { cwd, embedded, path, scratch, target } = await ends();
    const migration = openMigration({ source: path, target, schema: "shop", migrationsDirectory: join(cwd, "own") });
    onTestFinished(() => migration.close());
    const copy = join(cwd, "copy.db");
    await query(target, "create schema shop");
    await migration.schema({ write: true });
    writeFileSync(
      join(cwd, "own", "9999_says_where.sql"),
      "-- Up Migration\nalter table shop.orders add constraint named check (id > 0);\n" +
        "-- Down Migration\nalter table shop.orders drop constraint named;\n",
    );
    expect(await migration.rehearse({ copy, embedded })).toMatchObject({ ok: true });
    expect(await scratch()).toEqual([]);
  });

  it("makes the copy where there is none, needs no run, and says what stands in the way", async () => {
    const { cwd, embedded, migration, path, scratch } = await ends();
    const before = ask(path, SCHEMA);
    const copy = join(cwd, "made.db");
    expect(await migration.rehearse({ copy, embedded, failback: false })).toMatchObject({ ok: true });
    expect([existsSync(copy), ask(path, SCHEMA), ask(copy, SCHEMA)]).toEqual([true, before, before]);
    expect(existsSync(join(cwd, "migrations"))).toBe(false);
    const database = new Database(copy);
    database.exec(
      "CREATE TABLE odd(id INTEGER PRIMARY KEY, t); INSERT INTO odd VALUES(1, CAST(x'ff41' AS TEXT)), (2, 5)",
    );
    database.close();
    const stopped = await migration.rehearse({ copy, embedded });
    expect(stopped).toMatchObject({ ok: false, predictedDowntimeMs: null });
    expect(stopped.checks.at(-1)).toMatchObject({ check: "rehearsed to the end", ok: false });
    expect(ask(copy, "SELECT name FROM sqlite_schema WHERE name LIKE '%changeover%'")).toEqual([]);
    expect(await scratch()).toEqual([]);
    // As a plain copy alongside a writer may be: pages of another moment.
    const file = openSync(copy, "r+");
    writeSync(file, Buffer.alloc(4_096, 7), 0, 4_096, 4_096);
    await expect(migration.rehearse({ copy, embedded })).rejects.toMatchObject({
      code: expect.stringMatching(/COPY_DAMAGED|SOURCE_CORRUPT/) as string,
    });
  });
});
