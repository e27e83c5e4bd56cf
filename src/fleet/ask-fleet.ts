import { RefusedError } from "../errors.ts";
import { advance, pauseFleet } from "./advance.ts";
import { type FleetDatabase, type FleetStatements, hasFleet, prepareFleet } from "./fleet-database.ts";
import { FleetQueue } from "./fleet-queue.ts";
import { type FleetAction, type FleetTenant, goalOf, type TenantGoal } from "./fleet-tenant.ts";
import { readTenants, saveGoals } from "./tenant-store.ts";

/** Which tenants a command is for; nothing given: all. */
export interface FleetChoice {
  readonly tenants: readonly string[];
  readonly wave: number | null;
}

export interface AskOptions extends FleetChoice {
  readonly action: FleetAction;
  /** Tenants that failed are tried again, too. */
  readonly retry: boolean;
}

export interface AskedFleet {
  /** Tenants that the command is for now. */
  readonly asked: number;
  /** Tenants that it does not concern as they stand. */
  readonly passedOver: number;
  /** Tenants that failed, and wait for --retry. */
  readonly failed: number;
}

export async function requireFleet(database: FleetDatabase): Promise<void> {
  if (!(await hasFleet(database)))
    throw new RefusedError({
      code: "FLEET_MISSING",
      message: "there is no fleet in this target",
      hint: "`changeover fleet plan --sources '/srv/tenants/*.db'` begins one",
    });
  await prepareFleet(database.url);
}

/** Asks for a step of tenants: lifts a pause, and puts the first wave into the queue. */
export async function askFleet(database: FleetDatabase, options: AskOptions): Promise<AskedFleet> {
  await requireFleet(database);
  const queue = new FleetQueue(database);
  await queue.start();
  const asked = await database.transaction(async (tx) => {
    await tx.rows("select from changeover_fleet.fleet for update");
    const chosen = await chosenTenants(tx, options);
    const goals = chosen.flatMap((tenant) => goalsOf(tenant, options));
    await saveGoals(tx, goals);
    await tx.run(
      "update changeover_fleet.fleet set paused_by = null, paused_why = null, paused_at = null where paused_at is not null",
    );
    const failed = chosen.filter(({ name, work }) => work === "failed" && !goals.some((goal) => goal.name === name));
    return { asked: goals.length, passedOver: chosen.length - goals.length - failed.length, failed: failed.length };
  });
  await advance(database, queue);
  await queue.stop();
  return asked;
}

/** No plan fits an odd tenant; one that is under way is left alone. */
function goalsOf(tenant: FleetTenant, { action, retry }: AskOptions): { name: string; goal: TenantGoal }[] {
  const { name, odd, wanted, work } = tenant;
  if (odd !== null || work === "waiting" || work === "working" || (work === "failed" && !retry)) return [];
  const goal = goalOf(action, tenant);
  if (goal === null) return [];
  // A retry of everything tries again what failed, and begins nothing else.
  if (retry && work !== "failed" && wanted !== goal) return [];
  return [{ name, goal }];
}

async function chosenTenants(tx: FleetStatements, { tenants, wave }: FleetChoice): Promise<FleetTenant[]> {
  const all = await readTenants(tx);
  const names = new Set(all.map(({ name }) => name));
  const unknown = tenants.find((name) => !names.has(name));
  const chosen = all.filter(
    (tenant) => (tenants.length === 0 || tenants.includes(tenant.name)) && (wave === null || tenant.wave === wave),
  );
  if (unknown !== undefined || (wave !== null && chosen.length === 0))
    throw new RefusedError({
      code: "FLEET_TENANT_UNKNOWN",
      message: unknown === undefined ? `the fleet has no wave ${wave}` : `the fleet has no tenant ${unknown}`,
      hint: "`changeover fleet status` lists waves and tenants",
    });
  return chosen;
}

/** No worker takes another tenant; what is under way ends. */
export async function pauseWholeFleet(database: FleetDatabase, by: string): Promise<void> {
  await requireFleet(database);
  await pauseFleet(database, by, "asked");
}
