import type { CatalogueTable, TargetCatalogue } from "../model/catalogue.ts";
import { PREFIX } from "../model/change-log.ts";
import { copiedColumns, keyColumns, type TableMapping } from "../model/mapping.ts";
import type { Anatomy } from "./read-anatomy.ts";

/** A change of the target's schema that the run cannot go on with. */
export interface Unfollowable {
  /** The source's table. */
  readonly table: string;
  readonly problem: string;
}

/** The target's tables as the open transaction sees them. */
export interface TargetState {
  readonly catalogue: TargetCatalogue;
  readonly anatomies: readonly Anatomy[];
}

/**
 * What of the difference between two states of the target's catalogue the run's copy and replay, or its failback,
 * cannot go on with. All else they can: they name the columns that travel, so a new column that needs no value is
 * nothing to them.
 */
export function findUnfollowable(
  mappings: readonly TableMapping[],
  before: TargetState,
  after: TargetState,
): Unfollowable[] {
  return mappings.flatMap((mapping) => {
    const [old, now] = [tableOf(before.catalogue.tables, mapping), tableOf(after.catalogue.tables, mapping)];
    if (old === undefined) return [];
    const problems =
      now === undefined
        ? [`table ${mapping.target.name} would be gone or have another name`]
        : problemsOf(mapping, old, now);
    const [was, is] = [tableOf(before.anatomies, mapping), tableOf(after.anatomies, mapping)];
    const rows = was === undefined || is === undefined || problems.length > 0 ? [] : lossesOf(mapping, was, is);
    return [...problems, ...rows].map((problem) => ({ table: mapping.source, problem }));
  });
}

/** What looks the same, but is another one by now, without the rows or values that it had. */
function lossesOf(mapping: TableMapping, was: Anatomy, is: Anatomy): string[] {
  if (was.oid !== is.oid) return [`table ${mapping.target.name} would be recreated, without its rows`];
  const renewed = copiedColumns(mapping).filter(
    ({ target }) => was.columns[target] !== undefined && was.columns[target] !== is.columns[target],
  );
  const emptied = was.filled && !is.filled;
  const [added, removed] = [is.inserted - was.inserted, is.deleted - was.deleted];
  return [
    ...renewed.map(({ target }) => `its column ${target} would be recreated, without its values`),
    ...(emptied ? ["it would be emptied"] : []),
    ...(added > 0 || (removed > 0 && !emptied)
      ? [
          "rows would be " +
            [...(added > 0 ? [`added (${added})`] : []), ...(removed > 0 ? [`removed (${removed})`] : [])].join(
              " and ",
            ) +
            " that come from the source",
        ]
      : []),
  ];
}

function problemsOf(mapping: TableMapping, old: CatalogueTable, now: CatalogueTable): string[] {
  const copied = new Set(copiedColumns(mapping).map(({ target }) => target));
  const ofColumns = [...copied].flatMap((name) => {
    const [was, is] = [columnOf(old, name), columnOf(now, name)];
    if (was === undefined) return [];
    if (is === undefined) return [`its column ${name} would be gone or have another name`];
    if (is.generated && !was.generated) return [`its column ${name} would be generated`];
    return is.type === was.type ? [] : [`its column ${name} would be ${is.type} and no longer ${was.type}`];
  });
  const unfed = now.columns
    .filter((column) => !copied.has(column.name) && !column.name.startsWith(PREFIX) && needsValue(column))
    .filter(({ name }) => {
      const was = columnOf(old, name);
      return was === undefined || !needsValue(was);
    })
    .map(({ name }) => `its column ${name} would want a value, which the source does not send`);
  const keys = keyColumns(mapping).map(({ target }) => target);
  const keyless =
    hasKey(old, keys) && !hasKey(now, keys)
      ? [`nothing would be unique on ${keys.join(", ")} any more, by which its rows are found`]
      : [];
  return [...ofColumns, ...unfed, ...(ofColumns.length > 0 ? [] : keyless)];
}

function needsValue(column: CatalogueTable["columns"][number]): boolean {
  return column.notNull && !column.hasDefault && !column.identity && !column.generated;
}

function hasKey(table: CatalogueTable, keys: readonly string[]): boolean {
  return table.keys.some(
    (columns) => columns.length === keys.length && columns.every((column) => keys.includes(column)),
  );
}

function tableOf<T extends { readonly schema: string; readonly name: string }>(
  tables: readonly T[],
  mapping: TableMapping,
): T | undefined {
  return tables.find(({ schema, name }) => schema === mapping.target.schema && name === mapping.target.name);
}

function columnOf(table: CatalogueTable, name: string): CatalogueTable["columns"][number] | undefined {
  return table.columns.find((column) => column.name === name);
}
