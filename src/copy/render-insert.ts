import { isUtf8 } from "node:buffer";
import { copiedColumns, type TableMapping } from "../model/mapping.ts";
import { pgName, pgString, pgTable } from "../quote.ts";

/** Larger ones are better sent as they are. */
const MAX_BYTES = 64 << 10;

/**
 * The rows of some lines of COPY text as one INSERT. PostgreSQL reads each value by its column's type then, too.
 * Statements for many tables go in one message, where each COPY waits for answers of its own. Null for lines that no
 * statement can hold as they are, or for too many.
 */
export function renderInsert(mapping: TableMapping, lines: Uint8Array): string | null {
  if (lines.length > MAX_BYTES || lines.includes(0) || !isUtf8(lines)) return null;
  const text = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength).toString("utf8");
  const rows = text.split("\n").slice(0, -1);
  const columns = copiedColumns(mapping).map(({ target }) => pgName(target));
  if (rows.length === 0 || columns.length === 0) return null;
  const values = rows.map((row) => `(${row.split("\t").map(literal).join(", ")})`);
  // As COPY does, also where the column is generated as identity.
  return (
    `insert into ${pgTable(mapping.target)} (${columns.join(", ")}) overriding system value ` +
    `values\n${values.join(",\n")}`
  );
}

const ESCAPED: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f", v: "\v" };

function literal(field: string): string {
  return field === "\\N"
    ? "null"
    : pgString(
        field.includes("\\") ? field.replace(/\\(.)/gs, (_, escaped: string) => ESCAPED[escaped] ?? escaped) : field,
      );
}
