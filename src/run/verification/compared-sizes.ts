import type { TableMapping } from "../../model/mapping.ts";
import type { Run } from "../../model/run.ts";
import { stateOf } from "../../target/state-schema.ts";
import { tableBytes } from "../../target/table-bytes.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Context } from "../context.ts";

/** How large the tables of a run are, as far as it is known before they are compared. */
export interface ComparedSizes {
  /** The largest first, so that no worker is left with it at the end. */
  readonly items: readonly TableMapping[];
  rows(mapping: TableMapping): number;
  /** In the target. */
  bytes(mapping: TableMapping): number;
}

export async function sizesOf(session: TargetSession, { id: run, mappings }: Run): Promise<ComparedSizes> {
  const counted = await session.rows<{ id: number; rows: string }>(
    `select id, greatest(rows, copied)::text as rows from ${stateOf(session)}.table_state where run = $1`,
    [run],
  );
  const measured = await tableBytes(
    session,
    mappings.map(({ target }) => target),
  );
  const rowsOf = new Map(counted.map(({ id, rows }) => [id, Number(rows)]));
  const bytesOf = new Map(mappings.map(({ id }, index) => [id, measured[index] ?? 0]));
  const rows = ({ id }: TableMapping) => rowsOf.get(id) ?? 0;
  const bytes = ({ id }: TableMapping) => bytesOf.get(id) ?? 0;
  return { items: [...mappings].sort((one, other) => bytes(other) - bytes(one)), rows, bytes };
}

/** Shows how far it is, and says once that half of the rows are compared. */
export function rowCounter(
  context: Context,
  sizes: ComparedSizes,
  { onHalf }: { readonly onHalf?: () => void },
): (table: string, rows: number) => void {
  const sizeOf = new Map(sizes.items.map((mapping) => [mapping.source, sizes.rows(mapping)]));
  const total = sizes.items.reduce((sum, mapping) => sum + sizes.rows(mapping), 0);
  let done = 0;
  let isHalf = false;
  const parts = new Map<string, number>();
  return (table, rows) => {
    done += rows;
    const part = (parts.get(table) ?? 0) + rows;
    parts.set(table, part);
    if (done >= total / 2 && !isHalf) {
      isHalf = true;
      onHalf?.();
    }
    context.report({
      kind: "progress",
      phase: "verify",
      done,
      total: Math.max(total, done),
      unit: "rows",
      detail: table,
      part: { done: part, total: Math.max(sizeOf.get(table) ?? 0, part) },
    });
  };
}
