import { join } from "node:path";
import fc from "fast-check";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";
import { LeafWalk, type Leaves } from "../../../src/source/btree/leaf-walk.ts";
import { LayoutReader, type TableLayout } from "../../../src/source/btree/table-layout.ts";
import { openSource, type SourceReader } from "../../../src/source/source.ts";
import { temporaryDirectory } from "../../support/source.ts";

const directory = temporaryDirectory(afterAll);
let files = 0;

/** A table of three levels with pages of 512 bytes, which others write between two of our snapshots. */
async function withTable<T>(
  rows: number,
  work: (table: {
    readonly write: (sql: string) => void;
    readonly read: <R>(inSnapshot: (tx: SourceReader, layout: TableLayout) => Promise<R>) => Promise<R>;
  }) => Promise<T>,
): Promise<T> {
  const path = join(directory, `${files++}.db`);
  const database = new Database(path);
  database.exec(
    "PRAGMA page_size = 512; PRAGMA journal_mode = WAL; CREATE TABLE t(id INTEGER PRIMARY KEY, " +
      `a TEXT); ${inserts(1, rows)}`,
  );
  const source = openSource({ url: path });
  try {
    const read = <R>(inSnapshot: (tx: SourceReader, layout: TableLayout) => Promise<R>) =>
      source.read(async (tx) => inSnapshot(tx, (await new LayoutReader("t").read(tx)) ?? expect.fail("no layout")));
    return await work({ write: (sql) => database.exec(sql), read });
  } finally {
    source.close();
    database.close();
  }
}

function inserts(from: number, rows: number, bytes = 60): string {
  return (
    `INSERT OR REPLACE INTO t WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n ` +
    `WHERE i < ${from + rows - 1}) SELECT i, hex(zeroblob(${bytes >> 1})) FROM n;`
  );
}

describe("a walk over the leaves of a table", () => {
  it("needs one query for the next pages, and two at another parent page", async () => {
    await withTable(5_000, async ({ read }) => {
      const walk = new LeafWalk();
      const questions: number[] = [];
      for (let after: number | null = null; ; ) {
        const from: number | null = after;
        const found = await read(async (tx, layout) => {
          let request = 0;
          const counting: SourceReader = { rows: (sql, args) => (request++, tx.rows(sql, args)) };
          const leaves = await walk.next(counting, layout, from, 8);
          questions.push(request);
          return leaves;
        });
        if (found === null || found.isLast) break;
        after = found.upTo;
      }
      const [, ...later] = questions;
      expect(later.length).toBeGreaterThan(50);
      expect(Math.max(...later)).toBeLessThanOrEqual(3);
      expect(later.reduce((sum, request) => sum + request, 0) / later.length).toBeLessThan(1.3);
    });
  });

  it("finds the same as a new walk, whatever is written meanwhile", async () => {
    const write = fc.oneof(
      fc
        .record({
          from: fc.integer({ min: 1, max: 6_000 }),
          rows: fc.integer({ min: 1, max: 2_000 }),
          bytes: fc.constantFrom(2, 60, 300),
        })
        .map(({ from, rows, bytes }) => inserts(from, rows, bytes)),
      fc
        .record({ from: fc.integer({ min: 1, max: 6_000 }), rows: fc.integer({ min: 1, max: 4_000 }) })
        .map(({ from, rows }) => `DELETE FROM t WHERE id BETWEEN ${from} AND ${from + rows};`),
      fc.constantFrom(
        "DELETE FROM t;",
        "VACUUM;",
        "DROP TABLE t; CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (3000, 'x');",
        "",
      ),
    );
    const step = fc.record({
      write,
      maxBytes: fc.integer({ min: 1, max: 40 }),
      goesOn: fc.boolean(),
      anywhere: fc.integer({ min: 0, max: 6_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), (steps) =>
        withTable(3_000, async ({ write: writes, read }) => {
          const walk = new LeafWalk();
          let after: number | null = null;
          for (const { write: sql, maxBytes, goesOn, anywhere } of steps) {
            writes(sql);
            const from: number | null = goesOn ? after : anywhere;
            const [known, restart]: (Leaves | null)[] = await read(async (tx, layout) => [
              await walk.next(tx, layout, from, maxBytes),
              await new LeafWalk().next(tx, layout, from, maxBytes),
            ]);
            // Where the tree was deeper the time before, one leaf may come alone.
            expect(known?.bytes.length ?? 0).toBeGreaterThan(0);
            expect(
              Buffer.from(known?.bytes ?? []).equals(
                Buffer.from(restart?.bytes ?? []).subarray(0, known?.bytes.length),
              ),
            ).toBe(true);
            if (known?.bytes.length === restart?.bytes.length)
              expect([known?.upTo, known?.isLast]).toEqual([restart?.upTo, restart?.isLast]);
            else expect(known?.bytes.length).toBe(512);
            after = known?.upTo ?? null;
          }
        }),
      ),
      { numRuns: 20 },
    );
  });
});
