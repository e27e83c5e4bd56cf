import { renderSearchPath } from "../../target/connection/search-path.ts";
import type { MigrateJob } from "../migrate/migrate-settings.ts";
import { jobOf } from "../migrate/migrate-target.ts";
import { migrateOn } from "../migrate/migration-run.ts";
import { MIGRATIONS_TABLE } from "../migrate/migrations-table.ts";
import type { StepOptions } from "./step.ts";

/**
 * Applies migrations like `up`, but without records, which are useless in a database that is dropped, and with the
 * migrations table that a catalogue leaves out.
 */
export function runUp(options: StepOptions, count: number): Promise<void> {
  return run(options, jobOf("up", { count }));
}

export function runDown(options: StepOptions, count: number): Promise<void> {
  return run(options, jobOf("down", { count }));
}

async function run({ edit, migrations, place, scratch }: StepOptions, job: MigrateJob): Promise<void> {
  const { url } = scratch;
  const connection = await scratch.connection();
  // What a file sets for its session must not help the next one.
  await connection.run("discard all");
  await connection.run(renderSearchPath(connection, "session"));
  const settings = { ...place, files: migrations, migrationsTable: MIGRATIONS_TABLE, records: false };
  await migrateOn(connection, { ...settings, url, ...(edit === null ? {} : { edit }) }, job, migrations);
}
