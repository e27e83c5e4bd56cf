import type { SourceReader } from "../source.ts";
import { readFilePages, uint32 } from "./file-pages.ts";
import type { TableLayout } from "./table-layout.ts";

interface Chain {
  readonly into: Uint8Array;
  filled: number;
  next: number;
  /** How many pages to request at once. */
  guess: number;
}

/** Upper limit of pages in one query. */
const MAX_PAGES_AT_ONCE = 1_024;

/**
 * Reads the overflow pages of records into their buffers. Each page names the next one of its chain. Returns false if a
 * chain ends too early.
 */
export async function readOverflow(
  tx: SourceReader,
  { pageSize, usable }: TableLayout,
  records: readonly { readonly first: number; readonly into: Uint8Array }[],
): Promise<boolean> {
  const chains: Chain[] = records.map(({ first, into }) => ({
    into,
    filled: 0,
    next: first,
    guess: MAX_PAGES_AT_ONCE,
  }));
  const held = usable - 4;
  for (let open = chains; open.length > 0; open = open.filter(({ filled, into }) => filled < into.length)) {
    // A chain mostly occupies consecutive pages, so the pages that would follow are requested along with the next one.
    const request: number[] = [];
    const runs: { readonly chain: Chain; readonly first: number; readonly count: number }[] = [];
    for (const chain of open) {
      const room = MAX_PAGES_AT_ONCE - request.length;
      if (room <= 0) break;
      const count = Math.min(room, chain.guess, Math.ceil((chain.into.length - chain.filled) / held));
      runs.push({ chain, first: request.length, count });
      for (let page = 0; page < count; page++) request.push(chain.next + page);
    }
    const found =
      (await readFilePages(tx, request, pageSize)) ??
      (await readFilePages(
        tx,
        runs.map(({ chain }) => chain.next),
        pageSize,
      ));
    if (found === null) return false;
    const isGuess = found.length === request.length * pageSize;
    for (const [index, { chain, first, count }] of runs.entries()) {
      const given = isGuess ? count : 1;
      let page = 0;
      for (let number = chain.next; page < given && chain.next === number; page++, number++) {
        const at = (isGuess ? first + page : index) * pageSize;
        const bytes = Math.min(held, chain.into.length - chain.filled);
        chain.into.set(found.subarray(at + 4, at + 4 + bytes), chain.filled);
        chain.filled += bytes;
        chain.next = uint32(found, at);
      }
      if (chain.filled < chain.into.length && chain.next === 0) return false;
      // In a scattered chain most of the requested pages were useless, so the next request is smaller.
      chain.guess = page < count ? page * 2 : MAX_PAGES_AT_ONCE;
    }
  }
  return true;
}
