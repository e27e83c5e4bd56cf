import type { SourceReader } from "../db/source.ts";
import { readFilePages, uint16, uint32 } from "./file-pages.ts";
import type { TableLayout } from "./table-layout.ts";
import { type Varint, readVarint } from "./varint.ts";

export interface Leaves {
  /** Their numbers, in the order of the rows. */
  readonly pages: readonly number[];
  /** The largest rowid that can be on them; null if they are the table's last. */
  readonly upTo: number | null;
  readonly isLast: boolean;
}

export const INTERIOR = 0x05;
export const LEAF = 0x0d;
const HEADER = 12;
/** SQLite's own limit. */
const DEEPEST = 20;

/** Goes from the root to the pages with the rows behind a rowid: those of one parent. Null if the pages are not what they should be. */
export async function findLeaves(tx: SourceReader, { root, pageSize, usable }: TableLayout, after: number | null, most: number): Promise<Leaves | null> {
  let page = await readFilePages(tx, [root], pageSize);
  if (page?.[0] === LEAF) return { pages: [root], upTo: null, isLast: true };
  // Of what is below the page; null at the right edge of the table.
  let upTo: number | null = null;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const children: readonly Child[] | null = page?.[0] === INTERIOR ? childrenOf(page, usable, after) : null;
    const [first] = children ?? [];
    if (children === null || first === undefined) return null;
    page = await readFilePages(tx, [first.page], pageSize);
    if (page?.[0] === LEAF) {
      const taken = children.slice(0, Math.max(1, most));
      const end = taken.at(-1)?.upTo ?? upTo;
      return { pages: taken.map((child) => child.page), upTo: end, isLast: end === null };
    }
    upTo = first.upTo ?? upTo;
  }
  return null;
}

interface Child {
  readonly page: number;
  /** Null of the rightmost one. */
  readonly upTo: number | null;
}

/** Those that may have rows behind a rowid. */
export function childrenOf(page: Uint8Array, usable: number, after: number | null): Child[] | null {
  const cells = uint16(page, 3);
  const children: Child[] = [];
  const varint: Varint = { value: 0, length: 0 };
  for (let cell = 0; cell < cells; cell++) {
    const at = uint16(page, HEADER + 2 * cell);
    if (at + 5 > usable) return null;
    readVarint(page, at + 4, varint);
    if (Number.isNaN(varint.value)) return null;
    if (after === null || varint.value > after) children.push({ page: uint32(page, at), upTo: varint.value });
  }
  return [...children, { page: uint32(page, 8), upTo: null }];
}
