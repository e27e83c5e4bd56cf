import { give } from "./advance.ts";
import type { FleetDatabase } from "./fleet-database.ts";
import type { FleetQueue } from "./fleet-queue.ts";
import { stampOf } from "./work-tenant.ts";

/** A libSQL server says nothing of changes: it is asked that often. */
const SERVER_EVERY_S = 60;

/**
 * Gives tenants in sync whose file has changed to the queue. No file and no connection is open for the others: an idle
 * tenant costs two looks at the directory.
 */
export async function followChanged(database: FleetDatabase, queue: FleetQueue, host: string): Promise<void> {
  const tenants = await database.rows<{
    name: string;
    source: string;
    host: string | null;
    stamp: string | null;
    rested: number;
  }>(
    `select name, source, host, stamp, extract(epoch from clock_timestamp() - ended_at)::float8 as rested
     from changeover_fleet.tenant
     where state = 'in-sync' and wanted = 'in-sync' and work is null and (host is null or host = $1)`,
    [host],
  );
  const changed = tenants.filter(({ rested, source, stamp }) => {
    const now = stampOf(source);
    return now === null ? rested > SERVER_EVERY_S : now !== stamp;
  });
  if (changed.length === 0) return;
  await database.transaction(async (tx) => {
    const free = await tx.rows<{ name: string; host: string | null }>(
      `select name, host from changeover_fleet.tenant
       where name = any($1::text[]) and state = 'in-sync' and wanted = 'in-sync' and work is null
       for update skip locked`,
      [changed.map(({ name }) => name)],
    );
    for (const tenant of free) await give(tx, queue, tenant);
  });
}
