import { fileURLToPath } from "node:url";
import { RefusedError } from "../../errors.ts";
import { silent } from "../../log.ts";
import { DEFAULT_STATE_SCHEMA, type InState, renderForState, stateOf } from "../../target/state-schema.ts";
import { hasRunStore } from "../../target/store/run-store.ts";
import type { TargetReader } from "../../target/target.ts";
import { chooseUp } from "./choose-changes.ts";
import { loadMigrations } from "./load-migrations.ts";
import type { Settings } from "./migrate-settings.ts";
import type { MigrationConnection } from "./migration-connection.ts";
import { appliedMigrations, ensureMigrationsTable, type MigrationsTable } from "./migrations-table.ts";
import { type MigrationFile, migrationNames, readMigrationFiles } from "./read-migration-files.ts";
import { runChange } from "./run-change.ts";

/** changeover's own migrations, for the schema of the run's state in the target. */
export const OWN_MIGRATIONS = fileURLToPath(new URL("../../../migrations", import.meta.url));
/** Those of a fleet, for the schema `changeover_fleet`. */
export const FLEET_MIGRATIONS = fileURLToPath(new URL("../../../migrations/fleet", import.meta.url));

export function ownMigrationsTable({ stateSchema }: Pick<InState, "stateSchema">): MigrationsTable {
  return { schema: stateSchema, name: "migrations" };
}

/** Our migrations are written for the schema `changeover`. */
export function editForState({ stateSchema }: Pick<InState, "stateSchema">): Settings["edit"] {
  if (stateSchema === DEFAULT_STATE_SCHEMA) return null;
  return async (_, text) => renderForState(text, { stateSchema });
}

/** Whether the state schema exists and is current; throws if a newer version has made it. */
export async function isOwnSchemaCurrent(target: TargetReader): Promise<boolean> {
  if (!(await hasRunStore(target))) return false;
  const expected = migrationNames(OWN_MIGRATIONS);
  const applied = await appliedMigrations(target, ownMigrationsTable(target));
  const unknown = applied.find(({ name }) => !expected.includes(name));
  if (unknown !== undefined) {
    throw new RefusedError({
      code: "NEWER_CHANGEOVER",
      message: "a newer changeover has worked on this target",
      hint: "use that version here, too: npm install changeover@latest",
      context: { migration: unknown.name },
    });
  }
  return applied.length === expected.length;
}

/** Updates the schema in the transaction that holds the lock, so that a later failure leaves nothing of it. */
export async function ensureOwnSchema(tx: MigrationConnection, settings: Settings): Promise<void> {
  if (await isOwnSchemaCurrent(tx)) return;
  await ensureMigrationsTable(tx, ownMigrationsTable(tx));
  const files = readMigrationFiles(OWN_MIGRATIONS);
  const applied = await appliedMigrations(tx, ownMigrationsTable(tx));
  if (applied.length === 0) return createOwnSchema(tx, files);
  const changes = chooseUp({ files, applied, records: new Map() }, {});
  for (const file of await loadMigrations(files)) {
    const change = changes.find(({ name }) => name === file.name);
    if (change !== undefined)
      await runChange(
        tx,
        {
          ...settings,
          migrationsTable: ownMigrationsTable(tx),
          edit: editForState(tx),
          records: false,
          guard: null,
          report: silent,
          fake: false,
        },
        file,
        change,
      );
  }
}

/**
 * All files at once, where none is applied yet: one by one they take a hundred requests, for each tenant of a fleet.
 * They are our own, and SQL without conditions.
 */
async function createOwnSchema(tx: MigrationConnection, files: readonly MigrationFile[]): Promise<void> {
  const text = files.map((file) => file.text.split(/^-- Down Migration/m)[0]).join("\n");
  await tx.run(tx.stateSchema === DEFAULT_STATE_SCHEMA ? text : renderForState(text, { stateSchema: tx.stateSchema }));
  await tx.rows(
    `insert into ${stateOf(tx)}.migrations (name, run_on)
     select f.name, now()::timestamp from unnest($1::text[]) with ordinality as f(name, n) order by f.n`,
    [files.map(({ name }) => name)],
  );
}
