import { isUtf8 } from "node:buffer";
import type { ColumnMapping, TableMapping } from "../model/mapping.ts";
import { attemptRows } from "./attempt-rows.ts";
import { bisectRejected } from "./bisect-rejected.ts";
import type { RowRejection } from "./row-rejection.ts";
import type { TargetTransaction } from "./target.ts";

export interface LinesToCopy {
  readonly mapping: TableMapping;
  /** The COPY statement. */
  readonly statement: string;
  /** COPY text. Each row is one line, since the text format escapes line ends. */
  readonly text: Uint8Array;
  /** Index of a column's field in a line, from 0. */
  readonly fieldOf: (column: ColumnMapping) => number;
}

/** What happened to a line that PostgreSQL rejected. */
export type RejectedLine =
  /** The row was not inserted. */
  | { readonly what: "row"; readonly line: number; readonly text: Uint8Array; readonly rejection: RowRejection }
  /** The row was inserted with NULL in these columns, as the rule asks. */
  | { readonly what: "value"; readonly line: number; readonly rejections: readonly RowRejection[] };

/** Copies rows and finds those that PostgreSQL rejects. Returns the rejected lines; all others are inserted. */
export async function copyLines(tx: TargetTransaction, options: LinesToCopy): Promise<RejectedLine[]> {
  const lines = splitLines(options.text);
  const rejected: RejectedLine[] = [];
  await bisectRejected(lines.length, {
    attempt: ({ from, to }) => attemptLines(tx, options, lines.slice(from, to)),
    onRejected: async (line, rejection) => {
      rejected.push(await settle(tx, options, { line, text: lines[line] ?? new Uint8Array(), rejection }));
    },
  });
  return rejected;
}

function attemptLines(
  tx: TargetTransaction,
  { mapping, statement }: LinesToCopy,
  lines: readonly Uint8Array[],
): Promise<RowRejection | null> {
  return attemptRows(tx, {
    mapping,
    work: async () => {
      const copy = await tx.copyIn(statement);
      await copy.write(Buffer.concat(lines));
      await copy.finish();
    },
  });
}

/** Retries a row with NULL where the column's rule says so. Several of its columns may be bad. */
async function settle(
  tx: TargetTransaction,
  options: LinesToCopy,
  row: { readonly line: number; readonly text: Uint8Array; readonly rejection: RowRejection },
): Promise<RejectedLine> {
  const nulled: RowRejection[] = [];
  let { text } = row;
  let current: RowRejection | null = row.rejection;
  while (current !== null) {
    const rejection: RowRejection = { ...current, column: current.column ?? columnOfNoText(text, options) };
    const { column } = rejection;
    if (column?.onBadValue !== "null" || nulled.some((earlier) => earlier.column === column))
      return { what: "row", ...row, rejection };
    nulled.push(rejection);
    text = withField(text, options.fieldOf(column), "\\N");
    current = await attemptLines(tx, options, [text]);
  }
  return { what: "value", line: row.line, rejections: nulled };
}

/** Finds the column of invalid UTF-8 or NUL bytes, for which PostgreSQL names the line only. */
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

/** The fields of a line, still escaped. */
export function fieldsOf(line: Uint8Array): string[] {
  return Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString("utf8").replace(/\n$/, "").split("\t");
}

/** The line with one field replaced. */
function withField(line: Uint8Array, field: number, value: string): Uint8Array {
  const [start, end] = fieldRange(line, field);
  return Buffer.concat([line.subarray(0, start), Buffer.from(value), line.subarray(end)]);
}

/** Start and end offset of a field. */
function fieldRange(line: Uint8Array, field: number): [start: number, end: number] {
  let start = 0;
  for (let passed = 0; passed < field; passed++) start = line.indexOf(TAB, start) + 1;
  const tab = line.indexOf(TAB, start);
  return [start, tab < 0 ? line.length - 1 : tab];
}
