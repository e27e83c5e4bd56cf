import { copyBinaryOfJson, type LeadingFields } from "../rows/encode/copy-binary-of-json.ts";
import type { EncodedRows } from "../rows/encode/copy-format.ts";
import { copyTextOfJson } from "../rows/encode/copy-text-of-json.ts";
import { maxBytesOfRow } from "../rows/page-size.ts";
import type { SourceReader } from "../source/source.ts";
import { ascendingKeys, type KeySpan } from "./ascending-keys.ts";
import type { FastPathChanges } from "./render-changes.ts";
import { MAX_MESSAGE_ROWS } from "./small-batch.ts";

export interface FoundChanges {
  readonly keys: number;
  readonly deleted: number;
  readonly bytes: number;
  /** For the staging table. */
  readonly rows: readonly EncodedRows[];
  /** Of the rows' keys, where they are known to ascend. */
  readonly ascending: KeySpan | null;
}

export interface ChangesAsked {
  readonly pass: number;
  readonly after: bigint;
  readonly through: bigint;
}

/** A larger row has to be asked for its size, however few there are. */
const MAX_UNASKED_BYTES = 32 << 10;
/** JSON of a row that is worth the binary format. */
const MAX_JSON_OF_BINARY_ROW = 1_024;

/**
 * The rows under the keys of a range, by way of JSON; null if one of them is not of the expected format, or too large
 * for so many.
 */
export async function readFastPathChanges(
  tx: SourceReader,
  fastPath: FastPathChanges,
  { after, pass, through }: ChangesAsked,
): Promise<FoundChanges | null> {
  const most = Math.min(MAX_UNASKED_BYTES, maxBytesOfRow(Number(through - after)));
  const [[json, here, deleted, keys, large] = []] = await tx.rows(fastPath.query(most), [BigInt(pass), after, through]);
  if (Number(large) > 0 || !(json instanceof ArrayBuffer)) return null;
  const bytes = new Uint8Array(json);
  const sourceRows = encode(bytes, fastPath, { pass, rows: Number(here) });
  if (sourceRows === null) return null;
  const ascending =
    fastPath.integerKey !== null && sourceRows.format === "binary"
      ? ascendingKeys(sourceRows.data, { leading: leadingOf(pass), field: fastPath.integerKey })
      : null;
  const rows: EncodedRows[] = [
    ...(Number(here) > 0 ? [sourceRows] : []),
    ...(deleted instanceof ArrayBuffer && deleted.byteLength > 0
      ? [{ format: "text", data: new Uint8Array(deleted) } as const]
      : []),
  ];
  return { keys: Number(keys), deleted: Number(keys) - Number(here), bytes: bytes.length, rows, ascending };
}

function encode(
  json: Uint8Array,
  { binary, shapes }: FastPathChanges,
  { pass, rows }: { readonly pass: number; readonly rows: number },
): EncodedRows | null {
  // So few go as a statement, which is text.
  if (binary !== null && rows > MAX_MESSAGE_ROWS && json.length <= rows * MAX_JSON_OF_BINARY_ROW) {
    const data = copyBinaryOfJson(json, binary, rows, { leading: leadingOf(pass) });
    if (data !== null) return { format: "binary", data };
  }
  const lines = copyTextOfJson(json, shapes);
  return lines === null ? null : { format: "text", data: withLead(lines, Buffer.from(`${pass}\tf\t`), rows) };
}

/** The pass, and that the row is not deleted. */
function leadingOf(pass: number): LeadingFields {
  const bytes = Buffer.alloc(13);
  bytes.writeInt32BE(4, 0);
  bytes.writeInt32BE(pass, 4);
  bytes.writeInt32BE(1, 8);
  return { fields: 2, bytes };
}

const NEWLINE = 0x0a;

/** Each line behind what leads it. */
function withLead(lines: Uint8Array, lead: Uint8Array, rows: number): Uint8Array {
  const out = new Uint8Array(lines.length + rows * lead.length);
  let at = 0;
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf(NEWLINE, start) + 1;
    out.set(lead, at);
    out.set(lines.subarray(start, end), at + lead.length);
    at += lead.length + end - start;
    start = end;
  }
  return out;
}
