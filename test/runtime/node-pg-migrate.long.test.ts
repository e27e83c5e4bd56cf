import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { project, sqlMigration } from "../support/migrations.ts";
import { finished, runtime } from "../support/runtimes.ts";
import { emptyDatabase, query } from "../support/target.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const THEIRS = join(ROOT, "node_modules", "node-pg-migrate", "bin", "node-pg-migrate.js");

const RUNTIMES: readonly {
  readonly name: string;
  readonly command: () => Promise<readonly [file: string, args: readonly string[]]>;
}[] = [
  { name: "Node", command: () => Promise.resolve([process.execPath, [join(ROOT, "bin", "changeover.js")]]) },
  {
    name: "Deno 2",
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

const FILES = {
  "0001_items.sql": sqlMigration("create table items(id bigint primary key, name text)", "drop table items"),
  "0002_price.ts": `import type { ColumnDefinitions, MigrationBuilder } from "node-pg-migrate";
export const shorthands: ColumnDefinitions = { money: { type: "numeric(12,2)", notNull: true, default: 0 } };
export function up(pgm: MigrationBuilder): void { pgm.addColumn("items", { price: "money" }); }
`,
  "0003_fill.ts": `import type { MigrationBuilder } from "node-pg-migrate";
export async function up(pgm: MigrationBuilder): Promise<void> {
  const rows = await pgm.db.select("select count(*)::int as n from items");
  pgm.addColumn("items", { tax: "money" });
  pgm.sql("insert into items(id, name) values ({n}, 'made')", { n: rows[0].n + 1 });
}
export async function down(pgm: MigrationBuilder): Promise<void> {
  pgm.sql("delete from items where name = 'made'");
  pgm.dropColumn("items", "tax");
}
`,
  "0004_index.sql": sqlMigration("create index items_name on items(name)", "drop index items_name"),
};

describe("a project of node-pg-migrate's own command line, in SQL and in TypeScript", () => {
  for (const { name, command } of RUNTIMES) {
    it(`goes on with ours, and back, and on again, under ${name}`, { timeout: 180_000 }, async () => {
      const target = await emptyDatabase();
      const { cwd, write } = project(FILES);
      const [file, args] = await command();
      const ours = async (...given: string[]) => {
        const { code, output, stdout } = await finished(file, [...args, ...given, "--target", target, "--json"], {
          cwd,
        });
        expect(code, output).toBe(0);
        return JSON.parse(stdout) as object;
      };
      const theirs = async (...given: string[]) => {
        const { code, output } = await finished(process.execPath, [THEIRS, ...given], {
          cwd,
          env: { ...process.env, DATABASE_URL: target },
        });
        expect(code, output).toBe(0);
        return output;
      };
      await theirs("up", "2");
      expect(await ours("migrations")).toMatchObject({
        migrations: [
          { state: "applied", recorded: false },
          { state: "applied", recorded: false },
          { state: "pending" },
          { state: "pending" },
        ],
      });
      expect(await ours("up", "1")).toMatchObject({ applied: ["0003_fill"] });
      expect(await query(target, "select id::text, name, price::text, tax::text from items")).toEqual([
        { id: "1", name: "made", price: "0.00", tax: "0.00" },
      ]);
      expect(await theirs("up")).toContain("0004_index");
      expect(await theirs("up")).toContain("No migrations to run!");
      expect(await theirs("down", "2")).toMatch(/0004_index[^]*0003_fill/);
      expect(await ours("redo", "2", "--yes")).toMatchObject({ redone: ["0001_items", "0002_price"] });
      expect(await ours("up")).toMatchObject({ applied: ["0003_fill", "0004_index"] });
      await theirs("redo");
      expect(await ours("migrations")).toMatchObject({
        migrations: [
          { recorded: true },
          { recorded: true },
          { state: "applied", recorded: true },
          { state: "applied", recorded: false },
        ],
      });
      // What its `redo` applied is another file by now, and nobody recorded the first: ours takes it as it is.
      write({ "0004_index.sql": `${FILES["0004_index.sql"]}-- reworded\n` });
      expect(await ours("down", "all", "--yes")).toMatchObject({
        undone: ["0004_index", "0003_fill", "0002_price", "0001_items"],
      });
      expect(
        await query(
          target,
          "select (select count(*)::int from pgmigrations) as theirs, (select count(*)::int " +
            "from changeover.migration_record) as ours, to_regclass('items') as items",
        ),
      ).toEqual([{ theirs: 0, ours: 0, items: null }]);
      await theirs("up");
    });
  }
});
