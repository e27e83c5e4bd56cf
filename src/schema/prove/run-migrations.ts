import { jobOf } from "../migrate/migrate-target.ts";
import { migrate } from "../migrate/migration-run.ts";
import { MIGRATIONS_TABLE } from "../migrate/migrations-table.ts";

/** Applies migrations like `up`, but without records, which are useless in a database that is dropped. */
export async function runUp(url: string, directory: string, count: number): Promise<void> {
  await migrate({ url, directory, migrationsTable: MIGRATIONS_TABLE }, jobOf("up", { count }));
}

export async function runDown(url: string, directory: string, count: number): Promise<void> {
  await migrate({ url, directory, migrationsTable: MIGRATIONS_TABLE }, jobOf("down", { count }));
}
