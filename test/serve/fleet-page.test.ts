import { expect, it, onTestFinished } from "vitest";
import type { FleetStatus } from "../../src/fleet/fleet-status.ts";
import { Observer } from "../../src/serve/observe.ts";
import { routes } from "../../src/serve/routes.ts";
import { migrationThatAnswers, statusOf } from "./observed.ts";

const FLEET: FleetStatus = {
  tenants: 5,
  states: { planned: 1, "in-sync": 2, "cut-over": 2, returned: 0, "rolled-back": 0, complete: 0 },
  waiting: 1,
  working: 1,
  pending: 1,
  paused: { by: "me", why: "asked" },
  maxFailures: 5,
  waves: [
    { wave: 0, tenants: 1, done: 1, failed: 0 },
    { wave: 1, tenants: 4, done: 1, failed: 1 },
  ],
  failed: [{ name: "b", source: "/srv/b.db", code: "SOURCE_BUSY", message: "the source is busy" }],
  odd: [],
  underWay: [{ name: "a", wave: 1, state: "in-sync", wanted: "cut-over", seconds: 3, stateSchema: "changeover_a" }],
  workers: 1,
  tenantsPerMinute: 2,
  msLeft: 60_000,
  downtime: { medianMs: 80, maxMs: 240 },
  nextSteps: [],
};

function served(read: () => Promise<FleetStatus | null>) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const fleet = { read };
  const observer = new Observer(
    migrationThatAnswers(() => statusOf({})),
    { everyMs: 0, signal: stop.signal, fleet },
  );
  return routes({ observer, page: "", token: null, steer: null, hosts: null, cookie: "c", stalledMs: 60_000 });
}

it("shows a fleet by state and wave, with what failed and what is under way", async () => {
  const app = served(async () => FLEET);
  const metrics = await (await app.request("/metrics")).text();
  for (const line of [
    'changeover_fleet_tenants{state="in-sync"} 2',
    'changeover_fleet_tenants{state="returned"} 0',
    'changeover_fleet_wave_done_tenants{wave="1"} 1',
    "changeover_fleet_failed_tenants 1",
    "changeover_fleet_waiting_tenants 2",
    "changeover_fleet_paused 1",
    "changeover_fleet_downtime_max_seconds 0.24",
  ])
    expect(metrics).toContain(`${line}\n`);
  const { fleet } = (await (await app.request("/status.json")).json()) as { fleet: Record<string, unknown> };
  expect(fleet).toMatchObject({ under_way: [{ name: "a", state_schema: "changeover_a" }], failed: [{ name: "b" }] });
});

it("says nothing of fleets where there is none", async () => {
  const app = served(async () => null);
  expect(await (await app.request("/metrics")).text()).not.toContain("fleet");
  expect(await (await app.request("/status.json")).json()).toMatchObject({ fleet: null });
});
