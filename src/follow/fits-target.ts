import type { CatalogueTable } from "../model/catalogue.ts";
import { PREFIX } from "../model/change-log.ts";
import type { ArrivalAfter } from "./columns-after.ts";

/** What the target lacks before a changed table can arrive there; empty if nothing. */
export function lacksForArrival(arrival: ArrivalAfter, tables: readonly CatalogueTable[]): string[] {
  const table = tables.find(({ name }) => name === arrival.target);
  if (table === undefined) return [`table ${arrival.target} is not there`];
  const missing = arrival.columns.filter(({ target }) => !table.columns.some(({ name }) => name === target));
  const left = arrival.dropped.filter((column) => table.columns.some(({ name }) => name === column));
  const unfed = table.columns.filter(
    (column) =>
      column.notNull &&
      !column.hasDefault &&
      !column.identity &&
      !column.generated &&
      !column.name.startsWith(PREFIX) &&
      !arrival.columns.some(({ target }) => target === column.name),
  );
  return [
    ...missing.map(({ target }) => `column ${target} of ${table.name} is not there`),
    ...left.map((column) => `column ${column} of ${table.name} is still there`),
    ...unfed
      .filter(({ name }) => !left.includes(name))
      .map(({ name }) => `column ${name} of ${table.name} wants a value that the source does not send`),
  ];
}
