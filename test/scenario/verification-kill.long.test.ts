import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { runCli, startCli } from "../support/cli.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";

const ROWS = 12_000;

it("kill -9 in the middle of the comparison: the same command again goes on with it, and cuts over", async () => {
  const cwd = temporaryDirectory();
  const { path, application } = await sqliteFile(`
    CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS}) INSERT INTO note SELECT i,
      'body ' || i FROM n`);
  const target = await emptyDatabase();
  const migrationsDirectory = join(cwd, "migrations");
  const migration = openMigration({ source: path, target, migrationsDirectory });
  onTestFinished(() => migration.close());
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.sync({ until: "caught-up" });

  const ends = ["--source", path, "--target", target, "--migrations-dir", migrationsDirectory];
  const killed = startCli(["full", "--yes", ...ends, "--max-rate", "4000"], { cwd });
  let kept = 0;
  while (kept === 0 && killed.child.exitCode === null) {
    await delay(20);
    const [row] = await query<{ rows: number }>(
      target,
      "select rows::int as rows from changeover.verification_table where not done",
    );
    kept = row?.rows ?? 0;
  }
  killed.child.kill("SIGKILL");
  expect(await killed.ended).toMatchObject({ signal: "SIGKILL" });
  const status = await runCli(["status", ...ends], { cwd });
  expect(status.stdout).toMatch(/compared +[1-9][\d,]* rows of 12,000 in the comparison that began on/);

  await application.execute("UPDATE note SET body = 'changed' WHERE id = 1");
  const again = await runCli(["full", "--yes", ...ends, "--json"], { cwd });
  expect(again.stderr).toMatch(/going on with the comparison that was interrupted: [1-9][\d,]* rows/);
  expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, phase: "cut-over", verified: { differences: 0 } });
  expect(await query(target, "select body from note where id = 1")).toEqual([{ body: "changed" }]);
  expect(
    await query(
      target,
      "select pass, rows::int, differences::int, ended_at is not null as ended from changeover.verification",
    ),
  ).toEqual([{ pass: 1, rows: ROWS, differences: 0, ended: true }]);
});
