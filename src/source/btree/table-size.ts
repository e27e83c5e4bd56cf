import type { ReadOptions, Source, SourceReader } from "../source.ts";
import { readFilePages, uint16 } from "./file-pages.ts";
import { childrenOf, INTERIOR, LEAF } from "./leaf-walk.ts";
import { LayoutReader, type TableLayout } from "./table-layout.ts";

/** How many pages of each b-tree level are sampled. Pages of one level have about the same number of children. */
const MAX_SAMPLED_PAGES = 64;
const MAX_DEPTH = 20;
/** Estimating one table takes as long as copying some hundred rows. */
const MAX_TABLES = 100;

/**
 * Estimated number of leaf pages by table, without overflow pages. Copying time follows from this size, not from the
 * number of rows. 0 for a table without a rowid b-tree. Only the first tables are estimated if there are many.
 */
export async function tableSizes(source: Source, tables: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  if (source.kind !== "file") return sizes;
  for (const table of tables.slice(0, MAX_TABLES)) {
    const size = await source.read(async (tx) => {
      const layout = await new LayoutReader(table).read(tx);
      return layout === null ? 0 : leavesOf(tx, layout);
    });
    sizes.set(table, size);
  }
  return sizes;
}

/** Estimated size of a table's b-tree, in bytes, without overflow pages; null where the file's pages cannot be read. */
export async function sizeOfTree(source: Source, table: string, options: ReadOptions = {}): Promise<number | null> {
  if (source.kind !== "file") return null;
  return source.read(async (tx) => {
    const layout = await new LayoutReader(table).read(tx);
    return layout === null ? null : (await leavesOf(tx, layout)) * layout.pageSize;
  }, options);
}

async function leavesOf(tx: SourceReader, { pageSize, root, usable }: TableLayout): Promise<number> {
  let level: readonly number[] = [root];
  let pages = 1;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const sampled =
      level.length <= MAX_SAMPLED_PAGES
        ? level
        : level.filter((_, index) => index % Math.ceil(level.length / MAX_SAMPLED_PAGES) === 0);
    const found = await readFilePages(tx, sampled, pageSize);
    if (found === null || found[0] === LEAF) return pages;
    const next: number[] = [];
    let children = 0;
    for (let at = 0; at < found.length; at += pageSize) {
      if (found[at] !== INTERIOR) return pages;
      children += uint16(found, at + 3) + 1;
      for (const child of childrenOf(found.subarray(at, at + pageSize), usable, null) ?? []) next.push(child.page);
    }
    pages = Math.round((pages * children) / sampled.length);
    level = next;
  }
  return pages;
}
