import { statSync } from "node:fs";
import type { CutoverOptions, MigrationOptions } from "../api/options.ts";
import { type Migration, openMigration } from "../migration.ts";
import { pgName } from "../quote.ts";
import { lastLogged } from "../rows/log-entries.ts";
import { withConnection } from "../schema/migrate/migration-connection.ts";
import { openSource } from "../source/source.ts";
import { filePath } from "../source/source-file.ts";
import { kindOfSource } from "../source/source-scheme.ts";
import type { FleetTenant, TenantState } from "./fleet-tenant.ts";

/** What holds for every tenant's migration: rules, types, target. */
export type FleetOptions = Omit<MigrationOptions, "source" | "schema" | "stateSchema">;

/** What became of a tenant. */
export interface WorkedTenant {
  readonly state: TenantState;
  readonly stamp: string | null;
  /** Rows of its tables; null: not counted. */
  readonly rows: number | null;
  readonly downtimeMs: number | null;
}

/** Does what is wanted of a tenant. It can be done again from wherever it was left. */
export async function workTenant(
  tenant: FleetTenant,
  options: FleetOptions,
  cutover: CutoverOptions = {},
): Promise<WorkedTenant> {
  const { schema, source, stateSchema } = tenant;
  const wanted = tenant.wanted ?? "in-sync";
  if (wanted === "in-sync") await ensureSchema(options.target, schema);
  // Tables of a tenant are small: its files are read in this process, and many tenants go at once.
  const migration = openMigration({ jobs: 1, ...options, source, schema, stateSchema });
  let worked: Omit<WorkedTenant, "stamp" | "state">;
  let watermark: number | null = null;
  try {
    if (wanted === "in-sync") watermark = await sync(migration, tenant);
    worked = await reach(migration, wanted, cutover);
  } finally {
    await migration.close();
  }
  return { state: wanted, stamp: watermark === null ? null : await stampUnlessBehind(source, watermark), ...worked };
}

async function reach(
  migration: Migration,
  wanted: Exclude<TenantState, "planned">,
  cutover: CutoverOptions,
): Promise<Omit<WorkedTenant, "stamp" | "state">> {
  switch (wanted) {
    case "in-sync": {
      const tables = await migration.tables();
      return { rows: tables.reduce((sum, { copied }) => sum + copied, 0), downtimeMs: null };
    }
    case "cut-over": {
      // A tenant whose cutover went through before its worker died is cut over already.
      if ((await migration.status()).phase !== "cut-over") await migration.sync({ until: "caught-up" });
      const { downtimeMs } = await migration.cutover(cutover);
      return { rows: null, downtimeMs };
    }
    case "returned":
    case "rolled-back": {
      const { phase } = await migration.status();
      if (phase === "new") await undoMigrations(migration);
      if (phase === "new" || (wanted === "returned" && phase === "returned")) return { rows: null, downtimeMs: null };
      const done = await migration.rollback();
      return { rows: null, downtimeMs: done.kind === "failback" ? done.downtimeMs : null };
    }
    case "complete":
      await migration.complete();
      return { rows: null, downtimeMs: null };
  }
}

/** Tables that were made, and never filled. */
async function undoMigrations(migration: Migration): Promise<void> {
  const applied = (await migration.migrations.list()).filter(({ appliedAt }) => appliedAt !== null);
  if (applied.length > 0) await migration.migrations.down({ count: applied.length });
}

/** The first time all of it; later what changed since. Returns what the target holds of the log. */
async function sync(migration: Migration, { state }: FleetTenant): Promise<number> {
  if (state !== "in-sync") await migration.migrations.up();
  return (await migration.sync({ until: "caught-up" })).watermark;
}

async function ensureSchema(target: string, schema: string): Promise<void> {
  await withConnection(target, async (connection) => {
    const [found] = await connection.rows<{ found: boolean }>("select to_regnamespace($1) is not null as found", [
      pgName(schema),
    ]);
    if (found?.found !== true) await connection.run(`create schema if not exists ${pgName(schema)}`);
  });
}

/**
 * By what a file is known to be unchanged: size and time of it and of its WAL. Two looks at two files a tenant are all
 * that an idle one costs. Null for a server, which is asked again after a while.
 */
export function stampOf(source: string): string | null {
  if (kindOfSource(source) === "server") return null;
  const path = source.startsWith("file:") ? filePath(source) : source;
  const stat = (file: string) => {
    const found = statSync(file, { throwIfNoEntry: false });
    // Readers make an empty WAL, and take it away.
    return found === undefined || found.size === 0 ? "-" : `${found.size}:${found.mtimeMs}`;
  };
  return `${stat(path)} ${stat(`${path}-wal`)}`;
}

/** The stamp, if the target holds all that the log has: what is written later changes the stamp. */
async function stampUnlessBehind(url: string, watermark: number): Promise<string | null> {
  const stamp = stampOf(url);
  if (stamp === null) return null;
  const source = openSource({ url });
  try {
    const last = await source.read(lastLogged);
    return last > BigInt(watermark) ? null : stamp;
  } finally {
    source.close();
  }
}
