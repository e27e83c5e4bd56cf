import type { TargetReader } from "../../target/target.ts";
import { chooseUp } from "./choose-changes.ts";
import { migrate } from "./migration-run.ts";
import { isOwnSchemaCurrent, OWN_MIGRATIONS, OWN_MIGRATIONS_TABLE } from "./own-schema.ts";

/** Updates the schema `changeover`; if it is current, this takes a few short queries. */
export async function prepareRunStore(session: TargetReader, url: string): Promise<void> {
  if (await isOwnSchemaCurrent(session)) return;
  await migrate(
    { url, directory: OWN_MIGRATIONS, migrationsTable: OWN_MIGRATIONS_TABLE, records: false },
    { direction: "up", choose: (state) => chooseUp(state, {}) },
  );
}
