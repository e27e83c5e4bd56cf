import type { TargetTransaction } from "../../target/target.ts";
import { COMPAT_NAMES, type CompatName } from "./compat-objects.ts";
import { COMPAT_SCHEMA, renderCompat, searchPathOf } from "./render-compat.ts";

/** Creates these objects, and makes them known, in a transaction that is rolled back. */
export async function installCompat(tx: TargetTransaction, names: readonly CompatName[]): Promise<void> {
  await tx.run(renderCompat(names));
  await extendPath(tx, names);
}

/** What an application does to find them. */
async function extendPath(tx: TargetTransaction, names: readonly CompatName[]): Promise<void> {
  const [row] = await tx.rows<{ path: string }>("select current_setting('search_path') as path");
  await tx.run(`set local search_path = ${searchPathOf(row?.path ?? "public", names)}`);
}

/** The same where a migration has created them. */
export function knowCompat(tx: TargetTransaction): Promise<void> {
  return extendPath(tx, COMPAT_NAMES);
}

/** Whether a migration has created some. */
export async function hasCompat(tx: Pick<TargetTransaction, "rows">): Promise<boolean> {
  const [row] = await tx.rows<{ found: boolean }>("select to_regnamespace($1) is not null as found", [COMPAT_SCHEMA]);
  return row?.found === true;
}
