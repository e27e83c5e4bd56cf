import { pgName } from "../quote.ts";
import type { PostgresForm } from "../rows/canonical/canonical-form.ts";
import type { DigestColumns } from "./render-target-digest.ts";
import { seedOf, standIns } from "./row-hash.ts";

/**
 * PostgreSQL expression: the hash of a row `t`, as `RowHasher` computes it. `place`: what is hashed under the seed that
 * the values make, 1 or the row's place among others.
 */
export function renderRowHash({ neverNull, split }: Pick<DigestColumns, "neverNull" | "split">, place: string): string {
  const values = split.canonical.map(({ column: { target }, format }, index) =>
    renderValueHash(format.postgres(`t.${pgName(target)}`), index, neverNull.has(target)),
  );
  // Another session may have found meanwhile that no column is canonical: then the other columns decide.
  return `hashint4extended(${place}, ${values.length === 0 ? "0" : values.join(" # ")})`;
}

/** The hash of one value; without NULL it takes less time. */
export function renderValueHash(form: PostgresForm, column: number, isNeverNull: boolean): string {
  const hash = hashOf(form, column);
  return isNeverNull ? hash : `coalesce(${hash}, ${literal(standIns(column).ofNull)})`;
}

function hashOf({ kind, sql }: PostgresForm, column: number): string {
  const seed = seedOf(column);
  switch (kind) {
    case "text":
      return `hashtextextended(${sql} collate "C", ${seed})`;
    case "integer":
      // One folds the halves of a large integer, the other rounds it: no two integers are alike to both.
      return `(hashint8extended(${sql}, ${seed}) # hashfloat8extended(${sql}, ${seed}))`;
    case "real":
      // To the function zeros are alike; the text of the negative one is longer.
      return (
        `case when ${sql} = 0 then ${literal(standIns(column).ofZero)} # length(${sql}::text) ` +
        `else hashfloat8extended(${sql}, ${seed}) end`
      );
  }
}

function literal(value: bigint): string {
  return `'${value}'::bigint`;
}
