import type { Tuple } from "../model/key.ts";
import { isKnownCollation, type SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import { type BoundKey, bindKey, keyLiteral, rawExpression, tupleOf } from "../rows/bind-key.ts";
import type { SourceReader, SourceValue } from "../source/source.ts";

/** The columns by whose order a table is read in pages; none if it must be read in one. */
export function pageKey(table: SourceTable): readonly string[] {
  // SQLite cannot compare by a collation of the application's own.
  if (table.withoutRowid)
    return table.columns.some(({ name, collation }) => table.primaryKey.includes(name) && !isKnownCollation(collation))
      ? []
      : table.primaryKey;
  const name = table.rowidAlias ?? table.rowidName;
  return name === null ? [] : [name];
}

/** The rows after a key, up to and including another. */
export interface PageRange {
  readonly where: string;
  readonly args: readonly SourceValue[];
  /** Key of the last row; null if the range goes on to the end. */
  readonly last: BoundKey | null;
}

/** The next `limit` rows after a key, by reading the key alone. */
export async function nextRange(
  tx: SourceReader,
  table: string,
  key: readonly string[],
  after: BoundKey | null,
  limit: number,
): Promise<PageRange> {
  if (key.length === 0) return { where: "", args: [], last: null };
  const names = key.map((name) => `t.${sqliteName(name)}`);
  const lower = compare(names, ">", after);
  const order = names.join(", ");
  const [row] = await tx.rows(
    `SELECT ${names.map((name) => `typeof(${name}), ${rawExpression(name)}`).join(", ")} ` +
      `FROM ${sqliteName(table)} AS t${lower.sql === "" ? "" : ` WHERE ${lower.sql}`} ORDER BY ${order} ` +
      `LIMIT 1 OFFSET ${limit - 1}`,
    lower.args,
  );
  const last = row === undefined ? null : bindKey(tupleOf(row, 0, key.length));
  const upper = compare(names, "<=", last);
  const conditions = [lower.sql, upper.sql].filter((condition) => condition !== "");
  return {
    where: conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`,
    args: [...lower.args, ...upper.args],
    last,
  };
}

function compare(
  names: readonly string[],
  operator: string,
  to: BoundKey | null,
): { sql: string; args: readonly SourceValue[] } {
  if (to === null) return { sql: "", args: [] };
  const values = to.expressions.join(", ");
  return {
    sql: names.length === 1 ? `${names[0]} ${operator} ${values}` : `(${names.join(", ")}) ${operator} (${values})`,
    args: to.args,
  };
}

/** SQLite condition for the rows `t` that have one of these keys; null for none. */
export function keyCondition(key: readonly string[], tuples: readonly Tuple[]): string | null {
  if (key.length === 0 || tuples.length === 0) return null;
  const rows = tuples.map((tuple) =>
    key.map((name, index) => `t.${sqliteName(name)} = ${keyLiteral(tuple[index] ?? { type: "null" })}`).join(" AND "),
  );
  return `(${rows.map((row) => `(${row})`).join(" OR ")})`;
}
