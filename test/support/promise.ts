import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { runCli } from "./cli.ts";
import { sqliteFile, temporaryDirectory } from "./source.ts";
import { startSteadyWriter, WRITTEN } from "./steady-writer.ts";
import { emptyDatabase } from "./target.ts";

const BUDGET_MS = 1_000;
// The fence itself is exact to the tenth of a second; the rest is for a writer that a busy machine keeps from running.
const SLACK_MS = 700;

/**
 * A writer of its own process measures for how long its writes are refused: when the cutover is killed just behind the
 * fence, when it is undone, and when it succeeds. With so many tables that making the fence's triggers behind it would
 * take longer than the budget.
 */
export async function expectPromiseKept(tables: number, { budgetOfSuccessMs }: { readonly budgetOfSuccessMs: number }) {
  const cwd = temporaryDirectory();
  const others = Array.from({ length: tables - 1 }, (_, i) => `CREATE TABLE t${i}(id INTEGER PRIMARY KEY, a TEXT)`);
  const { path, application } = await sqliteFile([WRITTEN, ...others].join("; "));
  const schemaText = async () =>
    JSON.stringify((await application.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY rowid")).rows);
  const url = await emptyDatabase();
  const migration = openMigration({ source: path, target: url, migrationsDirectory: join(cwd, "migrations") });
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.sync({ until: "caught-up" });
  await migration.close();
  const captured = await schemaText();
  const cutover = (budget: number, ...more: string[]) =>
    runCli(["cutover", "--source", path, "--target", url, "--max-downtime", `${budget}ms`, "--json", ...more], { cwd });

  const duringWork = async (work: () => Promise<void>) => {
    const writer = startSteadyWriter(path, 5);
    await writer.began;
    await work();
    return (await writer.stop()).blocked;
  };
  const killed = await duringWork(async () => {
    expect((await cutover(BUDGET_MS, "--hook", "after-fence=kill -9 $PPID")).signal).toBe("SIGKILL");
    await delay(BUDGET_MS + SLACK_MS);
  });
  expect(killed).toBeGreaterThan(BUDGET_MS - 100);
  expect(killed).toBeLessThan(BUDGET_MS + SLACK_MS);
  await application.execute("DELETE FROM written");

  const undone = await duringWork(async () => {
    expect((await cutover(BUDGET_MS, "--hook", "after-fence=sleep 60")).code).toBe(1);
  });
  expect(undone).toBeLessThan(BUDGET_MS + SLACK_MS);
  expect(await schemaText()).toBe(captured);

  const done = await cutover(budgetOfSuccessMs);
  expect(JSON.parse(done.stdout), done.stderr).toMatchObject({ ok: true });
  expect(JSON.parse(done.stdout).downtime_ms).toBeLessThan(budgetOfSuccessMs);
}
