import { bindRaw } from "../rows/bind-raw.ts";
import type { RawValue } from "../rows/raw-value.ts";
import type { SourceReader, SourceRow, SourceValue } from "../source/source.ts";
import type { FailbackTable } from "./failback-table.ts";
import { rawValues } from "./raw-row.ts";
import { renderFind } from "./render-source.ts";

/** A row that stands in the source. */
export interface CurrentSourceRow {
  readonly rowid: bigint | null;
  /** All columns of the table, in its order. */
  readonly raw: readonly RawValue[];
  /** What travels, in the order of the mapping's columns. */
  readonly copied: readonly RawValue[];
  /** For each of those, whether it may not pass. */
  readonly refused: readonly boolean[];
}

const MAX_CANDIDATES = 400;

/** The rows that stand under keys of the target, by the key's place in the list. */
export async function findSourceRows(
  tx: SourceReader,
  table: FailbackTable,
  keys: readonly (readonly string[])[],
): Promise<Map<number, CurrentSourceRow>> {
  const found = new Map<number, CurrentSourceRow>();
  let tuples: string[] = [];
  let args: SourceValue[] = [];
  const ask = async () => {
    if (tuples.length === 0) return;
    for (const row of await tx.rows(renderFind(table, tuples), args)) {
      const index = Number(row[0]);
      const sourceRow = readCurrentRow(table, row);
      // Equal by a collation or an affinity is not yet the same key.
      if (isUnder(table, sourceRow, keys[index] ?? [])) found.set(index, sourceRow);
    }
    tuples = [];
    args = [];
  };
  for (const [index, key] of keys.entries()) {
    for (const tuple of candidates(table, key)) {
      const bound = tuple.map((raw) => bindRaw(raw, table.mapping));
      tuples.push(`(${[index, ...bound.map(({ expression }) => expression)].join(", ")})`);
      args.push(...bound.flatMap((value) => value.args));
    }
    if (tuples.length >= MAX_CANDIDATES) await ask();
  }
  await ask();
  return found;
}

export function readCurrentRow({ table, columns, places, encoding }: FailbackTable, row: SourceRow): CurrentSourceRow {
  const made = columns.filter(({ expression }) => expression !== null).length;
  const all = rawValues(row, 3, table.columns.length + made, encoding);
  const raw = all.slice(0, table.columns.length);
  let next = raw.length;
  const copied = columns.map(
    ({ expression }, index) =>
      (expression === null ? raw[places[index] ?? -1] : all[next++]) ?? { type: "null" as const },
  );
  const refused = String(row[2] ?? "");
  return {
    rowid: typeof row[1] === "bigint" ? row[1] : null,
    raw,
    copied,
    refused: columns.map((_, index) => refused.charAt(index) === "1"),
  };
}

/** A key's values in the source, where it stands. */
export function keyOf({ keys, places }: FailbackTable, sourceRow: CurrentSourceRow): RawValue[] {
  return keys.map(({ position }) =>
    position === null
      ? { type: "integer", value: sourceRow.rowid ?? 0n }
      : (sourceRow.raw[places[position] ?? -1] ?? { type: "null" }),
  );
}

function isUnder(table: FailbackTable, sourceRow: CurrentSourceRow, key: readonly string[]): boolean {
  return keyOf(table, sourceRow).every(
    (raw, position) =>
      raw.type !== "null" && table.keys[position]?.comparison.matches(raw, key[position] ?? "") === true,
  );
}

function candidates(table: FailbackTable, key: readonly string[]): RawValue[][] {
  return table.keys.reduce<RawValue[][]>(
    (tuples, { formats }, position) =>
      tuples.flatMap((tuple) => formats.candidates(key[position] ?? "").map((value) => [...tuple, value])),
    [[]],
  );
}
