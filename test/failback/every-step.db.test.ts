import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { FAILBACK_EVENTS, FAILBACK_STATES, nextInFailback } from "../../src/failback/failback-states.ts";
import { openMigration } from "../../src/migration.ts";
import { runCli } from "../support/cli.ts";
import { cameToPass, disturbed } from "../support/disturb.ts";
import { temporaryDirectory } from "../support/source.ts";
import { startSteadyWriter, WRITTEN } from "../support/steady-writer.ts";
import { emptyDatabase, query } from "../support/target.ts";
import { FAILING_FAILBACKS, type FailingFailback } from "./failing-steps.ts";

const BUDGET_MS = 3_000;
// Nothing fails at the second attempt, but on a machine with much to do it may take its time.
const AGAIN_MS = 20_000;
// The fence stands for the budget and a second, and a writer in PostgreSQL may wait for a lock before it is refused.
const FALLS_WITHIN_MS = BUDGET_MS + 4_000;
const WRITE_MS = 3;

// `npm test` takes one of each state, by turns a kill and a failure; `npm run every-step` all.
const ALL = process.env["EVERY_STEP"] !== undefined;
const isKill = (step: FailingFailback) => step.what.startsWith("kill -9");
const chosen = (steps: readonly FailingFailback[], turn: number) =>
  ALL ? steps : [steps.find((step) => isKill(step) === (turn % 2 === 0))].filter((step) => step !== undefined);

async function cutOver(ended: (done: () => void) => void) {
  const cwd = temporaryDirectory(ended);
  const path = join(cwd, "app.db");
  const application = createClient({ url: `file:${path}`, timeout: 5_000, concurrency: 1 });
  ended(() => application.close());
  await application.execute("PRAGMA journal_mode = wal");
  await application.executeMultiple(`${WRITTEN}; INSERT INTO written VALUES(-1)`);
  const url = await emptyDatabase();
  const migration = openMigration({ source: path, target: url, migrationsDirectory: join(cwd, "migrations") });
  await migration.full();
  await migration.close();
  return { cwd, path, application, url };
}

describe("every step of the return, failing", () => {
  it("has a case for each state from which something follows", () => {
    const going = FAILBACK_STATES.filter((state) => FAILBACK_EVENTS.some((event) => canMeet(state, event)));
    expect(Object.keys(FAILING_FAILBACKS).sort()).toEqual([...going].sort());
  });

  for (const [turn, [state, steps]] of Object.entries(FAILING_FAILBACKS).entries()) {
    for (const step of chosen(steps, turn)) {
      it.concurrent(`${state}: ${step.what}`, { timeout: 120_000 }, async ({ expect, onTestFinished }) => {
        const { application, cwd, path, url } = await cutOver(onTestFinished);
        const sourceOpen = () =>
          application.execute("DELETE FROM written WHERE n = -1").then(
            () => true,
            () => false,
          );
        const targetOpen = () =>
          query(url, "delete from written where n = -1").then(
            () => true,
            () => false,
          );
        const writer = startSteadyWriter(url, WRITE_MS, onTestFinished);
        await writer.began;
        const rollback = (budget: number, env: Readonly<Record<string, string>> = {}) =>
          runCli(["rollback", "--yes", "--max-downtime", `${budget}ms`, "--json"], {
            cwd,
            env: { CHANGEOVER_SOURCE: path, CHANGEOVER_TARGET: url, ...env },
          });
        const failing = await rollback(BUDGET_MS, disturbed(step.plan, cwd));
        expect(failing.signal, failing.stdout + failing.stderr).toBe(isKill(step) ? "SIGKILL" : null);
        expect(cameToPass(cwd)).toBe(true);
        let open = await targetOpen();
        for (
          const deadline = performance.now() + FALLS_WITHIN_MS;
          step.leaves === "undone" && !open && performance.now() < deadline;
          open = await targetOpen()
        )
          await delay(50);
        const there = await sourceOpen();
        expect([open, there], failing.stdout + failing.stderr).toEqual([
          step.leaves === "undone",
          step.leaves === "returned",
        ]);
        const [run] = await query<{ phase: string }>(url, "select phase from changeover.run");
        // Given once more after it has returned, the command would undo the run.
        if (run?.phase !== "returned") {
          const again = await rollback(AGAIN_MS);
          expect(JSON.parse(again.stdout), again.stderr).toMatchObject({ ok: true, phase: "returned" });
        }
        const { acknowledged, blocked } = await writer.stop();
        expect(await targetOpen()).toBe(false);
        expect(await sourceOpen()).toBe(true);
        expect((await application.execute("SELECT count(*) FROM written WHERE n > 0")).rows[0]?.[0]).toBe(acknowledged);
        expect(acknowledged).toBeGreaterThan(10);
        if (step.leaves === "undone") expect(blocked).toBeLessThan(FALLS_WITHIN_MS);
      });
    }
  }
});

function canMeet(...[state, event]: Parameters<typeof nextInFailback>): boolean {
  try {
    nextInFailback(state, event);
    return true;
  } catch {
    return false;
  }
}
