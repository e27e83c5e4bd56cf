import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { project } from "../support/migrations.ts";
import { finished, runtime } from "../support/runtimes.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const RUNTIMES: readonly {
  readonly name: string;
  readonly command: () => Promise<readonly [file: string, args: readonly string[]]>;
}[] = [
  { name: "Node 24", command: async () => [await runtime("node", "24"), [join(ROOT, "bin", "changeover.js")]] },
  { name: "Node 26", command: async () => [await runtime("node", "26"), [join(ROOT, "bin", "changeover.js")]] },
  { name: "Bun 1", command: async () => [await runtime("bun", "1"), [join(ROOT, "bin", "changeover.js")]] },
  {
    name: "Deno 2, from the sources",
    // npm's node_modules serve here; by itself Deno would make its own, over them.
    command: async () => [
      await runtime("deno", "2"),
      [
        "run",
        "-A",
        "--quiet",
        "--config",
        join(ROOT, "deno.json"),
        "--node-modules-dir=manual",
        join(ROOT, "bin", "changeover.ts"),
      ],
    ],
  },
];

describe("a small whole migration", () => {
  for (const { name, command } of RUNTIMES) {
    it(`runs under ${name}`, { timeout: 180_000 }, async () => {
      const { path } = await sqliteFile(`
        CREATE TABLE people(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, score REAL, photo BLOB,
          joined DATETIME);
        INSERT INTO people(name, score, photo, joined) VALUES('Ann', 0.1, x'00ff', '2024-02-29 12:00:00'), ('Bö',
          NULL, NULL, NULL);
        CREATE TABLE tags(person INTEGER REFERENCES people ON DELETE CASCADE, tag TEXT, PRIMARY KEY(person,
          tag)) WITHOUT ROWID;
        INSERT INTO tags VALUES(1, 'a'), (1, 'b'), (2, 'c');
      `);
      const target = await emptyDatabase();
      const [file, args] = await command();
      const cwd = temporaryDirectory();
      const full = await finished(file, [...args, "full", "--yes", "--source", path, "--target", target, "--json"], {
        cwd,
      });
      expect(full.output).not.toContain("error:");
      expect(JSON.parse(full.stdout)).toMatchObject({
        ok: true,
        phase: "cut-over",
        verified: { rows: 5, differences: 0 },
      });
      const check = await finished(file, [...args, "check", "--source", path, "--target", target, "--json"], { cwd });
      expect(JSON.parse(check.stdout)).toMatchObject({ ok: true, rows: 5, differences: 0 });
      expect(await query(target, "select score::text as score, photo::text as photo from people order by id")).toEqual([
        { score: "0.1", photo: "\\x00ff" },
        { score: null, photo: null },
      ]);
    });
  }
});

describe("what would hurt in production", () => {
  for (const { name, command } of RUNTIMES) {
    it(`is found in SQL and in scripts under ${name}`, { timeout: 180_000 }, async () => {
      const { cwd } = project({
        "0001_a.sql": "create table a (x integer);",
        "0002_b.sql": "create index a_x on a (x);",
        "0003_c.ts":
          'import type { MigrationBuilder } from "node-pg-migrate";\nexport const up = (pgm: ' +
          'MigrationBuilder): void => pgm.alterColumn("a", "x", { notNull: true });\n',
      });
      const [file, args] = await command();
      const proof = await finished(file, [...args, "prove", "--lint-only", "--since", "0001_a", "--json"], { cwd });
      expect(JSON.parse(proof.stdout)).toMatchObject({
        ok: true,
        warnings: [
          { code: "INDEX_BLOCKS_WRITES", line: 1 },
          { code: "NOT_NULL_SCANS", file: "0003_c.ts", line: null },
        ],
      });
    });
  }
});

describe("a config in TypeScript", () => {
  for (const { name, command } of RUNTIMES) {
    it(`may import changeover where it is not installed under ${name}`, { timeout: 180_000 }, async () => {
      const cwd = temporaryDirectory();
      const { path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY)");
      writeFileSync(
        join(cwd, "changeover.config.ts"),
        `import { type ConfigFile, defineConfig } from "changeover";
         export default defineConfig({ source: ${JSON.stringify(path)} } satisfies ConfigFile);`,
      );
      const [file, args] = await command();
      const { code, output } = await finished(file, [...args, "validate"], { cwd });
      expect(code, output).toBe(0);
    });
  }
});

describe("./.env", () => {
  for (const { name, command } of RUNTIMES) {
    it(`is read under ${name}`, { timeout: 180_000 }, async () => {
      const cwd = temporaryDirectory();
      writeFileSync(join(cwd, ".env"), "export DATABASE_URL='mysql://u:p@h/d' # not ours\n");
      const [file, args] = await command();
      const { DATABASE_URL: _url, CHANGEOVER_TARGET: _target, ...env } = process.env;
      const { code, stdout } = await finished(file, [...args, "status", "--json"], { cwd, env });
      expect(code).toBe(2);
      expect(stdout).toContain("DATABASE_URL in ./.env is a mysql: URL");
    });
  }
});
