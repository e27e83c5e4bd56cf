import { fileURLToPath } from "node:url";
import { hasRunStore } from "../db/run-store.ts";
import type { TargetReader } from "../db/target.ts";
import { RefusedError } from "../errors.ts";
import { chooseUp } from "./choose.ts";
import { migrationFiles } from "./files.ts";
import { migrate } from "./migrate.ts";
import type { MigrateOptions } from "./migrate-options.ts";

/** The tool's own migrations: the schema `changeover` in the target. */
export const OWN_MIGRATIONS = fileURLToPath(new URL("../../migrations", import.meta.url));
const OWN_LEDGER = { schema: "changeover", name: "migrations" };

/** Brings the schema `changeover` up to date; costs one query if it is. */
export async function prepareRunStore(session: TargetReader, url: string, patience: Pick<MigrateOptions, "wait" | "report" | "signal"> = {}): Promise<void> {
  const expected = migrationFiles(OWN_MIGRATIONS);
  if (await hasRunStore(session)) {
    const rows = await session.rows<{ name: string }>(`select name from ${OWN_LEDGER.schema}.${OWN_LEDGER.name}`);
    const applied = new Set(rows.map(({ name }) => name));
    const unknown = rows.find(({ name }) => !expected.includes(name));
    if (unknown !== undefined) {
      throw new RefusedError({
        code: "NEWER_CHANGEOVER",
        message: "a newer changeover has worked on this target",
        hint: "use that version here too: npm install changeover@latest",
        context: { migration: unknown.name },
      });
    }
    if (expected.every((name) => applied.has(name))) return;
  }
  await migrate({ ...patience, url, directory: OWN_MIGRATIONS, ledger: OWN_LEDGER }, { direction: "up", choose: (state) => chooseUp(state, {}) });
}
