import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { parseStatementFile } from "../../src/queries/read-statement-file.ts";
import { temporaryDirectory } from "../support/source.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const RECORD = pathToFileURL(join(ROOT, "dist/record-preload.js")).href;

/** Runs a program under the preload, in a directory where it finds this project's libraries. */
function record(program: string, environment: Readonly<Record<string, string>> = {}) {
  const cwd = temporaryDirectory();
  symlinkSync(join(ROOT, "node_modules"), join(cwd, "node_modules"));
  writeFileSync(join(cwd, "app.mjs"), program);
  const { status, stderr } = spawnSync(process.execPath, ["--import", RECORD, "app.mjs"], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const [name = ""] = readdirSync(cwd).filter((file) => /^changeover-statements\.\d+\.jsonl$/.test(file));
  const file = join(cwd, name);
  return { text: readFileSync(file, "utf8"), mode: statSync(file).mode & 0o777 };
}

const SYNCHRONOUS = `
  import Database from "libsql";
  const db = new Database(":memory:");
  db.exec("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT)");
  const insert = db.prepare("INSERT INTO t(id, name) VALUES (?, ?)");
  for (let i = 1; i <= 100; i++) insert.run(i, "secret" + i);
  db.prepare("SELECT * FROM t WHERE name = 'secret1' AND id < :max").get({ max: 5 });
  db.prepare("SELECT count(*) FROM t").all();
  db.prepare("SELECT id FROM t WHERE name <> 'secret2'").all();
  try { db.prepare("SELECT nothing FROM t"); } catch {}
`;

describe("the preload", () => {
  it("records statements with count, time, call site and types, and no value, in a file of its owner alone", () => {
    const { mode, text } = record(SYNCHRONOUS);
    expect(mode).toBe(0o600);
    expect(text).not.toContain("secret");
    const lines = text
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Record<string, unknown>]));
    const insert = lines.find(({ sql }) => String(sql).startsWith("INSERT"));
    expect(insert).toMatchObject({
      count: 100,
      types: ["integer", "text"],
      sql: "INSERT INTO t(id, name) VALUES (?, ?)",
    });
    expect(insert?.["site"]).toMatch(/app\.mjs:5/);
    expect(insert?.["total_ms"]).toBeGreaterThan(0);
    expect(Number(insert?.["max_ms"])).toBeLessThanOrEqual(Number(insert?.["total_ms"]));
    expect(lines.find(({ sql }) => String(sql).includes("name = "))).toMatchObject({
      sql: "SELECT * FROM t WHERE name = ? AND id < ?",
      types: ["text", "integer"],
    });
    expect(lines.some(({ sql }) => String(sql).includes("nothing"))).toBe(false);
  });

  it("keeps values where it is told to, and they can be read back by position", () => {
    const { mode, text } = record(SYNCHRONOUS, { CHANGEOVER_RECORD: "with-values" });
    expect(mode).toBe(0o600);
    const statements = parseStatementFile(text, "recorded");
    expect(statements.find(({ sql }) => sql.startsWith("INSERT"))).toMatchObject({ parameters: [1n, "secret1"] });
    expect(statements.find(({ sql }) => sql.includes(":max"))).toMatchObject({ parameters: [5n], count: 1 });
    // Its only value stands in its text.
    expect(statements).toContainEqual(
      expect.objectContaining({ sql: "SELECT id FROM t WHERE name <> 'secret2'", parameters: [] }),
    );
  });

  it("records @libsql/client, whose statements go through libsql", () => {
    const { text } = record(`
      import { createClient } from "@libsql/client";
      const client = createClient({ url: "file:app.db" });
      await client.execute("CREATE TABLE t(a)");
      await client.execute({ sql: "INSERT INTO t VALUES (?)", args: [1] });
      await client.batch([{ sql: "SELECT a FROM t WHERE a > ?", args: [0] }], "read");
      client.close();
    `);
    const statements = parseStatementFile(text, "recorded");
    expect(statements.find(({ sql }) => sql.startsWith("INSERT"))).toMatchObject({ parameterTypes: ["integer"] });
    expect(statements.find(({ sql }) => sql.startsWith("SELECT a"))).toMatchObject({ count: 1 });
  });
});
