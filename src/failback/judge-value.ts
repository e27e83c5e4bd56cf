import type { Conversion } from "../model/mapping.ts";
import type { RawValue } from "../rows/kind.ts";
import type { FailbackColumn, FailbackTable } from "./failback-table.ts";
import type { ValueLoss } from "./value-losses.ts";

export type Judgement = Pick<ValueLoss, "kind" | "announced">;

/**
 * Why a value of the source, which differs from PostgreSQL's, is all of it that SQLite can hold in that column; null if
 * it is not.
 */
export function judge(column: FailbackColumn, raw: RawValue, targetText: string): Judgement | null {
  if (column.coordinate && raw.type === "real")
    return isNeighbour(raw.value, Number(targetText)) ? { kind: "rounded", announced: true } : null;
  if (raw.type === "null") return column.nullable && column.formats.write(targetText) === null ? NOTHING : null;
  if (!column.formats.isCut(targetText, raw)) return null;
  const { conversion } = column.column;
  // That an epoch counts no fractions of its unit was said at the cutover.
  if (conversion.kind === "timestamp") return { kind: "rounded", announced: true };
  return { kind: NUMBERS.includes(conversion.kind) ? "rounded" : "number", announced: false };
}

const NUMBERS: readonly Conversion["kind"][] = ["integer", "double", "numeric", "json"];

const NOTHING: Judgement = { kind: "null", announced: false };

/** Whether a number of 32 bits is next to another: SQLite's way of rounding to one side may go two steps. */
function isNeighbour(coordinate: number, value: number): boolean {
  return Math.abs(coordinate - value) <= Math.abs(value) * 2 ** -22;
}

/** A judgement with where it was made, but for the row. */
export function lossOf(
  { mapping }: FailbackTable,
  column: FailbackColumn,
  judgement: Judgement,
): Omit<ValueLoss, "key"> {
  return { ...judgement, id: mapping.id, table: mapping.source, column: column.source };
}
