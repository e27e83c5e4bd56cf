import type { TargetReader } from "../../target/target.ts";
import { chooseUp } from "./choose-changes.ts";
import { migrate } from "./migration-run.ts";
import { editForState, isOwnSchemaCurrent, OWN_MIGRATIONS, ownMigrationsTable } from "./own-schema.ts";

/** Updates the state schema; if it is current, this takes a few short queries. */
export async function prepareRunStore(session: TargetReader, url: string): Promise<void> {
  if (await isOwnSchemaCurrent(session)) return;
  const edit = editForState(session);
  await migrate(
    {
      url,
      directory: OWN_MIGRATIONS,
      migrationsTable: ownMigrationsTable(session),
      records: false,
      ...(edit === null || edit === undefined ? {} : { edit }),
    },
    { direction: "up", choose: (state) => chooseUp(state, {}) },
  );
}
