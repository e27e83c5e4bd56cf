import type { FleetStatements } from "./fleet-database.ts";
import type { FleetTenant, TenantGoal, TenantState } from "./fleet-tenant.ts";

const COLUMNS = `name, source, host, schema, state_schema as "stateSchema", wave, odd, state, wanted, work,
  attempts, stamp`;

/** Tenants by a condition of ours on `changeover_fleet.tenant`. */
export function readTenants(
  database: FleetStatements,
  where = "true",
  parameters: readonly (string | readonly string[])[] = [],
): Promise<FleetTenant[]> {
  return database.rows<FleetTenant>(
    `select ${COLUMNS} from changeover_fleet.tenant where ${where} order by wave, name`,
    parameters,
  );
}

/** What a piece of work came to. */
export interface DoneWork {
  readonly tenant: string;
  readonly worker: string;
  readonly state: TenantState;
  readonly stamp: string | null;
  readonly rows: number | null;
  readonly downtimeMs: number | null;
  readonly workMs: number;
}

/** False if the work was given to another worker meanwhile. */
export async function saveDone(tx: FleetStatements, done: DoneWork): Promise<boolean> {
  const saved = await tx.rows(
    `update changeover_fleet.tenant set state = $3, stamp = $4, rows = coalesce($5::bigint, rows),
       downtime_ms = coalesce($6::integer, downtime_ms), work_ms = $7::bigint, work = null, worker = null,
       worker_key = null, job = null, attempts = 0, code = null, message = null, ended_at = clock_timestamp()
     where name = $1 and work = 'working' and worker = $2 returning name`,
    [
      done.tenant,
      done.worker,
      done.state,
      done.stamp,
      done.rows,
      done.downtimeMs === null ? null : Math.round(done.downtimeMs),
      Math.round(done.workMs),
    ],
  );
  return saved.length > 0;
}

export interface FailedWork {
  readonly tenant: string;
  readonly worker: string;
  readonly code: string;
  readonly message: string;
}

export async function saveFailed(tx: FleetStatements, failed: FailedWork): Promise<boolean> {
  const saved = await tx.rows(
    `update changeover_fleet.tenant set work = 'failed', code = $3, message = $4, worker = null, worker_key = null,
       job = null, attempts = attempts + 1, ended_at = clock_timestamp()
     where name = $1 and work = 'working' and worker = $2 returning name`,
    [failed.tenant, failed.worker, failed.code, failed.message],
  );
  return saved.length > 0;
}

/** The goal of tenants without work, or whose work failed. */
export async function saveGoals(
  tx: FleetStatements,
  goals: readonly { readonly name: string; readonly goal: TenantGoal }[],
): Promise<void> {
  await tx.rows(
    `update changeover_fleet.tenant t set wanted = g.goal, work = null, job = null, attempts = 0, code = null,
       message = null
     from unnest($1::text[], $2::text[]) as g(name, goal)
     where t.name = g.name and (t.work is null or t.work = 'failed')`,
    [goals.map(({ name }) => name), goals.map(({ goal }) => goal)],
  );
}
