import { join } from "node:path";
import fc from "fast-check";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";
import { askJson, askSql } from "../../src/inspect/ask-page.ts";
import { type ColumnTally, type StorageClass, startTally } from "../../src/inspect/column-tally.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { tallyJson } from "../../src/inspect/tally-json.ts";
import { tallyPages } from "../../src/inspect/tally-pages.ts";
import { ValueCounts } from "../../src/inspect/value-counts.ts";
import type { SourceTable } from "../../src/model/source-schema.ts";
import { LeafWalk } from "../../src/source/btree/leaf-walk.ts";
import { readPageRows } from "../../src/source/btree/page-rows.ts";
import { LayoutReader } from "../../src/source/btree/table-layout.ts";
import { openSource, type SourceReader, type SourceValue } from "../../src/source/source.ts";
import { temporaryDirectory } from "../support/source.ts";

const directory = temporaryDirectory(afterAll);

const TYPES = ["INTEGER", "TEXT", "DATETIME", "DECIMAL(5,2)", "REAL", ""];

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }).filter((value) => value.isWellFormed() && !value.includes("\0")),
  fc.constantFrom(
    "",
    "A",
    "\\",
    '"',
    "\n\u0001\u007f",
    "é\u{1f600}",
    "2024-02-29 12:00:00",
    "2024-02-29",
    "2024-02-29T12:00:00.5Z",
    "12:00:00",
    "10.0.0.1",
    "::1",
    "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "6BA7B810-9DAD-11D1-80B4-00C04FD430C8",
    '{"a":1}',
    "[1]",
    "nil",
    "x".repeat(300),
  ),
);
const fastPath = fc.oneof(
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.integer().map(BigInt),
  fc.constantFrom(0n, 1n, 999_999_999_999_999n, 1_000_000_000_000_000n),
  text,
);
/** A column has mostly values of one of these, so that forms are looked for to the end. */
const values = fc.oneof(
  fc.constant(fastPath),
  fc.constant(text),
  fc.constantFrom("2024-01-01 00:00:00", "10.1.1.1", "01:02").map((value) => fc.constant(value)),
  fc.constant(fc.integer({ min: 0, max: 1 }).map(BigInt)),
);
const odd = fc.constantFrom(
  Buffer.from([1, 0xff]),
  2.5,
  12.345,
  -0.01,
  7,
  -1e300,
  123456789012345.67,
  Number.POSITIVE_INFINITY,
  Buffer.alloc(0),
  "y".repeat(40_000),
  "nul\0",
  '["\\u0000"]',
);
const column = fc.record({
  type: fc.constantFrom(...TYPES),
  few: values.chain((value) => fc.array(value, { minLength: 1, maxLength: 15 })),
  strange: fc.array(fc.tuple(fc.nat(39), odd), { maxLength: 2 }),
});

/**
 * Answers as numbers, where SQL says null for what there is none of. The texts themselves are no answer, and what is
 * said of all UUIDs means nothing for other texts.
 */
function plain(all: ReadonlyMap<string, SourceValue>): unknown {
  const meaningless = [
    "bytes",
    ...(all.get("uuids") === all.get("text") ? [] : ["lowerUuids"]),
    ...(Number(all.get("json")) === Number(all.get("text")) ? [] : ["jsonRejected"]),
  ];
  const answers = [...all].filter(([field]) => !meaningless.includes(field));
  return Object.fromEntries(
    answers
      .filter(([field, value]) => value !== null && (field.endsWith("Integer") || Number(value) !== 0))
      .map(([field, value]) => [field, field.endsWith("Integer") ? value : Number(value)])
      .sort(),
  );
}

async function tallyAsStored(
  tx: SourceReader,
  table: SourceTable | undefined,
  tallies: readonly ColumnTally[],
): Promise<ReturnType<typeof tallyPages>> {
  const layout = (await new LayoutReader("t").read(tx)) ?? expect.fail("has no layout");
  const rows =
    (await readPageRows(tx, layout, {
      walk: new LeafWalk(),
      after: null,
      leaves: 1_000,
      maxBytes: 1 << 30,
      maxBytesOfRow: 1 << 30,
      room: () => 0,
    })) ?? expect.fail("has no rows");
  expect(rows).toMatchObject({ count: 40, isLast: true });
  const columns = tallies.map((tally) => ({
    tally,
    column: layout.columns.get(tally.column) ?? expect.fail("is not stored"),
    affinity: table?.columns.find(({ name }) => name === tally.column)?.affinity ?? "blob",
  }));
  return tallyPages(rows, columns, layout.columns.size);
}

describe("a page that is read as JSON, or as it is stored", () => {
  it("says what SQL says, whatever the values, or nothing", { timeout: 120_000 }, async () => {
    const seen = { shown: 0, notShown: 0, notStored: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(column, { minLength: 1, maxLength: 4 }), async (columns) => {
        const database = new Database(join(directory, "app.db"));
        database.exec(
          "DROP TABLE IF EXISTS t; CREATE TABLE " +
            `t(${columns.map(({ type }, index) => `c${index} ${type}`).join(", ")}); BEGIN`,
        );
        const insert = database.prepare(`INSERT INTO t VALUES (${columns.map(() => "?").join(", ")})`);
        for (let row = 0; row < 40; row++)
          insert.run(
            columns.map(({ few, strange }) => strange.find(([at]) => at === row)?.[1] ?? few[row % few.length] ?? null),
          );
        database.exec("COMMIT");
        const classes = columns.map(
          (_, index) =>
            new Set(
              database
                .prepare(`SELECT DISTINCT typeof(c${index}) FROM t WHERE c${index} IS NOT NULL`)
                .raw()
                .all()
                .flat() as StorageClass[],
            ),
        );
        database.close();
        const source = openSource({ url: join(directory, "app.db") });
        try {
          const [table] = (await source.read(readSchema)).tables;
          const tallies = (table?.columns ?? []).map((sourceColumn, index) =>
            Object.assign(startTally(sourceColumn), { classes: classes[index] }),
          );
          await source.read(async (tx) => {
            const range = { where: "", args: [], last: null };
            const bySql = await askSql(tx, '"t"', tallies, range, { longest: 100_000, joined: true });
            const byJson = await askJson(tx, '"t"', tallies, range, {
              longest: 100_000,
              joined: true,
              json: { isFastPath: true, misses: 0 },
            });
            if (byJson === null) seen.notShown++;
            else for (const tally of tallies) expect(plain(byJson.of(tally))).toEqual(plain(bySql.of(tally)));
            seen.shown += byJson?.shown.size ?? 0;
            const asStored = await tallyAsStored(tx, table, tallies);
            if (asStored === null) seen.notStored++;
            else
              for (const tally of tallies)
                expect(plain(asStored.get(tally.column) ?? new Map())).toEqual(plain(bySql.of(tally)));
          });
        } finally {
          source.close();
        }
      }),
      { numRuns: 150 },
    );
    expect(seen.shown).toBeGreaterThan(40);
    expect(seen.notShown).toBeGreaterThan(0);
    expect(seen.notStored).toBeGreaterThan(0);
    expect(seen.notStored).toBeLessThan(60);
  });

  const page = (json: string) =>
    tallyJson(Buffer.from(json), [{ column: "c", classes: new Set(["integer", "text"]), formats: ["uuids"] }])?.get(
      "c",
    );

  it("is counted by whole numbers and texts", () => {
    expect(page('[["A\\"\\u0001é"],[-5],[12345678901234567],[null],[1]]')).toEqual(
      new Map<string, unknown>([
        ["values", 4],
        ["integer", 3],
        ["notBoolean", 2],
        ["minInteger", -5n],
        ["maxInteger", 12_345_678_901_234_567n],
        ["text", 1],
        ["emptyTexts", 0],
        ["maxTextLength", 4],
        ["textBytes", 5],
        ["uuids", 0],
        ["lowerUuids", 0],
      ]),
    );
    expect(page("[]")?.get("values")).toBe(0);
  });

  it("counts the reals that are integers of 64 bits, and no larger ones", () => {
    const counts = new ValueCounts({ classes: new Set(["real"]), formats: [] });
    for (const value of [2 ** 63, -(2 ** 63), 2 ** 62, -(2 ** 64), 0.5, 7, Number.POSITIVE_INFINITY])
      counts.addReal(value);
    expect(counts.fields().get("wholeReals")).toBe(3);
  });

  it.each(['[["a\\u0000"]]', "[[1.5]]", "[[9e999]]", "[0.5]", "[[1],0.5]", '[["a]', "[[1,2]]", "[[]]", ""])(
    "is none where JSON does not show everything: %s",
    (json) => {
      expect(page(json)).toBeUndefined();
    },
  );
});
