import type { FollowPlan } from "../../follow/follow-plan.ts";
import { readCatalogue } from "../../inspect/read-catalogue.ts";
import type { TableProfile } from "../../model/profile.ts";
import type { SchemaProposal } from "../../model/proposal.ts";
import type { Run } from "../../model/run.ts";
import type { CapturedCatalogue, SchemaChange } from "../../model/schema-change.ts";
import type { SourceSchema } from "../../model/source-schema.ts";
import { withoutExcluded } from "../../plan/propose/shape-columns.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Context } from "../context.ts";
import { inspectSource, propose } from "../inspect.ts";

export interface ChangedSource {
  readonly before: CapturedCatalogue;
  readonly now: CapturedCatalogue;
  readonly changes: readonly SchemaChange[];
}

/** What a migration file for the changes is made from. Only tables with new columns or types are looked at. */
export async function planFollow(
  context: Context,
  session: TargetSession,
  run: Run,
  { before, changes, now }: ChangedSource,
): Promise<FollowPlan> {
  const profiles: TableProfile[] = [];
  for (const table of profiledTables(changes, now.schema))
    profiles.push(...(await inspectSource(context, { only: table, target: null })).profiles);
  const catalogue = await readCatalogue(session);
  return {
    changes,
    now: proposalOf(context, now.schema, profiles),
    before: proposalOf(context, before.schema, []),
    mappings: run.mappings,
    tables: catalogue.tables,
  };
}

function proposalOf(context: Context, whole: SourceSchema, profiles: readonly TableProfile[]): SchemaProposal {
  const schema = withoutExcluded(whole, context.rules, {});
  return propose({ schemaVersion: schema.schemaVersion, schema, profiles, orphans: [], violations: [] }, context);
}

const BY_VALUES: readonly SchemaChange["kind"][] = [
  "table-created",
  "column-added",
  "column-type-changed",
  "column-trait-changed",
];

function profiledTables(changes: readonly SchemaChange[], now: SourceSchema): string[] {
  const named = changes
    .filter(({ kind }) => BY_VALUES.includes(kind))
    .flatMap((change) => ("table" in change ? [presentName(change.table, changes)] : []));
  return [...new Set(named)].filter((name) => now.tables.some((table) => table.name === name));
}

/** What a table is called now. */
export function presentName(table: string, changes: readonly SchemaChange[]): string {
  return changes.reduce(
    (name, change) => (change.kind === "table-renamed" && change.table === name ? change.to : name),
    table,
  );
}
