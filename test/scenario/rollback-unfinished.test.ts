import type { Client } from "@libsql/client";
import { expect, it } from "vitest";
import { runCli, startCli } from "../support/cli.ts";
import { type Project, project } from "../support/migrations.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const TABLES = Array.from({ length: 12 }, (_, index) => `t${String(index + 1).padStart(2, "0")}`);
const NAMES = TABLES.map((table, index) => `${String(index + 1).padStart(4, "0")}_${table}`);

/** Each table refers to the one before it: in any other order than the last first, PostgreSQL drops none. */
function migration(index: number, down = `drop table ${TABLES[index]}`): string {
  const parent = index === 0 ? "" : ` references ${TABLES[index - 1]}`;
  return `-- Up Migration\ncreate table ${TABLES[index]} (id bigint primary key, parent bigint${parent});\n-- Down Migration\n${down};\n`;
}

interface Begun extends Project {
  readonly target: string;
  readonly run: (...args: string[]) => ReturnType<typeof runCli>;
  readonly start: (...args: string[]) => ReturnType<typeof startCli>;
  readonly schema: () => Promise<unknown>;
  readonly before: unknown;
}

/** Twelve tables of which a run is in sync, and what the source's schema was before it. */
async function begun(files: Readonly<Record<string, string>>): Promise<Begun> {
  const { path, application } = await sqliteFile(
    TABLES.map(
      (table) => `CREATE TABLE ${table}(id INTEGER PRIMARY KEY, parent INT); INSERT INTO ${table} VALUES(1, 1);`,
    ).join(""),
  );
  const before = await schemaOf(application);
  const made = project({
    ...Object.fromEntries(NAMES.map((name, index) => [`${name}.sql`, migration(index)])),
    ...files,
  });
  const target = await emptyDatabase();
  const ends = ["--source", path, "--target", target, "--yes"];
  const run = (...args: string[]) => runCli([...args, ...ends], { cwd: made.cwd });
  await run("up");
  const synced = await run("sync", "--until", "caught-up");
  expect(synced.code, synced.stderr).toBe(0);
  return {
    ...made,
    target,
    run,
    start: (...args) => startCli([...args, ...ends], { cwd: made.cwd }),
    schema: () => schemaOf(application),
    before,
  };
}

async function schemaOf(application: Client): Promise<unknown> {
  return (await application.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY rowid")).rows;
}

const tablesIn = async (target: string) =>
  (
    await query<{ name: string }>(
      target,
      "select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname ~ '^t[0-9]' order by relname",
    )
  ).map(({ name }) => name);

it("a rollback whose Down fails leaves a run that nothing else goes on with, and that is rolled back once it is mended", {
  timeout: 180_000,
}, async () => {
  const { before, run, schema, target, write } = await begun({ "0005_t05.sql": migration(4, "select 1/0") });
  const failed = await run("rollback", "--json");
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: "MIGRATION_FAILED" } });
  expect(await schema()).toEqual(before);
  expect(await tablesIn(target)).toEqual(TABLES);
  expect(JSON.parse((await run("status", "--json")).stdout)).toMatchObject({ phase: "rolling-back", running: false });
  for (const command of [["sync", "--until", "caught-up"], ["cutover"], ["check"], ["complete"]])
    expect((await run(...command)).stderr, command[0]).toContain("[ROLLBACK_UNFINISHED]");
  // Rows that came since are someone's, and are backed up like those of any `down`.
  await query(target, "insert into t12 values (7, null)");
  write({ "0005_t05.sql": migration(4) });
  const done = await run("rollback", "--json");
  expect(JSON.parse(done.stdout), done.stderr).toMatchObject({ ok: true, migrationsUndone: NAMES.toReversed() });
  expect(done.stderr).toContain("1 row");
  expect(await tablesIn(target)).toEqual([]);
  expect(JSON.parse((await run("status", "--json")).stdout)).toMatchObject({ phase: "new" });
  expect((await run("full")).code).toBe(0);
});

it("kill -9 amid the Downs, some of them in effect: the same command again finishes", {
  timeout: 180_000,
}, async () => {
  const outside = `-- Up Migration\ncreate index concurrently late on t12 (parent);\n-- Down Migration\ndrop index concurrently late;\n`;
  const { before, run, schema, start, target } = await begun({
    "0003_t03.sql": migration(2, "select pg_sleep(3); drop table t03"),
    "0013_late.sql": outside,
  });
  const killed = start("rollback");
  await killed.saw(/undoing 0003/);
  killed.child.kill("SIGKILL");
  await killed.ended;
  expect(await query(target, "select 1 from pg_class where relname = 'late'")).toEqual([]);
  expect(await tablesIn(target)).toEqual(TABLES);
  const done = await run("rollback", "--json");
  expect(JSON.parse(done.stdout), done.stderr).toMatchObject({ ok: true, migrationsUndone: NAMES.toReversed() });
  expect(await schema()).toEqual(before);
  expect(await tablesIn(target)).toEqual([]);
  expect(await query(target, "select count(*)::int as n from changeover.run")).toEqual([{ n: 0 }]);
});

it("a migration that cannot be undone, or read, stops no rollback half-way: the one stays, the other is told beforehand", {
  timeout: 180_000,
}, async () => {
  const { before, run, schema, target, write } = await begun({});
  write({ "0012_t12.sql": null, "0012_t12.js": "this is no program" });
  const unread = await run("rollback", "--json");
  expect(JSON.parse(unread.stdout)).toMatchObject({ error: { code: "MIGRATION_UNREADABLE" } });
  expect(JSON.parse((await run("status", "--json")).stdout)).toMatchObject({ phase: "syncing" });
  write({ "0012_t12.js": null, "0012_t12.sql": migration(11) });
  write({
    "0010_t10.sql": "-- Up Migration\ncreate table t10 (id bigint primary key, parent bigint references t09);\n",
  });
  const done = await run("rollback", "--json");
  expect(JSON.parse(done.stdout), done.stderr).toMatchObject({ migrationsUndone: ["0012_t12", "0011_t11"] });
  expect(done.stderr).toContain("0010_t10 has no down half");
  expect(await schema()).toEqual(before);
  expect(await tablesIn(target)).toEqual(TABLES.slice(0, 10));
  expect(await query(target, "select count(*)::int as n from t01")).toEqual([{ n: 0 }]);
});
