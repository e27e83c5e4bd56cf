import type { FleetDatabase, FleetStatements } from "./fleet-database.ts";
import type { FleetQueue } from "./fleet-queue.ts";

/** Why a fleet rests. */
export type PauseReason = "asked" | "canary" | "budget";

/**
 * Puts into the queue what is to be done next: tenants of the first wave that is not through. A later wave begins when
 * none of an earlier one waits or is worked on. Too many failures pause the fleet. Safe to call at any time, by anyone.
 */
export async function advance(database: FleetDatabase, queue: FleetQueue): Promise<void> {
  const hosts = await database.rows<{ host: string }>(
    "select distinct host from changeover_fleet.tenant where host is not null",
  );
  for (const host of [null, ...hosts.map(({ host }) => host)]) await queue.prepare(host);
  await database.transaction(async (tx) => {
    // One at a time: who comes second sees what the first has sent.
    await tx.rows("select from changeover_fleet.fleet for update");
    await reclaim(tx, queue);
    if (await pauseForFailures(tx)) return;
    const next = await tx.rows<{ name: string; host: string | null }>(
      `select name, host from changeover_fleet.tenant
       where ${PENDING} and wave = (
         select min(wave) from changeover_fleet.tenant where ${PENDING} or (${UNDER_WAY} and wanted is distinct from state))
       order by bytes desc nulls last, name`,
    );
    for (const { host, name } of next) await give(tx, queue, { name, host });
  });
}

const PENDING = "wanted is not null and wanted <> state and work is null";
const UNDER_WAY = "work in ('waiting', 'working')";

/** Gives a tenant to the queue, in the transaction that says so of it. */
export async function give(
  tx: FleetStatements,
  queue: FleetQueue,
  {
    afterSeconds = 0,
    host,
    name,
  }: { readonly name: string; readonly host: string | null; readonly afterSeconds?: number },
): Promise<void> {
  const job = await queue.send(tx, name, host, afterSeconds);
  await tx.rows(
    `update changeover_fleet.tenant set work = 'waiting', job = $2::uuid, queue = $3, worker = null, worker_key = null
     where name = $1`,
    [name, job.id, job.queue],
  );
}

/** What a worker had that is gone goes back to the queue: its session, and so its lock, ended. */
async function reclaim(tx: FleetStatements, queue: FleetQueue): Promise<void> {
  const orphans = await tx.rows<{ name: string; host: string | null; job: string; queue: string }>(
    `select t.name, t.host, t.job::text as job, t.queue from changeover_fleet.tenant t
     where t.work = 'working' and not exists (
       select from pg_locks l
       where l.locktype = 'advisory' and l.granted and l.objsubid = 1
         and l.database = (select oid from pg_database where datname = current_database())
         and l.classid::bigint = t.worker_key >> 32 and l.objid::bigint = t.worker_key & 4294967295)
     for update of t skip locked`,
  );
  for (const { host, job, name, queue: at } of orphans) {
    await queue.drop(tx, { id: job, queue: at });
    await give(tx, queue, { name, host });
  }
}

/** Pauses a fleet that fails too often; true if it rests. */
async function pauseForFailures(tx: FleetStatements): Promise<boolean> {
  const [row] = await tx.rows<{ paused: boolean; canary: number; failed: number; max: number }>(
    `select f.paused_at is not null as paused, f.max_failures as max,
       (select count(*)::int from changeover_fleet.tenant where work = 'failed' and wave = 0) as canary,
       (select count(*)::int from changeover_fleet.tenant where work = 'failed') as failed
     from changeover_fleet.fleet f`,
  );
  if (row === undefined || row.paused) return true;
  if (row.canary === 0 && row.failed <= row.max) return false;
  await pauseFleet(tx, "changeover", row.canary > 0 ? "canary" : "budget");
  return true;
}

export async function pauseFleet(tx: FleetStatements, by: string, why: PauseReason): Promise<void> {
  await tx.rows(
    `update changeover_fleet.fleet set paused_by = $1, paused_why = $2, paused_at = clock_timestamp()
     where paused_at is null`,
    [by, why],
  );
}
