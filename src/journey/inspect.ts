import { foreignKeyOrphans } from "../inspect/foreign-key-orphans.ts";
import type { ForeignKeyOrphans } from "../model/foreign-key.ts";
import { profileTable } from "../inspect/profile-table.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { TableProfile } from "../model/profile.ts";
import type { SchemaProposal } from "../model/proposal.ts";
import type { SourceSchema } from "../model/schema.ts";
import { proposeSchema } from "../plan/propose-schema.ts";
import type { Context } from "./context.ts";

/** The source's schema and what is in its columns. */
export interface Inspected {
  readonly schema: SourceSchema;
  readonly profiles: readonly TableProfile[];
  readonly orphans: readonly ForeignKeyOrphans[];
}

export async function inspectSource(context: Context): Promise<Inspected> {
  const whole = await context.source.read(readSchema);
  const schema = { ...whole, tables: whole.tables.filter(({ name }) => !context.exclude.includes(name)) };
  context.report({ kind: "step", message: `looking at ${schema.tables.length} tables of ${context.source.location}` });
  const profiles: TableProfile[] = [];
  for (const table of schema.tables) profiles.push(await profileTable(context.source, table, { encoding: schema.encoding }));
  return { schema, profiles, orphans: await foreignKeyOrphans(context.source, schema) };
}

export function propose(inspected: Inspected, types: "plain" | "enhanced"): SchemaProposal {
  return proposeSchema(inspected.schema, inspected.profiles, { types, orphans: inspected.orphans });
}

/** Names that the proposal had to change, as {@link mapTables} wants them. */
export function renamedBy(inspected: Inspected, types: "plain" | "enhanced"): ReadonlyMap<string, string> {
  return renames(propose(inspected, types));
}

function renames(proposal: SchemaProposal): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  for (const table of proposal.tables) {
    if (table.name !== table.source) renamed.set(table.source, table.name);
    for (const column of table.columns) if (column.name !== column.source) renamed.set(`${table.source}.${column.source}`, column.name);
  }
  return renamed;
}
