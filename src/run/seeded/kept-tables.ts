import type { TargetCatalogue } from "../../model/catalogue.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Rules } from "../../model/rules.ts";
import { seededRule } from "../../model/seeded.ts";
import type { SourceSchema } from "../../model/source-schema.ts";
import { type NameOptions, tableNames } from "../../plan/names/target-names.ts";
import { findByName } from "../../plan/propose/map-tables.ts";
import { pgTable } from "../../quote.ts";
import type { TargetReader } from "../../target/target.ts";

const TABLES_AT_ONCE = 200;

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
  const filled = new Set<string>();
  for (let from = 0; from < others.length; from += TABLES_AT_ONCE) {
    const some = others.slice(from, from + TABLES_AT_ONCE);
    const rows = await session.rows<{ place: number }>(
      some
        .map((table, place) => `select ${place} as place where exists (select from ${pgTable(table)})`)
        .join(" union all "),
    );
    for (const { place } of rows) filled.add(some[place]?.name ?? "");
  }
  return filled;
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
