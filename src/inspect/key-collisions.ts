import type { Tuple } from "../model/key.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import { rawExpression, tupleOf } from "../rows/bind-key.ts";
import { sourceRelation } from "../rows/render-relation.ts";
import type { Source } from "../source/source.ts";
import { EXAMPLE_ROWS } from "./bad-texts.ts";

export interface Collisions {
  readonly count: number;
  readonly examples: readonly Tuple[];
}

/**
 * The rows `t` that meet a condition on the whole table, counted and named in one snapshot: not in pages, each of which
 * would group again.
 */
export async function keyCollisions(
  source: Source,
  table: SourceTable,
  condition: string,
  keys: readonly string[],
): Promise<Collisions> {
  const from = `FROM ${sourceRelation(table)} AS t WHERE ${condition}`;
  const count = await source.read(async (tx) => Number((await tx.rows(`SELECT count(*) ${from}`))[0]?.[0] ?? 0));
  if (count === 0) return { count, examples: [] };
  const fields = keys
    .map((name) => `t.${sqliteName(name)}`)
    .flatMap((name) => [`typeof(${name})`, rawExpression(name)]);
  const rows = await source.read((tx) => tx.rows(`SELECT ${fields.join(", ")} ${from} LIMIT ${EXAMPLE_ROWS}`));
  return { count, examples: rows.map((row) => tupleOf(row, 0, keys.length)) };
}
