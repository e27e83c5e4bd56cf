import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { runCli } from "./cli.ts";
import { manyTables } from "./many-tables.ts";
import { sqliteFile, temporaryDirectory } from "./source.ts";
import { emptyDatabase } from "./target.ts";

const WATCH = fileURLToPath(new URL("watch-statements.mjs", import.meta.url));

interface Watched {
  readonly at: number;
  readonly side: "source" | "target";
  readonly text: string;
}

/** What the command asked of both sides while writes were refused, without names and numbers. */
export interface DowntimeStatements {
  readonly cutover: readonly string[];
  readonly failback: readonly string[];
}

/** A cutover and the return from it, of so many tables, with a write before each. */
export async function downtimeStatements(tables: number): Promise<DowntimeStatements> {
  const cwd = temporaryDirectory();
  const { path, application } = await sqliteFile(manyTables(tables));
  const url = await emptyDatabase();
  const migration = openMigration({ source: path, target: url, migrationsDirectory: join(cwd, "migrations") });
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.sync({ until: "caught-up" });
  await migration.close();
  await application.execute("INSERT INTO t0(name) VALUES('written')");
  const watched = async (command: string, ...more: string[]) => {
    const file = join(cwd, `${command}.watched`);
    const args = [command, "--source", path, "--target", url, "--max-downtime", "20s", "--json", "--yes", ...more];
    const { code, stderr } = await runCli(args, {
      cwd,
      env: { NODE_OPTIONS: `--import ${WATCH}`, WATCHED: file },
    });
    expect(code, stderr).toBe(0);
    const lines = readFileSync(file, "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line) as Watched);
  };
  const cutover = between(await watched("cutover"), {
    from: /INSERT INTO "_changeover_fence" VALUES/,
    to: /SET until = -1/,
  });
  const failback = between(await watched("rollback"), {
    from: /state=returning target/,
    to: /DELETE FROM "_changeover_fence"$/,
  });
  return { cutover, failback };
}

function between(watched: readonly Watched[], { from, to }: { readonly from: RegExp; readonly to: RegExp }): string[] {
  const first = watched.findIndex(({ text }) => from.test(text));
  const last = watched.findLastIndex(({ text }) => to.test(text));
  expect(first).toBeGreaterThan(0);
  expect(last).toBeGreaterThan(first);
  return watched.slice(first, last).map(({ side, text }) => `${side} ${text}`);
}
