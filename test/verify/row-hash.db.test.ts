import fc from "fast-check";
import { expect, it } from "vitest";
import { CanonicalValue } from "../../src/rows/canonical/canonical-value.ts";
import { renderValueHash } from "../../src/verify/render-row-hash.ts";
import { RowHasher } from "../../src/verify/row-hash.ts";
import { emptyTarget } from "../support/target.ts";

interface Row {
  readonly text: string | null;
  readonly integer: bigint | null;
  readonly real: number | null;
}

const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const text = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.string({ minLength: 0, maxLength: 40 }));
const ROWS: readonly Row[] = [
  ...fc.sample(
    fc.record({
      text: option(text.map((one) => one.replaceAll("\0", ""))),
      integer: option(fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.integer().map(BigInt))),
      real: option(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0))),
    }),
    { numRuns: 3_000, seed: 1 },
  ),
  // Of all lengths, each remainder of twelve among them.
  ...Array.from({ length: 200 }, (_, length) => ({
    text: "äbc".repeat(length).slice(0, length),
    integer: BigInt(length) << 31n,
    real: length / 7,
  })),
];

function hashed(rows: readonly Row[], isByPlace: boolean) {
  const hasher = new RowHasher({ maxRows: rows.length, columns: 3, isByPlace });
  const value = new CanonicalValue();
  const put = (column: number, isNull: boolean, write: () => void) => {
    value.begin();
    if (isNull) value.setNull();
    else write();
    hasher.addValue(column, value);
  };
  for (const row of rows) {
    hasher.beginRow();
    const bytes = new Uint8Array(Buffer.from(row.text ?? ""));
    put(0, row.text === null, () => value.putBytes(bytes, 0, bytes.length));
    const integer = row.integer ?? 0n;
    const isSafe = Number.isSafeInteger(Number(integer));
    put(1, row.integer === null, () => (isSafe ? value.setInteger(Number(integer)) : value.setLarge(integer)));
    put(2, row.real === null, () => value.setReal(row.real ?? 0));
    hasher.endRow();
  }
  return hasher.hashes;
}

const HASHES = [
  renderValueHash({ kind: "text", sql: "text" }, 0, false),
  renderValueHash({ kind: "integer", sql: "integer" }, 1, false),
  renderValueHash({ kind: "real", sql: "real" }, 2, false),
].join(" # ");

it.each([false, true])("hashes a row as PostgreSQL does (each with its place: %s)", async (isByPlace) => {
  const { session } = await emptyTarget();
  const [expected] = await session.rows<{ sum: string; keys: string[] }>(
    "select sum(hash)::text as sum, array_agg((hash & 9007199254740991)::text order by place) as keys " +
      `from (select place, hashint4extended(case when ${isByPlace} then place::integer else 1 end, ${HASHES}) ` +
      "as hash from unnest($1::text[], $2::bigint[], $3::float8[]) with ordinality as t(text, integer, real, place)) as h",
    [
      ROWS.map((row) => row.text),
      ROWS.map(({ integer }) => (integer === null ? null : String(integer))),
      ROWS.map(({ real }) => (real === null ? null : Object.is(real, -0) ? "-0" : String(real))),
    ],
  );
  const hashes = hashed(ROWS, isByPlace);
  expect(hashes.rows).toBe(ROWS.length);
  expect([...hashes.keys].map(String)).toEqual(expected?.keys);
  expect(hashes.sum.toString()).toBe(expected?.sum);
});

it("tells what two hashes of PostgreSQL take for one", () => {
  const sums = (rows: readonly Row[]) => new Set(rows.map((row) => hashed([row], false).sum));
  const integers = [0n, 1n, 2n ** 32n, 2n ** 32n + 1n, -1n, 2n ** 60n, 2n ** 60n + 1n, -(2n ** 60n), -(2n ** 60n) - 1n];
  expect(sums(integers.map((integer) => ({ text: null, integer, real: null }))).size).toBe(integers.length);
  const reals = [0, -0, null, 1, -1, 5e-324];
  expect(sums(reals.map((real) => ({ text: null, integer: null, real }))).size).toBe(reals.length);
  const texts = [null, "", "~", "NULL"];
  expect(sums(texts.map((one) => ({ text: one, integer: null, real: null }))).size).toBe(texts.length);
});

it("sees values that changed places, within a row and between two", () => {
  const [one, other] = [
    { text: "a", integer: 1n, real: 1 },
    { text: "b", integer: 2n, real: 2 },
  ];
  const swapped = [
    { ...one, text: "b" },
    { ...other, text: "a" },
  ];
  expect(hashed([one, other], false).sum).not.toBe(hashed(swapped, false).sum);
  expect(hashed([{ text: "1", integer: 0n, real: 0 }], false).sum).not.toBe(
    hashed([{ text: "0", integer: 1n, real: 0 }], false).sum,
  );
});

it("has nothing to hash where there is no row", () => {
  expect(hashed([], false)).toMatchObject({ rows: 0, sum: 0n });
});
