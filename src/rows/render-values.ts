import { isUtf8 } from "node:buffer";
import { pgString } from "../quote.ts";

/** Larger ones are better sent as they are. */
const MAX_BYTES = 64 << 10;

/**
 * The rows of some lines of COPY text as the VALUES of an INSERT, by which PostgreSQL reads each value by its column's
 * type, too. Null for lines that no statement can hold as they are, for too many, and for none.
 */
export function renderValues(lines: Uint8Array): string | null {
  if (lines.length > MAX_BYTES || lines.includes(0) || !isUtf8(lines)) return null;
  const text = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength).toString("utf8");
  const rows = text.split("\n").slice(0, -1);
  if (rows.length === 0) return null;
  return `values\n${rows.map((row) => `(${row.split("\t").map(literal).join(", ")})`).join(",\n")}`;
}

const ESCAPED: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f", v: "\v" };

function literal(field: string): string {
  return field === "\\N"
    ? "null"
    : pgString(
        field.includes("\\") ? field.replace(/\\(.)/gs, (_, escaped: string) => ESCAPED[escaped] ?? escaped) : field,
      );
}
