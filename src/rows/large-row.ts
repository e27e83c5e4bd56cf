import { ValueError } from "../errors.ts";
import { showTuple, type Tuple } from "../model/key.ts";
import { copiedColumns, type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import type { Source } from "../source/source.ts";
import { asUtf8 } from "./as-utf8.ts";
import { bindKey } from "./bind-key.ts";
import type { ChunkEncoder } from "./codec.ts";
import { copyField, copyLine, rowRejected } from "./render-row.ts";
import { rowUnderKey } from "./same-key.ts";
import { codecOf } from "./types/codecs.ts";

/** Of a row with more bytes, the large values are read in chunks. */
export const LARGE_ROW_BYTES = 8 << 20;
const LARGE_VALUE_BYTES = 1 << 20;
const CHUNK_BYTES = 4 << 20;
/** The other values of the row must fit into memory several times over. */
const SMALL_VALUES_BYTES = 64 << 20;
/** PostgreSQL reads a line of COPY into a buffer of less than 1 GB. */
const LINE_BYTES = 1_000_000_000;

/** A row with values too large to be held in memory. */
export interface LargeRow {
  readonly mapping: TableMapping;
  readonly key: Tuple;
  /** Columns that are read at once, the key's among them, in the order in which they lead the row's COPY line. */
  readonly small: readonly KeyColumn[];
  /** Columns that are read in chunks; they end the line. */
  readonly large: readonly KeyColumn[];
}

/** Decides which columns of a row are read in chunks. Throws if PostgreSQL cannot hold the row. */
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
  const isLarge = ({ column, bytes }: (typeof sized)[number]) =>
    bytes > LARGE_VALUE_BYTES && chunksOf(column) !== undefined && !keys.includes(column.source);
  const large = sized.filter(isLarge);
  const small = sized.filter((one) => !isLarge(one));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const line = sum(large.map(({ column, bytes }) => (chunksOf(column)?.growth ?? 1) * bytes));
  if (sum(small.map(({ bytes }) => bytes)) > SMALL_VALUES_BYTES || line > LINE_BYTES)
    throw tooLarge(mapping, key, sized.toSorted((a, b) => b.bytes - a.bytes)[0]);
  return { mapping, key, small: small.map(({ column }) => column), large: large.map(({ column }) => column) };
}

/**
 * The row as a line of COPY text, chunk by chunk, after `lead`. Yields nothing if the row is deleted. Each chunk is a
 * snapshot of its own: a row that changes meanwhile is copied torn, and copied again when replay reaches the change.
 * Returns whether a value is rejected: then nothing was yielded.
 */
export async function* largeRowLine(
  source: Source,
  row: LargeRow,
  lead = "",
): AsyncGenerator<Uint8Array, { readonly rejected: boolean }> {
  const { key, mapping, small, large } = row;
  const line = `CAST(${copyLine(small.map((column) => copyField(column, "t")))} AS BLOB)`;
  const [found] = await source.read((tx) =>
    tx.rows(...byKey(mapping, key, [line, rowRejected([...small, ...large].map(withoutQuarantine), "t")])),
  );
  if (found === undefined) return { rejected: false };
  if (found[1] !== 0n) return { rejected: true };
  yield Buffer.from(lead);
  // Without the line feed, since the large columns come before it.
  yield asUtf8(found[0] as ArrayBuffer, mapping).subarray(0, -1);
  for (const column of large) {
    const field = chunksOf(column) as ChunkEncoder;
    let started = false;
    for await (const chunk of largeRowChunks(source, row, column)) {
      if (!started) yield Buffer.concat([Buffer.from("\t"), field.lead]);
      started = true;
      yield field.chunk(chunk);
    }
    if (!started) yield Buffer.from("\t\\N");
  }
  yield Buffer.from("\n");
  return { rejected: false };
}

/** Such a row is too large for the quarantine: where a value is rejected, the run stops. */
function withoutQuarantine({ onBadValue, ...column }: KeyColumn): KeyColumn {
  return onBadValue === "null" ? { ...column, onBadValue } : column;
}

function chunksOf(column: KeyColumn): ChunkEncoder | undefined {
  return codecOf(column.conversion).encoder.chunks;
}

/** The bytes of one value, texts in UTF-8. */
export async function* largeRowChunks(
  source: Source,
  { key, mapping }: LargeRow,
  column: KeyColumn,
): AsyncGenerator<Uint8Array> {
  const decoder =
    chunksOf(column)?.isText === true && mapping.encoding !== undefined
      ? new TextDecoder(mapping.encoding === "UTF-16le" ? "utf-16le" : "utf-16be", { fatal: true, ignoreBOM: true })
      : null;
  const chunk = `substr(CAST(t.${sqliteName(column.source)} AS BLOB),?,?)`;
  for (let at = 1; ; at += CHUNK_BYTES) {
    const [sql, args] = byKey(mapping, key, [chunk]);
    const [row] = await source.read((tx) => tx.rows(sql, [BigInt(at), BigInt(CHUNK_BYTES), ...args]));
    const bytes = row?.[0];
    if (!(bytes instanceof ArrayBuffer) || bytes.byteLength === 0) return;
    yield decoder === null ? new Uint8Array(bytes) : new TextEncoder().encode(decoder.decode(bytes, { stream: true }));
    if (bytes.byteLength < CHUNK_BYTES) return;
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
    message: [
      `table ${mapping.source}: the row whose key is ${showTuple(key)} is too large for PostgreSQL:`,
      `its column ${largest?.column.source} has ${Math.round((largest?.bytes ?? 0) / 1e6)} MB`,
    ].join(" "),
    hint: [
      "PostgreSQL takes rows of less than 1 GB, in which a blob counts twice, and values other than text and bytea",
      "only up to 64 MB: store such values in files, or leave the table out with --exclude",
    ].join(" "),
    context: { table: mapping.source, column: largest?.column.source, key, bytes: largest?.bytes },
  });
}
