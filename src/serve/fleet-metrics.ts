import { Gauge, type Registry } from "prom-client";
import type { FleetStatus } from "../fleet/fleet-status.ts";

interface FleetMetric {
  readonly name: string;
  readonly help: string;
  /** Null where it is not known. */
  readonly value: (fleet: FleetStatus) => number | null;
}

const FLEET_METRICS: readonly FleetMetric[] = [
  {
    name: "changeover_fleet_working_tenants",
    help: "Tenants of the fleet that a worker has now.",
    value: ({ working }) => working,
  },
  {
    name: "changeover_fleet_waiting_tenants",
    help: "Tenants of the fleet in the queue, and of later waves.",
    value: ({ pending, waiting }) => waiting + pending,
  },
  {
    name: "changeover_fleet_failed_tenants",
    help: "Tenants of the fleet whose work failed, and that wait for --retry.",
    value: ({ waves }) => waves.reduce((sum, { failed }) => sum + failed, 0),
  },
  {
    name: "changeover_fleet_workers",
    help: "Workers that have a tenant now.",
    value: ({ workers }) => workers,
  },
  {
    name: "changeover_fleet_paused",
    help: "1 while the fleet is paused: by a person, or by failures.",
    value: ({ paused }) => Number(paused !== null),
  },
  {
    name: "changeover_fleet_tenants_per_minute",
    help: "Tenants that came on, a minute, of the last ten.",
    value: ({ tenantsPerMinute }) => tenantsPerMinute,
  },
  {
    name: "changeover_fleet_downtime_median_seconds",
    help: "Median of the downtimes of tenants that were cut over.",
    value: ({ downtime }) => (downtime === null ? null : downtime.medianMs / 1_000),
  },
  {
    name: "changeover_fleet_downtime_max_seconds",
    help: "The longest downtime of a tenant.",
    value: ({ downtime }) => (downtime === null ? null : downtime.maxMs / 1_000),
  },
];

/** Numbers of a fleet; its tenants are counted, not named: there may be thousands. */
export function addFleetMetrics(registry: Registry, fleet: FleetStatus): void {
  const registers = [registry];
  for (const { help, name, value } of FLEET_METRICS) {
    const number = value(fleet);
    if (number !== null) new Gauge({ name, help, registers }).set(number);
  }
  const states = new Gauge({
    name: "changeover_fleet_tenants",
    help: "Tenants of the fleet, by state.",
    labelNames: ["state"],
    registers,
  });
  for (const [state, count] of Object.entries(fleet.states)) states.set({ state }, count);
  const labelNames = ["wave"];
  const help = "Tenants of the wave.";
  const tenants = new Gauge({ name: "changeover_fleet_wave_tenants", help, labelNames, registers });
  const done = new Gauge({
    name: "changeover_fleet_wave_done_tenants",
    help: "Tenants of the wave that are where they are wanted.",
    labelNames,
    registers,
  });
  for (const wave of fleet.waves) {
    tenants.set({ wave: String(wave.wave) }, wave.tenants);
    done.set({ wave: String(wave.wave) }, wave.done);
  }
}
