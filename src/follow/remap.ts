import type { CatalogueTable } from "../model/catalogue.ts";
import type { ColumnMapping, Identity, TableMapping } from "../model/mapping.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { chooseConversion } from "../plan/types/choose-conversion.ts";
import type { ArrivalAfter } from "./columns-after.ts";

/**
 * How a changed table arrives, from how it arrived before: without a look at its values. Null where that is not enough:
 * its rows are told apart by other columns, a new column holds what only its values explain, or a type is another one.
 */
export function remap(
  before: TableMapping,
  arrival: ArrivalAfter,
  table: SourceTable,
  target: CatalogueTable,
): TableMapping | null {
  const identity = identityAfter(before.identity, arrival, table);
  if (identity === null) return null;
  const columns: ColumnMapping[] = [];
  for (const { source, target: name, was } of arrival.columns) {
    const column = table.columns.find((candidate) => candidate.name === source);
    const found = target.columns.find((candidate) => candidate.name === name);
    if (column === undefined || found === undefined || found.generated) return null;
    const old = before.columns.find((candidate) => candidate.source === was);
    // A rule's expression may name what is called otherwise now.
    if (old?.expression !== undefined) return null;
    if (old === undefined && BY_VALUES.has(found.baseType)) return null;
    const conversion = chooseConversion(found, undefined);
    if (old !== undefined && conversion.kind !== old.conversion.kind) return null;
    const { affinity, collation } = column;
    columns.push({
      ...(old ?? { conversion: inEncoding(conversion, before) }),
      source,
      target: name,
      affinity,
      collation,
    });
  }
  const all = table.columns.filter(({ generated }) => generated === null);
  if (all.some(({ name }) => !columns.some(({ source }) => source === name))) return null;
  return { ...before, source: table.name, target: { ...before.target, name: target.name }, identity, columns };
}

/** Of these types only the values say what a number counts. */
const BY_VALUES: ReadonlySet<string> = new Set(["timestamp", "timestamptz", "interval"]);

function inEncoding(conversion: ColumnMapping["conversion"], { encoding }: TableMapping): ColumnMapping["conversion"] {
  return encoding === undefined || conversion.kind !== "text" ? conversion : { ...conversion, utf16: true };
}

function identityAfter(identity: Identity, arrival: ArrivalAfter, table: SourceTable): Identity | null {
  if (identity.kind === "rowid")
    return table.rowidAlias === null && table.rowidName === identity.rowidName ? identity : null;
  const columns = identity.columns.map((name) => arrival.columns.find(({ was }) => was === name)?.source);
  const known = columns.filter((name) => name !== undefined);
  if (known.length < columns.length) return null;
  const same = (others: readonly (string | null)[]) =>
    others.length === known.length && others.every((name, index) => name === known[index]);
  const isKey =
    (table.rowidAlias !== null && same([table.rowidAlias])) ||
    (table.rowidAlias === null &&
      (same(table.primaryKey) ||
        table.indexes.some(
          ({ terms, unique, where }) => unique && where === null && same(terms.map(({ column }) => column)),
        )));
  return isKey ? { kind: "columns", columns: known } : null;
}
