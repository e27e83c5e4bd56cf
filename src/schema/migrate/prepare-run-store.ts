import type { TargetReader } from "../../target/target.ts";
import { chooseUp } from "./choose.ts";
import { migrate } from "./migrate.ts";
import { isOwnSchemaCurrent, OWN_LEDGER, OWN_MIGRATIONS } from "./own-schema.ts";

/** Brings the schema `changeover` up to date; costs a few short queries if it is. */
export async function prepareRunStore(session: TargetReader, url: string): Promise<void> {
  if (await isOwnSchemaCurrent(session)) return;
  await migrate(
    { url, directory: OWN_MIGRATIONS, ledger: OWN_LEDGER },
    { direction: "up", choose: (state) => chooseUp(state, {}) },
  );
}
