import type { TargetCatalogue } from "../../model/catalogue.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Finding } from "../../model/proposal.ts";
import { type Seeded, seededRule } from "../../model/seeded.ts";
import { changedNames } from "../../plan/names/target-names.ts";
import { mapTables } from "../../plan/propose/map-tables.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Context } from "../context.ts";
import type { Inspected } from "../inspect.ts";
import { canBeMerged, MAX_MERGED_ROWS, unequalRows } from "./unequal-rows.ts";

export interface FilledTable {
  /** The source's table. */
  readonly table: string;
  readonly inspected: Inspected;
  readonly catalogue: TargetCatalogue;
}

/** What a rule makes of the rows that the target's table holds; none where no rule says it. */
export async function seededFindings(
  context: Context,
  session: TargetSession,
  filled: FilledTable,
): Promise<Finding[]> {
  const rule = seededRule(context.rules, filled.table);
  if (rule === null || rule === "keep") return [];
  const mapping = mappingOf(context, filled);
  // Why it has none is a finding of its own.
  if (mapping === null) return [];
  const unequal = rule === "merge" ? await differing(context, session, filled, mapping) : null;
  return [unequal ?? goes(mapping, rule)];
}

function goes({ source, target }: TableMapping, rule: Seeded): Finding {
  return {
    code: "SEEDED_ROWS",
    severity: "info",
    table: source,
    message:
      `the rows that ${target.name} holds already are replaced by the source's when the run begins` +
      `${rule === "merge" ? ": the source has each of them, equal" : ""}, by the rule seeded: ${rule}`,
    hint: "nothing to do; a rollback leaves the table empty, and the tool that filled it can do so again",
  };
}

async function differing(
  context: Context,
  session: TargetSession,
  { inspected, table }: FilledTable,
  mapping: TableMapping,
): Promise<Finding | null> {
  const rows = inspected.profiles.find((profile) => profile.table === table)?.rows ?? 0;
  const say = (message: string): Finding => ({
    code: "SEEDED_ROWS_DIFFER",
    severity: "blocking",
    table,
    message,
    hint:
      `take the source's rows by the rule seeded: truncate, or by --accept SEEDED_ROWS_DIFFER:${table}; ` +
      "or correct the rows on one side",
    rules: [
      {
        description: "the target's rows go, and the source's come",
        rules: { tables: { [table]: { seeded: "truncate" as const } } },
      },
    ],
  });
  if (!canBeMerged(mapping, rows))
    return say(`${table} has more than ${MAX_MERGED_ROWS} rows: its seeded rows are not compared one by one`);
  const { keys, rows: unequal } = await session.transaction((tx) => unequalRows(tx, context.source, mapping));
  if (unequal === 0) return null;
  const named = keys.length === 0 ? "" : ` (key ${keys.join("; ")}${keys.length < unequal ? "; …" : ""})`;
  return say(
    `${unequal} row${unequal === 1 ? "" : "s"} of the target's table ${mapping.target.name}${named} ` +
      `${unequal === 1 ? "is" : "are"} not in the source, or differ${unequal === 1 ? "s" : ""} there`,
  );
}

function mappingOf(context: Context, { catalogue, inspected, table }: FilledTable): TableMapping | null {
  const renamed = changedNames(inspected.schema, context);
  const tables = inspected.schema.tables.filter(({ name }) => name === table);
  try {
    const options = { renamed, rules: context.rules };
    return mapTables({ ...inspected.schema, tables }, catalogue, inspected.profiles, options)[0] ?? null;
  } catch {
    return null;
  }
}
