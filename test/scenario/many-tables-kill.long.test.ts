import { join } from "node:path";
import { expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { runCli } from "../support/cli.ts";
import { atTarget, cameToPass, disturbed } from "../support/disturb.ts";
import { manyTables } from "../support/many-tables.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const foreignKeys = async (url: string) =>
  Number(
    (
      await query<{ n: string }>(
        url,
        "select count(*)::text as n from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace",
      )
    )[0]?.n,
  );

it("a kill between two slices costs the present one: the same command goes on", { timeout: 600_000 }, async () => {
  const cwd = temporaryDirectory();
  const { path, application } = await sqliteFile(manyTables(120));
  const url = await emptyDatabase();
  const migration = openMigration({ source: path, target: url, migrationsDirectory: join(cwd, "migrations") });
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.close();
  const all = await foreignKeys(url);
  expect(all).toBeGreaterThan(90);
  const run = (args: readonly string[], plan: Parameters<typeof disturbed>[0] = []) =>
    runCli([...args, "--source", path, "--target", url, "--yes", "--json"], { cwd, env: disturbed(plan, cwd) });
  const sync = ["sync", "--until", "caught-up"];

  // Before the second hundred of tables is made ready for the load: a slice is one message, which passes as a whole.
  const began = await run(sync, [
    atTarget("enable always trigger[^]*", "pass"),
    atTarget("enable always trigger", "kill"),
  ]);
  expect(began.signal, began.stderr).toBe("SIGKILL");
  expect(cameToPass(cwd)).toBe(true);
  const resumed = await run(sync);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(await foreignKeys(url)).toBe(0);

  // When some foreign keys stand already: nothing may be replayed while they do.
  const cutover = await run(
    ["cutover"],
    [atTarget("foreign key[^]* not valid", "pass"), atTarget("foreign key.* not valid", "kill")],
  );
  expect(cutover.signal, cutover.stderr).toBe("SIGKILL");
  expect(await foreignKeys(url)).toBeGreaterThan(0);
  await application.executeMultiple("PRAGMA foreign_keys = OFF; DELETE FROM t1");
  const again = await run(sync);
  expect(again.code, again.stderr).toBe(0);
  expect(await foreignKeys(url)).toBe(0);
  expect(await query(url, "select count(*)::int as n from t2")).toEqual([{ n: 2 }]);

  const done = await run(["cutover"]);
  expect(done.code, done.stderr).toBe(0);
  expect(await foreignKeys(url)).toBe(all);
});
