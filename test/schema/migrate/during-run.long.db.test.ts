import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import type { MigrationOptions } from "../../../src/api/options.ts";
import { type Migration, openMigration } from "../../../src/migration.ts";
import type { Context } from "../../../src/run/context.ts";
import { runGuard } from "../../../src/run/run-guard.ts";
import { migrateUp } from "../../../src/schema/migrate/migrate-target.ts";
import { tryRunLock } from "../../../src/target/store/run-lock.ts";
import { openTarget } from "../../../src/target/target.ts";
import { bank, expectAllMoney, startTransfers, syncing, untilCaughtUp } from "../../support/bank.ts";
import { sqlMigration, wholeDatabase } from "../../support/migrations.ts";
import { sqliteFile, temporaryDirectory } from "../../support/source.ts";
import { emptyDatabase, query } from "../../support/target.ts";

const REFUSED: Readonly<Record<string, readonly [up: string, message: RegExp]>> = {
  "drops a column that travels": [
    "alter table accounts drop column balance",
    /table accounts: its column balance would be gone/,
  ],
  "renames a column": [
    "alter table accounts rename column balance to money",
    /its column balance would be gone or have another name/,
  ],
  "changes a type": [
    "alter table accounts alter column balance type numeric",
    /its column balance would be numeric and no longer bigint/,
  ],
  "renames a table": ["alter table accounts rename to purses", /table accounts would be gone or have another name/],
  "drops a table": [
    "create table fine(id int); drop table transfers",
    /table transfers: table transfers would be gone/,
  ],
  "wants a value that nothing sends": [
    "alter table transfers add column note text not null default 'x'; alter table transfers alter column note " +
      "drop default",
    /its column note would want a value/,
  ],
  "makes a table again": [
    "alter table accounts rename to old; create table accounts (like old including all); drop table old",
    /table accounts would be recreated, without its rows/,
  ],
  "makes a column again": [
    "alter table accounts drop column balance; alter table accounts add column balance bigint not null default 0",
    /its column balance would be recreated/,
  ],
  "empties a table": ["truncate transfers", /table transfers: it would be emptied/],
  "adds and removes rows": [
    "insert into accounts(id, balance) values (0, 0); delete from accounts where id in (1, 2)",
    /rows would be added \(1\) and removed \(2\) that come from the source/,
  ],
  "drops the key": ["alter table accounts drop constraint accounts_pkey", /nothing would be unique on id any more/],
};

/** Without what a sync notes of itself all the time. */
async function stillDatabase(url: string): Promise<string[]> {
  // A sync notes where it stands, and what it measures.
  return (await wholeDatabase(url)).filter((line) => !/^rows changeover\.(run|load_sample) /.test(line));
}

describe("while a sync runs", () => {
  it("changes that replay can follow are applied, others are refused and rolled back, and the sync continues", {
    timeout: 120_000,
  }, async () => {
    const url = await emptyDatabase();
    const made = await bank(url);
    const { application, cwd, path } = made;
    const migrationsDirectory = join(cwd, "migrations");
    const target = opened({ target: url, migrationsDirectory });
    const write = (name: string, up: string, down = "select 1") =>
      writeFileSync(join(migrationsDirectory, `${name}.sql`), sqlMigration(up, down));
    const refusal = async (sql: string) => {
      write("9002_next", sql);
      return target.migrations.up().then(
        () => null,
        (error: unknown) => error,
      );
    };
    const transfers = startTransfers(application);
    const sync = await syncing(made);
    write(
      "9000_more",
      "alter table accounts add column note text, add column token uuid not null default gen_random_uuid(), " +
        "add column since timestamptz not null default now(); update accounts set note = 'filled'; " +
        "create index accounts_balance on accounts(balance); " +
        "create table extra(id int); alter table transfers add constraint sender_known " +
        "foreign key (sender) references accounts(id); alter table accounts add check (balance > -1000000)",
    );
    write(
      "9001_index",
      "create index concurrently transfers_amount on transfers(amount)",
      "drop index concurrently transfers_amount",
    );
    expect(await target.migrations.up()).toEqual(["9000_more", "9001_index"]);
    await transfers.stop();
    await untilCaughtUp(sync, made, url);
    // One who asked for the run and was killed is not waited for again and again.
    await query(url, "update changeover.run set lock_requested_by = 'migration'");
    while ((await query(url, "select from changeover.run where lock_requested_by is null")).length === 0)
      await delay(50);
    const before = await stillDatabase(url);
    for (const [what, [sql, message]] of Object.entries(REFUSED)) {
      expect(await refusal(sql), what).toMatchObject({
        code: "MIGRATION_INCOMPATIBLE_WITH_RUN",
        message: expect.stringMatching(message) as string,
        hint: expect.stringContaining("--source") as string,
      });
    }
    expect(await refusal("drop index concurrently accounts_pkey")).toMatchObject({ code: "MIGRATION_OUTSIDE_RUN" });
    expect(await refusal("alter table transfers drop constraint if exists sender_known")).toMatchObject({
      code: "MIGRATION_TOUCHES_DEFERRED",
      hint: expect.stringContaining("after the cutover") as string,
    });
    expect(await stillDatabase(url)).toEqual(before);
    rmSync(join(migrationsDirectory, "9002_next.sql"));
    expect(await target.migrations.down()).toEqual(["9001_index"]);
    expect(await target.migrations.up()).toEqual(["9001_index"]);
    await application.execute(
      "UPDATE accounts SET balance = balance + (CASE id WHEN 1 THEN 1 ELSE -1 END) WHERE id IN (1, 2)",
    );
    const both = opened({ source: path, target: url, migrationsDirectory });
    expect(await both.cutover()).toMatchObject({ phase: "cut-over" });
    expect((await sync.ended).code).toBe(0);
    await expectAllMoney(url);
    expect(
      await query(
        url,
        "select (select count(*)::int from pg_constraint where conname = 'sender_known') as keys, " +
          "(select count(*)::int from accounts where note = 'filled') as filled",
      ),
    ).toEqual([{ keys: 1, filled: 200 }]);
    // The failback is open now: what it names must stay, too.
    expect(await refusal("alter table accounts drop column balance")).toMatchObject({
      code: "MIGRATION_INCOMPATIBLE_WITH_RUN",
      message: expect.stringContaining("failback cannot follow") as string,
      hint: expect.stringContaining("changeover complete") as string,
    });
    write("9002_next", "alter table accounts add column later text");
    expect(await target.migrations.up()).toEqual(["9002_next"]);
  });
});

function opened(options: MigrationOptions): Migration {
  const migration = openMigration(options);
  onTestFinished(() => migration.close());
  return migration;
}

describe("during the copy", () => {
  const SOURCE =
    "CREATE TABLE people(id INTEGER PRIMARY KEY, email TEXT UNIQUE, boss INTEGER); CREATE INDEX people_boss " +
    "ON people(boss); INSERT INTO people VALUES(1, 'a', NULL), (2, 'b', 1), (3, 'c', 1)";

  async function interrupted(): Promise<{
    readonly url: string;
    readonly migration: Migration;
    readonly write: (up: string) => void;
    readonly options: MigrationOptions;
  }> {
    const url = await emptyDatabase();
    const { path } = await sqliteFile(SOURCE);
    const migrationsDirectory = join(temporaryDirectory(), "migrations");
    const options = { source: path, target: url, migrationsDirectory };
    const stop = new AbortController();
    const first = openMigration({
      ...options,
      signal: stop.signal,
      onEvent: ({ type }) => void (type === "progress" && stop.abort()),
    });
    await first.schema({ write: true });
    await first.migrations.up();
    await first.sync().catch(() => {});
    await first.close();
    const migration = opened(options);
    expect((await migration.status()).phase).toBe("copying");
    return {
      url,
      migration,
      options,
      write: (up) => writeFileSync(join(migrationsDirectory, "9000_more.sql"), sqlMigration(up, "select 1")),
    };
  }

  it("new objects are deferred like the others, and recreated with them", async () => {
    const { url, migration, write } = await interrupted();
    write(
      "create unique index people_lower on people(lower(email)); alter table people add constraint boss_known " +
        "foreign key (boss) references people(id); alter table people add column note text",
    );
    expect(await migration.migrations.up()).toEqual(["9000_more"]);
    expect(
      await query(
        url,
        "select name, stage from changeover.deferred where name in ('people_lower', 'boss_known') order by 1",
      ),
    ).toEqual([
      { name: "boss_known", stage: "cutover" },
      { name: "people_lower", stage: "caught-up" },
    ]);
    await migration.sync({ until: "caught-up" });
    expect(
      await query(
        url,
        "select to_regclass('people_lower') is not null as back, to_regclass('people_boss') is not null as first",
      ),
    ).toEqual([{ back: true, first: true }]);
    expect(await migration.cutover()).toMatchObject({ phase: "cut-over" });
    expect(await query(url, "select count(*)::int as n from pg_constraint where conname = 'boss_known'")).toEqual([
      { n: 1 },
    ]);
  });

  it("a copy yields to a migration between two pages, and continues with the new schema", async () => {
    const url = await emptyDatabase();
    const rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)";
    const more = [1, 2, 3, 4, 5, 6].map(
      (n) => `CREATE TABLE t${n}(id INTEGER PRIMARY KEY); ${rows} INSERT INTO t${n} SELECT i FROM n`,
    );
    const { application, path } = await sqliteFile([SOURCE, ...more].join("; "));
    const migrationsDirectory = join(temporaryDirectory(), "migrations");
    let copying = false;
    const run = opened({
      source: path,
      target: url,
      migrationsDirectory,
      maxRate: 3_000,
      onEvent: ({ type }) => void (copying ||= type === "progress"),
    });
    await run.schema({ write: true });
    await run.migrations.up();
    const syncing = run.sync({ until: "caught-up" });
    while (!copying) await delay(10);
    writeFileSync(
      join(migrationsDirectory, "9000_more.sql"),
      sqlMigration(
        "create unique index people_lower on people(lower(email)); alter table people add column note text",
        "select 1",
      ),
    );
    const target = opened({ target: url, migrationsDirectory });
    expect(await target.migrations.up()).toEqual(["9000_more"]);
    expect(await query(url, "select count(*) < 1000 as half, to_regclass('people_lower') as off from t6")).toEqual([
      { half: true, off: null },
    ]);
    await application.execute("INSERT INTO people VALUES(5000, 'late', 2)");
    expect(await syncing).toMatchObject({ ended: "caught-up" });
    expect(
      await query(url, "select count(*)::int as n, to_regclass('people_lower')::text as back from people"),
    ).toEqual([{ n: 4, back: "people_lower" }]);
    expect(await opened({ source: path, target: url, migrationsDirectory }).check()).toMatchObject({
      ok: true,
      rows: 6004,
    });
  });

  it(
    "a file that names a deferred object is refused, and so is any file while a process does not yield the run " +
      "lock",
    async () => {
      const { url, migration, options, write } = await interrupted();
      const before = await wholeDatabase(url);
      write("drop index if exists people_boss");
      await expect(migration.migrations.up()).rejects.toMatchObject({
        code: "MIGRATION_TOUCHES_DEFERRED",
        message: expect.stringContaining("people_boss of table people") as string,
      });
      const target = openTarget({ url: options.target });
      onTestFinished(() => target.close());
      expect(await tryRunLock(await target.session())).toBe(true);
      write("alter table people add column note text");
      const guard = runGuard(
        { targetUrl: url, signal: new AbortController().signal, report: () => {} } as unknown as Context,
        { lockWaitMs: 200 },
      );
      await expect(migrateUp({ url, directory: options.migrationsDirectory ?? "", guard })).rejects.toMatchObject({
        code: "RUN_COPYING",
      });
      expect(await wholeDatabase(url)).toEqual(before);
      await query(url, "update changeover.run set phase = 'syncing'");
      const later = await wholeDatabase(url);
      await expect(migrateUp({ url, directory: options.migrationsDirectory ?? "", guard })).rejects.toMatchObject({
        code: "RUN_LOCKED",
      });
      expect(await wholeDatabase(url)).toEqual(later);
    },
  );
});
