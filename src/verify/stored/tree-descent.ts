import type { SourceReader } from "../../source/source.ts";
import type { TableTree } from "./table-tree.ts";
import { TreeNumber } from "./tree-number.ts";
import { readTreePages } from "./tree-pages.ts";

/** Kinds of pages in a table's b-tree: https://www.sqlite.org/fileformat2.html#b_tree_pages */
export const PAGE_KIND = { interior: 5, leaf: 13 } as const;
const INTERIOR = { cells: 3, rightmost: 8, pointers: 12 } as const;
/** SQLite goes no deeper. */
const MAX_DEPTH = 20;

export interface LeafPages {
  /** One behind the other, in the order of their rowids. */
  readonly bytes: Uint8Array;
  /** No rowid on them is larger; null if they are the table's last. */
  readonly upTo: number | null;
}

/** The next leaf pages behind a rowid, all of one parent. Null for what cannot be read. */
export async function leavesBehind(
  tx: SourceReader,
  tree: TableTree,
  { after, max }: { readonly after: number | null; readonly max: number },
): Promise<LeafPages | null> {
  let bytes = await readTreePages(tx, [tree.root]);
  let upTo: number | null = null;
  for (let depth = 0; depth < MAX_DEPTH && bytes !== null; depth++) {
    if (bytes[0] === PAGE_KIND.leaf) return { bytes, upTo };
    const children = bytes[0] === PAGE_KIND.interior ? childrenBehind(bytes, tree, after) : null;
    const [first] = children ?? [];
    if (children === null || first === undefined) return null;
    const child: Uint8Array | null = await readTreePages(tx, [first.page]);
    if (child?.[0] !== PAGE_KIND.leaf) {
      bytes = child;
      upTo = first.upTo ?? upTo;
      continue;
    }
    const taken = children.slice(0, Math.max(1, max));
    const leaves = await readTreePages(
      tx,
      taken.map(({ page }) => page),
    );
    return leaves === null ? null : { bytes: leaves, upTo: taken.at(-1)?.upTo ?? upTo };
  }
  return null;
}

interface Child {
  readonly page: number;
  /** Null: whatever is larger than the others'. */
  readonly upTo: number | null;
}

/** The children of an interior page that may hold rowids behind one. */
function childrenBehind(bytes: Uint8Array, { usableBytes }: TableTree, after: number | null): Child[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = new TreeNumber();
  const children: Child[] = [];
  const cells = view.getUint16(INTERIOR.cells);
  if (INTERIOR.pointers + 2 * cells > usableBytes) return null;
  for (let cell = 0; cell < cells; cell++) {
    const at = view.getUint16(INTERIOR.pointers + 2 * cell);
    if (at + 5 > usableBytes) return null;
    number.read(bytes, at + 4);
    if (Number.isNaN(number.value)) return null;
    if (after === null || number.value > after) children.push({ page: view.getUint32(at), upTo: number.value });
  }
  children.push({ page: view.getUint32(INTERIOR.rightmost), upTo: null });
  return children;
}
