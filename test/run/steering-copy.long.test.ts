import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase } from "../support/target.ts";

const ROWS = 400_000;
/** Large enough for worker processes. */
const TABLES = ["one", "two"].map(
  (name) => `CREATE TABLE ${name}(id INTEGER PRIMARY KEY, v TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})
      INSERT INTO ${name} SELECT i, 'some text of the row ' || i || ', and some more of it' FROM n;`,
);

it("a pause holds worker processes, outlives a kill, and ends for the next process", { timeout: 180_000 }, async () => {
  const { path } = await sqliteFile(TABLES.join("\n"));
  const target = await emptyDatabase();
  const cwd = temporaryDirectory();
  const ends = ["--source", path, "--target", target];
  const control = (what: string) => runCli(["control", what, "--target", target, "--yes", "--json"], { cwd });
  const migration = openMigration({ target });
  onTestFinished(() => migration.close());
  const copied = async () => (await migration.status()).tables.reduce((sum, table) => sum + table.copied, 0);

  expect((await runCli(["schema", "--write", ...ends], { cwd })).code).toBe(0);
  expect((await runCli(["up", ...ends], { cwd })).code).toBe(0);
  const first = startCli(["sync", ...ends, "--jobs", "2", "--max-rate", "60000"], { cwd });
  await first.saw(/copying 2 tables/);
  await expect.poll(copied, { timeout: 20_000 }).toBeGreaterThan(0);
  expect((await control("pause")).code).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const held = await copied();
  expect(held).toBeLessThan(2 * ROWS);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(await copied()).toBe(held);

  first.child.kill("SIGKILL");
  await first.ended;
  expect((await control("max-rate=none")).code).toBe(1);
  const second = startCli(["sync", "--until", "caught-up", ...ends], { cwd });
  await second.saw(/has paused the run: `changeover control resume`/);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const waiting = await copied();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await copied()).toBe(waiting);
  expect((await control("resume")).code).toBe(0);
  expect((await second.ended).code).toBe(0);
  expect(await copied()).toBe(2 * ROWS);
});

it("the run lock is yielded while the run is paused: a rollback gets it", { timeout: 120_000 }, async () => {
  const { path } = await sqliteFile("CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES(1)");
  const target = await emptyDatabase();
  const cwd = temporaryDirectory();
  const ends = ["--source", path, "--target", target];
  const full = startCli(["full", "--no-cutover", "--yes", ...ends], { cwd });
  await full.saw(/In sync until stopped/);
  expect((await runCli(["control", "pause", "--target", target], { cwd })).code).toBe(0);
  const { code, stderr } = await runCli(["rollback", "--yes", ...ends], { cwd });
  expect(code, stderr).toBe(0);
  expect((await full.ended).stderr).toContain("has paused the run");
});
