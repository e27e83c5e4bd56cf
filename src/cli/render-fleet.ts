import type { FleetStatus } from "../fleet/fleet-status.ts";
import type { FleetPlan } from "../fleet/plan-fleet.ts";
import { renderBytes, renderCount, renderDuration } from "../status/render-count.ts";
import { renderNext } from "./ticket-table.ts";

const MAX_SHOWN = 20;

/** What a plan came to, for people. */
export function renderFleetPlan({ representative, tenants }: FleetPlan, files: readonly string[]): string {
  const odd = tenants.filter((tenant) => tenant.odd !== null);
  const alike = tenants.length - odd.length;
  const bytes = tenants.reduce((sum, tenant) => sum + (tenant.bytes ?? 0), 0);
  const waves = new Map<number, number>();
  for (const { wave, odd: isOdd } of tenants) if (isOdd === null) waves.set(wave, (waves.get(wave) ?? 0) + 1);
  const sizes = [...waves].sort(([one], [other]) => one - other).map(([wave, count]) => `${wave}: ${count}`);
  return [
    `${renderCount(tenants.length, "tenant")}, ${renderBytes(bytes)}; ${alike} alike, ${odd.length} odd`,
    `waves      ${sizes.length > MAX_SHOWN ? `${sizes.slice(0, MAX_SHOWN).join(", ")}, …` : sizes.join(", ")}`,
    ...(representative === null ? [] : [`plan       made from ${representative.name}, the largest of them`]),
    ...(files.length === 0 ? [] : [`migrations ${files.join(", ")}: read them, edit them, then run`]),
    ...odd.slice(0, MAX_SHOWN).map((tenant) => `odd        ${tenant.name}: ${shownDifferences(tenant.odd ?? [])}`),
    ...(odd.length > MAX_SHOWN ? [`           and ${odd.length - MAX_SHOWN} more: --json lists them`] : []),
    ...(odd.length === 0
      ? []
      : ["           no tenant of these is touched; move one by itself with --schema and --state-schema"]),
  ].join("\n");
}

function shownDifferences(differences: readonly string[]): string {
  const shown = differences.slice(0, 3).join("; ");
  return differences.length > 3 ? `${shown}; ${differences.length - 3} more` : shown;
}

export function renderFleetStatus(status: FleetStatus): string {
  const { downtime, failed, msLeft, odd, paused, pending, tenantsPerMinute, waiting, workers, working } = status;
  const states = Object.entries(status.states).filter(([, count]) => count > 0);
  return [
    `fleet      ${renderCount(status.tenants, "tenant")}: ${states.map(([name, count]) => `${count} ${name}`).join(", ")}`,
    ...(paused === null ? [] : [`paused     ${PAUSED[paused.why](paused.by, status)}`]),
    `work       ${working} under way by ${renderCount(workers, "worker")}, ${waiting} in the queue, ${pending} later`,
    ...(tenantsPerMinute === null
      ? []
      : [`rate       ${tenantsPerMinute} a minute${msLeft === null ? "" : `, ${renderDuration(msLeft)} left`}`]),
    ...(downtime === null
      ? []
      : [`downtime   median ${renderDuration(downtime.medianMs)}, longest ${renderDuration(downtime.maxMs)}`]),
    ...status.waves
      .filter(({ done, failed: lost, tenants }) => done < tenants || lost > 0)
      .slice(0, MAX_SHOWN)
      .map(
        ({ done, failed: lost, tenants, wave }) =>
          `wave ${String(wave).padEnd(5)} ${done} of ${tenants} where they are wanted${lost === 0 ? "" : `, ${lost} failed`}`,
      ),
    ...failed.slice(0, MAX_SHOWN).map(({ code, message, name }) => `failed     ${name}: ${message} [${code}]`),
    ...(failed.length > MAX_SHOWN ? [`           and ${failed.length - MAX_SHOWN} more: --json lists them`] : []),
    ...odd.slice(0, MAX_SHOWN).map(({ differences, name }) => `odd        ${name}: ${shownDifferences(differences)}`),
    ...(status.nextSteps.length === 0 ? [] : ["", "what comes next:", renderNext(status.nextSteps)]),
  ].join("\n");
}

const PAUSED: Readonly<Record<"asked" | "canary" | "budget", (by: string, status: FleetStatus) => string>> = {
  asked: (by) => `by ${by}`,
  canary: () => "a tenant of the canary failed: nothing else begins",
  budget: (_, { failed, maxFailures }) => `${failed.length} tenants failed, and ${maxFailures} may`,
};
