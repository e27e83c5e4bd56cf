import type { Tuple } from "../model/key.ts";
import type { TableMapping } from "../model/mapping.ts";
import { rejectedValues } from "../rows/find-rejected.ts";
import { keyTextOf } from "../rows/key-text.ts";
import type { Source } from "../source/source.ts";
import type { Page } from "./page.ts";
import { PageLimits } from "./page-limits.ts";
import { readPage } from "./read-page.ts";
import { renderPageQueries } from "./render-page.ts";

/** Reads all pages of a table, each a snapshot of its own, and hands them over one by one. */
export async function readPages(
  source: Source,
  mapping: TableMapping,
  options: { readonly maxRows: number | null; readonly take: (page: Page) => Promise<void> },
): Promise<void> {
  const queries = renderPageQueries(mapping);
  const limits = new PageLimits({ maxRows: options.maxRows, of: source, expectsFastPath: false });
  for (let position: Tuple | null = null; ; ) {
    const page: Page | null = await readPage(source, queries, mapping, position, limits);
    if (page === null) return;
    if (page.refused > 0) throw await rejectedValues(source, mapping, position);
    limits.learn(page);
    await options.take(page);
    position = page.last;
  }
}

/** The page with each row's key before its own fields. */
export function withKeys(page: Page): Page {
  if (page.keys === null) return page;
  const lines = Buffer.from(page.data).toString("latin1").split("\n").slice(0, -1);
  const keyed = lines.map((line, index) => `${keyTextOf(page.keys?.sent[index] ?? [])}\t${line}\n`);
  return { ...page, data: Buffer.from(keyed.join(""), "latin1") };
}
