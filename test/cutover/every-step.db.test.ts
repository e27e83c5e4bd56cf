import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Client, createClient } from "@libsql/client";
import { describe, it } from "vitest";
import {
  CUTOVER_STATES,
  type CutoverEvent,
  type CutoverState,
  nextInCutover,
} from "../../src/cutover/cutover-states.ts";
import { openMigration } from "../../src/migration.ts";
import { runCli } from "../support/cli.ts";
import { cameToPass, disturbed } from "../support/disturb.ts";
import { temporaryDirectory } from "../support/source.ts";
import { startSteadyWriter, WRITTEN } from "../support/steady-writer.ts";
import { stranger } from "../support/stranger.ts";
import { emptyDatabase, query } from "../support/target.ts";
import { FAILING_STEPS, type FailingStep } from "./failing-steps.ts";

const BUDGET_MS = 3_000;
// Nothing fails at the second attempt, but on a machine with much to do it may take its time.
const AGAIN_MS = 20_000;
// The fence stands for the budget, and is met by a writer that pauses; the rest is for a machine with much to do.
const FALLS_WITHIN_MS = BUDGET_MS + 1_000;
// Often, so that there is something to drain behind the fence.
const WRITE_MS = 3;
const SCHEMA =
  `${WRITTEN}; CREATE TABLE reference(id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER REFERENCES written(n)); ` +
  "INSERT INTO written VALUES(-1); INSERT INTO reference(n) VALUES(-1)";

// `npm test` takes one of each state, by turns a failure and a kill; `npm run every-step` all.
const ALL = process.env["EVERY_STEP"] !== undefined;
const isKill = (step: FailingStep) => step.what.startsWith("kill -9");
const chosen = (steps: readonly FailingStep[], turn: number) =>
  ALL ? steps : [steps.find((step) => isKill(step) === (turn % 2 === 1))].filter((step) => step !== undefined);

/** A source with its application's client, in sync with a target of its own. */
async function synced(ended: (done: () => void) => void) {
  const cwd = temporaryDirectory(ended);
  const path = join(cwd, "app.db");
  const application = createClient({ url: `file:${path}`, timeout: 5_000, concurrency: 1 });
  ended(() => application.close());
  await application.execute("PRAGMA journal_mode = wal");
  await application.executeMultiple(SCHEMA);
  const url = await emptyDatabase();
  const migration = openMigration({ source: path, target: url, migrationsDirectory: join(cwd, "migrations") });
  await migration.schema({ write: true });
  await migration.migrations.up();
  await migration.sync({ until: "caught-up" });
  await migration.close();
  return { cwd, path, application, url };
}

const phaseOf = async (url: string) =>
  (await query<{ phase: string }>(url, "select phase from changeover.run"))[0]?.phase;

/** Whether the source takes a write of the application now; it is taken back. */
const takesWrites = (application: Client) =>
  application.executeMultiple("BEGIN IMMEDIATE; INSERT INTO written(n) VALUES(-2); ROLLBACK").then(
    () => true,
    async () => {
      await application.execute("ROLLBACK").catch(() => {});
      return false;
    },
  );

async function left(application: Client, url: string, expected: FailingStep["leaves"]): Promise<string> {
  const open = (await phaseOf(url)) === "cut-over";
  // Killed behind an unsealed fence: it falls by itself.
  const deadline = performance.now() + (expected === "stopped" || open ? 0 : FALLS_WITHIN_MS);
  let writes = await takesWrites(application);
  while (!writes && performance.now() < deadline) {
    await delay(50);
    writes = await takesWrites(application);
  }
  if (open) return writes ? "both open" : "open";
  return writes ? "undone" : "stopped";
}

describe("every step of the cutover, failing", () => {
  for (const [turn, state] of CUTOVER_STATES.entries()) {
    for (const step of chosen(FAILING_STEPS[state], turn)) {
      it.concurrent(`${state}: ${step.what}`, { timeout: 120_000 }, async ({ expect, onTestFinished }) => {
        const { application, cwd, path, url } = await synced(onTestFinished);
        const writer = startSteadyWriter(path, WRITE_MS, onTestFinished);
        await writer.began;
        const cutover = (
          budget: number,
          env: Readonly<Record<string, string>> = {},
          hooks: FailingStep["hooks"] = {},
        ) =>
          runCli(
            [
              "cutover",
              "--yes",
              "--max-downtime",
              `${budget}ms`,
              ...Object.entries(hooks).flatMap(([name, command]) => ["--hook", `${name}=${command}`]),
              "--json",
            ],
            { cwd, env: { CHANGEOVER_SOURCE: path, CHANGEOVER_TARGET: url, ...env } },
          );
        const failing = await cutover(BUDGET_MS, disturbed(step.plan, cwd), step.hooks);
        expect(failing.signal, failing.stderr).toBe(isKill(step) ? "SIGKILL" : null);
        expect(cameToPass(cwd)).toBe(step.plan !== undefined);
        expect(failsIn(failing.stdout, state), failing.stdout + failing.stderr).toBe(step.failsIn ?? state);
        const leaves = await left(application, url, step.leaves);
        expect(leaves, failing.stdout + failing.stderr).toBe(step.leaves);
        // Whatever happened: PostgreSQL takes others' writes once it is open, and none before.
        const other = await stranger(url, onTestFinished);
        const refused = await other.tries("insert into reference(n) values (-1)");
        if (step.leaves === "open") expect(refused).toBeNull();
        else expect(refused).toContain("CHANGEOVER_FENCED state=not-open");
        if (existsSync(join(cwd, "hook.pid")))
          expect(isAlive(Number(readFileSync(join(cwd, "hook.pid"), "utf8")))).toBe(false);
        const again = await cutover(AGAIN_MS);
        expect(JSON.parse(again.stdout), again.stderr).toMatchObject({ ok: true, phase: "cut-over" });
        const { acknowledged, blocked } = await writer.stop();
        expect(await takesWrites(application)).toBe(false);
        expect(await query(url, "select count(*)::int as n from written where n > 0")).toEqual([{ n: acknowledged }]);
        expect(acknowledged).toBeGreaterThan(10);
        if (leaves === "undone") expect(blocked).toBeLessThan(FALLS_WITHIN_MS + (step.locksMs ?? 0));
      });
    }
  }
});

/**
 * The state in which the command met its failure, by what it says of its own steps; who was killed says nothing. Of a
 * failure that is met twice, or after the end, the state in question is enough.
 */
function failsIn(stdout: string, expected: CutoverState): CutoverState {
  if (stdout === "") return expected;
  const { timeline = [], error } = JSON.parse(stdout) as {
    readonly timeline?: readonly { readonly step: CutoverEvent }[];
    readonly error?: { readonly code: string };
  };
  if (error?.code === "CUTOVER_UNKNOWN") return "unknown";
  const met: CutoverState[] = ["preparing"];
  for (const { step } of timeline) met.push(nextInCutover(met.at(-1) ?? "preparing", step));
  if (["lowering", "open", "undone", "unknown"].includes(expected) && met.includes(expected)) return expected;
  const failed = timeline.findIndex(({ step }) => step === "failed" || step === "outcome-unknown");
  return met[failed === -1 ? met.length - 1 : failed] ?? "preparing";
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
