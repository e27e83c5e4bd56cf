import type { Client } from "@libsql/client";
import { copyFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SCHEMA = `
  CREATE TABLE items(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, price REAL DEFAULT 1.5);
  CREATE TABLE people(mail TEXT PRIMARY KEY NOT NULL, age INT);
  CREATE TABLE loans(item INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE, person TEXT NOT NULL REFERENCES people(mail), PRIMARY KEY(item, person)) WITHOUT ROWID;
  CREATE TABLE visits(page TEXT);
  INSERT INTO items(name) VALUES('a'), ('b'), ('c');
  INSERT INTO people VALUES('x@x', 1), ('y@y', 2);
  INSERT INTO loans VALUES(1, 'x@x'), (2, 'y@y');
  INSERT INTO visits VALUES('/'), ('/gone'), ('/'), ('/last');
  DELETE FROM visits WHERE page = '/gone';
`;

interface Synced {
  readonly path: string;
  readonly target: string;
  readonly application: Client;
  readonly cwd: string;
  readonly cli: (...args: string[]) => Promise<{ readonly code: number | null; readonly document: Record<string, unknown>; readonly stderr: string }>;
}

/** A run that has caught up, ready for the command line. */
async function synced(schema = SCHEMA): Promise<Synced> {
  const cwd = temporaryDirectory();
  const { path, application } = await sqliteFile(schema);
  const target = await emptyDatabase();
  const migration = openMigration({ source: path, target, migrationsDirectory: join(cwd, "migrations") });
  await migration.schema({ write: true });
  await migration.up();
  await migration.sync({ until: "caught-up" });
  await migration.close();
  return {
    path,
    target,
    application,
    cwd,
    async cli(...args) {
      const { code, stdout, stderr } = await runCli([...args, "--source", path, "--target", target, "--json"], { cwd });
      return { code, stderr, document: JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, unknown> };
    },
  };
}

/** Which transaction wrote each row of the target: a table that is copied again has others. */
async function writers(target: string, tables: readonly string[]): Promise<Record<string, unknown>> {
  const entries = tables.map(async (table) => [table, await query(target, `select xmin::text from ${table} order by ctid`)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

interface Drift {
  readonly table: string;
  /** What the application does. */
  readonly source: string;
  /** What the target's next migration file holds. */
  readonly migration?: string;
  readonly resync?: readonly string[];
  /** Tables that are copied again. */
  readonly copied?: readonly string[];
  readonly code?: string;
}

const DRIFTS: Readonly<Record<string, Drift>> = {
  "a column is added": { table: "items", source: "ALTER TABLE items ADD COLUMN colour TEXT DEFAULT 'red'; UPDATE items SET colour = 'blue' WHERE id = 2", migration: "alter table items add column colour text" },
  "a column is renamed": { table: "items", source: "ALTER TABLE items RENAME COLUMN price TO cost; INSERT INTO items(name, cost) VALUES('d', 4)", migration: "alter table items rename column price to cost" },
  "a column is dropped": { table: "items", source: "ALTER TABLE items DROP COLUMN price" },
  "a table is renamed": { table: "people", source: "ALTER TABLE people RENAME TO persons; INSERT INTO persons VALUES('z@z', 3)", migration: "alter table people rename to persons", resync: ["people", "persons", "loans"], copied: ["persons", "loans"] },
  "a table is dropped and made again": { table: "people", source: "PRAGMA foreign_keys = OFF; DROP TABLE people; CREATE TABLE people(mail TEXT PRIMARY KEY NOT NULL, age INT); INSERT INTO people VALUES('x@x', 9), ('y@y', 2), ('new', 1)" },
  "a table is rebuilt in twelve steps": {
    table: "items",
    source: "PRAGMA foreign_keys = OFF; BEGIN; CREATE TABLE new_items(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, price REAL DEFAULT 1.5 CHECK(price > 0)); INSERT INTO new_items SELECT id, name || '!', price FROM items; DROP TABLE items; ALTER TABLE new_items RENAME TO items; COMMIT; INSERT INTO items(name) VALUES('d')",
  },
  "a table gets another key": {
    table: "visits",
    source: "BEGIN; CREATE TABLE v(page TEXT, id INTEGER PRIMARY KEY); INSERT INTO v(page) SELECT page FROM visits; DROP TABLE visits; ALTER TABLE v RENAME TO visits; COMMIT; INSERT INTO visits(page) VALUES('/new')",
    migration: "alter table visits add column id bigint",
  },
  "a table loses its key": {
    table: "people",
    source: "PRAGMA foreign_keys = OFF; BEGIN; CREATE TABLE p(mail TEXT, age INT); INSERT INTO p SELECT * FROM people; DROP TABLE people; ALTER TABLE p RENAME TO people; COMMIT; INSERT INTO people VALUES('w@w', 5)",
  },
  "a trigger of ours is dropped by hand": { table: "items", source: "DROP TRIGGER _changeover_1_before_update; UPDATE items SET price = 99" },
  "the application makes a trigger": { table: "items", source: "CREATE TRIGGER app AFTER INSERT ON items BEGIN SELECT RAISE(IGNORE); END; INSERT INTO items(name) VALUES('d')" },
  "a unique index is made": { table: "items", source: "CREATE UNIQUE INDEX once ON items(price, name); REPLACE INTO items VALUES(9, 'e', 2)" },
  "VACUUM renumbers rows without a key": { table: "visits", source: "VACUUM; UPDATE visits SET page = '/changed' WHERE rowid = 3", code: "ROWIDS_RENUMBERED" },
  "a table is dropped for good": { table: "visits", source: "DROP TABLE visits", migration: "drop table visits", copied: [] },
  "a table is new": { table: "extra", source: "CREATE TABLE extra(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO extra VALUES(1, 'one')", migration: "create table extra(id bigint primary key, v text)" },
};

describe("drift stops the sync before the next batch, and a resync of the table goes on from there", () => {
  for (const [name, drift] of Object.entries(DRIFTS)) {
    it(`when ${name}`, async () => {
      const { application, target, cwd, cli } = await synced();
      await application.executeMultiple(drift.source);
      // Logged, so that there is a batch: nothing of it may arrive.
      await application.executeMultiple("PRAGMA foreign_keys = OFF; INSERT INTO loans VALUES(3, 'x@x')");
      const stopped = await cli("sync", "--until", "caught-up");
      expect(stopped.code).toBe(1);
      expect(stopped.document).toMatchObject({ error: { code: drift.code ?? "SCHEMA_DRIFT", table: drift.table, message: expect.stringContaining(drift.table) as string, hint: expect.stringContaining(`--resync ${drift.table}`) as string } });
      expect(await query(target, "select count(*)::int as n from loans")).toEqual([{ n: 2 }]);
      if (drift.migration !== undefined) {
        const refused = await cli("sync", "--until", "caught-up", ...(drift.resync ?? [drift.table]).flatMap((table) => ["--resync", table]));
        expect(refused.document).toMatchObject({ error: { code: "RESYNC_NEEDS_MIGRATION", hint: expect.stringContaining("changeover up") as string } });
        writeFileSync(join(cwd, "migrations", "9000_drift.sql"), `-- Up Migration\n${drift.migration};\n-- Down Migration\nselect 1;\n`);
        expect((await cli("sync", "--until", "caught-up", "--resync", drift.table)).document).toMatchObject({ error: { code: "MIGRATIONS_PENDING" } });
        expect((await cli("up")).code).toBe(0);
      }
      const copied = drift.copied ?? [drift.table];
      const others = ["items", "people", "loans", "visits"].filter((table) => !copied.includes(table) && !(drift.resync ?? [drift.table]).includes(table));
      const before = await writers(target, others);
      const resynced = await cli("sync", "--until", "caught-up", ...(drift.resync ?? [drift.table]).flatMap((table) => ["--resync", table]));
      expect(resynced.document).toMatchObject({ ok: true, ended: "caught-up", phase: "syncing" });
      expect(await cli("check")).toMatchObject({ code: 0, document: { ok: true, differences: 0 } });
      // The one row of loans that was on its way came with it.
      const after = await writers(target, others);
      for (const table of others) expect((after[table] as unknown[]).slice(0, (before[table] as unknown[]).length), table).toEqual(before[table]);
      await application.executeMultiple(`INSERT INTO loans VALUES(3, 'y@y')`);
      expect((await cli("cutover")).document).toMatchObject({ ok: true, phase: "cut-over" });
      expect((await cli("check")).document).toMatchObject({ ok: true, differences: 0 });
    });
  }
});

describe("what is no drift goes on", () => {
  it("views, indexes that are not unique, ANALYZE, other tables' statistics and an edited sqlite_sequence", async () => {
    const { application, cli, target } = await synced();
    await application.executeMultiple("CREATE VIEW v AS SELECT 1; CREATE INDEX i ON items(price); INSERT INTO visits VALUES('/new')");
    // Two steps of the counter, and rows without a key on their way: only a VACUUM could look the same.
    expect((await cli("sync", "--until", "caught-up")).document).toMatchObject({ error: { code: "ROWIDS_RENUMBERED", table: "visits" } });
    expect((await cli("sync", "--until", "caught-up", "--resync", "visits")).code).toBe(0);
    for (const statement of ["ANALYZE", "CREATE INDEX j ON people(age)", "DROP VIEW v"]) {
      await application.executeMultiple(`${statement}; INSERT INTO visits VALUES('/more')`);
      expect((await cli("sync", "--until", "caught-up")).document, statement).toMatchObject({ ended: "caught-up" });
    }
    await application.executeMultiple("UPDATE sqlite_sequence SET seq = 70 WHERE name = 'items'");
    expect((await cli("check")).document).toMatchObject({ ok: true });
    expect((await cli("cutover")).document).toMatchObject({ ok: true });
    expect(await query(target, "insert into items(name) values ('next') returning id::text as id")).toEqual([{ id: "71" }]);
  });

  it("VACUUM, where it renumbers nothing, or every table has a key", async () => {
    const sound = await synced();
    await sound.application.executeMultiple("CREATE TABLE IF NOT EXISTS visits(page TEXT)");
    const { application, cli } = await synced(SCHEMA.replace("DELETE FROM visits WHERE page = '/gone';", ""));
    await application.executeMultiple("VACUUM");
    expect(await cli("sync", "--until", "caught-up")).toMatchObject({ code: 0, stderr: expect.stringContaining("compared again") as string });
    const keyed = await synced("CREATE TABLE t(k TEXT PRIMARY KEY NOT NULL); INSERT INTO t VALUES('a'), ('b'); DELETE FROM t WHERE k = 'a'");
    await keyed.application.executeMultiple("VACUUM; INSERT INTO t VALUES('c')");
    expect((await keyed.cli("sync", "--until", "caught-up")).code).toBe(0);
    expect((await keyed.cli("check")).document).toMatchObject({ ok: true });
  });
});

describe("another file in the source's place is noticed", () => {
  it("an older state of it, at once and after it has been written to for longer than it lost", async () => {
    const { application, path, cwd, cli } = await synced();
    await application.executeMultiple("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
    const backup = join(cwd, "backup.db");
    copyFileSync(path, backup);
    await application.executeMultiple("INSERT INTO items(name) VALUES('lost 1'), ('lost 2')");
    expect((await cli("sync", "--until", "caught-up")).code).toBe(0);
    application.close();
    copyFileSync(backup, path);
    expect((await cli("sync", "--until", "caught-up")).document).toMatchObject({ error: { code: "SOURCE_REWOUND" } });
    const again = (await import("@libsql/client")).createClient({ url: `file:${path}` });
    for (let index = 0; index < 50; index++) await again.execute(`INSERT INTO items(name) VALUES('young ${index}')`);
    again.close();
    expect((await cli("sync", "--until", "caught-up")).document).toMatchObject({ error: { code: "SOURCE_REWOUND", hint: expect.stringContaining("changeover rollback") as string } });
  });

  it("a file of before capture, and one that is renamed over it while the sync runs", async () => {
    const { application, path, cwd, cli, target } = await synced();
    const plain = await sqliteFile(SCHEMA, { journalMode: "delete" });
    plain.application.close();
    await application.executeMultiple("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
    const kept = join(cwd, "kept.db");
    copyFileSync(path, kept);
    const sync = startCli(["sync", "--source", path, "--target", target, "--json"], { cwd });
    await application.executeMultiple("INSERT INTO visits VALUES('/seen')");
    await sync.saw(/"event":"batch"/);
    application.close();
    copyFileSync(plain.path, join(cwd, "other.db"));
    renameSync(join(cwd, "other.db"), path);
    // Something must be logged, in the file that is still open, for a batch to be looked at.
    const ended = await Promise.race([sync.ended, new Promise<null>((resolve) => setTimeout(() => resolve(null), 3_000))]);
    if (ended === null) sync.child.kill("SIGTERM");
    expect((await sync.ended).stdout + (await sync.ended).stderr).toContain("SOURCE_REPLACED");
    expect((await cli("sync", "--until", "caught-up")).document).toMatchObject({ error: { code: "CAPTURE_MISSING" } });
  });
});
