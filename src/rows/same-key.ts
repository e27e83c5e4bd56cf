import { logKeyColumn } from "../model/change-log.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { mappedRelation } from "./render-relation.ts";
import { codecOf } from "./types/codecs.ts";

/** Equality that can use an index on the column, and never takes two different keys for one. */
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

/** SQLite condition: the target's types can hold a logged key. Any other was never there, and is not deleted. */
export function representable(keys: readonly KeyColumn[]): string {
  return keys
    .map((key, position) => {
      const value = `l.${logKeyColumn(position)}`;
      return `${value} IS NOT NULL AND NOT (${codecOf(key.conversion).encoder.rejected(value)})`;
    })
    .join(" AND ");
}
