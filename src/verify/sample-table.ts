import type { TableMapping } from "../model/mapping.ts";
import { readingOrder } from "../model/reading-order.ts";
import { RawPages } from "./raw-pages.ts";
import { RowComparison, verifySession } from "./row-comparison.ts";
import type { TableVerification, VerifyOptions } from "./verify-options.ts";

const ROWS = 500;

/** Compares the first rows of a table, value by value: what a column has in all rows alike is seen in them. */
export async function sampleTable(options: VerifyOptions, mapping: TableMapping): Promise<TableVerification> {
  const { captured } = options;
  const session = verifySession(options.session);
  await session.lookUp.prepare([mapping]);
  const rows = new RowComparison(options, mapping, null);
  const raw = new RawPages(mapping, { captured, order: readingOrder(mapping, { isAtRest: !captured }) });
  await rows.page(session, (tx, watermark) => raw.read(tx, { after: null, upTo: null }, ROWS, watermark));
  return rows.result;
}
