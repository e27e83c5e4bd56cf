import { spawnSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseStatementFile } from "../../src/queries/read-statement-file.ts";
import { runtime } from "../support/runtimes.ts";
import { temporaryDirectory } from "../support/source.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const APPLICATIONS = {
  "node:sqlite": `
    import { DatabaseSync } from "node:sqlite";
    const db = new DatabaseSync(":memory:");
    db.exec("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT)");
    for (let id = 1; id <= 3; id++) db.prepare("INSERT INTO t(id, name) VALUES (?, ?)").run(id, "secret");
  `,
  libsql: `
    import Database from "libsql";
    const db = new Database(":memory:");
    db.exec("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT)");
    for (let id = 1; id <= 3; id++) db.prepare("INSERT INTO t(id, name) VALUES (?, ?)").run(id, "secret");
  `,
  "@libsql/client": `
    import { createClient } from "@libsql/client";
    const db = createClient({ url: "file:app.db" });
    await db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT)");
    for (let id = 1; id <= 3; id++)
      await db.execute({ sql: "INSERT INTO t(id, name) VALUES (?, ?)", args: [id, "secret"] });
    db.close();
  `,
};

describe("the preload under Deno", () => {
  for (const [library, program] of Object.entries(APPLICATIONS))
    it(`records what ${library} is asked`, { timeout: 300_000 }, async () => {
      const deno = await runtime("deno", "2");
      const cwd = temporaryDirectory();
      symlinkSync(join(ROOT, "node_modules"), join(cwd, "node_modules"));
      writeFileSync(join(cwd, "deno.json"), '{ "nodeModulesDir": "manual" }');
      writeFileSync(join(cwd, "app.mjs"), program);
      const { status, stderr } = spawnSync(
        deno,
        ["run", "-A", "--preload", join(ROOT, "dist/record-preload.js"), "app.mjs"],
        { cwd, encoding: "utf8", env: { ...process.env, CHANGEOVER_RECORD_FILE: "statements.jsonl" } },
      );
      expect(status, stderr).toBe(0);
      const text = readFileSync(join(cwd, "statements.jsonl"), "utf8");
      expect(text).not.toContain("secret");
      const insert = parseStatementFile(text, "statements.jsonl").find(({ sql }) => sql.startsWith("INSERT"));
      expect(insert).toMatchObject({ count: 3, parameterTypes: [expect.any(String), "text"] });
    });
});
