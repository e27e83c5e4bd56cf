import { flowing } from "../../model/held-table.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Run, SourceSchemaState } from "../../model/run.ts";
import type { SchemaChange } from "../../model/schema-change.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Context } from "../context.ts";
import { renumberedTables } from "../resync/renumbered.ts";

/**
 * Whether the schema version moved further than the changes explain: by VACUUM, or by a change that was undone. Each
 * statement that changes a schema moves it by one; ANALYZE, once, by a table that is in no list of changes.
 */
export function hasUnexplainedSteps(
  was: SourceSchemaState,
  is: SourceSchemaState,
  changes: readonly SchemaChange[],
): boolean {
  const hasMoved = was.rest !== is.rest || was.digest !== is.digest;
  return is.version - was.version > Math.max(changes.length, hasMoved ? 1 : 0);
}

/**
 * Tables without a key that VACUUM may have renumbered. Of one that waits or was changed itself it cannot be told, so
 * it is one of them.
 */
export async function renumberedRows(
  context: Context,
  session: TargetSession,
  run: Run,
  changes: readonly SchemaChange[],
): Promise<SchemaChange[]> {
  const changed = new Set(changes.flatMap((change) => ("table" in change ? [change.table] : [])));
  const sound = flowing(run.mappings, run.held).filter(({ source }) => !changed.has(source));
  const { tables } = sound.some(isKeyless)
    ? await renumberedTables(context.source, session, { ...run, mappings: sound })
    : { tables: [] };
  const others = run.mappings.filter((mapping) => isKeyless(mapping) && !sound.includes(mapping));
  const gone = new Set(changes.flatMap((change) => (change.kind === "table-dropped" ? [change.table] : [])));
  const names = others.flatMap(({ id, source }) => {
    const held = run.held.find((table) => table.id === id);
    const name = held === undefined ? source : held.now;
    return name === null || gone.has(name) ? [] : [name];
  });
  return [...tables, ...names].map((table): SchemaChange => ({ kind: "rows-renumbered", table }));
}

function isKeyless({ identity }: TableMapping): boolean {
  return identity.kind === "rowid";
}
