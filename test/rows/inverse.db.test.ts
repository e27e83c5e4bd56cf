import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Conversion } from "../../src/model/mapping.ts";
import { bindRaw } from "../../src/rows/bind-raw.ts";
import type { RawValue } from "../../src/rows/raw-value.ts";
import { codecOf } from "../../src/rows/types/codecs.ts";
import { openSource } from "../../src/source/source.ts";
import { sqliteFile } from "../support/source.ts";
import { emptyTarget } from "../support/target.ts";

type Raw = Exclude<RawValue, { type: "null" }>;

const int = (arbitrary: fc.Arbitrary<bigint>) => arbitrary.map((value): Raw => ({ type: "integer", value }));
const realOf = (arbitrary: fc.Arbitrary<number>) => arbitrary.map((value): Raw => ({ type: "real", value }));
const textOf = (arbitrary: fc.Arbitrary<string>) =>
  arbitrary.map((value): Raw => ({ type: "text", bytes: new TextEncoder().encode(value) }));
const blobOf = (arbitrary: fc.Arbitrary<Uint8Array>) => arbitrary.map((bytes): Raw => ({ type: "blob", bytes }));

const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n),
);
const whole = fc.oneof(fc.integer(), fc.constantFrom(0, 2 ** 53, -(2 ** 53)));
const anyReal = fc.oneof(
  fc.double({ noNaN: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((value) => Number(value.toFixed(3))),
  fc.constantFrom(0.1, 0.1 + 0.2, 1e15, 1e16, 1e17, 123456789012345680, 1e-5, 5e-324, Number.POSITIVE_INFINITY),
);
const withoutMinusZero = anyReal.filter((value) => !Object.is(value, -0));
const anyText = fc
  .oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom("", " ", "12", "1.0", "\\N", "a\tb\r\nc\\d", "🙂"),
  )
  .filter((value) => value.isWellFormed() && !value.includes("\0"));
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });
const hyphenated = hex(32).map(
  (plain) =>
    `${plain.slice(0, 8)}-${plain.slice(8, 12)}-${plain.slice(12, 16)}-${plain.slice(16, 20)}-${plain.slice(20)}`,
);
const two = (max: number, min = 0) => fc.integer({ min, max }).map((n) => String(n).padStart(2, "0"));
const day = fc
  .tuple(fc.integer({ min: 2, max: 9998 }), two(12, 1), two(28, 1))
  .map(([year, month, date]) => `${String(year).padStart(4, "0")}-${month}-${date}`);
const fraction = fc.oneof(
  fc.constant(""),
  fc
    .integer({ min: 1, max: 6 })
    .chain((length) =>
      fc
        .string({ unit: fc.constantFrom(..."0123456789"), minLength: length, maxLength: length })
        .map((digits) => `.${digits}`),
    ),
);
const clock = fc
  .tuple(two(23), two(59), fc.option(fc.tuple(two(59), fraction)))
  .map(([hour, minute, rest]) => `${hour}:${minute}${rest === null ? "" : `:${rest[0]}${rest[1]}`}`);
const zone = fc.oneof(
  fc.constantFrom("", "Z", "+00:00", "-00:00", "+00", "+0530"),
  fc.tuple(fc.constantFrom("+", "-"), two(14), two(59)).map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`),
);
const stamp = (withZone: boolean) =>
  fc.oneof(
    day,
    fc.tuple(day, fc.constantFrom(" ", "T"), clock, withZone ? zone : fc.constant("")).map((parts) => parts.join("")),
  );
const inDigits = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), two(12, 1), two(28, 1), two(23), two(59), two(59))
  .map(([year, ...rest]) => `${String(year).padStart(4, "0")}${rest.join("")}`);
const shortReal = fc.oneof(
  fc
    .tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: -30, max: 1 }))
    .map(([digits, power]) => Number(`${digits}e${power}`)),
  fc.constantFrom(Number.POSITIVE_INFINITY, 0.1, 1.2e-37, 16_777_216, -16_777_215, -0),
);
const wholeOfReal = fc.bigInt({ min: -16_777_216n, max: 16_777_216n });
const spans = fc.constantFrom("1 day", "01:00:00", "1 year 2 mons", "-1 days +02:03:00");
const lists = (element: fc.Arbitrary<unknown>) =>
  fc
    .tuple(fc.array(element, { maxLength: 4 }), fc.boolean())
    .map(([list, isSpaced]) =>
      isSpaced ? `[${list.map((value) => JSON.stringify(value)).join(", ")}]` : JSON.stringify(list),
    );
const ipv4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join("."));

const KINDS: readonly { readonly type: string; readonly conversion: Conversion; readonly values: fc.Arbitrary<Raw> }[] =
  [
    { type: "bigint", conversion: { kind: "integer", type: "bigint" }, values: fc.oneof(int(int64), realOf(whole)) },
    {
      type: "double precision",
      conversion: { kind: "double" },
      values: fc.oneof(realOf(anyReal), int(fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n }))),
    },
    {
      type: "numeric",
      conversion: { kind: "numeric", scale: null },
      values: fc.oneof(int(int64), realOf(withoutMinusZero)),
    },
    {
      type: "numeric(30,3)",
      conversion: { kind: "numeric", scale: 3 },
      values: fc.oneof(
        int(int64),
        realOf(
          fc
            .integer({ min: -1e9, max: 1e9 })
            .map((n) => n / 1000)
            .filter((value) => !Object.is(value, -0)),
        ),
      ),
    },
    {
      type: "text",
      conversion: { kind: "text", maxLength: null, padded: false },
      values: fc.oneof(textOf(anyText), int(int64), realOf(withoutMinusZero)),
    },
    {
      type: "bytea",
      conversion: { kind: "bytes" },
      values: fc.oneof(
        blobOf(fc.uint8Array({ maxLength: 12 })),
        fc.uint8Array({ maxLength: 12 }).map((bytes): Raw => ({ type: "text", bytes })),
      ),
    },
    { type: "boolean", conversion: { kind: "boolean" }, values: int(fc.constantFrom(0n, 1n)) },
    {
      type: "timestamptz",
      conversion: { kind: "timestamp", zone: true, epoch: "seconds" },
      values: fc.oneof(textOf(stamp(true)), int(fc.bigInt({ min: -60_000_000_000n, max: 250_000_000_000n }))),
    },
    {
      type: "timestamptz",
      conversion: { kind: "timestamp", zone: true, epoch: "milliseconds" },
      values: int(fc.bigInt({ min: -60_000_000_000_000n, max: 250_000_000_000_000n })),
    },
    {
      type: "timestamptz",
      conversion: { kind: "timestamp", zone: true, epoch: "microseconds" },
      values: int(fc.bigInt({ min: -60_000_000_000_000_000n, max: 250_000_000_000_000_000n })),
    },
    { type: "timestamp", conversion: { kind: "timestamp", zone: false, epoch: null }, values: textOf(stamp(false)) },
    { type: "date", conversion: { kind: "date" }, values: textOf(day) },
    { type: "time", conversion: { kind: "time" }, values: textOf(clock) },
    {
      type: "json",
      conversion: { kind: "json", binary: false },
      values: fc.oneof(
        textOf(
          fc
            .tuple(fc.json(), fc.nat(3))
            .map(([text, blanks]) => `${text}${" ".repeat(blanks)}`)
            .filter((text) => !text.includes("\\u0000") && text.isWellFormed()),
        ),
        int(int64),
      ),
    },
    {
      type: "jsonb",
      conversion: { kind: "json", binary: true },
      values: fc.oneof(
        textOf(
          fc.constantFrom(
            '{"a":1,"b":[1,2,{"c":"x: , y \\" z"}]}',
            '{"a": 1, "b": [1, 2]}',
            "[]",
            '"text"',
            "null",
            '{"f":1.50}',
          ),
        ),
        int(fc.bigInt({ min: -5n, max: 5n })),
        realOf(fc.constantFrom(0.5, 1.25, -3.75)),
      ),
    },
    {
      type: "uuid",
      conversion: { kind: "uuid" },
      values: fc.oneof(
        textOf(hyphenated),
        textOf(hyphenated.map((value) => value.toUpperCase())),
        textOf(hex(32)),
        textOf(hex(32).map((value) => value.toUpperCase())),
        blobOf(fc.uint8Array({ minLength: 16, maxLength: 16 })),
      ),
    },
    {
      type: "inet",
      conversion: { kind: "network" },
      values: textOf(
        fc.oneof(
          ipv4,
          ipv4.map((host) => `${host}/32`),
          ipv4.map((host) => `${host}/24`),
          fc.constantFrom("::1", "fe80::1/64", "::1/128"),
        ),
      ),
    },
    {
      type: "boolean",
      conversion: { kind: "boolean" },
      values: textOf(
        fc.constantFrom("t", "f", "T", "F", "true", "false", "TRUE", "False", "yes", "no", "Y", "on", "Off"),
      ),
    },
    {
      type: "timestamptz",
      conversion: { kind: "timestamp", zone: true, epoch: null },
      values: textOf(fc.oneof(inDigits, fc.constantFrom("infinity", "-infinity"))),
    },
    {
      type: "timestamp",
      conversion: { kind: "timestamp", zone: false, epoch: null, isCompact: true },
      values: fc.oneof(textOf(inDigits), int(inDigits.map(BigInt).filter((value) => value >= 10_000_000_000_000n))),
    },
    { type: "real", conversion: { kind: "real" }, values: fc.oneof(realOf(shortReal), int(wholeOfReal)) },
    ...(["seconds", "milliseconds", "microseconds"] as const).map((unit) => ({
      type: "interval",
      conversion: { kind: "interval", unit } as const,
      values: fc.oneof(int(fc.bigInt({ min: -7_700_000_000_000n, max: 7_700_000_000_000n })), textOf(spans)),
    })),
    {
      type: "interval",
      conversion: { kind: "interval", unit: "microseconds" },
      values: int(fc.bigInt({ min: -7_700_000_000_000_000_000n, max: 7_700_000_000_000_000_000n })),
    },
    {
      type: "text[]",
      conversion: { kind: "array", type: "text[]", element: "text" },
      values: fc.oneof(
        textOf(lists(fc.oneof(anyText, fc.constantFrom("NULL", "{", '"', ",", "[", "a\\b", "\n"), fc.constant(null)))),
        textOf(fc.constantFrom("{}", "{a,b}", '{"x y",NULL}')),
      ),
    },
    {
      type: "numeric[]",
      conversion: { kind: "array", type: "numeric[]", element: "number" },
      values: textOf(lists(fc.oneof(fc.integer(), fc.constantFrom(0.1, -2.75, 1e-7), fc.constant(null)))),
    },
    {
      type: "bigint[]",
      conversion: { kind: "array", type: "bigint[]", element: "number" },
      values: textOf(lists(fc.integer())),
    },
    {
      type: "boolean[]",
      conversion: { kind: "array", type: "boolean[]", element: "boolean" },
      values: textOf(lists(fc.oneof(fc.boolean(), fc.constant(null)))),
    },
    {
      type: "jsonb[]",
      conversion: { kind: "array", type: "jsonb[]", element: "json" },
      values: textOf(
        lists(fc.oneof(fc.integer(), fc.boolean(), fc.constantFrom({ a: [1, "x"] }, [1, null], 'text "q" \\', {}))),
      ),
    },
    {
      type: "interval",
      conversion: { kind: "other", type: "interval" },
      values: textOf(fc.constantFrom("1 day", "01:00:00")),
    },
  ];

describe("values that went to PostgreSQL and come back", () => {
  let target: Awaited<ReturnType<typeof emptyTarget>>;

  beforeAll(async () => {
    target = await emptyTarget();
  });

  afterAll(() => target.target.close());

  for (const { type, conversion, values } of KINDS) {
    it("are the same, bit by bit: " +
      `${type}${"epoch" in conversion && conversion.epoch !== null ? ` from ${conversion.epoch}` : ""}`, {
      timeout: 60_000,
    }, async () => {
      const { path } = await sqliteFile(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v); CREATE TABLE back(id INTEGER PRIMARY KEY, v)",
      );
      const source = openSource({ url: path });
      const { inverse } = codecOf(conversion);
      const raws = fc.sample(values, { numRuns: 400, seed: 7 });
      await source.write(async (tx) => {
        for (const raw of raws) {
          const { expression, args } = bindRaw(raw, {});
          await tx.run(`INSERT INTO t(v) VALUES(${expression})`, args);
        }
      });
      const [lines] = await source.read((tx) =>
        tx.rows(
          `SELECT CAST(group_concat(id||char(9)||${codecOf(conversion).encoder.copyText("v")}||char(10), '') ` +
            `AS BLOB), sum(${codecOf(conversion).encoder.rejected("v")}) FROM t`,
        ),
      );
      expect(lines?.[1]).toBe(0n);
      await target.session.run(`drop table if exists v; create table v(id bigint primary key, v ${type})`);
      const copy = await target.session.copyIn("copy v from stdin");
      await copy.write(new Uint8Array(lines?.[0] as ArrayBuffer));
      await copy.finish();
      const targetText = await target.session.rows<{ v: string }>("select v::text as v from v order by id");
      await source.write(async (tx) => {
        for (const [index, { v }] of targetText.entries()) {
          const raw = raws[index];
          if (raw === undefined) throw new Error("a row too many");
          const sourceValue = inverse.write(v, inverse.formatOf(raw));
          if (sourceValue === null)
            throw new Error(`${JSON.stringify(v)} does not go back as ${inverse.formatOf(raw)}`);
          expect(sourceValue.exact, v).toBe(true);
          expect(codecOf(conversion).comparison.matches(sourceValue.value, v)).toBe(true);
          const { expression, args } = bindRaw(sourceValue.value, {});
          await tx.run(`INSERT INTO back(v) VALUES(${expression})`, args);
        }
      });
      // To the storage class and the last bit; the angle tells -0.0 from 0.0.
      const differing = await source.read((tx) =>
        tx.rows(
          "SELECT t.id, typeof(t.v), typeof(back.v), hex(t.v), hex(back.v) FROM t LEFT JOIN back USING(id) " +
            "WHERE typeof(t.v) <> typeof(back.v) OR t.v IS NOT back.v OR CASE typeof(t.v) WHEN 'real' " +
            "THEN atan2(t.v, -1.0) <> atan2(back.v, -1.0) END LIMIT 5",
        ),
      );
      expect(differing).toEqual([]);
      source.close();
    });
  }
});
