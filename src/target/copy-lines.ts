import { isUtf8 } from "node:buffer";
import type { ColumnMapping, TableMapping } from "../model/mapping.ts";
import { attemptRows } from "./attempt-rows.ts";
import { bisectRejected } from "./bisect-rejected.ts";
import type { Refusal } from "./rejection.ts";
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

/** What became of a line that PostgreSQL rejected. */
export type RejectedLine =
  /** The row is not there. */
  | { readonly what: "row"; readonly line: number; readonly text: Uint8Array; readonly refusal: Refusal }
  /** The row is there, with NULL in these columns, as the rule wants it. */
  | { readonly what: "value"; readonly line: number; readonly refusals: readonly Refusal[] };

/** Sends rows and searches for those that PostgreSQL rejects. Returns all rejected lines; all other rows are in. */
export async function copyLines(tx: TargetTransaction, options: LinesToCopy): Promise<RejectedLine[]> {
  const lines = splitLines(options.text);
  const rejected: RejectedLine[] = [];
  await bisectRejected(lines.length, {
    attempt: ({ from, to }) => attemptLines(tx, options, lines.slice(from, to)),
    onRejected: async (line, refusal) => {
      rejected.push(await settle(tx, options, { line, text: lines[line] ?? new Uint8Array(), refusal }));
    },
  });
  return rejected;
}

function attemptLines(
  tx: TargetTransaction,
  { mapping, statement }: LinesToCopy,
  lines: readonly Uint8Array[],
): Promise<Refusal | null> {
  return attemptRows(tx, {
    mapping,
    work: async () => {
      const copy = await tx.copyIn(statement);
      await copy.write(Buffer.concat(lines));
      await copy.finish();
    },
  });
}

/** Where the rule for the column says NULL, the row is tried again with that; more than one of its columns may be bad. */
async function settle(
  tx: TargetTransaction,
  options: LinesToCopy,
  row: { readonly line: number; readonly text: Uint8Array; readonly refusal: Refusal },
): Promise<RejectedLine> {
  const nulled: Refusal[] = [];
  let { text } = row;
  let latest: Refusal | null = row.refusal;
  while (latest !== null) {
    const refusal: Refusal = { ...latest, column: latest.column ?? columnOfNoText(text, options) };
    const { column } = refusal;
    if (column?.onBadValue !== "null" || nulled.some((earlier) => earlier.column === column))
      return { what: "row", ...row, refusal };
    nulled.push(refusal);
    text = withField(text, options.fieldOf(column), "\\N");
    latest = await attemptLines(tx, options, [text]);
  }
  return { what: "value", line: row.line, refusals: nulled };
}

/** Of bytes that are not text PostgreSQL names only the line: the column is found here. */
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
