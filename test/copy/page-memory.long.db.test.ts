import { expect, it, onTestFinished } from "vitest";
import { PageLimits } from "../../src/copy/page-limits.ts";
import { readPage } from "../../src/copy/read-page.ts";
import { renderPageQueries } from "../../src/copy/render-page.ts";
import type { Tuple } from "../../src/model/key.ts";
import type { ColumnMapping, TableMapping } from "../../src/model/mapping.ts";
import { openSource } from "../../src/source/source.ts";
import { CanonicalPages } from "../../src/verify/canonical-pages.ts";
import { sqliteFile } from "../support/source.ts";

// Pages learn their size from the rows before: 60,000 of a few bytes say nothing of the 6,000 of 12 KB that follow.
const ROWS = 66_000;
const MOST = 17 << 20;

const id: ColumnMapping = {
  source: "id",
  target: "id",
  affinity: "integer",
  collation: "BINARY",
  conversion: { kind: "integer", type: "bigint" },
};
const body: ColumnMapping = {
  source: "body",
  target: "body",
  affinity: "text",
  collation: "BINARY",
  conversion: { kind: "text", maxLength: null, padded: false },
};
const MAPPING: TableMapping = {
  id: 1,
  source: "note",
  target: { schema: "public", name: "note" },
  identity: { kind: "columns", columns: ["id"] },
  columns: [id, body],
};

async function notes() {
  const { path } = await sqliteFile(`
    CREATE TABLE note(id INTEGER PRIMARY KEY, body TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS}) INSERT INTO note SELECT i, CASE
      WHEN i > 60000 THEN printf('%012000d', i) ELSE 'x' END FROM n`);
  const source = openSource({ url: path });
  onTestFinished(() => source.close());
  return source;
}

it.each([true, false])(
  "a page of the copy stays small where rows grow at once (as usual: %s)",
  async (expectsFastPath) => {
    const source = await notes();
    const limits = new PageLimits({ of: { kind: "file" }, maxRows: null, expectsFastPath });
    // So many rows as a quick machine takes.
    for (let page = 0; page < 20; page++)
      limits.learn({
        rows: limits.rows,
        data: new Uint8Array(limits.rows),
        format: "text",
        isFastPath: true,
        refused: 0,
        last: [],
        isLast: false,
        isLargeRow: false,
        durationMs: 1,
        keys: null,
      });
    expect(limits.rows).toBe(20_000);
    const queries = renderPageQueries(MAPPING);
    let rows = 0;
    let largest = 0;
    for (
      let page = await readPage(source, queries, MAPPING, null, limits);
      page !== null;
      page = await readPage(source, queries, MAPPING, page.last, limits)
    ) {
      rows += page.rows;
      largest = Math.max(largest, page.data.byteLength);
      expect(page.isLargeRow).toBe(false);
      expect(page.isFastPath).toBe(expectsFastPath);
    }
    expect(rows).toBe(ROWS);
    expect(largest).toBeLessThan(MOST);
  },
);

it("a page of the comparison does, too", async () => {
  const source = await notes();
  const pages = new CanonicalPages(MAPPING, { captured: false, order: [id] });
  let rows = 0;
  let largest = 0;
  const next = (after: Tuple | null) =>
    source.read((tx) => {
      const rows = async (sql: string, args: Parameters<typeof tx.rows>[1] = []) => {
        const found = await tx.rows(sql, args);
        for (const value of found.flat())
          if (value instanceof ArrayBuffer) largest = Math.max(largest, value.byteLength);
        return found;
      };
      return pages.read({ rows }, { after, upTo: null }, { maxRows: 20_000, watermark: 0n });
    });
  for (let page = await next(null); page !== null; page = await next(page.last)) rows += page.rows;
  expect(largest).toBeGreaterThan(1 << 20);
  expect(rows).toBe(ROWS);
  expect(largest).toBeLessThan(MOST);
});
