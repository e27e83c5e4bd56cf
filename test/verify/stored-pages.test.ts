import { join } from "node:path";
import fc from "fast-check";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";
import type { ColumnMapping, TableMapping } from "../../src/model/mapping.ts";
import type { Affinity } from "../../src/model/source-schema.ts";
import { openSource, type Source } from "../../src/source/source.ts";
import { CanonicalPages } from "../../src/verify/canonical-pages.ts";
import { addDigests, EMPTY_DIGEST, type RangeDigest } from "../../src/verify/range-digest.ts";
import { StoredPages } from "../../src/verify/stored/stored-pages.ts";
import { temporaryDirectory } from "../support/source.ts";

const directory = temporaryDirectory(afterAll);
let files = 0;

type Value = string | number | bigint | Buffer | null;

const NUMBERED = { affinity: "integer", collation: "BINARY", conversion: { kind: "integer", type: "bigint" } } as const;

function mappingOf(conversions: Readonly<Record<string, [Affinity, ColumnMapping["conversion"]]>>): TableMapping {
  return {
    id: 1,
    source: "t",
    target: { schema: "public", name: "t" },
    identity: { kind: "columns", columns: ["id"] },
    columns: [
      { source: "id", target: "id", ...NUMBERED },
      ...Object.entries(conversions).map(([name, [affinity, conversion]]) => ({
        source: name,
        target: name,
        affinity,
        collation: "BINARY",
        conversion,
      })),
    ],
  };
}

const ALL_KINDS = mappingOf({
  i: ["integer", { kind: "integer", type: "bigint" }],
  r: ["real", { kind: "double" }],
  b: ["blob", { kind: "double" }],
  n: ["numeric", { kind: "numeric", scale: null }],
  s: ["text", { kind: "text", maxLength: null, padded: false }],
  x: ["blob", { kind: "bytes" }],
  u: ["blob", { kind: "uuid" }],
  j: ["text", { kind: "json", binary: true }],
  at: ["blob", { kind: "timestamp", zone: true, epoch: "milliseconds" }],
  day: ["text", { kind: "date" }],
  clock: ["text", { kind: "time" }],
  yes: ["numeric", { kind: "boolean" }],
});
const DECLARED =
  "id INTEGER PRIMARY KEY, i INTEGER, r REAL, b BLOB, n NUMERIC, s TEXT, x BLOB, u BLOB, j TEXT, at BLOB, day TEXT, " +
  "clock TEXT, yes BOOLEAN";

function makeFile(pragmas: string, fill: (database: InstanceType<typeof Database>) => void): string {
  const path = join(directory, `${files++}.db`);
  const database = new Database(path);
  database.exec(pragmas);
  fill(database);
  database.close();
  return path;
}

interface Read {
  readonly digest: RangeDigest;
  readonly keys: readonly number[];
  readonly byFile: number;
}

/** All rows, read as they lie and by SQLite. */
async function readBoth(path: string, mapping: TableMapping, range = { after: null, upTo: null } as Range) {
  const source = openSource({ url: path });
  try {
    const order = [{ source: "id", target: "id", ...NUMBERED }];
    const pages = new CanonicalPages(mapping, { captured: false, order });
    const stored = StoredPages.of(mapping, { source, split: pages.split, order, captured: false });
    if (stored === null) throw new Error("not readable");
    const file = await readAll(source, range, (tx, rest) => stored.read(tx, rest, 0n));
    const sqlite = await readAll(source, range, (tx, rest) =>
      pages.read(tx, rest, { maxRows: 1_000, watermark: 0n, withKeys: false }),
    );
    return { file, sqlite };
  } finally {
    source.close();
  }
}

type Range = Parameters<StoredPages["read"]>[1];
type Page = Awaited<ReturnType<StoredPages["read"]>>;

async function readAll(
  source: Source,
  range: Range,
  read: (tx: Parameters<StoredPages["read"]>[0], rest: Range) => Promise<Page>,
): Promise<Read | "unknown"> {
  let digest = EMPTY_DIGEST;
  const keys: number[] = [];
  let byFile = 0;
  for (let { after } = range; ; ) {
    const from = after;
    const page: Page = await source.read((tx) => read(tx, { ...range, after: from }));
    if (page === null) return { digest, keys: keys.sort((one, other) => one - other), byFile };
    if (page === "unknown" || !page.areKnown) return "unknown";
    digest = addDigests(digest, page.hashes);
    keys.push(...page.hashes.keys);
    byFile++;
    after = page.last;
  }
}

const value = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 6 });
const ROW = fc.record({
  i: value(fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.integer(), fc.constantFrom(0n, 1n))),
  r: value(fc.double({ noNaN: true })),
  b: value(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(-0, 5, 0.1))),
  n: value(
    fc.oneof(fc.double({ noNaN: true, min: -1e20, max: 1e20 }), fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n })),
  ),
  s: value(fc.oneof(fc.string(), fc.string({ minLength: 300, maxLength: 3_000 }), fc.constantFrom("ä€😀", ""))),
  x: value(fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes))),
  u: value(
    fc.oneof(
      fc.uuid(),
      fc.uuid().map((id) => Buffer.from(id.replaceAll("-", ""), "hex")),
    ),
  ),
  j: value(fc.json()),
  at: value(
    fc.oneof(
      fc.integer({ min: -6e13, max: 2e14 }).map(BigInt),
      fc.constantFrom("2024-01-02 03:04:05", "2024-01-02T03:04:05.120Z", "2024-01-02T03:04:05+02:00", "2024-01-02"),
    ),
  ),
  day: value(fc.constantFrom("2024-02-29", "0001-01-01")),
  clock: value(fc.constantFrom("12:30", "01:02:03.400")),
  yes: value(fc.constantFrom(0n, 1n)),
});
const PAGES = fc.record({
  pageSize: fc.constantFrom(512, 1_024, 4_096, 65_536),
  vacuum: fc.constantFrom(0, 1, 2),
  rows: fc.array(ROW, { minLength: 1, maxLength: 60 }),
  step: fc.constantFrom(-1, 1, 7, 2 ** 33),
  deleted: fc.integer({ min: 0, max: 5 }),
});

describe("rows as they lie in the file", () => {
  it("hash as SQLite's values do, whatever they are", async () => {
    let known = 0;
    await fc.assert(
      fc.asyncProperty(PAGES, async ({ deleted, pageSize, rows, step, vacuum }) => {
        const path = makeFile(`PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = ${vacuum}`, (database) => {
          database.exec(`CREATE TABLE other(x); CREATE TABLE t(${DECLARED})`);
          const insert = database.prepare(`INSERT INTO t VALUES (${Array(13).fill("?").join(", ")})`);
          for (const [index, row] of rows.entries()) insert.run([index * step, ...(Object.values(row) as Value[])]);
          if (deleted > 0) database.exec(`DELETE FROM t WHERE rowid / ${step} % 6 < ${deleted}`);
        });
        const { file, sqlite } = await readBoth(path, ALL_KINDS);
        // A control character in a text, or a key of JSON with escapes: SQLite's tokens are unknown more often.
        if (file === "unknown" || sqlite === "unknown") return;
        known++;
        expect(file.digest).toEqual(sqlite.digest);
        expect(file.keys).toEqual(sqlite.keys);
      }),
      { numRuns: 60 },
    );
    expect(known).toBeGreaterThan(5);
  });

  it("are all there in a tree of several levels, and in each part of it", async () => {
    const path = makeFile("PRAGMA page_size = 512", (database) =>
      database.exec(`CREATE TABLE t(id INTEGER PRIMARY KEY, s TEXT, x BLOB);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
          INSERT INTO t SELECT i * 3 - 9000, 'row ' || i, CASE WHEN i % 50 = 0 THEN zeroblob(i % 3000) END FROM n;
        DELETE FROM t WHERE id BETWEEN 2000 AND 9000`),
    );
    const mapping = mappingOf({
      s: ["text", { kind: "text", maxLength: null, padded: false }],
      x: ["blob", { kind: "bytes" }],
    });
    const at = (id: number) => [{ type: "integer", value: String(id) }] as const;
    const bounds = [null, at(-8_997), at(-500), at(1_999), at(5_000), at(30_001), null];
    let sum = 0;
    for (const [index, after] of bounds.slice(0, -1).entries()) {
      const { file, sqlite } = await readBoth(path, mapping, { after, upTo: bounds[index + 1] ?? null });
      if (file === "unknown" || sqlite === "unknown") throw new Error("unknown");
      expect(file.digest).toEqual(sqlite.digest);
      sum += file.digest.rows;
    }
    const { file } = await readBoth(path, mapping);
    expect(file).toMatchObject({ digest: { rows: sum } });
  });

  it("have NULL for a column that was added later, and are SQLite's to read where it has a default", async () => {
    const mapping = mappingOf({ s: ["text", { kind: "text", maxLength: null, padded: false }] });
    const added = (how: string) =>
      makeFile("", (database) =>
        database.exec(`CREATE TABLE t(id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2);
          ALTER TABLE t ADD COLUMN s TEXT ${how}; INSERT INTO t VALUES (3, 'x')`),
      );
    const { file, sqlite } = await readBoth(added(""), mapping);
    expect(file).toMatchObject({ digest: { rows: 3 } });
    expect(sqlite).toMatchObject({ digest: (file as Read).digest });
    expect((await readBoth(added("DEFAULT 'd'"), mapping)).file).toBe("unknown");
  });

  it.each([
    ["without a rowid", "CREATE TABLE t(id INTEGER PRIMARY KEY, s TEXT) WITHOUT ROWID"],
    ["whose key is descending, and no rowid", "CREATE TABLE t(id INTEGER PRIMARY KEY DESC, s TEXT)"],
    ["that computes a column when it is read", "CREATE TABLE t(id INTEGER PRIMARY KEY, y TEXT, s TEXT AS (y || 'z'))"],
  ])("are not read of a table %s", async (_, create) => {
    const path = makeFile("", (database) => database.exec(`${create}; INSERT INTO t VALUES (1, 'x'), (2, 'y')`));
    const mapping = mappingOf({ s: ["text", { kind: "text", maxLength: null, padded: false }] });
    expect((await readBoth(path, mapping)).file).toBe("unknown");
  });

  it("are not read of a file of UTF-16", async () => {
    const path = makeFile("PRAGMA encoding = 'UTF-16'", (database) =>
      database.exec("CREATE TABLE t(id INTEGER PRIMARY KEY, s TEXT); INSERT INTO t VALUES (1, 'x')"),
    );
    const mapping = mappingOf({ s: ["text", { kind: "text", maxLength: null, padded: false }] });
    expect((await readBoth(path, mapping)).file).toBe("unknown");
  });
});
