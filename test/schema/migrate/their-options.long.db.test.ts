import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { runCli } from "../../support/cli.ts";
import { project, sqlMigration } from "../../support/migrations.ts";
import { emptyDatabase, query } from "../../support/target.ts";

const THEIRS = fileURLToPath(new URL("../../../node_modules/node-pg-migrate/bin/node-pg-migrate.js", import.meta.url));

const table = (name: string) => sqlMigration(`create table ${name}(x int)`, `drop table ${name}`);

async function opened(files: Readonly<Record<string, string>>) {
  const url = await emptyDatabase();
  const made = project(files);
  const run = async (...args: string[]) => {
    const { code, stderr, stdout } = await runCli([...args, "--target", url, "--json"], { cwd: made.cwd });
    return { code, stderr, ...(JSON.parse(stdout) as Record<string, unknown>) } as Record<string, unknown>;
  };
  const tables = async () =>
    (
      await query<{ name: string }>(
        url,
        "select relname::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace " +
          "and relname <> 'pgmigrations' order by 1",
      )
    ).map(({ name }) => name);
  const applied = async (name = "pgmigrations") =>
    (await query<{ name: string }>(url, `select name from ${name} order by id`)).map((row) => row.name);
  return { ...made, url, run, tables, applied };
}

const THREE = { "0001_a.sql": table("a"), "0002_b.sql": table("b"), "0003_c.sql": table("c") };

describe("options of node-pg-migrate's command line", () => {
  it("baseline and --fake record files, and run none of them", async () => {
    const { applied, run, tables, url } = await opened(THREE);
    await query(url, "create table a(x int); create table b(x int)");
    expect(await run("baseline", "0002_b")).toMatchObject({ ok: true, recorded: ["0001_a", "0002_b"] });
    expect(await run("up")).toMatchObject({ applied: ["0003_c"] });
    expect(await run("down", "1", "--fake")).toMatchObject({ undone: ["0003_c"] });
    expect(await tables()).toEqual(["a", "b", "c"]);
    expect(await applied()).toEqual(["0001_a", "0002_b"]);
    expect(await run("migrations")).toMatchObject({ migrations: [{ recorded: true }, { recorded: true }, {}] });
  });

  it("--no-check-order applies a file before an applied one", async () => {
    const { applied, run, write } = await opened({ "0002_b.sql": table("b") });
    await run("up");
    write({ "0001_a.sql": table("a") });
    expect(await run("up")).toMatchObject({ error: { code: "MIGRATION_OUT_OF_ORDER" } });
    expect(await run("up", "--no-check-order")).toMatchObject({ applied: ["0001_a"] });
    expect(await applied()).toEqual(["0002_b", "0001_a"]);
  });

  it("--no-single-transaction keeps the files before a failing one", async () => {
    const { applied, run } = await opened({ ...THREE, "0003_c.sql": sqlMigration("select 1/0", "select 1") });
    expect(await run("up")).toMatchObject({ error: { code: "MIGRATION_FAILED" } });
    expect(await run("migrations")).toMatchObject({ migrations: [{ state: "pending" }, {}, {}] });
    expect(await run("up", "--no-single-transaction")).toMatchObject({ error: { code: "MIGRATION_FAILED" } });
    expect(await applied()).toEqual(["0001_a", "0002_b"]);
  });

  it("--timestamp goes by the number in front", async () => {
    const { run } = await opened({
      "1000000000001_a.sql": table("a"),
      "1000000000002_b.sql": table("b"),
      "20330518033320003_c.sql": table("c"),
    });
    expect(await run("up", "1000000000002", "--timestamp")).toMatchObject({
      applied: ["1000000000001_a", "1000000000002_b"],
    });
    expect(await run("up", "2000000000003", "--timestamp")).toMatchObject({ applied: ["20330518033320003_c"] });
    expect(await run("down", "1000000000002", "--timestamp")).toMatchObject({
      undone: ["20330518033320003_c", "1000000000002_b"],
    });
    expect(await run("up", "soon", "--timestamp")).toMatchObject({ error: { code: "USAGE" } });
  });

  it("--migrations-table and --migrations-schema: two projects share a database", async () => {
    const { applied, cwd, run, url } = await opened({ "0001_a.sql": table("a") });
    mkdirSync(join(cwd, "other"));
    writeFileSync(join(cwd, "other", "0001_a.sql"), table("other"));
    const other = ["-m", "other", "--migrations-schema", "meta", "-t", "history"];
    await run("up");
    expect(await run("up", ...other)).toMatchObject({ applied: ["0001_a"] });
    expect(await applied("meta.history")).toEqual(["0001_a"]);
    writeFileSync(join(cwd, "other", "0001_a.sql"), `${table("other")}-- changed`);
    expect(await run("migrations", ...other)).toMatchObject({ migrations: [{ state: "changed" }] });
    expect(await run("migrations")).toMatchObject({ migrations: [{ state: "applied", recorded: true }] });
    await query(url, "insert into other values (1)");
    expect(await run("down", "all", "--yes", "--accept-changed", ...other)).toMatchObject({
      undone: ["0001_a"],
      backups: [{ tables: [{ table: "other", rows: 1 }] }],
    });
    expect(await applied()).toEqual(["0001_a"]);
  });

  it("--ignore-pattern and globs choose the files", async () => {
    const { cwd, run, write } = await opened({ "0001_a.sql": table("a"), "0002_a.test.ts": "throw new Error('no')" });
    expect(await run("up", "--ignore-pattern", ".*\\.test\\.ts")).toMatchObject({ applied: ["0001_a"] });
    expect(await run("up", "--ignore-pattern", "(")).toMatchObject({ error: { code: "USAGE" } });
    write({ "0002_a.test.ts": null });
    mkdirSync(join(cwd, "parts", "b"), { recursive: true });
    writeFileSync(join(cwd, "parts", "b", "0002_b.sql"), table("b"));
    const glob = ["--use-glob", "-m", "{migrations,parts/**}/*.sql", "--ignore-pattern", "**/0009*"];
    expect(await run("up", ...glob)).toMatchObject({ applied: ["0002_b"] });
  });

  it("--decamelize and --verbose: names in snake_case, and each statement before it runs", async () => {
    const { run, tables } = await opened({
      "0001_a.mjs": "export const up = (pgm) => pgm.createTable('myThings', { theName: 'text' });",
    });
    expect(await run("up", "--decamelize", "--verbose")).toMatchObject({
      applied: ["0001_a"],
      stderr: expect.stringContaining('CREATE TABLE "my_things"') as string,
    });
    expect(await tables()).toEqual(["my_things"]);
  });

  it("--no-lock goes on while another process migrates", async () => {
    const { run, url } = await opened({ "0001_a.sql": table("a") });
    const { default: pg } = await import("pg");
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    await holder.query("select pg_advisory_lock(7241865325823964)");
    expect(await run("up", "--no-wait")).toMatchObject({ error: { code: "MIGRATIONS_LOCKED" } });
    expect(await run("up", "--no-lock")).toMatchObject({ applied: ["0001_a"] });
    await holder.end();
  });

  it("-d, --envPath and a config file name the database", async () => {
    const { cwd, url } = await opened({ "0001_a.sql": table("a") });
    const list = (...args: string[]) => runCli(["migrations", "--json", ...args], { cwd });
    writeFileSync(join(cwd, "my.env"), `APP_DB=${url}\n`);
    expect((await list("-d", "APP_DB", "--envPath", "my.env")).code).toBe(0);
    expect(await list("-d", "NOT_SET", "--envPath", "my.env")).toMatchObject({ code: 2 });
    const { hostname, password, pathname, port, username } = new URL(url);
    const db = { host: hostname, port: Number(port), user: username, password, name: pathname.slice(1) };
    writeFileSync(join(cwd, "db.json"), JSON.stringify({ main: { ...db, "migrations-dir": "elsewhere" } }));
    const said = await list("-f", "db.json", "--config-value", "main");
    expect(JSON.parse(said.stdout)).toMatchObject({ ok: true, migrations: [] });
    writeFileSync(join(cwd, "db.mjs"), `export default { url: ${JSON.stringify(url)} };`);
    expect(JSON.parse((await list("-f", "db.mjs")).stdout)).toMatchObject({ migrations: [{ name: "0001_a" }] });
  });

  it("-s and --create-schema put tables and records into a schema, as node-pg-migrate does", async () => {
    const { applied, cwd, run, tables, url } = await opened(THREE);
    const schema = ["-s", "my app"];
    expect(await run("up", ...schema)).toMatchObject({ error: { code: "TARGET_SCHEMA_MISSING" } });
    expect(await run("up", "1", ...schema, "--create-schema")).toMatchObject({ applied: ["0001_a"] });
    // It is there now, and node-pg-migrate goes on in it.
    await promisify(execFile)(process.execPath, [THEIRS, "up", "1", ...schema, "--create-schema"], {
      cwd,
      env: { ...process.env, DATABASE_URL: url },
    });
    expect(await run("up", ...schema, "--create-schema")).toMatchObject({ applied: ["0003_c"] });
    expect(await applied('"my app".pgmigrations')).toEqual(["0001_a", "0002_b", "0003_c"]);
    expect(await tables()).toEqual([]);
    expect(await run("down", "all", "--yes", ...schema)).toMatchObject({ undone: ["0003_c", "0002_b", "0001_a"] });
  });

  it("a config file's schema, check-order and create-schema count; several schemas are refused", async () => {
    const { cwd, run, write } = await opened({ "0002_b.sql": table("b") });
    const config = (content: object) => writeFileSync(join(cwd, "db.json"), JSON.stringify(content));
    config({ schema: ["one"], "create-schema": true, "check-order": false });
    expect(await run("up", "-f", "db.json")).toMatchObject({ applied: ["0002_b"] });
    write({ "0001_a.sql": table("a") });
    expect(await run("up", "-s", "one")).toMatchObject({ error: { code: "MIGRATION_OUT_OF_ORDER" } });
    expect(await run("up", "-f", "db.json")).toMatchObject({ applied: ["0001_a"] });
    config({ schema: ["one", "two"] });
    expect(await run("up", "-f", "db.json")).toMatchObject({ error: { code: "CONFIG_INVALID" } });
  });

  it("--reject-unauthorized and ssl in a config file demand TLS, which this server does not have", async () => {
    const { cwd, run, url } = await opened(THREE);
    const refused = { error: { code: "TARGET_TLS_UNSUPPORTED" } };
    for (const flag of ["--reject-unauthorized", "--no-reject-unauthorized"])
      expect(await run("up", flag), flag).toMatchObject(refused);
    const { hostname: host, password, pathname, port, username: user } = new URL(url);
    for (const [ssl, found] of [
      [{ rejectUnauthorized: false }, refused],
      [true, refused],
      [{ ca: "x" }, { error: { code: "CONFIG_INVALID" } }],
      [false, { applied: ["0001_a"] }],
    ]) {
      const content = { host, password, port: Number(port), user, name: pathname.slice(1), ssl };
      writeFileSync(join(cwd, "db.json"), JSON.stringify(content));
      const { stdout } = await runCli(["up", "1", "--json", "-f", "db.json"], { cwd });
      expect(JSON.parse(stdout), JSON.stringify(ssl)).toMatchObject(found as object);
    }
  });
});
