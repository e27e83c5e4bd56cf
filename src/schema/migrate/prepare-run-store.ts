import type { TargetReader } from "../../target/target.ts";
import { chooseUp } from "./choose.ts";
import { migrate } from "./migrate.ts";
import { isOwnSchemaCurrent, OWN_LEDGER, OWN_MIGRATIONS } from "./own-schema.ts";

/** Updates the schema `changeover`; if it is current, this takes a few short queries. */
export async function prepareRunStore(session: TargetReader, url: string): Promise<void> {
  if (await isOwnSchemaCurrent(session)) return;
  await migrate(
    { url, directory: OWN_MIGRATIONS, ledger: OWN_LEDGER },
    { direction: "up", choose: (state) => chooseUp(state, {}) },
  );
}
