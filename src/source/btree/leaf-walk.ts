import type { SourceReader } from "../source.ts";
import { readFilePages, uint16, uint32 } from "./file-pages.ts";
import type { TableLayout } from "./table-layout.ts";
import { readVarint, type Varint } from "./varint.ts";

export interface Leaves {
  /** One behind the other, in the order of the rows. */
  readonly bytes: Uint8Array;
  /** The largest rowid that can be on them; null if they are the table's last. */
  readonly upTo: number | null;
  readonly isLast: boolean;
}

export const INTERIOR = 0x05;
export const LEAF = 0x0d;
const HEADER = 12;
/** SQLite's own limit. */
const DEEPEST = 20;

/**
 * Goes from the root to the pages with the rows behind a rowid: those of one parent. What it meets tells the pages that come next, and
 * the next time it asks for them along with those on the way there, as a guess: a question takes SQLite and libsql a tenth of a
 * millisecond. The way is found from the root each time, so a guess that has become wrong is only not used.
 */
export class LeafWalk {
  #last: Parent | null = null;

  /** Null if the pages are not what they should be. `most`: leaves at most. */
  async next(
    tx: SourceReader,
    { root, pageSize, usable }: TableLayout,
    after: number | null,
    most: number,
  ): Promise<Leaves | null> {
    const guess = await this.#guess(tx, { root, pageSize, after, most });
    if (guess === null) return null;
    const path = [root];
    let page = guess.root;
    if (page[0] === LEAF) return { bytes: page, upTo: null, isLast: true };
    let neighbour: Child | undefined;
    // Of what is below the page; null at the right edge of the table.
    let upTo: number | null = null;
    while (path.length < DEEPEST) {
      const depth = path.length;
      const children: readonly Child[] | null = page[0] === INTERIOR ? childrenOf(page, usable, after) : null;
      const [first, second] = children ?? [];
      if (children === null || first === undefined) return null;
      // Above where leaves were the last time, there will be none now.
      const taken = depth < guess.path.length ? [first] : children.slice(0, Math.max(1, most));
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
      most,
    }: { readonly root: number; readonly pageSize: number; readonly after: number | null; readonly most: number },
  ): Promise<Guess | null> {
    const last = this.#last?.path[0] === root ? this.#last : { path: [root], neighbour: null, leaves: [] };
    const left = last.leaves.filter(({ upTo }) => after === null || upTo === null || upTo > after);
    const path = left.length > 0 || last.neighbour === null ? last.path : [...last.path.slice(0, -1), last.neighbour];
    const leaves = left.slice(0, Math.max(1, most)).map(({ page }) => page);
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
    // The file may have become shorter.
    this.#last = null;
    return this.#guess(tx, { root, pageSize, after, most });
  }
}

/** Of the leaves that were read last. */
interface Parent {
  /** From the root to it. */
  readonly path: readonly number[];
  /** The next one of the same level, if both have one parent. */
  readonly neighbour: number | null;
  readonly leaves: readonly Child[];
}

/** Pages of one snapshot that were asked for before it was known that they are wanted. */
interface Guess {
  readonly path: readonly number[];
  readonly root: Uint8Array;
  /** Those that the way leads to, so far below the root; null if they are not among the guessed. */
  readonly pagesOf: (pages: readonly Child[], depth: number) => Uint8Array | null;
}

function areThose(children: readonly Child[], pages: readonly number[]): boolean {
  return children.length === pages.length && children.every(({ page }, index) => page === pages[index]);
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
