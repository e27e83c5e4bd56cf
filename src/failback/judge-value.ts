import type { RawValue } from "../rows/raw-value.ts";
import { codecOf } from "../rows/types/codecs.ts";
import type { FailbackColumn, FailbackTable } from "./failback-table.ts";
import type { ValueLoss } from "./value-losses.ts";

export type Judgement = Pick<ValueLoss, "kind" | "announced">;

/** What SQLite's column cannot hold of PostgreSQL's value; null if the source's value differs for another reason. */
export function judge(column: FailbackColumn, raw: RawValue, targetText: string): Judgement | null {
  if (column.coordinate && raw.type === "real")
    return isNeighbour(raw.value, Number(targetText)) ? { kind: "rounded", announced: true } : null;
  if (raw.type === "null") return column.nullable && column.formats.write(targetText) === null ? NOTHING : null;
  if (!column.formats.isCut(targetText, raw)) return null;
  return codecOf(column.column.conversion).inverse.loss;
}

const NOTHING: Judgement = { kind: "null", announced: false };

/** Whether numbers of 32 bits are neighbours: SQLite rounds to one side, by up to two steps. */
function isNeighbour(coordinate: number, value: number): boolean {
  return Math.abs(coordinate - value) <= Math.abs(value) * 2 ** -22;
}

/** A judgement with its table and column. */
export function lossOf(
  { mapping }: FailbackTable,
  column: FailbackColumn,
  judgement: Judgement,
): Omit<ValueLoss, "key"> {
  return { ...judgement, id: mapping.id, table: mapping.source, column: column.source };
}
