import type { Tuple } from "../model/key.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { bindKey, keyExpressions, tupleOf } from "../rows/bind-key.ts";
import { mappedRelation } from "../rows/render-relation.ts";
import type { Source } from "../source/source.ts";

/** The key of the row at a place in the order of the copy; null if the row is deleted. */
export async function keyAtPlace(
  source: Source,
  mapping: TableMapping,
  { order, place }: { readonly order: readonly KeyColumn[]; readonly place: Tuple },
): Promise<Tuple | null> {
  const keys = keyColumns(mapping);
  if (order.every((column, index) => column.source === keys[index]?.source)) return place;
  const bound = bindKey(place);
  const same = order.map((column, index) => `t.${sqliteName(column.source)} = ${bound.expressions[index]}`);
  return firstKey(source, mapping, {
    sql: `FROM ${mappedRelation(mapping)} AS t WHERE ${same.join(" AND ")}`,
    args: bound.args,
  });
}

/** The key of the row in one line of a COPY, from 1; null if there are not as many rows any more. */
export async function keyOfLine(
  source: Source,
  mapping: TableMapping,
  { order, after, line }: { readonly order: readonly KeyColumn[]; readonly after: Tuple | null; readonly line: number },
): Promise<Tuple | null> {
  const columns = order.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  const bound = after === null ? null : bindKey(after);
  const where = bound === null ? "" : ` WHERE (${columns}) > (${bound.expressions.join(", ")})`;
  return firstKey(source, mapping, {
    sql: `FROM ${sqliteName(mapping.source)} AS t${where} ORDER BY ${columns} LIMIT 1 OFFSET ?`,
    args: [...(bound?.args ?? []), BigInt(line - 1)],
  });
}

async function firstKey(
  source: Source,
  mapping: TableMapping,
  { sql, args }: { readonly sql: string; readonly args: ReturnType<typeof bindKey>["args"] },
): Promise<Tuple | null> {
  const keys = keyColumns(mapping);
  const [row] = await source.read((tx) => tx.rows(`SELECT ${keyExpressions(keys, "t").join(", ")} ${sql}`, args));
  return row === undefined ? null : tupleOf(row, 0, keys.length);
}
