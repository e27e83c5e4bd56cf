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
 * The error that names the rejected values of a table, by column and key. Reads the table until it finds some: all of
 * it, or the rows after a key in the order of the copy.
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
        `SELECT ${keyExpressions(keys, "t").join(", ")}, typeof(t.${sqliteName(column.source)})
        FROM ${mappedRelation(mapping)} AS t WHERE ${where}(${valueRejected(column, "t")})
        ORDER BY ${order} LIMIT ${EXAMPLES}`,
        bound?.args ?? [],
      ),
    );
    if (rows.length === 0) continue;
    columns.push(column.source);
    const examples = rows.map((row) => showTuple(tupleOf(row, 0, keys.length))).join(" or ");
    const { description } = codecOf(column.conversion);
    const type = String(rows[0]?.[2 * keys.length]);
    found.push(
      `column ${column.source} cannot become ${description} where the row's key is ${examples} (${type} there)`,
    );
  }
  return new ValueError({
    code: "VALUE_NOT_CONVERTIBLE",
    message: `table ${mapping.source}: ${found.join("; ") || "a value that has no equal in the target"}`,
    hint: [
      "correct those values in the source; or give the column a type that holds them (text holds all texts and",
      "numbers, bytea all texts and blobs); or quarantine such rows with the rule onBadValue; then run the same",
      "command again",
    ].join(" "),
    context: { table: mapping.source, columns },
  });
}
