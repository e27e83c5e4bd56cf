import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { bank } from "../support/bank.ts";
import { runCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const SCHEMAS = "select nspname from pg_namespace where nspname !~ '^(pg_|information)' order by 1";

async function contentOf(path: string): Promise<unknown> {
  const client = createClient({ url: `file:${path}` });
  const content = [
    await client.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY rowid"),
    await client.execute("SELECT * FROM accounts"),
    await client.execute("SELECT * FROM transfers"),
  ].map(({ rows }) => rows.map((row) => Object.values(row)));
  client.close();
  return content;
}

describe("--backup", () => {
  it("of a sync is the source without a trace of capture, and cannot be had later", async () => {
    const url = await emptyDatabase();
    const { cwd, path, ends } = await bank(url);
    const before = await contentOf(path);
    const sync = await runCli(["sync", ...ends, "--until", "caught-up", "--backup", "before.db", "--json"], { cwd });
    expect(sync.code).toBe(0);
    const file = join(cwd, "before.db");
    expect(JSON.parse(sync.stdout.trim().split("\n").at(-1) ?? "{}")).toMatchObject({
      event: "end",
      backup: { file, bytes: expect.any(Number) as number, duration_ms: expect.any(Number) as number },
    });
    expect(sync.stderr).toMatch(/backing up .*\n\S+ backup: .*before\.db, [\d.]+ kB, found sound, in/);
    expect(await contentOf(path)).not.toEqual(before);
    expect(await contentOf(file)).toEqual(before);

    const late = await runCli(["sync", ...ends, "--until", "caught-up", "--backup", "later.db", "--json"], { cwd });
    expect([late.code, JSON.parse(late.stdout)]).toMatchObject([
      1,
      { error: { code: "BACKUP_LATE", hint: expect.stringMatching(/leave out --backup/) as string } },
    ]);
    expect(readdirSync(cwd)).not.toContain("later.db");
  });

  it("of data and full is refused where the file is there, both ends untouched; their output goes back", async () => {
    const url = await emptyDatabase();
    const cwd = temporaryDirectory();
    const { path, application } = await sqliteFile("CREATE TABLE t(x INTEGER PRIMARY KEY); INSERT INTO t VALUES(1)", {
      journalMode: "delete",
    });
    const [schemas, bytes] = [await query(url, SCHEMAS), readFileSync(path)];
    for (const command of ["full", "data"]) {
      const refused = await runCli([command, "--source", path, "--target", url, "--backup", path, "--json"], { cwd });
      expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([1, { error: { code: "BACKUP_EXISTS" } }]);
    }
    expect(readFileSync(path)).toEqual(bytes);
    expect(await query(url, SCHEMAS)).toEqual(schemas);
    expect(readdirSync(cwd)).toEqual([]);
    const full = await runCli(["full", "--source", path, "--target", url, "--backup", "it's.db"], { cwd });
    expect(full.code).toBe(0);
    const [, command] = /To go back to it, with the application stopped: (.*)$/m.exec(full.stdout) ?? [];
    application.close();
    execFileSync("sh", ["-c", command ?? "false"]);
    const written = execFileSync(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `import { createClient } from "@libsql/client"; const client = createClient({ url: "file:${path}" }); ` +
          `await client.execute("INSERT INTO t VALUES(2)"); console.log((await client.execute("SELECT name ` +
          `FROM sqlite_schema")).rows.length)`,
      ],
      { cwd: import.meta.dirname },
    );
    expect(written.toString()).toBe("1\n");
  });
});
