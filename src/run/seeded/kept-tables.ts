import type { TargetCatalogue } from "../../model/catalogue.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Rules } from "../../model/rules.ts";
import { seededRule } from "../../model/seeded.ts";
import type { SourceSchema } from "../../model/source-schema.ts";
import { type NameOptions, tableNames } from "../../plan/names/target-names.ts";
import { findByName } from "../../plan/propose/map-tables.ts";
import { pgTable } from "../../quote.ts";
import { readableTablesHoldingRows } from "../../target/tables-holding-rows.ts";
import type { TargetReader } from "../../target/target.ts";

/** Whether a rule may leave tables of the source behind for the rows that their counterparts hold. */
export function keepsSeeded({ seeded, tables = {} }: Rules): boolean {
  return seeded === "keep" || Object.values(tables).some((table) => table.seeded === "keep");
}

/** Names of the target's tables that hold rows, without those that the run fills. */
export async function tablesWithRows(
  session: TargetReader,
  { tables }: TargetCatalogue,
  mappings: readonly TableMapping[],
): Promise<ReadonlySet<string>> {
  const own = new Set(mappings.map(({ target }) => pgTable(target)));
  const others = tables.filter((table) => !own.has(pgTable(table)));
  return new Set((await readableTablesHoldingRows(session, others)).map(({ name }) => name));
}

/** Tables of the source that stay behind: the rows in their counterparts stay, by a rule. */
export function keptTables(
  schema: SourceSchema,
  options: NameOptions & { readonly rules: Rules },
  filled: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  if (filled.size === 0) return filled;
  const present = [...filled].map((name) => ({ name }));
  const names = tableNames(schema, options);
  return new Set(
    schema.tables
      .map(({ name }) => name)
      .filter(
        (name) =>
          seededRule(options.rules, name) === "keep" && findByName(present, names.get(name) ?? name) !== undefined,
      ),
  );
}
