import { saveRecord } from "../../schema/migrate/migration-records.ts";
import {
  appliedMigrations,
  ensureMigrationsTable,
  insertApplied,
  MIGRATIONS_TABLE,
} from "../../schema/migrate/migrations-table.ts";
import { migrationFilesOf } from "../../schema/migrate/read-migration-files.ts";
import type { TargetTransaction } from "../../target/target.ts";
import type { Context } from "../context.ts";

/** Notes a migration file as applied, in the transaction that makes its changes. False where it is already. */
export async function recordFollowFile(context: Context, tx: TargetTransaction, name: string): Promise<boolean> {
  const table = context.migrations.migrationsTable ?? MIGRATIONS_TABLE;
  const file = (await migrationFilesOf(context.migrations)).find((candidate) => candidate.file === name);
  if (file === undefined) return false;
  await ensureMigrationsTable(tx, table);
  if ((await appliedMigrations(tx, table)).some((applied) => applied.name === file.name)) return false;
  const began = performance.now();
  const applied = await insertApplied(tx, table, file.name);
  await saveRecord(tx, table, { file, applied, durationMs: performance.now() - began });
  return true;
}
