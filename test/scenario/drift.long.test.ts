import { execFile } from "node:child_process";
import { copyFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli, startCli } from "../support/cli.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const SCHEMA = `
  CREATE TABLE items(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, price REAL DEFAULT 1.5);
  CREATE TABLE people(mail TEXT PRIMARY KEY NOT NULL, age INT);
  CREATE TABLE loans(item INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,
    person TEXT NOT NULL REFERENCES people(mail), PRIMARY KEY(item, person)) WITHOUT ROWID;
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
  /** Runs statements as the application does. */
  readonly write: (statements: string) => Promise<void>;
  readonly cwd: string;
  readonly cli: (
    ...args: string[]
  ) => Promise<{ readonly code: number | null; readonly document: Record<string, unknown>; readonly stderr: string }>;
}

const CHILD = `
  const Database = require("libsql");
  const [, path, statements, question] = process.argv;
  const database = new Database(path, { timeout: 5000 });
  database.exec("PRAGMA foreign_keys = OFF");
  database.exec(statements);
  if (question) process.stdout.write(String(database.prepare(question).raw().get()[0]));
  database.close();
`;

/**
 * Statements of another process, and the answer to a question: what one process opens and closes drops the locks of all
 * its own connections to that file.
 */
async function elsewhere(path: string, statements: string, question = ""): Promise<string> {
  return (await promisify(execFile)(process.execPath, ["-e", CHILD, path, statements, question], { cwd: ROOT })).stdout;
}

/** A run that has caught up, ready for the command line. */
async function synced(
  schema = SCHEMA,
  journalMode: "wal" | "delete" = "wal",
  commands = ["schema --write", "up", "sync --until caught-up"],
  cwd = temporaryDirectory(),
): Promise<Synced> {
  const path = join(cwd, "app.db");
  await elsewhere(path, `PRAGMA journal_mode = ${journalMode}; ${schema}`);
  const target = await emptyDatabase();
  const cli: Synced["cli"] = async (...args) => {
    const { code, stdout, stderr } = await runCli([...args, "--source", path, "--target", target, "--json"], { cwd });
    return { code, stderr, document: JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, unknown> };
  };
  for (const command of commands) expect(await cli(...command.split(" "))).toMatchObject({ code: 0 });
  return { path, target, cwd, cli, write: async (statements) => void (await elsewhere(path, statements)) };
}

/** Which transaction wrote each row of the target: a table that is copied again has others. */
async function writers(target: string, tables: readonly string[]): Promise<Record<string, unknown>> {
  const entries = tables.map(
    async (table) => [table, await query(target, `select xmin::text from ${table} order by ctid`)] as const,
  );
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
}

const DRIFTS: Readonly<Record<string, Drift>> = {
  "a column is added": {
    table: "items",
    source: "ALTER TABLE items ADD COLUMN colour TEXT DEFAULT 'red'; UPDATE items SET colour = 'blue' WHERE id = 2",
    migration: "alter table items add column colour text",
  },
  "a column is renamed": {
    table: "items",
    source: "ALTER TABLE items RENAME COLUMN price TO cost; INSERT INTO items(name, cost) VALUES('d', 4)",
    migration: "alter table items rename column price to cost",
  },
  "a column is dropped": { table: "items", source: "ALTER TABLE items DROP COLUMN price" },
  "a table is renamed": {
    table: "people",
    source: "ALTER TABLE people RENAME TO persons; INSERT INTO persons VALUES('z@z', 3)",
    migration: "alter table people rename to persons",
    resync: ["people", "loans"],
    copied: ["people", "loans"],
  },
  "a table is dropped and made again": {
    table: "people",
    source:
      "DROP TABLE people; CREATE TABLE people(mail TEXT PRIMARY KEY NOT NULL, age INT); INSERT INTO people " +
      "VALUES('x@x', 9), ('y@y', 2), ('new', 1)",
  },
  "a table is rebuilt in twelve steps": {
    table: "items",
    source:
      "BEGIN; CREATE TABLE new_items(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, " +
      "price REAL DEFAULT 1.5 CHECK(price > 0)); INSERT INTO new_items SELECT id, name || '!', price " +
      "FROM items; DROP TABLE items; ALTER TABLE new_items RENAME TO items; COMMIT; INSERT INTO items(name) " +
      "VALUES('d')",
  },
  "a table gets another key": {
    table: "visits",
    source:
      "BEGIN; CREATE TABLE v(page TEXT, id INTEGER PRIMARY KEY); INSERT INTO v(page) SELECT page " +
      "FROM visits; DROP TABLE visits; ALTER TABLE v RENAME TO visits; COMMIT; INSERT INTO visits(page) " +
      "VALUES('/new')",
    migration: "alter table visits add column id bigint",
  },
  "a table loses its key": {
    table: "people",
    source:
      "BEGIN; CREATE TABLE p(mail TEXT, age INT); INSERT INTO p SELECT * " +
      "FROM people; DROP TABLE people; ALTER TABLE p RENAME TO people; COMMIT; INSERT INTO people " +
      "VALUES('w@w', 5)",
  },
  "a trigger of ours is dropped by hand": {
    table: "items",
    source: "DROP TRIGGER OUR_TRIGGER; UPDATE items SET price = 99",
  },
  "the application makes a trigger": {
    table: "items",
    source:
      "CREATE TRIGGER app AFTER INSERT ON items BEGIN SELECT RAISE(IGNORE); END; INSERT INTO items(name) VALUES('d')",
  },
  "a unique index is made": {
    table: "items",
    source: "CREATE UNIQUE INDEX once ON items(price, name); REPLACE INTO items VALUES(9, 'e', 2)",
  },
  "a table is dropped for good": {
    table: "visits",
    source: "DROP TABLE visits",
    migration: "drop table visits",
    copied: [],
  },
  "a table is new": {
    table: "extra",
    source: "CREATE TABLE extra(id INTEGER PRIMARY KEY, v TEXT); INSERT INTO extra VALUES(1, 'one')",
    migration: "create table extra(id bigint primary key, v text)",
  },
};

/** The same statements on tables of a case's own, so that one run serves for all cases. */
function own(number: number, text: string): string {
  return text.replace(/\b(items|people|persons|loans|visits|extra|new_items|once|app)\b/g, `$1_${number}`);
}

/** A sync that stops for a change of the schema, and is told what becomes of each table. */
const SYNC = ["sync", "--follow-schema", "stop", "--until", "caught-up"];

describe("drift stops the sync before the next batch, and a resync of the table goes on from there", {
  timeout: 120_000,
}, () => {
  const cases = Object.entries(DRIFTS);
  let run: Synced;

  beforeAll(async () => {
    run = await synced(
      cases.map((_, number) => own(number, SCHEMA)).join(""),
      "wal",
      undefined,
      temporaryDirectory(afterAll),
    );
  });

  for (const [number, [name, drift]] of cases.entries()) {
    it(`when ${name}`, async () => {
      const { write, target, cwd, cli, path } = run;
      const mine = (text: string) => own(number, text);
      const table = mine(drift.table);
      const trigger = await elsewhere(
        path,
        "",
        `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '${mine("items")}' ` +
          "AND name LIKE '%before_update'",
      );
      // The last is logged, so that there is a batch: nothing of it may arrive.
      await write(
        `${mine(drift.source).replace("OUR_TRIGGER", trigger)}; ${mine("INSERT INTO loans VALUES(3, 'x@x')")}`,
      );
      const stopped = await cli(...SYNC);
      expect(stopped.code).toBe(1);
      expect(stopped.document).toMatchObject({
        error: {
          code: "SCHEMA_DRIFT",
          table,
          message: expect.stringContaining(table) as string,
          hint: expect.stringContaining(`--resync ${table}`) as string,
        },
      });
      expect(await query(target, mine("select count(*)::int as n from loans"))).toEqual([{ n: 2 }]);
      const resync = (drift.resync ?? [drift.table]).flatMap((each) => ["--resync", mine(each)]);
      if (drift.migration !== undefined) {
        const refused = await cli(...SYNC, ...resync);
        expect(refused.document).toMatchObject({
          error: { code: "RESYNC_NEEDS_MIGRATION", hint: expect.stringContaining("changeover up") as string },
        });
        writeFileSync(
          join(cwd, "migrations", `9${String(number).padStart(3, "0")}_drift.sql`),
          `-- Up Migration\n${mine(drift.migration)};\n-- Down Migration\nselect 1;\n`,
        );
        expect((await cli(...SYNC, "--resync", table)).document).toMatchObject({
          error: { code: "MIGRATIONS_PENDING" },
        });
        expect(await cli("up")).toMatchObject({ code: 0 });
      }
      const copied = drift.copied ?? [drift.table];
      const others = ["items", "people", "loans", "visits"]
        .filter((each) => !copied.includes(each) && !(drift.resync ?? [drift.table]).includes(each))
        .map(mine);
      const before = await writers(target, others);
      const resynced = await cli(...SYNC, ...resync);
      expect(resynced.document).toMatchObject({ ok: true, ended: "caught-up", phase: "syncing" });
      // The one row of loans that was on its way came with it.
      const after = await writers(target, others);
      for (const each of others)
        expect((after[each] as unknown[]).slice(0, (before[each] as unknown[]).length), each).toEqual(before[each]);
    });
  }

  it("and all of them are equal, and the cutover takes them", async () => {
    expect(await run.cli("check")).toMatchObject({ code: 0, document: { ok: true, differences: 0 } });
    await run.write(cases.map((_, number) => own(number, `INSERT INTO loans VALUES(3, 'y@y')`)).join(";"));
    expect((await run.cli("cutover", "--yes")).document).toMatchObject({ ok: true, phase: "cut-over" });
    expect((await run.cli("check")).document).toMatchObject({ ok: true, differences: 0 });
  });
});

describe("a resync", { timeout: 120_000 }, () => {
  it("brings a table in line whose rows VACUUM has renumbered, since they have no key", async () => {
    const { write, cli } = await synced();
    await write("VACUUM; UPDATE visits SET page = '/changed' WHERE rowid = 3");
    expect((await cli(...SYNC)).document).toMatchObject({
      error: { code: "ROWIDS_RENUMBERED", table: "visits", hint: expect.stringContaining("--resync visits") as string },
    });
    expect((await cli(...SYNC, "--resync", "visits")).document).toMatchObject({
      ok: true,
      ended: "caught-up",
    });
    expect((await cli("check")).document).toMatchObject({ ok: true, differences: 0 });
  });

  it("is not needed where VACUUM renumbered rows without a key: a sync compares them by itself", async () => {
    const { write, cli, cwd, target } = await synced();
    const files = readdirSync(join(cwd, "migrations"));
    await write("VACUUM; UPDATE visits SET page = '/changed' WHERE rowid = 3; INSERT INTO visits VALUES('/new')");
    expect(await cli("sync", "--until", "caught-up")).toMatchObject({
      code: 0,
      document: { ok: true, ended: "caught-up" },
    });
    expect(await query(target, 'select page from visits order by page collate "C"')).toEqual(
      ["/", "/", "/changed", "/new"].map((page) => ({ page })),
    );
    expect((await cli("check")).document).toMatchObject({ ok: true, differences: 0 });
    expect(readdirSync(join(cwd, "migrations"))).toEqual(files);
  });

  it("is not needed where a table without a key was altered, and then VACUUM renumbered it", async () => {
    const { write, cli } = await synced();
    await write("ALTER TABLE visits ADD COLUMN at TEXT; VACUUM; UPDATE visits SET at = 'now' WHERE rowid = 2");
    expect((await cli("sync", "--until", "caught-up")).document).toMatchObject({ error: { code: "SCHEMA_WAITING" } });
    expect(await cli("up")).toMatchObject({ code: 0 });
    expect((await cli("sync", "--until", "caught-up")).document).toMatchObject({ ok: true, ended: "caught-up" });
    expect((await cli("check")).document).toMatchObject({ ok: true, differences: 0 });
  });

  it(
    "repairs what was written while a trigger of ours was gone and came back as it was; " +
      "the cutover does not pass over that",
    async () => {
      const { write, cli, path } = await synced();
      expect((await cli("check")).document).toMatchObject({ ok: true });
      const trigger = await elsewhere(
        path,
        "",
        "SELECT sql FROM sqlite_schema WHERE name = '_changeover_1_before_update'",
      );
      await write(`DROP TRIGGER _changeover_1_before_update; UPDATE items SET price = 7; ${trigger}`);
      expect(await cli("sync", "--until", "caught-up")).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("compared again") as string,
      });
      expect((await cli("cutover", "--yes")).document).toMatchObject({ error: { code: "DIFFERENCES" } });
      expect(await cli("sync", "--until", "caught-up", "--resync", "items")).toMatchObject({ code: 0 });
      expect((await cli("cutover", "--yes")).document).toMatchObject({ ok: true });
    },
  );

  it("quarantines  again the rows that a rule quarantines ", async () => {
    const { write, cli, cwd, target } = await synced(SCHEMA, "wal", ["schema --write", "up"]);
    writeFileSync(join(cwd, "changeover.config.json"), JSON.stringify({ onBadValue: "quarantine" }));
    await write("INSERT INTO people VALUES('bad', 'old'), ('worse', x'00')");
    expect((await cli("sync", "--until", "caught-up")).document).toMatchObject({ ended: "caught-up" });
    expect(await query(target, "select count(*)::int as n from changeover.quarantine")).toEqual([{ n: 2 }]);
    await write(
      "ALTER TABLE people ADD COLUMN note TEXT DEFAULT 'n'; UPDATE people SET age = 3 WHERE mail = 'bad'; " +
        "INSERT INTO people VALUES('new', 'young', NULL)",
    );
    writeFileSync(
      join(cwd, "migrations", "9000_note.sql"),
      "-- Up Migration\nalter table people add column note text;\nalter table people add check (note <> " +
        "'forbidden');\n-- Down Migration\nselect 1;\n",
    );
    expect(await cli("up")).toMatchObject({ code: 0 });
    await write("INSERT INTO people VALUES('refused', 4, 'forbidden')");
    expect((await cli("sync", "--until", "caught-up", "--resync", "people")).document).toMatchObject({
      ended: "caught-up",
    });
    expect(await query(target, "select row->'mail'->>'hex' as mail from changeover.quarantine order by 1")).toEqual(
      ["new", "refused", "worse"].map((mail) => ({ mail: Buffer.from(mail).toString("hex") })),
    );
    expect(await query(target, "select mail, age::text as age, note from people order by mail")).toEqual([
      { mail: "bad", age: "3", note: "n" },
      { mail: "x@x", age: "1", note: "n" },
      { mail: "y@y", age: "2", note: "n" },
    ]);
    expect((await cli("check", "--accept", "QUARANTINED")).document).toMatchObject({ ok: true, differences: 0 });
  });
});

describe("drift during the first copy", { timeout: 120_000 }, () => {
  const MANY =
    "CREATE TABLE first(id INTEGER PRIMARY KEY, a, b); CREATE TABLE second(x); " +
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) INSERT INTO first " +
    "SELECT i, i, i FROM n; INSERT INTO second SELECT a FROM first";

  for (const [what, statement, table, code] of [
    [
      "a column that is dropped",
      "ALTER TABLE first DROP COLUMN b; DELETE FROM first WHERE id % 2",
      "first",
      "SCHEMA_DRIFT",
    ],
    ["a VACUUM", "DELETE FROM second WHERE x < 10; VACUUM", "second", "ROWIDS_RENUMBERED"],
  ] as const) {
    it(`${what} is noticed, and a resync begins the copy of that table again`, async () => {
      const { write, cli, cwd, path, target } = await synced(MANY, "wal", ["schema --write", "up"]);
      const copying = startCli(["sync", "--max-rate", "1000", "--source", path, "--target", target], { cwd });
      await copying.saw(/copy .*first/);
      await write(statement);
      const ended = await Promise.race([
        copying.ended,
        new Promise<null>((resolve) => setTimeout(() => resolve(null), 1_000)),
      ]);
      if (ended === null) copying.child.kill("SIGKILL");
      await copying.ended;
      expect((await cli("status")).document).toMatchObject({ phase: "copying" });
      expect((await cli("sync", "--until", "caught-up")).document).toMatchObject({
        error: { code, table, hint: expect.stringContaining(`--resync ${table}`) as string },
      });
      expect((await cli("sync", "--until", "caught-up", "--resync", table)).document).toMatchObject({
        ok: true,
        phase: "syncing",
      });
      expect((await cli("check")).document).toMatchObject({ ok: true, differences: 0 });
    });
  }
});

describe("what is no drift goes on", { timeout: 120_000 }, () => {
  it("views, indexes that are not unique, ANALYZE, other statistics and an edited sqlite_sequence", async () => {
    const { write, cli, target } = await synced();
    await write("CREATE VIEW v AS SELECT 1; CREATE INDEX i ON items(price); INSERT INTO visits VALUES('/new')");
    // Two steps of the counter, and rows without a key on their way: only a VACUUM could look the same.
    expect((await cli(...SYNC)).document).toMatchObject({
      error: { code: "ROWIDS_RENUMBERED", table: "visits" },
    });
    expect(await cli(...SYNC, "--resync", "visits")).toMatchObject({ code: 0 });
    for (const statement of ["ANALYZE", "CREATE INDEX j ON people(age)", "DROP VIEW v"]) {
      await write(`${statement}; INSERT INTO visits VALUES('/more')`);
      expect((await cli(...SYNC)).document, statement).toMatchObject({ ended: "caught-up" });
    }
    expect(await query(target, "select count(*)::int as n from visits where page = '/more'")).toEqual([{ n: 3 }]);
    await write("UPDATE sqlite_sequence SET seq = 70 WHERE name = 'items'");
    expect((await cli("check")).document).toMatchObject({ ok: true });
    expect((await cli("cutover", "--yes")).document).toMatchObject({ ok: true });
    expect(await query(target, "insert into items(name) values ('next') returning id::text as id")).toEqual([
      { id: "71" },
    ]);
  });

  it("VACUUM, where it renumbers nothing, or every table has a key", async () => {
    const { write, cli } = await synced(SCHEMA.replace("DELETE FROM visits WHERE page = '/gone';", ""));
    await write("VACUUM");
    expect(await cli("sync", "--until", "caught-up")).toMatchObject({ code: 0 });
    const keyed = await synced(
      "CREATE TABLE t(k TEXT PRIMARY KEY NOT NULL); INSERT INTO t VALUES('a'), ('b'); DELETE FROM t WHERE k = 'a'",
    );
    await keyed.write("VACUUM; INSERT INTO t VALUES('c')");
    expect(await keyed.cli("sync", "--until", "caught-up")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("compared again") as string,
    });
    expect((await keyed.cli("check")).document).toMatchObject({ ok: true });
  });
});

describe("another file in the source's place is noticed", { timeout: 120_000 }, () => {
  it("an older state of it, at once and after it has been written to for longer than it lost", async () => {
    const { write, path, cwd, cli } = await synced(SCHEMA, "delete");
    const backup = join(cwd, "backup.db");
    copyFileSync(path, backup);
    await write("INSERT INTO items(name) VALUES('lost 1'), ('lost 2')");
    expect(await cli("sync", "--until", "caught-up")).toMatchObject({ code: 0 });
    copyFileSync(backup, path);
    expect((await cli("sync", "--until", "caught-up")).document).toMatchObject({ error: { code: "SOURCE_REWOUND" } });
    await write(Array.from({ length: 50 }, (_, index) => `INSERT INTO items(name) VALUES('young ${index}')`).join(";"));
    expect((await cli("sync", "--until", "caught-up")).document).toMatchObject({
      error: { code: "SOURCE_REWOUND", hint: expect.stringContaining("changeover rollback") as string },
    });
  });

  it("a file of before capture, and one that is renamed over it while the sync runs", async () => {
    const { write, path, cwd, cli, target } = await synced(SCHEMA, "delete");
    const sync = startCli(["sync", "--source", path, "--target", target, "--json"], { cwd });
    await write("INSERT INTO visits VALUES('/seen')");
    await sync.saw(/"event":"batch"/);
    await elsewhere(join(cwd, "other.db"), SCHEMA);
    renameSync(join(cwd, "other.db"), path);
    // Something must be logged, in the file that is still open, for a batch to be looked at.
    const ended = await Promise.race([
      sync.ended,
      new Promise<null>((resolve) => setTimeout(() => resolve(null), 3_000)),
    ]);
    if (ended === null) sync.child.kill("SIGTERM");
    expect((await sync.ended).stdout + (await sync.ended).stderr).toContain("SOURCE_REPLACED");
    expect((await cli("sync", "--until", "caught-up")).document).toMatchObject({ error: { code: "CAPTURE_MISSING" } });
  });
});
