import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CliResult, runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const NOTES = "CREATE TABLE notes(id INTEGER PRIMARY KEY, body TEXT); INSERT INTO notes(body) VALUES('a'), ('b');";
const UP = "create table notes(id bigint primary key, body text)";

/** Every refusal is one error with a code and a hint, in words and as JSON. */
function expectRefusal(result: CliResult, code: string, exit: number): void {
  expect(result.stderr).toContain(`[${code}]`);
  expect(result.stderr).toMatch(/\nhint: .{10,}/);
  expect(result.code).toBe(exit);
}

async function objects(url: string): Promise<string[]> {
  const rows = await query<{ name: string }>(
    url,
    "select format('%s.%s', n.nspname, c.relname) as name from pg_class c " +
      "join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'changeover') " +
      "and c.relname !~ '^pgmigrations' order by 1",
  );
  return rows.map(({ name }) => name);
}

describe("a refusal leaves both sides untouched", () => {
  it("when there is no such file", async () => {
    const cwd = temporaryDirectory();
    const target = await emptyDatabase();
    expectRefusal(await runCli(["full", "--source", "nowhere.db", "--target", target], { cwd }), "SOURCE_NOT_FOUND", 1);
    expect(await objects(target)).toEqual([]);
  });

  it("when the file is no SQLite database, or encrypted", async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, "x.db"), "certainly not a database, but long enough to be one".repeat(100));
    const target = await emptyDatabase();
    expectRefusal(await runCli(["full", "--source", "x.db", "--target", target], { cwd }), "SOURCE_NOT_SQLITE", 1);
    expect(await objects(target)).toEqual([]);
  });

  it("when the file is corrupt", async () => {
    const { path, application } = await sqliteFile(
      `${NOTES} CREATE INDEX i ON notes(body); ` +
        `${"INSERT INTO notes(body) SELECT hex(randomblob(500)) FROM notes; ".repeat(8)}`,
      { journalMode: "delete" },
    );
    application.close();
    const file = openSync(path, "r+");
    writeSync(file, Buffer.alloc(4096 - 100, 0xa5), 0, 4096 - 100, 100);
    closeSync(file);
    const before = readFileSync(path);
    const target = await emptyDatabase();
    expectRefusal(
      await runCli(["full", "--source", path, "--target", target], { cwd: temporaryDirectory() }),
      "SOURCE_CORRUPT",
      1,
    );
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(await objects(target)).toEqual([]);
  });

  it("when the source's directory cannot be written to", async () => {
    const { path, application } = await sqliteFile(NOTES, { journalMode: "delete" });
    application.close();
    // As root, permissions stop nobody; a directory in the journal's place stops everybody.
    if (process.getuid?.() === 0) mkdirSync(`${path}-journal`);
    else chmodSync(join(path, ".."), 0o555);
    const target = await emptyDatabase();
    const result = await runCli(["full", "--source", path, "--target", target], { cwd: temporaryDirectory() });
    if (process.getuid?.() !== 0) chmodSync(join(path, ".."), 0o755);
    expect(result.stderr).toMatch(/\[SOURCE_(CANNOT_OPEN|READ_ONLY|IO)\]/);
    expect(result.code).toBe(1);
    expect(await objects(target)).toEqual([]);
  });

  it("when the target does not answer, or refuses the password", async () => {
    const { path, application } = await sqliteFile(NOTES);
    const cwd = temporaryDirectory();
    expectRefusal(
      await runCli(["sync", "--source", path, "--target", "postgres://me@127.0.0.1:1/app"], { cwd }),
      "TARGET_UNREACHABLE",
      1,
    );
    const wrong = new URL(await emptyDatabase());
    wrong.password = "wrong-secret";
    const result = await runCli(["sync", "--source", path, "--target", wrong.href], { cwd });
    expectRefusal(result, "TARGET_LOGIN", 1);
    expect(result.stderr).not.toContain("wrong-secret");
    const left = await application.execute(
      "SELECT name FROM sqlite_schema WHERE name LIKE '\\_changeover%' ESCAPE '\\'",
    );
    expect(left.rows).toEqual([]);
  });

  it("when the target's tables are not empty", async () => {
    const { path, application } = await sqliteFile(NOTES);
    const target = await emptyDatabase();
    await query(target, UP);
    await query(target, "insert into notes values(7, 'seed')");
    expectRefusal(
      await runCli(["sync", "--source", path, "--target", target], { cwd: temporaryDirectory() }),
      "TARGET_NOT_EMPTY",
      1,
    );
    expect(await query(target, "select id::text from notes")).toEqual([{ id: "7" }]);
    expect(await objects(target)).toEqual(["public.notes", "public.notes_pkey"]);
    expect(
      (await application.execute("SELECT name FROM sqlite_schema WHERE name LIKE '\\_changeover%' ESCAPE '\\'")).rows,
    ).toEqual([]);
  });

  it("when a migration has a syntax error: it names the file and keeps nothing of it", async () => {
    const cwd = temporaryDirectory();
    mkdirSync(join(cwd, "migrations"));
    writeFileSync(
      join(cwd, "migrations", "0001_good.sql"),
      "-- Up Migration\ncreate table good(id bigint primary key);\n-- Down Migration\ndrop table good;\n",
    );
    writeFileSync(
      join(cwd, "migrations", "0002_bad.sql"),
      "-- Up Migration\ncreate tabel bad(id bigint);\n-- Down Migration\ndrop table bad;\n",
    );
    const target = await emptyDatabase();
    const result = await runCli(["up", "--target", target], { cwd });
    expectRefusal(result, "MIGRATION_FAILED", 1);
    expect(result.stderr).toContain("0002_bad");
    expect(await objects(target)).toEqual([]);
  });

  it("when migrations are pending", async () => {
    const cwd = temporaryDirectory();
    const { path } = await sqliteFile(NOTES);
    mkdirSync(join(cwd, "migrations"));
    writeFileSync(
      join(cwd, "migrations", "0001_notes.sql"),
      `-- Up Migration\n${UP};\n-- Down Migration\ndrop table notes;\n`,
    );
    const target = await emptyDatabase();
    const result = await runCli(["sync", "--source", path, "--target", target], { cwd });
    expectRefusal(result, "MIGRATIONS_PENDING", 1);
    expect(result.stderr).toContain("changeover up");
    expect(await objects(target)).toEqual([]);
  });

  it("when a second sync of the same run is started, and when another target wants the source", async () => {
    const cwd = temporaryDirectory();
    const { path } = await sqliteFile(NOTES);
    const target = await emptyDatabase();
    await query(target, UP);
    const first = startCli(["sync", "--source", path, "--target", target, "--json"], { cwd });
    await first.saw(/capture is installed/);
    expectRefusal(await runCli(["sync", "--source", path, "--target", target], { cwd }), "RUN_LOCKED", 1);
    const other = await emptyDatabase();
    await query(other, UP);
    expectRefusal(await runCli(["sync", "--source", path, "--target", other], { cwd }), "SOURCE_IN_USE", 1);
    expect(await objects(other)).toEqual(["public.notes", "public.notes_pkey"]);
    first.child.kill("SIGINT");
    expect((await first.ended).code).toBe(0);
    const another = await sqliteFile(NOTES);
    expectRefusal(await runCli(["sync", "--source", another.path, "--target", target], { cwd }), "TARGET_IN_USE", 1);
  });

  it("when an option is unknown or a value makes no sense: usage errors exit with 2", async () => {
    const cwd = temporaryDirectory();
    expectRefusal(await runCli(["full", "--sorce", "x.db"], { cwd }), "USAGE", 2);
    expectRefusal(await runCli(["nonsense"], { cwd }), "USAGE", 2);
    expectRefusal(await runCli(["sync", "--source", "x.db", "--max-rate", "fast"], { cwd }), "CONFIG_INVALID", 2);
    expectRefusal(await runCli(["sync", "--source", "x.db", "--target", "mysql://x"], { cwd }), "TARGET_URL", 2);
    expectRefusal(await runCli(["full"], { cwd }), "SOURCE_MISSING", 2);
    writeFileSync(join(cwd, "changeover.config.json"), '{"sauce": "x.db"}');
    expectRefusal(await runCli(["status"], { cwd }), "CONFIG_INVALID", 2);
  });

  it("says it in JSON too", async () => {
    const result = await runCli(["full", "--source", "nowhere.db", "--json"], { cwd: temporaryDirectory() });
    expect(JSON.parse(result.stdout)).toMatchObject({
      error: { code: "SOURCE_NOT_FOUND", message: expect.any(String) as string, hint: expect.any(String) as string },
    });
  });
});
