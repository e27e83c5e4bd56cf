import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openEmbedded } from "../../src/embedded/embedded.ts";
import { openMigration } from "../../src/migration.ts";
import { runCli } from "../support/cli.ts";
import { manyTables } from "../support/many-tables.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { query } from "../support/target.ts";

// A release is tried with MANY_TABLES=10000, which takes a quarter of an hour.
const TABLES = Number(process.env["MANY_TABLES"] ?? "2000");

/** A server with the settings that PostgreSQL comes with, as far as they count here. */
async function defaultServer(): Promise<string> {
  const server = await openEmbedded({ directory: join(temporaryDirectory(), "postgres"), maxLocksPerTransaction: 64 });
  onTestFinished(() => server.release());
  const url = await server.database("many");
  const [settings] = await query<{ locks: string; connections: string }>(
    url,
    "select current_setting('max_locks_per_transaction') as locks, current_setting('max_connections') as connections",
  );
  expect(settings).toEqual({ locks: "64", connections: "100" });
  return url;
}

it(`${TABLES} tables go all the way and back on a server with default settings`, { timeout: 3_600_000 }, async () => {
  const cwd = temporaryDirectory();
  const { path, application } = await sqliteFile(manyTables(TABLES));
  const schemaOf = async () =>
    JSON.stringify((await application.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY rowid")).rows);
  const before = await schemaOf();
  const url = await defaultServer();
  const took: Record<string, number> = {};
  const run = async (...args: string[]) => {
    const began = performance.now();
    const { code, stdout, stderr } = await runCli([...args, "--source", path, "--target", url, "--json"], { cwd });
    took[args.join(" ")] = Math.round(performance.now() - began);
    expect(code, `${args[0]}: ${stderr}`).toBe(0);
    // `sync` writes a document for each batch.
    return args[0] === "sync" ? {} : (JSON.parse(stdout) as Record<string, unknown>);
  };
  try {
    const migration = openMigration({ source: path, target: url, migrationsDirectory: join(cwd, "migrations") });
    await migration.schema({ write: true });
    await migration.close();
    await run("up");
    await run("sync", "--until", "caught-up", "--yes");
    await application.execute("UPDATE t1 SET name = 'changed'");
    const cutover = await run("cutover", "--yes");
    expect(cutover).toMatchObject({ ok: true, failback: true });
    took["downtime"] = Number(cutover["downtime_ms"]);
    await run("status");
    await query(url, `update t2 set name = 'there'`);
    const back = await run("rollback", "--yes");
    expect(back).toMatchObject({ ok: true });
    took["downtime back"] = Number(back["downtime_ms"]);
    expect((await application.execute("SELECT DISTINCT name FROM t2")).rows[0]?.["name"]).toBe("there");
    await run("rollback", "--yes", "--accept-loss");
    expect(await schemaOf()).toBe(before);
    expect(await query(url, "select 1 from pg_tables where schemaname = 'public' and tablename like 't%'")).toEqual([]);
  } finally {
    process.stderr.write(`${TABLES} tables, ms: ${JSON.stringify(took)}\n`);
  }
});
