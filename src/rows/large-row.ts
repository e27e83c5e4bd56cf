import { ValueError } from "../errors.ts";
import { showTuple, type Tuple } from "../model/key.ts";
import { copiedColumns, type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import type { Source } from "../source/source.ts";
import { asUtf8 } from "./as-utf8.ts";
import { bindKey } from "./bind-key.ts";
import { largeField, largeFieldBytes, travelsInChunks } from "./large-field.ts";
import { copyField, copyLine, rowRejected } from "./render-row.ts";
import { rowUnderKey } from "./same-key.ts";

/** A row above that is not read as a whole, but its large values in pieces. */
export const WIDE_ROW_BYTES = 8 << 20;
const WIDE_VALUE_BYTES = 1 << 20;
const PIECE_BYTES = 4 << 20;
/** What remains of a row without its pieces must fit into memory several times over. */
const NARROW_BYTES = 64 << 20;
/** PostgreSQL reads a line of COPY into a buffer of less than 1 GB. */
const LINE_BYTES = 1_000_000_000;

/** A row with values too large to be held as a whole. */
export interface LargeRow {
  readonly mapping: TableMapping;
  readonly key: Tuple;
  /** Columns that are read at once, the key's among them; in the order in which they lead the row's COPY line. */
  readonly narrow: readonly KeyColumn[];
  /** Columns that are read in pieces; they end the line. */
  readonly large: readonly KeyColumn[];
}

/** Tells which columns of a row are to be read in pieces. Throws if the row cannot go over at all. */
export async function largeRow(source: Source, mapping: TableMapping, key: Tuple): Promise<LargeRow> {
  const columns = copiedColumns(mapping);
  const keys = keyColumns(mapping).map((column) => column.source);
  const [lengths = []] = await source.read((tx) =>
    tx.rows(
      ...byKey(
        mapping,
        key,
        columns.map((column) => `coalesce(octet_length(t.${sqliteName(column.source)}),0)`),
      ),
    ),
  );
  const sized = columns.map((column, index) => ({ column, bytes: Number(lengths[index] ?? 0n) }));
  const isLargeRow = ({ column, bytes }: (typeof sized)[number]) =>
    bytes > WIDE_VALUE_BYTES && travelsInChunks(column) && !keys.includes(column.source);
  const large = sized.filter(isLargeRow);
  const narrow = sized.filter((one) => !isLargeRow(one));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const line = sum(large.map(({ column, bytes }) => largeFieldBytes(column, bytes)));
  if (sum(narrow.map(({ bytes }) => bytes)) > NARROW_BYTES || line > LINE_BYTES)
    throw tooLarge(mapping, key, sized.toSorted((a, b) => b.bytes - a.bytes)[0]);
  return { mapping, key, narrow: narrow.map(({ column }) => column), large: large.map(({ column }) => column) };
}

/**
 * The row as a line of COPY text, piece by piece, after `lead`. Yields nothing if the row is gone. Each piece is a snapshot of its own: a
 * row that changes meanwhile goes over torn, and again once replay comes to the change.
 * Returns whether a value may not pass: then nothing was yielded.
 */
export async function* largeRowLine(
  source: Source,
  row: LargeRow,
  lead = "",
): AsyncGenerator<Uint8Array, { readonly refused: boolean }> {
  const { key, mapping, narrow, large } = row;
  const line = `CAST(${copyLine(narrow.map((column) => copyField(column, "t")))} AS BLOB)`;
  const [found] = await source.read((tx) =>
    tx.rows(...byKey(mapping, key, [line, rowRejected([...narrow, ...large].map(withoutQuarantine), "t")])),
  );
  if (found === undefined) return { refused: false };
  if (found[1] !== 0n) return { refused: true };
  yield Buffer.from(lead);
  // Without the line feed: the wide columns come first.
  yield asUtf8(found[0] as ArrayBuffer, mapping).subarray(0, -1);
  for (const column of large) {
    const field = largeField(column);
    let started = false;
    for await (const chunk of largeRowChunks(source, row, column)) {
      if (!started) yield Buffer.concat([Buffer.from("\t"), field.lead]);
      started = true;
      yield field.chunk(chunk);
    }
    if (!started) yield Buffer.from("\t\\N");
  }
  yield Buffer.from("\n");
  return { refused: false };
}

/** Such a row is too large for the quarantine: where it may not pass, the run stops. */
function withoutQuarantine({ onBadValue, ...column }: KeyColumn): KeyColumn {
  return onBadValue === "null" ? { ...column, onBadValue } : column;
}

/** The bytes of one value, texts in UTF-8. */
export async function* largeRowChunks(
  source: Source,
  { key, mapping }: LargeRow,
  column: KeyColumn,
): AsyncGenerator<Uint8Array> {
  const isText = column.conversion.kind === "text" && mapping.encoding !== undefined;
  const decoder = isText
    ? new TextDecoder(mapping.encoding === "UTF-16le" ? "utf-16le" : "utf-16be", { fatal: true, ignoreBOM: true })
    : null;
  const chunk = `substr(CAST(t.${sqliteName(column.source)} AS BLOB),?,?)`;
  for (let at = 1; ; at += PIECE_BYTES) {
    const [sql, args] = byKey(mapping, key, [chunk]);
    const [row] = await source.read((tx) => tx.rows(sql, [BigInt(at), BigInt(PIECE_BYTES), ...args]));
    const bytes = row?.[0];
    if (!(bytes instanceof ArrayBuffer) || bytes.byteLength === 0) return;
    yield decoder === null ? new Uint8Array(bytes) : new TextEncoder().encode(decoder.decode(bytes, { stream: true }));
    if (bytes.byteLength < PIECE_BYTES) return;
  }
}

/** A query of one row by its key. */
function byKey(
  mapping: TableMapping,
  key: Tuple,
  what: readonly string[],
): [sql: string, args: ReturnType<typeof bindKey>["args"]] {
  const bound = bindKey(key);
  return [`SELECT ${what.join(", ")} FROM ${rowUnderKey(mapping, bound.expressions)}`, bound.args];
}

function tooLarge(
  mapping: TableMapping,
  key: Tuple,
  largest: { readonly column: KeyColumn; readonly bytes: number } | undefined,
): ValueError {
  return new ValueError({
    code: "ROW_TOO_LARGE",
    message: `table ${mapping.source}: the row whose key is ${showTuple(key)} is too large to go over: its column ${largest?.column.source} has ${Math.round((largest?.bytes ?? 0) / 1e6)} MB`,
    hint: "PostgreSQL takes rows of less than 1 GB, in which a blob counts twice, and values other than text and bytea only up to 64 MB: keep such values in files, or leave the table out with --exclude",
    context: { table: mapping.source, column: largest?.column.source, key, bytes: largest?.bytes },
  });
}
