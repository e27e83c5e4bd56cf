import { join } from "node:path";
import { createClient } from "@libsql/client";
import { FleetDatabase } from "../../src/fleet/fleet-database.ts";
import { workFleet } from "../../src/fleet/fleet-worker.ts";
import { planFleet, savePlan } from "../../src/fleet/plan-fleet.ts";
import { globSources } from "../../src/fleet/source-list.ts";
import { openMigration } from "../../src/migration.ts";
import { query } from "./target.ts";

/** Every tenant has the same ids and unique values; one column says whose row it is. */
const SCHEMA = `
  CREATE TABLE notes(id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE, tenant TEXT NOT NULL, price REAL);
  CREATE TABLE visits(page TEXT);
  CREATE INDEX notes_price ON notes(price);
`;

export async function makeTenant(path: string, name: string, rows = 3, schema = SCHEMA): Promise<void> {
  const client = createClient({ url: `file:${path}` });
  await client.executeMultiple(`PRAGMA journal_mode = wal; BEGIN; ${schema}
    WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${rows})
    INSERT INTO notes(id, body, tenant, price) SELECT n, 'note ' || n, '${name}', n * 0.25 FROM c;
    INSERT INTO visits VALUES('/'); COMMIT;`);
  client.close();
}

/** Rows of a table in a tenant's file, by SQLite alone. */
export async function rowsOfFile(path: string): Promise<string[]> {
  const client = createClient({ url: `file:${path}` });
  try {
    const { rows } = await client.execute("SELECT id, body, tenant, price FROM notes ORDER BY id");
    return rows.map((row) => [row["id"], row["body"], row["tenant"], row["price"]].join("|"));
  } finally {
    client.close();
  }
}

/** The same rows in the target, by PostgreSQL alone. */
export async function rowsOfSchema(url: string, schema: string): Promise<string[]> {
  const rows = await query<{ row: string }>(
    url,
    `select concat_ws('|', n.id, n.body, n.tenant, n.price) as row from "${schema}".notes n order by n.id`,
  );
  return rows.map(({ row }) => row);
}

export interface PlannedFleet {
  readonly database: FleetDatabase;
  readonly migrationsDirectory: string;
}

/** A fleet of the files in a directory, with its migration files. */
export async function plannedFleet(
  url: string,
  directory: string,
  { canary = 1, maxFailures = 5, size = 50 }: { canary?: number; maxFailures?: number; size?: number } = {},
): Promise<PlannedFleet> {
  const database = new FleetDatabase(url);
  const plan = await planFleet({
    sources: globSources(join(directory, "*.db")),
    namePattern: null,
    tenantSchema: "{tenant}",
    waves: { canary, size },
    onRead: () => {},
  });
  const migrationsDirectory = join(directory, "migrations");
  const migration = openMigration({ source: plan.representative?.source ?? "", target: url, migrationsDirectory });
  await migration.schema({ write: true });
  await migration.close();
  await savePlan(database, plan, { maxFailures, targetConcurrency: 8 });
  return { database, migrationsDirectory };
}

/** One worker of this process, until nothing is left to do. */
export function workedOff(url: string, { migrationsDirectory }: PlannedFleet, signal = new AbortController().signal) {
  return workFleet({
    options: { target: url, migrationsDirectory },
    host: "here",
    concurrency: 3,
    cutover: { maxDowntimeMs: 20_000 },
    until: "idle",
    report: () => {},
    signal,
  });
}
