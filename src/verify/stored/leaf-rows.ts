import type { SourceReader } from "../../source/source.ts";
import { type Chain, readChains } from "./record-chains.ts";
import type { TableTree } from "./table-tree.ts";
import type { LeafPages } from "./tree-descent.ts";
import { PAGE_KIND } from "./tree-descent.ts";
import { TreeNumber } from "./tree-number.ts";

/** Records of rows, in the order of their rowids. */
export interface LeafRows {
  readonly count: number;
  readonly rowids: Float64Array;
  /** Of each record, in the leaves' bytes. */
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly bytes: Uint8Array;
  /** Records that go on behind their page, by their row. */
  readonly spilled: ReadonlyMap<number, Uint8Array>;
  /** All rows up to this rowid are read; null: up to the last of the table. */
  readonly upTo: number | null;
}

export interface LeafRange {
  readonly after: number | null;
  readonly upTo: number | null;
  /** Bytes of all records, but for one alone that is larger. */
  readonly maxBytes: number;
}

const LEAF = { cells: 3, pointers: 8 } as const;

/** The rows of a range that lie on some leaves. Null for what is no leaf of a table, or only SQLite can read. */
export async function rowsOfLeaves(
  tx: SourceReader,
  tree: TableTree,
  leaves: LeafPages,
  range: LeafRange,
): Promise<LeafRows | null> {
  const cells = cellsOf(leaves.bytes, tree, range);
  if (cells === null) return null;
  const spilled = new Map<number, Uint8Array>();
  const chains: Chain[] = [];
  for (const row of cells.spilledRows) {
    const [start, length] = [cells.starts[row] ?? 0, cells.lengths[row] ?? 0];
    const local = bytesOnLeaf(length, tree.usableBytes);
    const record = new Uint8Array(length);
    record.set(leaves.bytes.subarray(start, start + local));
    const page = new DataView(leaves.bytes.buffer, leaves.bytes.byteOffset).getUint32(start + local);
    chains.push({ record, filled: local, page });
    spilled.set(row, record);
  }
  if (!(await readChains(tx, tree, chains))) return null;
  const { count, isCut, lengths, rowids, starts } = cells;
  const upTo = isCut ? (rowids[count - 1] ?? null) : leaves.upTo;
  return { count, rowids, starts, lengths, bytes: leaves.bytes, spilled, upTo };
}

interface Cells extends Pick<LeafRows, "count" | "rowids" | "starts" | "lengths"> {
  readonly spilledRows: readonly number[];
  /** Rows of the range follow on these leaves. */
  readonly isCut: boolean;
}

function cellsOf(bytes: Uint8Array, { pageBytes, usableBytes }: TableTree, range: LeafRange): Cells | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let most = 0;
  for (let page = 0; page < bytes.length; page += pageBytes) {
    const cells = view.getUint16(page + LEAF.cells);
    if (bytes[page] !== PAGE_KIND.leaf || LEAF.pointers + 2 * cells > usableBytes) return null;
    most += cells;
  }
  const [rowids, starts, lengths] = [new Float64Array(most), new Int32Array(most), new Int32Array(most)];
  const spilledRows: number[] = [];
  const number = new TreeNumber();
  let count = 0;
  let size = 0;
  for (let page = 0; page < bytes.length; page += pageBytes) {
    const cells = view.getUint16(page + LEAF.cells);
    for (let cell = 0; cell < cells; cell++) {
      number.read(bytes, page + view.getUint16(page + LEAF.pointers + 2 * cell));
      const length = number.value;
      number.read(bytes, number.end);
      const rowid = number.value;
      const start = number.end;
      if (Number.isNaN(rowid) || !(length > 0)) return null;
      if (range.after !== null && rowid <= range.after) continue;
      if (range.upTo !== null && rowid > range.upTo)
        return { count, rowids, starts, lengths, spilledRows, isCut: false };
      if (count > 0 && size + length > range.maxBytes)
        return { count, rowids, starts, lengths, spilledRows, isCut: true };
      const onLeaf = bytesOnLeaf(length, usableBytes);
      if (start + onLeaf > page + usableBytes) return null;
      if (onLeaf < length) spilledRows.push(count);
      rowids[count] = rowid;
      starts[count] = start;
      lengths[count] = length;
      size += length;
      count++;
    }
  }
  return { count, rowids, starts, lengths, spilledRows, isCut: false };
}

/** https://www.sqlite.org/fileformat2.html#cell_payload_overflow_pages */
function bytesOnLeaf(length: number, usable: number): number {
  if (length <= usable - 35) return length;
  const least = Math.trunc(((usable - 12) * 32) / 255) - 23;
  const even = least + ((length - least) % (usable - 4));
  return even > usable - 35 ? least : even;
}
