import type { SourceReader } from "../source.ts";
import { readFilePages, uint16, uint32 } from "./file-pages.ts";
import type { TableLayout } from "./table-layout.ts";
import { readVarint, type Varint } from "./varint.ts";

export interface Leaves {
  /** The leaf pages, concatenated in the order of their rows. */
  readonly bytes: Uint8Array;
  /** The largest rowid that these pages can hold; null if they are the last ones of the table. */
  readonly upTo: number | null;
  readonly isLast: boolean;
}

export const INTERIOR = 0x05;
export const LEAF = 0x0d;
const HEADER = 12;
/** SQLite's own limit for the depth of a cursor. */
const MAX_DEPTH = 20;

/**
 * Walks from the root of a table's b-tree to the leaves that hold the rows after a rowid. All leaves of one call have
 * the same parent.
 *
 * Each call guesses the path and the next leaves from the previous call and reads them in one query, since a query
 * through libsql costs about 0.1 ms. The path is checked from the root every time, so a wrong guess costs one more
 * query and nothing else.
 */
export class LeafWalk {
  #last: Parent | null = null;

  /** Null if a page is not a page of this table's b-tree. */
  async next(
    tx: SourceReader,
    { root, pageSize, usable }: TableLayout,
    after: number | null,
    maxLeaves: number,
  ): Promise<Leaves | null> {
    const guess = await this.#guess(tx, { root, pageSize, after, maxLeaves });
    if (guess === null) return null;
    const path = [root];
    let page = guess.root;
    if (page[0] === LEAF) return { bytes: page, upTo: null, isLast: true };
    let neighbour: Child | undefined;
    // Upper bound of the rowids below this page; null at the right edge of the table.
    let upTo: number | null = null;
    while (path.length < MAX_DEPTH) {
      const depth = path.length;
      const children: readonly Child[] | null = page[0] === INTERIOR ? childrenOf(page, usable, after) : null;
      const [first, second] = children ?? [];
      if (children === null || first === undefined) return null;
      // The previous walk found leaves deeper than this, so this level has inner pages only: one is enough.
      const taken = depth < guess.path.length ? [first] : children.slice(0, Math.max(1, maxLeaves));
      const bytes =
        guess.pagesOf(taken, depth) ??
        (await readFilePages(
          tx,
          taken.map((child) => child.page),
          pageSize,
        ));
      if (bytes === null) return null;
      if (bytes[0] === LEAF) {
        this.#last = {
          path,
          neighbour: neighbour?.page ?? null,
          leaves: children.map((child) => ({ page: child.page, upTo: child.upTo ?? upTo })),
        };
        const end = taken.at(-1)?.upTo ?? upTo;
        return { bytes, upTo: end, isLast: end === null };
      }
      path.push(first.page);
      neighbour = second;
      upTo = first.upTo ?? upTo;
      page = bytes.subarray(0, pageSize);
    }
    return null;
  }

  async #guess(
    tx: SourceReader,
    {
      root,
      pageSize,
      after,
      maxLeaves,
    }: { readonly root: number; readonly pageSize: number; readonly after: number | null; readonly maxLeaves: number },
  ): Promise<Guess | null> {
    const last = this.#last?.path[0] === root ? this.#last : { path: [root], neighbour: null, leaves: [] };
    const left = last.leaves.filter(({ upTo }) => after === null || upTo === null || upTo > after);
    const path = left.length > 0 || last.neighbour === null ? last.path : [...last.path.slice(0, -1), last.neighbour];
    const leaves = left.slice(0, Math.max(1, maxLeaves)).map(({ page }) => page);
    const bytes = await readFilePages(tx, [...path, ...leaves], pageSize);
    if (bytes !== null) {
      const pageAt = (index: number) => bytes.subarray(index * pageSize, (index + 1) * pageSize);
      const pagesOf = (pages: readonly Child[], depth: number) => {
        if (depth < path.length) return pages[0]?.page === path[depth] ? pageAt(depth) : null;
        return areThose(pages, leaves) ? bytes.subarray(path.length * pageSize) : null;
      };
      return { path, root: pageAt(0), pagesOf };
    }
    if (this.#last === null) return null;
    // The guess may name pages that VACUUM has cut off: start again from the root.
    this.#last = null;
    return this.#guess(tx, { root, pageSize, after, maxLeaves });
  }
}

/** The parent of the leaves that were read last. */
interface Parent {
  /** Page numbers from the root down to this page. */
  readonly path: readonly number[];
  /** Number of the next page on this level, if both have the same parent. */
  readonly neighbour: number | null;
  readonly leaves: readonly Child[];
}

/** Pages that were read before it was known whether they are needed. All come from one snapshot. */
interface Guess {
  readonly path: readonly number[];
  readonly root: Uint8Array;
  /** The given pages at this depth below the root; null if the guess did not include them. */
  readonly pagesOf: (pages: readonly Child[], depth: number) => Uint8Array | null;
}

function areThose(children: readonly Child[], pages: readonly number[]): boolean {
  return children.length === pages.length && children.every(({ page }, index) => page === pages[index]);
}

interface Child {
  readonly page: number;
  /** Null for the rightmost child. */
  readonly upTo: number | null;
}

/** The children that may hold rows after a rowid. */
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
