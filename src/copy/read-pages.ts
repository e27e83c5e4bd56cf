import { refusedValues } from "../db/find-refused.ts";
import { PageSize } from "../db/page-size.ts";
import type { Source } from "../db/source.ts";
import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import { keyTextOf } from "../value/key-text.ts";
import { type Page, readPage } from "./read-page.ts";
import { renderPageQueries } from "./render-page.ts";

const FIRST_PAGE = 500;
const MOST_ROWS = 20_000;
const PAGE_BYTES = 512 << 10;

/** Reads all pages of a table, each a snapshot of its own, and hands them over one by one. */
export async function readPages(source: Source, mapping: TableMapping, options: { readonly mostRows: number | null; readonly take: (page: Page) => Promise<void> }): Promise<void> {
  const queries = renderPageQueries(mapping);
  const size = new PageSize({ first: FIRST_PAGE, most: options.mostRows ?? MOST_ROWS });
  for (let position: Tuple | null = null; ; ) {
    const page: Page | null = await readPage(source, queries, mapping, position, { rows: size.rows, bytes: PAGE_BYTES });
    if (page === null) return;
    if (page.refused > 0) throw await refusedValues(source, mapping, position);
    size.learn(page);
    await options.take(page);
    position = page.last;
  }
}

/** The page with each row's key before its own fields. */
export function withKeys(page: Page): Page {
  if (page.keys === null) return page;
  const lines = Buffer.from(page.text).toString("latin1").split("\n").slice(0, -1);
  const keyed = lines.map((line, index) => `${keyTextOf(page.keys?.sent[index] ?? [])}\t${line}\n`);
  return { ...page, text: Buffer.from(keyed.join(""), "latin1") };
}
