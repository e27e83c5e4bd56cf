import { RefusedError } from "../errors.ts";
import { NAMED_KEYS } from "../model/failback-loss.ts";
import type { RawValue } from "../rows/raw-value.ts";
import type { ChangedRow } from "./capture/target-changes.ts";
import type { FailbackColumn, FailbackTable } from "./failback-table.ts";
import type { CurrentSourceRow } from "./find-source-rows.ts";
import { sameRaw } from "./raw-row.ts";

/** What is to be done in the source for one key. */
export type RowPlan =
  | { readonly kind: "nothing"; readonly rounded: number }
  | { readonly kind: "delete"; readonly sourceRow: CurrentSourceRow }
  /** SQLite has no value for the one of this column, which takes no NULL. */
  | { readonly kind: "blocked"; readonly column: string }
  | {
      readonly kind: "write";
      readonly sourceRow: CurrentSourceRow | null;
      readonly values: ReadonlyMap<string, RawValue>;
      readonly rounded: number;
    };

/**
 * Only what differs is written, so that an unchanged value stays as it is to the last byte, in whatever form it was. A
 * row of the quarantine that the target never had is the source's own; should the application have made one under its
 * key, that one counts.
 */
export function planRow(table: FailbackTable, changed: ChangedRow, sourceRow: CurrentSourceRow | null): RowPlan {
  if (changed.values === null)
    return sourceRow === null ? { kind: "nothing", rounded: 0 } : { kind: "delete", sourceRow };
  const values = new Map<string, RawValue>();
  let rounded = 0;
  for (const [index, column] of table.columns.entries()) {
    const targetText = changed.values[index] ?? null;
    if (sourceRow !== null && isSame(column, index, sourceRow, targetText)) continue;
    if (column.generated) continue;
    const sourceValue = written(column, targetText);
    if (sourceValue === null) return { kind: "blocked", column: column.source };
    const { value, exact } = sourceValue;
    const before = sourceRow?.raw[table.places[index] ?? -1];
    if (!exact) rounded++;
    if (before !== undefined && sameRaw(before, value)) continue;
    values.set(column.source, value);
  }
  if (sourceRow === null) {
    for (const [position, key] of table.keys.entries())
      if (key.position === null) values.set(key.source, { type: "integer", value: BigInt(changed.key[position] ?? 0) });
  }
  return values.size === 0 ? { kind: "nothing", rounded } : { kind: "write", sourceRow, values, rounded };
}

/** Whether the source's value is what PostgreSQL's came from, or would have. */
export function isSame(
  column: FailbackColumn,
  index: number,
  sourceRow: CurrentSourceRow,
  targetText: string | null,
): boolean {
  const raw = sourceRow.copied[index] ?? { type: "null" };
  if (sourceRow.refused[index] === true && column.nullForBad) return targetText === null;
  return raw.type === "null" ? targetText === null : targetText !== null && column.comparison.matches(raw, targetText);
}

function written(
  column: FailbackColumn,
  targetText: string | null,
): { readonly value: RawValue; readonly exact: boolean } | null {
  if (targetText === null) {
    // A rule may have made NULL of an empty text, and the source takes no NULL.
    return {
      value:
        column.notNull && column.expression !== null ? { type: "text", bytes: new Uint8Array() } : { type: "null" },
      exact: true,
    };
  }
  return column.formats.write(targetText) ?? (column.nullable ? { value: { type: "null" }, exact: false } : null);
}

export function cannotFailBack(
  table: FailbackTable,
  { column, key }: { readonly column: string; readonly key: readonly string[] },
  why: string,
): RefusedError {
  return new RefusedError({
    code: "VALUE_CANNOT_RETURN",
    message:
      `a value of ${table.mapping.source}.${column} in PostgreSQL cannot go back (key ` + `${key.join(", ")}): ${why}`,
    hint:
      "nothing of this batch was written to the source; change the value in PostgreSQL, then run the " +
      "same command again",
    context: { table: table.mapping.source, column, key },
  });
}

/** All values of a batch that block it, in one error. */
export function blocked(
  table: FailbackTable,
  values: readonly { readonly column: string; readonly key: readonly string[] }[],
): RefusedError {
  const named = values.slice(0, NAMED_KEYS).map(({ column, key }) => `${column} (key ${key.join(", ")})`);
  return new RefusedError({
    code: "VALUE_CANNOT_RETURN",
    message:
      `${values.length === 1 ? "a value" : `${values.length} values`} of ${table.mapping.source} in ` +
      `PostgreSQL cannot go back: SQLite has no value for ${values.length === 1 ? "it" : "them"}, and ` +
      `the column takes no NULL: ${named.join("; ")}${values.length > named.length ? "; …" : ""}`,
    hint:
      "nothing of this batch was written to the source; change the values in PostgreSQL, then run the " +
      "same command again",
    context: { table: table.mapping.source, values: values.slice(0, NAMED_KEYS) },
  });
}
