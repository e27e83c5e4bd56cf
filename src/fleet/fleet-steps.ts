import type { NextStep } from "../status/next-steps.ts";
import type { FleetStatus } from "./fleet-status.ts";

/** What a person can do with a fleet now, the usual first. */
export function fleetSteps(status: Omit<FleetStatus, "nextSteps">): NextStep[] {
  const { failed, odd, paused, pending, states, waiting, working } = status;
  const steps: NextStep[] = [];
  const say = (command: string, why: string) => steps.push({ command: `changeover fleet ${command}`, why });
  if (failed.length > 0) say("run --retry", "try the tenants that failed again, once what they name is mended");
  if (paused !== null && pending + waiting > 0) say("run", "lift the pause: workers go on where they stopped");
  else if (pending + waiting > 0 && working === 0) say("work", "no worker is at it: start one, here or elsewhere");
  if (states.planned > odd.length && pending + waiting + working === 0)
    say("run", "bring the tenants into sync, wave by wave");
  if (states["in-sync"] > 0) {
    say("work", "keep the tenants in sync that are written to");
    say("cutover --wave 0", "switch the canary to PostgreSQL; then the waves, or all");
    say("rollback", "remove everything of the fleet from both sides");
  }
  if (states["cut-over"] > 0) {
    say("complete", "end the runs once the application has proved itself; no failback from then on");
    say("rollback --tenant NAME", "return one to its file, with every write made in PostgreSQL");
  }
  return steps;
}
