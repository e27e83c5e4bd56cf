import type { SourceReader } from "../source.ts";
import { uint16, uint32 } from "./file-pages.ts";
import { LEAF, type LeafWalk } from "./leaf-walk.ts";
import { readOverflow } from "./overflow.ts";
import type { TableLayout } from "./table-layout.ts";
import { readVarint, type Varint } from "./varint.ts";

/** Rows of a table as their raw records, in rowid order. */
export interface PageRows {
  /** Holds all records, each contiguous. The bytes after `used` are free for the caller. */
  readonly bytes: Uint8Array;
  readonly used: number;
  readonly count: number;
  /** For each row: offset of its record, length of its record, rowid. */
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly rowids: Float64Array;
  /** Total size of all records in bytes. */
  readonly size: number;
  /** The rowid to continue after. */
  readonly last: number;
  readonly isLast: boolean;
  /** How many leaf pages were read. */
  readonly leaves: number;
}

export interface PageRequest {
  /** The walk of this table; a walk serves one table only. */
  readonly walk: LeafWalk;
  /** Read rows after this rowid; null: from the start. */
  readonly after: number | null;
  /** Upper limit of leaf pages. */
  readonly leaves: number;
  /** Upper limit of record bytes; a first row that is larger comes alone. */
  readonly maxBytes: number;
  /** A row larger than this ends the page before it. */
  readonly maxBytesOfRow: number;
  /** How many bytes the caller needs behind the records, given their number and total size. */
  readonly room: (rows: number, bytes: number) => number;
  /** Allocates the buffer, if the caller wants it in memory of its own. */
  readonly into?: (bytes: number) => Uint8Array;
}

/**
 * Reads rows from the file's pages and parses the records here: a third of the time that SQLite needs to write the same
 * rows as JSON.
 *
 * Returns null for rows that only SQLite can read: integers beyond a double, a row larger than `maxBytesOfRow`, or a
 * page that is not a leaf.
 */
export async function readPageRows(
  tx: SourceReader,
  layout: TableLayout,
  request: PageRequest,
): Promise<PageRows | null> {
  const found = await request.walk.next(tx, layout, request.after, request.leaves);
  if (found === null) return null;
  const pages = found.bytes;
  const cells = listCells(pages, layout, request);
  if (cells === null) return null;
  const { count, isCut, lengths, overflow, places, rowids, size } = cells;
  const extra = overflow.reduce((sum, { length }) => sum + length, 0);
  const needed = pages.length + extra + request.room(count, size);
  const bytes: Uint8Array = needed === pages.length ? pages : (request.into ?? Buffer.allocUnsafeSlow)(needed);
  if (bytes !== pages) bytes.set(pages);
  let used = pages.length;
  const chains: { readonly first: number; readonly into: Uint8Array }[] = [];
  for (const { cell, length, local, row } of overflow) {
    bytes.copyWithin(used, cell, cell + local);
    chains.push({ first: uint32(pages, cell + local), into: bytes.subarray(used + local, used + length) });
    places[row] = used;
    used += length;
  }
  if (!(await readOverflow(tx, layout, chains))) return null;
  return {
    bytes,
    used,
    count,
    starts: places,
    lengths,
    rowids,
    size,
    last: count > 0 ? (rowids[count - 1] ?? 0) : (found.upTo ?? 0),
    isLast: !isCut && found.isLast,
    leaves: cells.leaves,
  };
}

const HEADER = 8;

/** A record that continues on overflow pages. */
interface Overflowing {
  readonly row: number;
  /** Offset and number of the bytes that are on the leaf page itself. */
  readonly cell: number;
  readonly local: number;
  readonly length: number;
}

interface Cells {
  readonly count: number;
  readonly rowids: Float64Array;
  readonly places: Int32Array;
  readonly lengths: Int32Array;
  readonly overflow: readonly Overflowing[];
  readonly size: number;
  readonly isCut: boolean;
  readonly leaves: number;
}

function listCells(
  pages: Uint8Array,
  { pageSize, usable }: TableLayout,
  { after, maxBytes, maxBytesOfRow }: PageRequest,
): Cells | null {
  const ends = pages.length;
  let cells = 0;
  for (let page = 0; page < ends; page += pageSize) {
    if (pages[page] !== LEAF) return null;
    cells += uint16(pages, page + 3);
  }
  const rowids = new Float64Array(cells);
  const places = new Int32Array(cells);
  const lengths = new Int32Array(cells);
  const overflow: Overflowing[] = [];
  const varint: Varint = { value: 0, length: 0 };
  const maxLocal = usable - 35;
  let count = 0;
  let size = 0;
  for (let page = 0; page < ends; page += pageSize) {
    const onPage = uint16(pages, page + 3);
    for (let cell = 0, pointer = page + HEADER; cell < onPage; cell++, pointer += 2) {
      const offset = uint16(pages, pointer);
      let at = page + offset;
      readVarint(pages, at, varint);
      const length = varint.value;
      at += varint.length;
      readVarint(pages, at, varint);
      const rowid = varint.value;
      at += varint.length;
      if (Number.isNaN(rowid) || !(length > 0)) return null;
      if (after !== null && rowid <= after) continue;
      const isTooLarge = length > maxBytesOfRow;
      if (isTooLarge && count === 0) return null;
      if (isTooLarge || (count > 0 && size + length > maxBytes))
        return { count, rowids, places, lengths, overflow, size, isCut: true, leaves: page / pageSize + 1 };
      if (length > maxLocal) {
        const local = localBytes(length, usable);
        if (offset + local + 4 > usable) return null;
        overflow.push({ row: count, cell: at, local, length });
      } else if (at + length > page + usable) return null;
      rowids[count] = rowid;
      places[count] = at;
      lengths[count] = length;
      size += length;
      count++;
    }
  }
  return { count, rowids, places, lengths, overflow, size, isCut: false, leaves: ends / pageSize };
}

/**
 * How many bytes of a record stay on its leaf page: https://www.sqlite.org/fileformat2.html#cell_payload_overflow_pages
 */
function localBytes(length: number, usable: number): number {
  const min = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = min + ((length - min) % (usable - 4));
  return fitting <= usable - 35 ? fitting : min;
}
