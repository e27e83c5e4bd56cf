import type { SourceTable } from "../model/source-schema.ts";
import type { BoundKey } from "../rows/bind-key.ts";
import type { Source, SourceReader } from "../source/source.ts";
import { nextRange, type PageRange, pageKey } from "./page-range.ts";
import { yieldTurn } from "./yield-turn.ts";

const ROWS = 20_000;

/**
 * Runs `read` on each page of a table, in a short snapshot of its own, which may happen more than once for a page. What
 * `read` returns is called when the snapshot is closed, and says whether to go on.
 */
export async function eachPage(
  source: Source,
  table: SourceTable,
  read: (tx: SourceReader, range: PageRange) => Promise<() => boolean>,
): Promise<void> {
  const key = pageKey(table);
  for (let after: BoundKey | null = null; ; ) {
    const page: { readonly done: () => boolean; readonly last: BoundKey | null } = await source.read(async (tx) => {
      const range = await nextRange(tx, table.name, key, after, ROWS);
      return { done: await read(tx, range), last: range.last };
    });
    await yieldTurn();
    if (!page.done() || page.last === null) return;
    after = page.last;
  }
}
