import type { KeyValue, Tuple } from "../model/key.ts";
import { type ColumnMapping, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import type { Source, SourceReader } from "../source/source.ts";
import { type RowRejection, rowRejectedError } from "../target/row-rejection.ts";
import { addToQuarantine, type QuarantinedRow, type QuarantinePlace } from "../target/store/quarantine-store.ts";
import type { TargetReader } from "../target/target.ts";
import { bindKey, keyExpressions, tupleOf } from "./bind-key.ts";
import { mappedRelation } from "./render-relation.ts";
import { valueRejected } from "./render-row.ts";
import { sameKey } from "./same-key.ts";
import { codecOf } from "./types/codecs.ts";

/** A row for the quarantine: PostgreSQL's errors, or none where the codec rejected a value before it was sent. */
export interface RowToQuarantine {
  readonly key: Tuple;
  readonly what: "row" | "value";
  readonly rejections: readonly RowRejection[];
}

/**
 * Writes rows to the quarantine, as they are in the source now. A row deleted since is left out: its change is logged,
 * and replay will reach it. Throws where the rules stop the run for such a row.
 */
export async function quarantineRejectedRows(
  source: Source,
  tx: TargetReader,
  place: QuarantinePlace & { readonly mapping: TableMapping },
  rows: readonly RowToQuarantine[],
): Promise<void> {
  const { mapping } = place;
  for (const { key, what, rejections } of rows) {
    const stops = rejections.find(
      ({ column }) => what === "row" && (column === null ? mapping.onBadRow : column.onBadValue) !== "quarantine",
    );
    if (stops !== undefined) throw rowRejectedError(mapping, stops, key);
  }
  if (rows.length === 0) return;
  const read = await source.read(async (reader) => {
    const found: (SourceRowValues | null)[] = [];
    for (const { key } of rows) found.push(await readRow(reader, mapping, key));
    return found;
  });
  const entries = rows.flatMap(({ key, what, rejections }, index): QuarantinedRow[] => {
    const row = read[index];
    if (row == null) return [];
    const byPostgres = rejections.map(({ column, reason }) => ({ column: column?.source ?? null, reason }));
    const byCodec = row.rejected.map((column) => ({
      column: column.source,
      reason: `not ${codecOf(column.conversion).description}`,
    }));
    const reasons = byPostgres.length > 0 ? byPostgres : byCodec;
    if (reasons.length === 0) return [];
    return [
      {
        key,
        what,
        columns: reasons.flatMap(({ column }) => (column === null ? [] : [column])),
        reason: reasons.map(({ column, reason }) => (column === null ? reason : `${column}: ${reason}`)).join("; "),
        row: row.values,
      },
    ];
  });
  await addToQuarantine(tx, place, entries);
}

interface SourceRowValues {
  readonly values: Readonly<Record<string, KeyValue>>;
  /** Columns whose value is rejected. */
  readonly rejected: readonly ColumnMapping[];
}

const COLUMNS_AT_ONCE = 500;

async function readRow(tx: SourceReader, mapping: TableMapping, key: Tuple): Promise<SourceRowValues | null> {
  const keys = keyColumns(mapping);
  const bound = bindKey(key);
  const given = bound.expressions.map((expression, position) => `${expression} AS k${position}`).join(", ");
  const same = keys
    .map((column, position) => sameKey(column, `t.${sqliteName(column.source)}`, `l.k${position}`))
    .join(" AND ");
  const values: Record<string, KeyValue> = {};
  const rejected: ColumnMapping[] = [];
  for (let start = 0; start < mapping.columns.length; start += COLUMNS_AT_ONCE) {
    const columns = mapping.columns.slice(start, start + COLUMNS_AT_ONCE);
    const rejections = columns.map((column) => `(${valueRejected(column, "t")})`);
    const [row] = await tx.rows(
      `SELECT ${[...keyExpressions(columns, "t"), ...rejections].join(", ")}
      FROM (SELECT ${given}) AS l JOIN ${mappedRelation(mapping)} AS t ON ${same}`,
      bound.args,
    );
    if (row === undefined) return null;
    for (const [index, value] of tupleOf(row, 0, columns.length).entries()) {
      const column = columns[index];
      if (column === undefined) continue;
      values[column.source] = value;
      if (row[2 * columns.length + index] === 1n && column.onBadValue !== undefined) rejected.push(column);
    }
  }
  return { values, rejected };
}
