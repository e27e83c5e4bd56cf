import { isUtf8 } from "node:buffer";
import type { ColumnMapping, TableMapping } from "../model/mapping.ts";
import { type Refusal, refusalOf } from "./rejection.ts";
import type { TargetTransaction } from "./target.ts";

export interface LinesToCopy {
  readonly mapping: TableMapping;
  /** The COPY statement. */
  readonly statement: string;
  /** COPY text; each row is one line, since COPY's text format escapes line ends. */
  readonly text: Uint8Array;
  /** Place of a column's field in a line, from 0. */
  readonly fieldOf: (column: ColumnMapping) => number;
}

/** What became of a line that PostgreSQL refused. */
export type Refused =
  /** The row is not there. */
  | { readonly what: "row"; readonly line: number; readonly text: Uint8Array; readonly refusal: Refusal }
  /** The row is there, with NULL in these columns, as the rule wants it. */
  | { readonly what: "value"; readonly line: number; readonly refusals: readonly Refusal[] };

/**
 * Sends rows so that one which PostgreSQL refuses does not take its neighbours with it: it is found by halving, starting where
 * PostgreSQL says that it is. The answer has all refused lines; everything else is in.
 */
export async function copyLines(tx: TargetTransaction, options: LinesToCopy): Promise<Refused[]> {
  const lines = splitLines(options.text);
  const refused: Refused[] = [];
  const send = async (from: number, to: number): Promise<void> => {
    if (from >= to) return;
    const refusal = await attempt(tx, options, lines.slice(from, to));
    if (refusal === null) return;
    if (to - from === 1) {
      refused.push(await settle(tx, options, { line: from, text: lines[from] ?? new Uint8Array(), refusal }));
      return;
    }
    const at = Math.min(Math.max(from + (refusal.line ?? Math.ceil((to - from) / 2)) - 1, from), to - 1);
    await send(from, at);
    await send(at, at + 1);
    // Were all the rest bad, each attempt at the whole of it would end at its first line.
    const middle = at + 1 + Math.ceil((to - at - 1) / 2);
    await send(at + 1, middle);
    await send(middle, to);
  };
  await send(0, lines.length);
  return refused;
}

/** Null if PostgreSQL took all of them. */
async function attempt(
  tx: TargetTransaction,
  { mapping, statement }: LinesToCopy,
  lines: readonly Uint8Array[],
): Promise<Refusal | null> {
  try {
    await tx.savepoint(async () => {
      const copy = await tx.copyIn(statement);
      await copy.write(Buffer.concat(lines));
      await copy.finish();
    });
    return null;
  } catch (error) {
    const refusal = refusalOf(error, mapping);
    if (refusal === null) throw error;
    return refusal;
  }
}

/** Where the rule for the column says NULL, the row is tried again with that; more than one of its columns may be bad. */
async function settle(
  tx: TargetTransaction,
  options: LinesToCopy,
  row: { readonly line: number; readonly text: Uint8Array; readonly refusal: Refusal },
): Promise<Refused> {
  const nulled: Refusal[] = [];
  let { text } = row;
  let said: Refusal | null = row.refusal;
  while (said !== null) {
    const refusal: Refusal = { ...said, column: said.column ?? columnOfNoText(text, options) };
    const { column } = refusal;
    if (column?.onBadValue !== "null" || nulled.some((earlier) => earlier.column === column))
      return { what: "row", ...row, refusal };
    nulled.push(refusal);
    text = withField(text, options.fieldOf(column), "\\N");
    said = await attempt(tx, options, [text]);
  }
  return { what: "value", line: row.line, refusals: nulled };
}

/** Of bytes that are no text PostgreSQL names the line only; in the line they are to be seen. */
function columnOfNoText(line: Uint8Array, { mapping, fieldOf }: LinesToCopy): ColumnMapping | null {
  const bad = mapping.columns.find((column) => {
    const field = line.subarray(...fieldRange(line, fieldOf(column)));
    return field.includes(0) || !isUtf8(field);
  });
  return bad ?? null;
}

const TAB = 0x09;
const NEWLINE = 0x0a;

function splitLines(text: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf(NEWLINE, from);
    const to = end < 0 ? text.length : end + 1;
    lines.push(text.subarray(from, to));
    from = to;
  }
  return lines;
}

/** A line's fields, as they stand in it. */
export function fieldsOf(line: Uint8Array): string[] {
  return Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString("utf8").replace(/\n$/, "").split("\t");
}

/** The line with another text in one field. */
function withField(line: Uint8Array, field: number, value: string): Uint8Array {
  const [start, end] = fieldRange(line, field);
  return Buffer.concat([line.subarray(0, start), Buffer.from(value), line.subarray(end)]);
}

/** Where a field begins, and where it ends. */
function fieldRange(line: Uint8Array, field: number): [start: number, end: number] {
  let start = 0;
  for (let passed = 0; passed < field; passed++) start = line.indexOf(TAB, start) + 1;
  const tab = line.indexOf(TAB, start);
  return [start, tab < 0 ? line.length - 1 : tab];
}
