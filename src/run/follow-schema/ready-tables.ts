import { type ArrivalAfter, arrivalAfter } from "../../follow/columns-after.ts";
import { lacksForArrival } from "../../follow/fits-target.ts";
import { isSeenInTarget } from "../../follow/touched-tables.ts";
import { readCatalogue } from "../../inspect/read-catalogue.ts";
import type { CatalogueTable } from "../../model/catalogue.ts";
import type { HeldSourceTable } from "../../model/held-table.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Run } from "../../model/run.ts";
import type { SourceTable } from "../../model/source-schema.ts";
import { appliedMigrations, MIGRATIONS_TABLE } from "../../schema/migrate/migrations-table.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Context } from "../context.ts";
import { targetNames } from "./names-in-target.ts";

/** A table that waited, and for which the target has all that it waited for. */
export type ReadyTable =
  | { readonly kind: "gone"; readonly held: HeldSourceTable }
  | { readonly kind: "new"; readonly held: HeldSourceTable; readonly name: string }
  | {
      readonly kind: "changed";
      readonly held: HeldSourceTable;
      readonly before: TableMapping;
      readonly arrival: ArrivalAfter;
      readonly table: SourceTable;
      readonly target: CatalogueTable;
    };

/** Which of the tables that wait need wait no longer. */
export async function readyTables(context: Context, session: TargetSession, run: Run): Promise<ReadyTable[]> {
  if (run.held.length === 0 || run.sourceCatalogue === null) return [];
  const { tables } = await readCatalogue(session);
  const applied = new Set(
    (await appliedMigrations(session, context.migrations.migrationsTable ?? MIGRATIONS_TABLE)).map(
      ({ name }) => `${name}.sql`,
    ),
  );
  const names = targetNames(context, run.sourceCatalogue.schema);
  return run.held.flatMap((held): ReadyTable[] => {
    // What the target does not show by its tables and columns, only the file says; another tool keeps none for us.
    const isApplied = held.files.every((file) => applied.has(file)) || held.changes.every(isSeenInTarget);
    if (!isApplied) return [];
    const before = run.mappings.find(({ id }) => id === held.id);
    const table = run.sourceCatalogue?.schema.tables.find(({ name }) => name === held.now);
    if (before === undefined)
      return table !== undefined && isThere(table, tables, names.table(table.name), names.column)
        ? [{ kind: "new", held, name: table.name }]
        : [];
    if (held.now === null)
      return tables.some(({ name, schema }) => name === before.target.name && schema === before.target.schema)
        ? []
        : [{ kind: "gone", held }];
    if (table === undefined) return [];
    const arrival = arrivalAfter(before, held.changes, names);
    const target = tables.find(({ name, schema }) => name === arrival.target && schema === before.target.schema);
    return target !== undefined && lacksForArrival(arrival, [target]).length === 0
      ? [{ kind: "changed", held, before, arrival, table, target }]
      : [];
  });
}

function isThere(
  table: SourceTable,
  tables: readonly CatalogueTable[],
  name: string,
  column: (table: string, column: string) => string,
): boolean {
  const target = tables.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  return (
    target !== undefined &&
    table.columns
      .filter(({ generated }) => generated === null)
      .every((source) =>
        target.columns.some((found) => found.name.toLowerCase() === column(table.name, source.name).toLowerCase()),
      )
  );
}
