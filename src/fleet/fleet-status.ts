import type { NextStep } from "../status/next-steps.ts";
import type { PauseReason } from "./advance.ts";
import { requireFleet } from "./ask-fleet.ts";
import type { FleetDatabase, FleetStatements } from "./fleet-database.ts";
import { fleetSteps } from "./fleet-steps.ts";
import type { TenantGoal, TenantState } from "./fleet-tenant.ts";

/** Where a fleet stands. */
export interface FleetStatus {
  readonly tenants: number;
  readonly states: Readonly<Record<TenantState, number>>;
  readonly waiting: number;
  readonly working: number;
  /** Asked for, and not handed out yet: tenants of later waves. */
  readonly pending: number;
  readonly paused: { readonly by: string; readonly why: PauseReason } | null;
  readonly maxFailures: number;
  readonly waves: readonly FleetWave[];
  readonly failed: readonly FailedTenant[];
  readonly odd: readonly OddTenant[];
  /** Tenants that a worker has now. */
  readonly underWay: readonly TenantUnderWay[];
  /** Workers that have a tenant now. */
  readonly workers: number;
  /** Tenants a minute, of the last ten; null: none came on. */
  readonly tenantsPerMinute: number | null;
  /** At that rate, for all that is asked for; null: not known. */
  readonly msLeft: number | null;
  readonly downtime: { readonly medianMs: number; readonly maxMs: number } | null;
  readonly nextSteps: readonly NextStep[];
}

export interface FleetWave {
  readonly wave: number;
  readonly tenants: number;
  /** Tenants that are where they are wanted. */
  readonly done: number;
  readonly failed: number;
}

export interface FailedTenant {
  readonly name: string;
  readonly source: string;
  readonly code: string;
  readonly message: string;
}

export interface TenantUnderWay {
  readonly name: string;
  readonly wave: number;
  readonly state: TenantState;
  readonly wanted: TenantGoal;
  readonly seconds: number;
  readonly stateSchema: string;
}

export interface OddTenant {
  readonly name: string;
  readonly source: string;
  readonly differences: readonly string[];
}

/** Names in lists: a fleet may have thousands. */
const MAX_LISTED = 100;

interface CountsRow {
  readonly total: number;
  readonly planned: number;
  readonly in_sync: number;
  readonly cut_over: number;
  readonly returned: number;
  readonly rolled_back: number;
  readonly complete: number;
  readonly waiting: number;
  readonly working: number;
  readonly pending: number;
  readonly workers: number;
  readonly recent: number;
  readonly minutes: number | null;
  readonly median_ms: number | null;
  readonly max_ms: number | null;
  readonly paused_by: string | null;
  readonly paused_why: PauseReason | null;
  readonly max_failures: number;
}

export async function fleetStatus(database: FleetDatabase): Promise<FleetStatus> {
  await requireFleet(database);
  return readFleetStatus(database);
}

/** The same of a fleet that is known to be there. Changes nothing. */
export async function readFleetStatus(database: FleetStatements): Promise<FleetStatus> {
  const [row] = await database.rows<CountsRow>(
    `select f.paused_by, f.paused_why, f.max_failures, c.* from changeover_fleet.fleet f, (
       select count(*)::int as total,
         count(*) filter (where state = 'planned')::int as planned,
         count(*) filter (where state = 'in-sync')::int as in_sync,
         count(*) filter (where state = 'cut-over')::int as cut_over,
         count(*) filter (where state = 'returned')::int as returned,
         count(*) filter (where state = 'rolled-back')::int as rolled_back,
         count(*) filter (where state = 'complete')::int as complete,
         count(*) filter (where work = 'waiting' and wanted <> state)::int as waiting,
         count(*) filter (where work = 'working')::int as working,
         count(*) filter (where work is null and wanted <> state)::int as pending,
         count(distinct worker)::int as workers,
         count(*) filter (where ended_at > clock_timestamp() - interval '10 min')::int as recent,
         extract(epoch from clock_timestamp() - min(ended_at) filter (
           where ended_at > clock_timestamp() - interval '10 min'))::float8 / 60 as minutes,
         percentile_cont(0.5) within group (order by downtime_ms) as median_ms,
         max(downtime_ms) as max_ms
       from changeover_fleet.tenant) c`,
  );
  if (row === undefined) throw new RangeError("a fleet without its row");
  const failed = await database.rows<FailedTenant>(
    `select name, source, code, message from changeover_fleet.tenant where work = 'failed'
     order by wave, name limit ${MAX_LISTED}`,
  );
  const odd = await database.rows<OddTenant>(
    `select name, source, odd as differences from changeover_fleet.tenant where odd is not null
     order by name limit ${MAX_LISTED}`,
  );
  const underWay = await database.rows<TenantUnderWay>(
    `select name, wave, state, wanted, state_schema as "stateSchema",
       extract(epoch from clock_timestamp() - begun_at)::float8 as seconds
     from changeover_fleet.tenant where work = 'working' order by begun_at, name limit ${MAX_LISTED}`,
  );
  const waves = await database.rows<FleetWave>(
    `select wave, count(*)::int as tenants, count(*) filter (where wanted = state)::int as done,
       count(*) filter (where work = 'failed')::int as failed
     from changeover_fleet.tenant where odd is null group by wave order by wave`,
  );
  const rate = row.recent > 0 && row.minutes !== null ? row.recent / Math.max(row.minutes, 1 / 60) : null;
  const left = row.waiting + row.working + row.pending;
  const status = {
    tenants: row.total,
    states: {
      planned: row.planned,
      "in-sync": row.in_sync,
      "cut-over": row.cut_over,
      returned: row.returned,
      "rolled-back": row.rolled_back,
      complete: row.complete,
    },
    waiting: row.waiting,
    working: row.working,
    pending: row.pending,
    paused: row.paused_by === null ? null : { by: row.paused_by, why: row.paused_why ?? "asked" },
    maxFailures: row.max_failures,
    waves,
    failed,
    odd,
    underWay,
    workers: row.workers,
    tenantsPerMinute: rate === null ? null : Math.round(rate * 10) / 10,
    msLeft: rate === null || left === 0 ? null : Math.round((left / rate) * 60_000),
    downtime: row.median_ms === null ? null : { medianMs: row.median_ms, maxMs: row.max_ms ?? row.median_ms },
  };
  return { ...status, nextSteps: fleetSteps(status) };
}
