import { ValueError } from "../errors.ts";
import { showTuple, type Tuple } from "../model/key.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import type { Source } from "../source/source.ts";
import { bindKey, keyExpressions, tupleOf } from "./bind-key.ts";
import { mappedRelation } from "./render-relation.ts";
import { valueRejected } from "./render-row.ts";
import { codecOf } from "./types/codecs.ts";

const EXAMPLES = 5;

/**
 * The error that names, by column and key, what of a table has no equal in the target. Reads the whole table if it must: all of it, or what
 * comes after a place in the order in which it is being read.
 */
export async function rejectedValues(
  source: Source,
  mapping: TableMapping,
  after: Tuple | null,
  inOrderOf: readonly KeyColumn[] = keyColumns(mapping),
): Promise<ValueError> {
  const keys = keyColumns(mapping);
  const order = inOrderOf.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  const bound = after === null ? null : bindKey(after);
  const where =
    bound === null
      ? ""
      : inOrderOf.length === 1
        ? `${order} > ${bound.expressions[0]} AND `
        : `(${order}) > (${bound.expressions.join(", ")}) AND `;
  const found: string[] = [];
  const columns: string[] = [];
  for (const column of mapping.columns) {
    if (column.onBadValue !== undefined) continue;
    const rows = await source.read((tx) =>
      tx.rows(
        `SELECT ${keyExpressions(keys, "t").join(", ")}, typeof(t.${sqliteName(column.source)}) FROM ${mappedRelation(mapping)} AS t WHERE ${where}(${valueRejected(column, "t")}) ORDER BY ${order} LIMIT ${EXAMPLES}`,
        bound?.args ?? [],
      ),
    );
    if (rows.length === 0) continue;
    columns.push(column.source);
    const examples = rows.map((row) => showTuple(tupleOf(row, 0, keys.length)));
    found.push(
      `column ${column.source} cannot become ${codecOf(column.conversion).description} where the row's key is ${examples.join(" or ")} (${String(rows[0]?.[2 * keys.length])} there)`,
    );
  }
  return new ValueError({
    code: "VALUE_NOT_CONVERTIBLE",
    message: `table ${mapping.source}: ${found.length === 0 ? "a value that has no equal in the target" : found.join("; ")}`,
    hint: "correct those values in the source, or give the column a type that holds them (text holds all texts and numbers, bytea all texts and blobs), or let such rows be quarantined with the rule onBadValue; then run the same command again",
    context: { table: mapping.source, columns },
  });
}
