import { fileURLToPath } from "node:url";
import { RefusedError } from "../../errors.ts";
import { silent } from "../../log.ts";
import { hasRunStore } from "../../target/store/run-store.ts";
import type { TargetReader } from "../../target/target.ts";
import { chooseUp } from "./choose-changes.ts";
import { loadMigrations } from "./load-migrations.ts";
import type { Settings } from "./migrate-settings.ts";
import type { MigrationConnection } from "./migration-connection.ts";
import { appliedMigrations, ensureMigrationsTable, type MigrationsTable } from "./migrations-table.ts";
import { migrationNames, readMigrationFiles } from "./read-migration-files.ts";
import { runChange } from "./run-change.ts";

/** changeover's own migrations, for the schema `changeover` in the target. */
export const OWN_MIGRATIONS = fileURLToPath(new URL("../../../migrations", import.meta.url));
export const OWN_MIGRATIONS_TABLE: MigrationsTable = { schema: "changeover", name: "migrations" };

/** Whether the schema `changeover` exists and is current; throws if a newer version has made it. */
export async function isOwnSchemaCurrent(target: TargetReader): Promise<boolean> {
  if (!(await hasRunStore(target))) return false;
  const expected = migrationNames(OWN_MIGRATIONS);
  const applied = await appliedMigrations(target, OWN_MIGRATIONS_TABLE);
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
  await ensureMigrationsTable(tx, OWN_MIGRATIONS_TABLE);
  const files = readMigrationFiles(OWN_MIGRATIONS);
  const changes = chooseUp(
    { files, applied: await appliedMigrations(tx, OWN_MIGRATIONS_TABLE), records: new Map() },
    {},
  );
  for (const file of await loadMigrations(files)) {
    const change = changes.find(({ name }) => name === file.name);
    if (change !== undefined)
      await runChange(
        tx,
        {
          ...settings,
          migrationsTable: OWN_MIGRATIONS_TABLE,
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
