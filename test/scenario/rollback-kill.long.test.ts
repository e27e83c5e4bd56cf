import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { query } from "../support/target.ts";
import { begun, tablesIn } from "./chain-of-tables.ts";

// When the command begins its work, and for how long it is at it, depends on the machine: the kills are spread over all
// of it.
const KILLS_MS = [250, 400, 500, 600, 700, 800, 1_000, 1_300];

it("rollback is killed at any time, once or several times in a row, and then finishes", {
  timeout: 600_000,
}, async () => {
  const { before, run, schema, start, target } = await begun({});
  const phases = new Set<string>();
  for (const after of KILLS_MS) {
    const killed = start("rollback");
    await delay(after);
    killed.child.kill("SIGKILL");
    await killed.ended;
    phases.add((JSON.parse((await run("status", "--json")).stdout) as { phase: string }).phase);
  }
  const last = await run("rollback", "--json");
  // Nothing was left to do where one of the killed had just ended.
  if (last.code !== 0) expect(last.stdout).toContain("NO_RUN");
  expect([...phases].every((phase) => ["syncing", "rolling-back", "new"].includes(phase))).toBe(true);
  expect(await schema()).toEqual(before);
  expect(await tablesIn(target)).toEqual([]);
  expect(await query(target, "select count(*)::int as n from changeover.run")).toEqual([{ n: 0 }]);
});
