import { expect, it } from "vitest";
import { renderFleetPlan, renderFleetStatus } from "../../src/cli/render-fleet.ts";
import type { FleetStatus } from "../../src/fleet/fleet-status.ts";
import { fleetSteps } from "../../src/fleet/fleet-steps.ts";
import { runCli } from "../support/cli.ts";
import { temporaryDirectory } from "../support/source.ts";

const STATUS: FleetStatus = {
  tenants: 12,
  states: { planned: 2, "in-sync": 7, "cut-over": 3, returned: 0, "rolled-back": 0, complete: 0 },
  waiting: 0,
  working: 0,
  pending: 0,
  paused: null,
  maxFailures: 1,
  waves: [
    { wave: 0, tenants: 3, done: 3, failed: 0 },
    { wave: 1, tenants: 8, done: 7, failed: 1 },
  ],
  failed: [{ name: "t7", source: "/srv/t7.db", code: "SOURCE_BUSY", message: "locked" }],
  odd: [{ name: "t9", source: "/srv/t9.db", differences: ["table a is missing"] }],
  workers: 0,
  tenantsPerMinute: 12.5,
  msLeft: null,
  downtime: { medianMs: 20, maxMs: 1_200 },
  underWay: [],
  nextSteps: [],
};

it("a fleet's status names what failed, what is odd, and what comes next", () => {
  const commands = fleetSteps(STATUS).map(({ command }) => command.replace("changeover fleet ", ""));
  expect(commands).toEqual([
    ...["run --retry", "run", "work", "cutover --wave 0", "rollback", "complete", "rollback --tenant NAME"],
  ]);
  const paused = { by: "changeover", why: "budget" } as const;
  expect(fleetSteps({ ...STATUS, paused, pending: 4 })[1]?.command).toBe("changeover fleet run");
  expect(fleetSteps({ ...STATUS, pending: 4 })[1]?.command).toBe("changeover fleet work");
  expect(renderFleetStatus({ ...STATUS, paused })).toBe(
    [
      "fleet      12 tenants: 2 planned, 7 in-sync, 3 cut-over",
      "paused     1 tenant failed, and 1 may",
      "work       0 under way by 0 workers, 0 in the queue, 0 later",
      "rate       12.5 a minute",
      "downtime   median 20 ms, longest 1.2 s",
      "wave 1     7 of 8 where they are wanted, 1 failed",
      "failed     t7: locked [SOURCE_BUSY]",
      "odd        t9: table a is missing",
    ].join("\n"),
  );
});

it("a fleet's plan says how many are alike, and names the odd ones", () => {
  const tenant = { source: "/a", name: "a", schema: "a", stateSchema: "changeover_t_a", bytes: 1_500, digest: "x" };
  const plan = {
    representative: { ...tenant, wave: 0, odd: null },
    tenants: [
      { ...tenant, wave: 0, odd: null },
      { ...tenant, name: "b", wave: 0, odd: ["table c is extra"] },
    ],
  };
  expect(renderFleetPlan(plan, ["0001_tables.sql"]).split("\n").slice(0, 5)).toEqual([
    "2 tenants, 3.0 kB; 1 alike, 1 odd",
    "waves      0: 1",
    "plan       made from a, the largest of them",
    "migrations 0001_tables.sql: read them, edit them, then run",
    "odd        b: table c is extra",
  ]);
});

it("an option that a step does not look at is refused, and so is a step that is mistyped", async () => {
  const cwd = temporaryDirectory();
  const said = async (...args: string[]) =>
    (await runCli(["fleet", ...args, "--target", "postgres://x@127.0.0.1:1/x"], { cwd })).stderr;
  const [option, step] = await Promise.all([said("status", "--canary", "2"), said("rnu")]);
  expect(option).toContain("fleet status takes no --canary");
  expect(step).toContain("did you mean run?");
});
