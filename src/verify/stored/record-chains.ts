import type { SourceReader } from "../../source/source.ts";
import type { TableTree } from "./table-tree.ts";
import { readTreePages } from "./tree-pages.ts";

/** A record whose end is still to be read from pages of its own, each of which names the next. */
export interface Chain {
  readonly record: Uint8Array;
  filled: number;
  page: number;
}

const MAX_PAGES = 1_024;

/** Fills the records. False if a chain breaks off. */
export async function readChains(tx: SourceReader, tree: TableTree, chains: readonly Chain[]): Promise<boolean> {
  let open = chains;
  // Most often the pages of a chain lie one behind the other: then a round reads all of them.
  let runPages = MAX_PAGES;
  while (open.length > 0) {
    const found = (await readRuns(tx, tree, open, runPages)) ?? (await readRuns(tx, tree, open, 1));
    if (found === null) return false;
    // Where they do not, each round reads one page of each chain.
    runPages = found.used * 2 < found.read ? 1 : MAX_PAGES;
    open = open.filter(({ filled, record }) => filled < record.length);
    if (open.some(({ page }) => page === 0)) return false;
  }
  return true;
}

/** Takes of each chain as many pages as follow each other. Null where not all of the pages exist. */
async function readRuns(
  tx: SourceReader,
  { pageBytes, usableBytes }: TableTree,
  chains: readonly Chain[],
  runPages: number,
): Promise<{ readonly read: number; readonly used: number } | null> {
  const held = usableBytes - 4;
  const wanted: number[] = [];
  const runs: { readonly chain: Chain; readonly first: number; readonly pages: number }[] = [];
  for (const chain of chains) {
    const left = Math.ceil((chain.record.length - chain.filled) / held);
    const pages = Math.min(left, runPages, MAX_PAGES - wanted.length);
    if (pages <= 0) break;
    runs.push({ chain, first: wanted.length, pages });
    for (let page = 0; page < pages; page++) wanted.push(chain.page + page);
  }
  const bytes = await readTreePages(tx, wanted);
  if (bytes === null) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let used = 0;
  for (const { chain, first, pages } of runs) {
    for (let index = first; index < first + pages && wanted[index] === chain.page; index++) {
      const at = index * pageBytes;
      const taken = Math.min(held, chain.record.length - chain.filled);
      chain.record.set(bytes.subarray(at + 4, at + 4 + taken), chain.filled);
      chain.filled += taken;
      chain.page = view.getUint32(at);
      used++;
    }
  }
  return { read: wanted.length, used };
}
