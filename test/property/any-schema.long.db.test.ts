import type { Client } from "@libsql/client";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { pgName, sqliteName } from "../../src/quote.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";
import { isEqual, literal, type Raw, surelyFits } from "./oracle.ts";

/**
 * Random tables with random rows of every storage class go into random types, by the real pipeline with a quarantine.
 * Each row is in the target, equal value by value, or in the quarantine; never in both, never in neither.
 */
const TYPES = [
  "smallint",
  "bigint",
  "double precision",
  "numeric",
  "numeric(8,2)",
  "text",
  "varchar(6)",
  "bytea",
  "boolean",
  "date",
  "timestamptz",
  "jsonb",
  "uuid",
] as const;

const integers = fc.oneof(
  fc.constantFrom(0n, 1n, 2n, -1n, 32768n, 2n ** 53n + 1n, 1_700_000_000n),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const reals = fc.oneof(
  fc.constantFrom(0.5, 3, -0, 1e300, 12.34, 12.345, 5e-324, Infinity, -Infinity),
  fc.double({ noNaN: true, min: -1.7e308, max: 1.7e308 }),
);
const texts = fc
  .oneof(
    fc.constantFrom(
      "",
      "a",
      "1",
      "12",
      "true",
      "2024-02-29",
      "2023-02-29",
      "2024-01-31 12:30:00",
      "2024-01-31T12:30:00.123456Z",
      "2024-01-31 12:30:00.123456789",
      "2024-01-31T12:30:00+02:00",
      "31.12.1999",
      "0000-00-00",
    ),
    fc.constantFrom(
      '{"a":1,"b":[true,null]}',
      "[]",
      '"x"',
      "{broken",
      '{"a":"\\u0000"}',
      "6F9619FF-8B86-D011-B42D-00C04FC964FF",
      "6f9619ff-8b86-d011-b42d-00c04fc964f",
      "\\N",
      "\\.",
      "a\tb\nc\\d\r",
      "nul\0nul",
      "日本語のテキスト",
      "12.5",
      "abc   ",
    ),
    fc.string({ unit: "grapheme", maxLength: 8 }),
  )
  .map((text) => Buffer.from(text, "utf8"));
const bytes = fc
  .oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))
  .map((value) => Buffer.from(value));

const raw: fc.Arbitrary<Raw> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Raw>({ kind: "null" }) },
  { weight: 3, arbitrary: integers.map((value): Raw => ({ kind: "integer", value })) },
  { weight: 3, arbitrary: reals.map((value): Raw => ({ kind: "real", value })) },
  { weight: 5, arbitrary: texts.map((value): Raw => ({ kind: "text", bytes: value })) },
  // Text that is no UTF-8.
  { weight: 1, arbitrary: bytes.map((value): Raw => ({ kind: "text", bytes: value })) },
  { weight: 2, arbitrary: bytes.map((value): Raw => ({ kind: "blob", bytes: value })) },
);

const names = fc.constantFrom("a", "A b", 'q"uote', "select", "ünï", "x'y", "col\ttab", "xmax2", "k1", "seq", "line");
const table = fc
  .uniqueArray(names, { minLength: 1, maxLength: 4, comparator: (a, b) => a.toLowerCase() === b.toLowerCase() })
  .chain((columns) =>
    fc.record({
      columns: fc.constant(columns),
      types: fc.tuple(...columns.map(() => fc.constantFrom(...TYPES))),
      keyed: fc.constantFrom("integer", "text", "rowid"),
      rows: fc.array(fc.tuple(...columns.map(() => raw)), { minLength: 1, maxLength: 25 }),
      changed: fc.array(fc.tuple(fc.nat(24), fc.tuple(...columns.map(() => raw))), { maxLength: 10 }),
      removed: fc.array(fc.nat(24), { maxLength: 3 }),
    }),
  );

type Case = typeof table extends fc.Arbitrary<infer T> ? T : never;
type Rows = Map<number, readonly Raw[]>;

const key = (id: number, { keyed }: Case) => (keyed === "text" ? `'key ${id}'` : String(id));

function sourceTables({ columns, keyed }: Case): string {
  const declared = columns.map((name) => sqliteName(name));
  return (
    `CREATE TABLE "t t"(` +
    (keyed === "rowid" ? "" : `id ${keyed === "text" ? "TEXT NOT NULL PRIMARY KEY" : "INTEGER PRIMARY KEY"}, `) +
    `${declared.join(", ")})`
  );
}

function targetTables({ columns, types, keyed }: Case): string {
  const id = keyed === "rowid" ? [] : [keyed === "text" ? "id text primary key" : "id bigint primary key"];
  const declared = columns.map((name, index) => `${pgName(name)} ${types[index]}`);
  return `create table "t t"(${[...id, ...declared].join(", ")})`;
}

function insert(id: number, values: readonly Raw[], drawn: Case): string {
  return (
    `INSERT OR REPLACE INTO "t t"(${drawn.keyed === "rowid" ? "rowid" : "id"}, ` +
    `${drawn.columns.map(sqliteName).join(", ")}) VALUES (${key(id, drawn)}, ${values.map(literal).join(", ")})`
  );
}

async function expectEachInItsPlace(url: string, rows: Rows, drawn: Case): Promise<void> {
  const { columns, types, keyed } = drawn;
  const id = keyed === "rowid" ? "_changeover_rowid" : "id";
  const arrived = await query<Record<string, string | null>>(
    url,
    `select ${id}::text as id, ` +
      `${columns.map((name, index) => `${pgName(name)}::text as c${index}`).join(", ")} from "t t"`,
  );
  const noted = await query<{ key: string; what: string }>(
    url,
    "select coalesce(convert_from(decode(key->0->>'hex', 'hex'), 'UTF8'), key->0->>'value') as key, what " +
      "from changeover.quarantine",
  );
  const quarantined = new Set(noted.map((entry) => entry.key));
  const place = (number: number) => key(number, drawn).replaceAll("'", "");
  expect(new Set([...arrived.map((row) => row["id"]), ...quarantined])).toEqual(new Set([...rows.keys()].map(place)));
  expect(arrived.length + quarantined.size).toBe(rows.size);
  for (const [number, values] of rows) {
    const row = arrived.find((candidate) => candidate["id"] === place(number));
    for (const [index, value] of values.entries()) {
      const type = types[index] ?? "";
      if (row !== undefined)
        expect([type, value, row[`c${index}`], isEqual(value, type, row[`c${index}`] ?? null)]).toEqual([
          type,
          value,
          row[`c${index}`],
          true,
        ]);
    }
    if (row === undefined)
      expect([types, values, values.every((value, index) => surelyFits(value, types[index] ?? ""))]).toEqual([
        types,
        values,
        false,
      ]);
  }
}

async function apply(application: Client, rows: Rows, drawn: Case): Promise<void> {
  for (const [number, values] of drawn.changed) {
    rows.set(number, values);
    await application.execute(insert(number, values, drawn));
  }
  for (const number of drawn.removed) {
    rows.delete(number);
    await application.execute(
      `DELETE FROM "t t" WHERE ${drawn.keyed === "rowid" ? "rowid" : "id"} = ${key(number, drawn)}`,
    );
  }
}

const RUNS = Number(process.env["CHANGEOVER_PROPERTY_RUNS"] ?? 12);

describe("any rows of any schema, into any types", () => {
  it(
    "are in the target as they are in the source, or in the quarantine: after the copy, and after replay",
    async () => {
      await fc.assert(
        fc.asyncProperty(table, async (drawn) => {
          const { path, application } = await sqliteFile(sourceTables(drawn));
          const rows: Rows = new Map(drawn.rows.map((values, number) => [number, values]));
          for (const [number, values] of rows) await application.execute(insert(number, values, drawn));
          const target = await emptyDatabase();
          await query(target, targetTables(drawn));
          const migration = openMigration({
            source: path,
            target,
            migrationsDirectory: `${path}.none`,
            rules: { onBadValue: "quarantine" },
          });
          try {
            await migration.sync({ until: "caught-up" });
            await expectEachInItsPlace(target, rows, drawn);
            expect(await migration.check()).toMatchObject({ ok: true, differences: 0 });
            await apply(application, rows, drawn);
            await migration.sync({ until: "caught-up" });
            await expectEachInItsPlace(target, rows, drawn);
            expect(await migration.check()).toMatchObject({ ok: true, differences: 0 });
          } finally {
            await migration.close();
          }
        }),
        {
          numRuns: RUNS,
          ...(process.env["CHANGEOVER_PROPERTY_SEED"] === undefined
            ? {}
            : { seed: Number(process.env["CHANGEOVER_PROPERTY_SEED"]) }),
          endOnFailure: RUNS > 50,
        },
      );
    },
    30_000 + RUNS * 15_000,
  );
});
