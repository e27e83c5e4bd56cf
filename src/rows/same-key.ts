import { logKeyColumn } from "../model/change-log.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { mappedRelation } from "./render-relation.ts";
import { codecOf } from "./types/codecs.ts";

/** Equality that lets an index on the column work and no two different keys pass for one. */
export function sameKey(key: KeyColumn, column: string, value: string): string {
  const equal = `${column} = ${value}`;
  const bytes = key.collation === "BINARY" ? "" : ` AND ${column} = ${value} COLLATE BINARY`;
  const storage = key.affinity === "blob" ? ` AND typeof(${column}) = typeof(${value})` : "";
  return `${equal}${bytes}${storage}`;
}

/** SQLite's FROM for the row `t` of a table under one key, given as bound expressions. */
export function rowUnderKey(mapping: TableMapping, bound: readonly string[]): string {
  const given = bound.map((expression, position) => `${expression} AS ${logKeyColumn(position)}`).join(", ");
  const on = keyColumns(mapping)
    .map((column, position) => sameKey(column, `t.${sqliteName(column.source)}`, `l.${logKeyColumn(position)}`))
    .join(" AND ");
  return `(SELECT ${given}) AS l JOIN ${mappedRelation(mapping)} AS t ON ${on}`;
}

/** A logged key that the target's type cannot hold was never there: nothing is to be deleted for it. */
export function representable(keys: readonly KeyColumn[]): string {
  return keys
    .map(
      (key, position) =>
        `l.${logKeyColumn(position)} IS NOT NULL AND NOT (${codecOf(key.conversion).encoder.rejected(`l.${logKeyColumn(position)}`)})`,
    )
    .join(" AND ");
}
