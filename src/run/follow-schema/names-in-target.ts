import type { TargetNames } from "../../follow/columns-after.ts";
import type { SourceSchema } from "../../model/source-schema.ts";
import { changedNames } from "../../plan/names/target-names.ts";
import type { Context } from "../context.ts";

/** What the plan calls tables and columns of the source. */
export function targetNames(context: Context, schema: SourceSchema): TargetNames {
  const changed = changedNames(schema, context);
  return {
    table: (table) => changed.get(table) ?? table,
    column: (table, column) => changed.get(`${table}.${column}`) ?? column,
  };
}
