import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { openMigration } from "../../../src/migration.ts";
import { readMigrationFiles } from "../../../src/schema/migrate/read-migration-files.ts";
import { runCli } from "../../support/cli.ts";
import { project } from "../../support/migrations.ts";
import { query } from "../../support/target.ts";
import { type Life, lifeOf } from "./life-of-migrations.ts";

const THEIRS = fileURLToPath(new URL("../../../node_modules/node-pg-migrate/bin/node-pg-migrate.js", import.meta.url));

async function opened(count: number): Promise<Life> {
  const life = await lifeOf(count);
  onTestFinished(() => life.close());
  return life;
}

describe("migrations whose ids in the migrations table pass 9", () => {
  it("are undone from the last one: two of twelve, by our command line, then node-pg-migrate's, then redone", {
    timeout: 180_000,
  }, async () => {
    const { cwd, names, state, url } = await opened(12);
    const run = async (...args: string[]) => {
      const result = await runCli([...args, "--target", url, "--json"], { cwd });
      expect(result.code, result.stdout).toBe(0);
      return JSON.parse(result.stdout) as Record<string, unknown>;
    };
    await run("up");
    expect(await run("down", "2", "--dry-run")).toMatchObject({
      planned: [{ name: "0012_step" }, { name: "0011_step" }],
    });
    expect(await run("down", "2", "--print")).toMatchObject({ migrations: ["0012_step", "0011_step"] });
    expect(await run("down", "2")).toMatchObject({ undone: ["0012_step", "0011_step"] });
    await promisify(execFile)(process.execPath, [THEIRS, "down", "2"], {
      cwd,
      env: { ...process.env, DATABASE_URL: url },
    });
    expect(await state()).toEqual({ applied: names.slice(0, 8), tables: names.slice(0, 8) });
    await run("up", "3");
    expect(await run("redo", "4")).toMatchObject({ redone: names.slice(7, 11) });
    expect(await run("down", "0009_step")).toMatchObject({ undone: ["0011_step", "0010_step"] });
    expect(await state()).toEqual({ applied: names.slice(0, 9), tables: names.slice(0, 9) });
  });

  it("come after the existing ones even if a clock went back: node-pg-migrate orders by local time", async () => {
    const { names, run, url } = await opened(12);
    await run({ by: "theirs", command: "up", count: 2 });
    // What autumn does, or a role with a time zone of its own.
    await query(url, "update pgmigrations set run_on = run_on + interval '1 hour'");
    await run({ by: "ours", command: "up", count: 10 });
    expect(await run({ by: "ours", command: "down", count: 1 })).toEqual([names[11]]);
    expect(await run({ by: "theirs", command: "down", count: 1 })).toEqual([names[10]]);
  });

  it("are not undone if times and ids disagree about the last one", async () => {
    const { names, run, state, url } = await opened(12);
    await run({ by: "ours", command: "up", count: 12 });
    await query(url, "update pgmigrations set run_on = run_on - interval '1 hour' where name = '0012_step'");
    for (const command of ["down", "redo"] as const)
      await expect(run({ by: "ours", command, count: 1 })).rejects.toMatchObject({
        code: "MIGRATION_ORDER_UNCLEAR",
        message: expect.stringMatching(/by its time 0011_step \(id 11, .*by its id 0012_step \(id 12/) as string,
      });
    expect(await state()).toEqual({ applied: names, tables: names });
    await query(url, "update pgmigrations set run_on = (select max(run_on) from pgmigrations)");
    expect(await run({ by: "ours", command: "down", count: 1 })).toEqual(["0012_step"]);
  });
});

it("files run in node-pg-migrate's order, however their numbers are written", async () => {
  const { getMigrationFilePaths } = await import("node-pg-migrate/migration");
  const number = fc.oneof(
    fc.integer({ min: 1, max: 2_000 }).map(String),
    fc.integer({ min: 1, max: 2_000 }).map((value) => String(value).padStart(4, "0")),
    fc.integer({ min: 1_500_000_000_000, max: 1_800_000_000_000 }).map(String),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(number, fc.constantFrom("a", "b-c", "zz_1")), {
        minLength: 2,
        maxLength: 20,
        selector: ([digits]) => Number(digits),
      }),
      async (given) => {
        const { directory } = project(
          Object.fromEntries(given.map(([digits, name]) => [`${digits}_${name}.sql`, "-- Up Migration\nselect 1;\n"])),
        );
        const paths = await getMigrationFilePaths(directory, { logger: console });
        expect(readMigrationFiles(directory).map(({ path }) => path)).toEqual(paths);
      },
    ),
    { numRuns: 20 },
  );
});

it("a rollback file undoes the last of twelve first", async () => {
  const { cwd, names, run, url } = await opened(12);
  await run({ by: "ours", command: "up", count: 12 });
  const migration = openMigration({ target: url, migrationsDirectory: `${cwd}/migrations` });
  onTestFinished(() => migration.close());
  const { migrations, sql } = await migration.migrations.rollbackFile({ count: 11 });
  expect(migrations).toEqual(names.slice(1).toReversed());
  expect(sql.indexOf("-- 0012_step")).toBeLessThan(sql.indexOf("-- 0009_step"));
});
