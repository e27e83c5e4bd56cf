import { join } from "node:path";
import fc from "fast-check";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyStatement } from "../../src/copy/copy-statement.ts";
import type { Page } from "../../src/copy/page.ts";
import { PageLimits } from "../../src/copy/page-limits.ts";
import { readPage } from "../../src/copy/read-page.ts";
import { PageReader } from "../../src/copy/read-stored-page.ts";
import { renderPageQueries } from "../../src/copy/render-page.ts";
import { affinityOf } from "../../src/inspect/affinity.ts";
import type { Tuple } from "../../src/model/key.ts";
import { type Conversion, keyColumns, type TableMapping } from "../../src/model/mapping.ts";
import { BINARY_BEGIN, BINARY_END } from "../../src/rows/encode/copy-binary-of-json.ts";
import { openSource, type Source } from "../../src/source/source.ts";
import type { TargetSession } from "../../src/target/target.ts";
import { temporaryDirectory } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

const directory = temporaryDirectory(afterAll);
let files = 0;

/** A type of SQLite's, one of PostgreSQL's, and values that go from one to the other. */
interface Case {
  readonly declared: string;
  readonly type: string;
  readonly conversion: Conversion;
  readonly values: fc.Arbitrary<unknown>;
}

const integers = (bits: bigint) =>
  fc.oneof(
    fc.bigInt({ min: -(1n << (bits - 1n)), max: (1n << (bits - 1n)) - 1n }),
    fc.constantFrom(-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n, 0n, -1n, 1n),
  );
const padded = (number: number, length = 2) => String(number).padStart(length, "0");
const day = fc.oneof(
  fc
    .date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  fc.constantFrom("0001-01-01", "2000-02-29", "9999-12-31"),
);
const clock = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59))
  .map(([hours, minutes, seconds]) => `${padded(hours)}:${padded(minutes)}:${padded(seconds)}`);
const fraction = fc.constantFrom("", ".5", ".123", ".000001", ".999999");
const timestamp = fc.oneof(
  fc.tuple(day, fc.constantFrom(" ", "T"), clock, fraction).map((parts) => parts.join("")),
  day,
  fc.tuple(day, clock).map(([date, time]) => `${date} ${time.slice(0, 5)}`),
);
const zoned = fc
  .tuple(timestamp, fc.constantFrom("", "Z", "+01", "-14", "+0130", "-05:45"))
  .map(([text, zone]) => (text.length === 10 ? text : text + zone));
const text = fc
  .oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom(..."\\\"'\t\n\r\b\u0001\u007fé😀aN/"), maxLength: 80 }),
  )
  .filter((value) => !value.includes("\0") && value.isWellFormed());
const decimal = fc
  .tuple(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.constantFrom(1, 2, 4))
  .map(([digits, scale]) => digits / 10 ** scale);
const uuid = fc.uuid();

const CASES: readonly Case[] = [
  { declared: "INTEGER", type: "smallint", conversion: { kind: "integer", type: "smallint" }, values: integers(16n) },
  {
    declared: "INTEGER",
    type: "integer",
    conversion: { kind: "integer", type: "integer" },
    values: fc.oneof(integers(32n), integers(24n), integers(10n)),
  },
  {
    declared: "INTEGER",
    type: "bigint",
    conversion: { kind: "integer", type: "bigint" },
    values: fc.oneof(integers(64n), integers(54n), integers(48n), integers(40n), integers(9n)),
  },
  {
    declared: "REAL",
    type: "double precision",
    conversion: { kind: "double" },
    values: fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
      integers(50n),
    ),
  },
  {
    declared: "",
    type: "double precision",
    conversion: { kind: "double" },
    values: fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
      integers(50n),
    ),
  },
  {
    declared: "NUMERIC",
    type: "numeric",
    conversion: { kind: "numeric", scale: null },
    values: fc.oneof(integers(60n), decimal, integers(20n)),
  },
  {
    declared: "REAL",
    type: "numeric",
    conversion: { kind: "numeric", scale: null },
    values: fc.oneof(decimal, fc.integer()),
  },
  {
    declared: "DECIMAL(12,4)",
    type: "numeric(12,4)",
    conversion: { kind: "numeric", scale: 4 },
    values: fc.oneof(decimal, fc.integer({ min: -9999, max: 9999 })),
  },
  { declared: "TEXT", type: "text", conversion: { kind: "text", maxLength: null, padded: false }, values: text },
  {
    declared: "VARCHAR(9)",
    type: "varchar(9)",
    conversion: { kind: "text", maxLength: 9, padded: false },
    values: text.filter((value) => [...value].length <= 9),
  },
  {
    declared: "BLOB",
    type: "bytea",
    conversion: { kind: "bytes" },
    values: fc.uint8Array({ minLength: 1, maxLength: 90 }).map((bytes) => Buffer.from(bytes)),
  },
  { declared: "BOOLEAN", type: "boolean", conversion: { kind: "boolean" }, values: fc.constantFrom(0n, 1n) },
  {
    declared: "DATETIME",
    type: "timestamp",
    conversion: { kind: "timestamp", zone: false, epoch: null },
    values: timestamp,
  },
  { declared: "TEXT", type: "timestamptz", conversion: { kind: "timestamp", zone: true, epoch: null }, values: zoned },
  {
    declared: "INTEGER",
    type: "timestamp",
    conversion: { kind: "timestamp", zone: false, epoch: "seconds" },
    values: fc.oneof(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }).map(BigInt), timestamp),
  },
  {
    declared: "INTEGER",
    type: "timestamptz",
    conversion: { kind: "timestamp", zone: true, epoch: "milliseconds" },
    values: fc.oneof(
      fc.maxSafeNat().map((value) => BigInt(value % 4e12) - 2_000_000_000_000n),
      fc.constantFrom(-1n, 0n, 1_700_000_000_123n),
    ),
  },
  {
    declared: "INTEGER",
    type: "timestamptz",
    conversion: { kind: "timestamp", zone: true, epoch: "microseconds" },
    values: fc.maxSafeNat().map((value) => BigInt(value % 4e15) - 2_000_000_000_000_000n),
  },
  { declared: "DATE", type: "date", conversion: { kind: "date" }, values: day },
  {
    declared: "TEXT",
    type: "time",
    conversion: { kind: "time" },
    values: fc.oneof(
      fc.tuple(clock, fraction).map((parts) => parts.join("")),
      clock.map((time) => time.slice(0, 5)),
    ),
  },
  { declared: "TEXT", type: "json", conversion: { kind: "json", binary: false }, values: fc.json() },
  {
    declared: "TEXT",
    type: "jsonb",
    conversion: { kind: "json", binary: true },
    values: fc.json().filter((value) => !value.includes("\\u0000") && value.isWellFormed() && !/\\ud/i.test(value)),
  },
  {
    declared: "TEXT",
    type: "uuid",
    conversion: { kind: "uuid" },
    values: fc.oneof(
      uuid,
      uuid.map((value) => value.toUpperCase()),
      uuid.map((value) => value.replaceAll("-", "")),
    ),
  },
  {
    declared: "BLOB",
    type: "uuid",
    conversion: { kind: "uuid" },
    values: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
  },
];

let session: TargetSession;
beforeAll(async () => {
  ({ session } = await emptyTarget());
});

function mappingOf(declared: string, conversion: Conversion, target: string): TableMapping {
  return {
    id: 1,
    source: "t",
    target: { schema: "public", name: target },
    identity: { kind: "columns", columns: ["id"] },
    columns: [
      { source: "c", target: "c", affinity: affinityOf(declared), collation: "BINARY", conversion },
      {
        source: "id",
        target: "id",
        affinity: "integer",
        collation: "BINARY",
        conversion: { kind: "integer", type: "bigint" },
      },
    ],
  };
}

function makeFile(declared: string, values: readonly unknown[]): string {
  const path = join(directory, `${files++}.db`);
  const database = new Database(path);
  database.exec(`CREATE TABLE t(c ${declared}, id INTEGER PRIMARY KEY); BEGIN`);
  const insert = database.prepare("INSERT INTO t(c) VALUES (?)");
  for (const value of values) insert.run([value]);
  database.exec("COMMIT");
  database.close();
  return path;
}

async function pageReader(source: Source, mapping: TableMapping): Promise<(Page | "unknown")[]> {
  const stored = PageReader.of(source, mapping, keyColumns(mapping)) ?? expect.fail("cannot be had so");
  const limits = new PageLimits({ of: { kind: "file" }, maxRows: null, expectsFastPath: true });
  const pages: (Page | "unknown")[] = [];
  for (let after: Tuple | null = null; ; ) {
    const page: Page | null | "unknown" = await stored.read(source, after, limits);
    if (page === null) return pages;
    // Its bytes are overwritten later. A Buffer's slice() would be a view of them.
    pages.push(page === "unknown" ? page : { ...page, data: Uint8Array.from(page.data) });
    if (page === "unknown" || page.isLast) return pages;
    after = page.last;
  }
}

describe("rows as they are stored, in a binary COPY", () => {
  it.each(CASES.map((one) => [one.declared === "" ? "anything" : one.declared, one.type, one] as const))(
    "bring %s to %s as their text does",
    async (_declared, _type, { conversion, declared, type, values }) => {
      const sample = fc.sample(
        fc.oneof({ weight: 30, arbitrary: values }, { weight: 1, arbitrary: fc.constant(null) }),
        { numRuns: 4_000 },
      );
      const source = openSource({ url: makeFile(declared, sample) });
      try {
        await session.run(
          `drop table if exists spelled, stored; create table spelled(c ${type}, id bigint); ` +
            `create table stored(c ${type}, id bigint)`,
        );
        const stored = mappingOf(declared, conversion, "stored");
        const pages = await pageReader(source, stored);
        await session.transaction(async (tx) => {
          const copy = await tx.copyIn(copyStatement(stored, "binary"));
          await copy.write(BINARY_BEGIN);
          for (const page of pages) await copy.write(page === "unknown" ? expect.fail("was not taken") : page.data);
          await copy.write(BINARY_END);
          await copy.finish();
        });
        const spelled = mappingOf(declared, conversion, "spelled");
        await session.transaction(async (tx) => {
          const copy = await tx.copyIn(copyStatement(spelled));
          // What SQL makes of every value.
          const limits = new PageLimits({ of: { kind: "file" }, maxRows: 100_000, expectsFastPath: false });
          for (let after: Tuple | null = null; ; ) {
            const page: Page | null = await readPage(source, renderPageQueries(spelled), spelled, after, limits);
            if (page === null) break;
            expect(page.refused).toBe(0);
            await copy.write(page.data);
            after = page.last;
          }
          await copy.finish();
        });
        const different = await session.rows(
          "(select id, c::text from stored except all select id, c::text from spelled) " +
            "union all (select id, c::text from spelled except all select id, c::text from stored)",
        );
        expect(different).toEqual([]);
        expect(await session.rows("select count(*)::integer as n from stored")).toEqual([{ n: sample.length }]);
      } finally {
        source.close();
      }
    },
  );

  it.each<[string, Conversion, unknown[]]>([
    ["", { kind: "integer", type: "bigint" }, [1.5, 3.0, "1", Buffer.from([1])]],
    ["REAL", { kind: "integer", type: "bigint" }, [3]],
    ["INTEGER", { kind: "integer", type: "integer" }, [2_147_483_648n, -2_147_483_649n]],
    ["INTEGER", { kind: "integer", type: "smallint" }, [32_768n]],
    ["", { kind: "boolean" }, [2n, -1n, "1", 1.0, 2n ** 40n]],
    ["", { kind: "double" }, ["1", 2n ** 53n + 1n, Buffer.from([1])]],
    ["", { kind: "numeric", scale: 2 }, [1.234, "1", 1e20, 1e-9, 0.1 + 0.2, Buffer.from([1])]],
    ["", { kind: "text", maxLength: null, padded: false }, [1n, 1.5, Buffer.from([65])]],
    ["TEXT", { kind: "text", maxLength: 3, padded: false }, ["abcd", "éééé"]],
    ["", { kind: "bytes" }, ["text", 1n]],
    ["", { kind: "date" }, ["2026-11-23 ", "2026-02-29", "0000-01-01", 20_261_123n, ""]],
    ["", { kind: "time" }, ["24:00:00", "12:00:00.1234567", "12:00:00.", "12:00:00Z", "12", 12n, ""]],
    [
      "",
      { kind: "timestamp", zone: false, epoch: null },
      ["2026-11-23 24:00:00", "2026-11-23 00:00:00Z", "2026-11-23 00", "2026-11-23 ", "", 1n],
    ],
    [
      "",
      { kind: "timestamp", zone: true, epoch: null },
      [
        "2026-11-23 00:00:00+15",
        "2026-11-23 00:00:00+1",
        "2026-11-23 00:00:00+01:0",
        "2026-11-23Z",
        "2026-11-23 00:00:00ZZ",
      ],
    ],
    ["", { kind: "timestamp", zone: false, epoch: "seconds" }, [253_402_300_800n, -62_135_596_801n, 2n ** 62n, 1.5]],
    [
      "",
      { kind: "uuid" },
      [
        Buffer.alloc(15),
        "0b9b54ef",
        "0b9b54ef-6f0e-4a1c-9d5e-3f1f3d2a7cxx",
        "0b9b54ef6f0e-4a1c-9d5e-3f1f3d2a7c11-",
        1n,
      ],
    ],
    ["", { kind: "json", binary: true }, [1n, 1.5, Buffer.from("{}")]],
  ])(
    "of %s are not taken as %o where PostgreSQL might read them in another way, or has to refuse",
    async (declared, conversion, values) => {
      for (const value of values) {
        const source = openSource({ url: makeFile(declared, [value]) });
        try {
          expect(await pageReader(source, mappingOf(declared, conversion, "t")), String(value)).toEqual(["unknown"]);
        } finally {
          source.close();
        }
      }
    },
  );
});
