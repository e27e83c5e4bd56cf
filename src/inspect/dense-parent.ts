import { resolveForeignKey } from "../model/foreign-key.ts";
import type { ColumnProfile, TableProfile } from "../model/profile.ts";
import type { SourceForeignKey, SourceSchema, SourceTable } from "../model/source-schema.ts";

/**
 * Places of a table's foreign keys that some row may break, as far as what was seen of both tables tells. A parent of
 * which nothing was ever deleted has numbers without gaps. Where all values lie between its first and its last number,
 * no row lacks its parent. Looking up each would be twenty times the work.
 */
export function doubtfulKeys(
  schema: SourceSchema,
  table: SourceTable,
  profiles: ReadonlyMap<string, TableProfile>,
): number[] {
  return table.foreignKeys.flatMap((key, position) =>
    haveParents(schema, { key, profiles, table }) ? [] : [position],
  );
}

interface Reference {
  readonly table: SourceTable;
  readonly key: SourceForeignKey;
  readonly profiles: ReadonlyMap<string, TableProfile>;
}

function haveParents(schema: SourceSchema, { key, profiles, table }: Reference): boolean {
  const { parent, parentColumns } = resolveForeignKey(schema, key);
  // What rules change on the way is not what the keys are compared by.
  if (
    parent === null ||
    parentColumns?.length !== 1 ||
    parentColumns[0] !== parent.rowidAlias ||
    parent.relation !== undefined ||
    table.relation !== undefined
  )
    return false;
  const ids = columnOf(profiles.get(parent.name), parent.rowidAlias);
  const values = columnOf(profiles.get(table.name), key.columns[0] ?? "");
  if (ids === undefined || values === undefined || values.reals + values.texts + values.blobs > 0) return false;
  if (values.minInteger === null || values.maxInteger === null) return true;
  if (
    ids.minInteger === null ||
    ids.maxInteger === null ||
    ids.maxInteger - ids.minInteger + 1n !== BigInt(ids.integers)
  )
    return false;
  return values.minInteger >= ids.minInteger && values.maxInteger <= ids.maxInteger;
}

function columnOf(profile: TableProfile | undefined, name: string): ColumnProfile | undefined {
  return profile?.columns.find(({ column }) => column.toLowerCase() === name.toLowerCase());
}
