import type { MigrateJob } from "../migrate/migrate-settings.ts";
import { jobOf } from "../migrate/migrate-target.ts";
import { migrate } from "../migrate/migration-run.ts";
import { MIGRATIONS_TABLE } from "../migrate/migrations-table.ts";
import type { StepOptions } from "./step.ts";

/** Applies migrations like `up`, but without records, which are useless in a database that is dropped. */
export function runUp(options: StepOptions, count: number): Promise<void> {
  return run(options, jobOf("up", { count }));
}

export function runDown(options: StepOptions, count: number): Promise<void> {
  return run(options, jobOf("down", { count }));
}

async function run({ edit, place, scratch }: StepOptions, job: MigrateJob): Promise<void> {
  const { url } = scratch;
  await migrate(
    { ...place, migrationsTable: MIGRATIONS_TABLE, url, records: false, ...(edit === null ? {} : { edit }) },
    job,
  );
}
