import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openMigration } from "../../../src/migration.ts";
import { runCli } from "../../support/cli.ts";
import { expected, lifeOf, type Step } from "./life-of-migrations.ts";

const THEIRS = fileURLToPath(new URL("../../../node_modules/node-pg-migrate/bin/node-pg-migrate.js", import.meta.url));

/** Portions of a life: in one `up`, in many, by both tools in turn. */
function lives(count: number): Readonly<Record<string, readonly Step[]>> {
  const part = Math.ceil(count / 7);
  const ours = (command: Step["command"], steps: number): Step => ({ by: "ours", command, count: steps });
  const theirs = (command: "up" | "down", steps: number): Step => ({ by: "theirs", command, count: steps });
  return {
    "in one up": [ours("up", count), ours("down", 2), ours("redo", part), theirs("down", 1), ours("down", count)],
    "in many ups": [...Array.from({ length: 7 }, () => ours("up", part)), ours("redo", 3), ours("down", count - 9)],
    "by both in turn": [
      ours("up", part),
      theirs("up", part),
      ours("down", 2),
      ours("up", part),
      theirs("down", part),
      theirs("up", 3 * part),
      ours("redo", part + 1),
      ours("up", count),
      theirs("down", 3),
      ours("down", part),
      ours("down", count),
    ],
  };
}

for (const count of [120, 1_200])
  describe(`${count} migrations`, () => {
    for (const [title, steps] of Object.entries(lives(count)))
      it(`go up and down in their order, ${title}`, { timeout: 900_000 }, async () => {
        const life = await lifeOf(count);
        onTestFinished(() => life.close());
        let applied = 0;
        for (const step of steps) {
          const { applied: after, done } = expected(life.names, applied, step);
          expect(await life.run(step), JSON.stringify(step)).toEqual(done);
          applied = after;
          const standing = life.names.slice(0, applied);
          expect(await life.state()).toEqual({ applied: standing, tables: standing });
        }
      });

    it("are undone by both command lines alternately", { timeout: 900_000 }, async () => {
      const { close, cwd, names, state, url } = await lifeOf(count);
      onTestFinished(close);
      const ours = async (...args: string[]) => {
        const { code, stdout } = await runCli([...args, "--target", url, "--json"], { cwd });
        expect(code, stdout).toBe(0);
        return JSON.parse(stdout) as Record<string, unknown>;
      };
      const theirs = (...args: string[]) =>
        promisify(execFile)(process.execPath, [THEIRS, ...args], { cwd, env: { ...process.env, DATABASE_URL: url } });
      await ours("up", "50");
      await theirs("up", "20");
      await ours("up");
      await theirs("down", "2");
      expect(await ours("down", "3", "--print")).toMatchObject({ migrations: names.slice(-5, -2).toReversed() });
      expect(await ours("down", "3")).toMatchObject({ undone: names.slice(-5, -2).toReversed() });
      expect(await state()).toEqual({ applied: names.slice(0, -5), tables: names.slice(0, -5) });
    });
  });

/** What the list before a `down` and the `down` itself cost this process, and how many statements they send. */
async function costOfDown(applied: number): Promise<{ readonly cpuMs: number; readonly statements: number }> {
  const { close, cwd, names, run, url } = await lifeOf(applied);
  onTestFinished(close);
  await run({ by: "ours", command: "up", count: applied });
  const migration = openMigration({ target: url, migrationsDirectory: `${cwd}/migrations` });
  onTestFinished(() => migration.close());
  const sent = vi.spyOn(pg.Client.prototype, "query");
  onTestFinished(() => sent.mockRestore());
  const before = process.cpuUsage();
  expect(await migration.migrations.forecast("down", { count: 1 })).toMatchObject([{ name: names.at(-1) }]);
  expect(await migration.migrations.down({ count: 1 })).toEqual([names.at(-1)]);
  const { system, user } = process.cpuUsage(before);
  const statements = sent.mock.calls.length;
  sent.mockRestore();
  return { cpuMs: (system + user) / 1_000, statements };
}

it("down costs as many statements with a thousand files applied as with ten, and under two seconds", {
  timeout: 300_000,
}, async () => {
  const few = await costOfDown(10);
  const many = await costOfDown(1_000);
  expect(few.statements).toBeGreaterThan(10);
  expect(many.statements).toBe(few.statements);
  expect(many.cpuMs).toBeLessThan(2_000);
});
