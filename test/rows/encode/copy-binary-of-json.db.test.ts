import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Conversion } from "../../../src/model/mapping.ts";
import type { BinaryEncoder } from "../../../src/rows/codec.ts";
import { BINARY_BEGIN, BINARY_END, copyBinaryOfJson } from "../../../src/rows/encode/copy-binary-of-json.ts";
import { VALUES_OF_ARRAY } from "../../../src/rows/encode/copy-text-of-json.ts";
import { codecOf } from "../../../src/rows/types/codecs.ts";
import type { TargetSession } from "../../../src/target/target.ts";
import { emptyTarget } from "../../support/target.ts";

/** A type of PostgreSQL's, and values as they stand in a page's JSON. */
interface Case {
  readonly type: string;
  readonly conversion: Conversion;
  readonly values: fc.Arbitrary<string>;
}

const quoted = (text: fc.Arbitrary<string>) => text.map((value) => JSON.stringify(value));
const padded = (number: number, length = 2) => String(number).padStart(length, "0");
const integers = (bits: bigint) =>
  fc
    .oneof(
      fc.bigInt({ min: -(1n << (bits - 1n)), max: (1n << (bits - 1n)) - 1n }),
      fc.constantFrom(-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n, 0n, -1n, 1n),
    )
    .map(String);
const day = fc.oneof(
  fc
    .date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  fc.constantFrom("0001-01-01", "1999-12-31", "2000-02-29", "1900-02-28", "1900-03-01", "9999-12-31"),
);
const clock = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59))
  .map(([hours, minutes, seconds]) => `${padded(hours)}:${padded(minutes)}:${padded(seconds)}`);
const fraction = fc
  .option(fc.tuple(fc.nat(999_999), fc.integer({ min: 1, max: 6 })), { nil: null })
  .map((value) => (value === null ? "" : `.${padded(value[0], 6).slice(0, value[1])}`));
const timestamp = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(day, fc.constantFrom(" ", "T"), clock, fraction).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: day },
  { weight: 1, arbitrary: fc.tuple(day, clock).map(([date, time]) => `${date} ${time.slice(0, 5)}`) },
);
const zoned = fc
  .tuple(timestamp, fc.nat(14), fc.nat(59), fc.constantFrom("", "Z", "+h", "-h", "+hm", "-hm", "+h:m", "-h:m"))
  .map(([text, hours, minutes, zone]) =>
    text.length === 10 ? text : text + zone.replace("h", padded(hours)).replace("m", padded(minutes)),
  );
const real = fc.double({ noNaN: true, noDefaultInfinity: true });
const text = fc
  .oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom(..."\\\"'\t\n\r\b\f\u0001\u001f\u007fé😀aN/") }),
  )
  .filter((value) => !value.includes("\0"));
const hexadecimal = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF"), minLength: length, maxLength: length });
const jsonText = fc.json();

const CASES: readonly Case[] = [
  { type: "smallint", conversion: { kind: "integer", type: "smallint" }, values: integers(16n) },
  { type: "integer", conversion: { kind: "integer", type: "integer" }, values: integers(32n) },
  {
    type: "bigint",
    conversion: { kind: "integer", type: "bigint" },
    values: fc.oneof(integers(64n), integers(54n), integers(33n), integers(10n)),
  },
  {
    type: "double precision",
    conversion: { kind: "double" },
    values: fc.oneof(
      quoted(real.map(String)),
      quoted(
        fc.constantFrom("-0", "Inf", "-Inf", "5e-324", "1.7976931348623157e+308", "2.2250738585072014e-308", "1.0"),
      ),
      integers(50n),
    ),
  },
  {
    type: "numeric",
    conversion: { kind: "numeric", scale: null },
    values: fc.oneof(
      integers(64n),
      quoted(fc.tuple(integers(60n), fc.nat(99_999_999)).map(([whole, decimals]) => `${whole}.${decimals}`)),
      quoted(fc.constantFrom("-0.0", "0.0", "0.00001", "100000000.0", "0000.1")),
    ),
  },
  {
    type: "numeric(20,4)",
    conversion: { kind: "numeric", scale: 4 },
    values: fc.oneof(
      integers(50n),
      quoted(fc.tuple(fc.integer(), fc.nat(9999)).map(([whole, decimals]) => `${whole}.${decimals}`)),
    ),
  },
  { type: "text", conversion: { kind: "text", maxLength: null, padded: false }, values: quoted(text) },
  {
    type: "varchar(9)",
    conversion: { kind: "text", maxLength: 9, padded: false },
    values: quoted(text.filter((value) => [...value].length <= 9)),
  },
  {
    type: "bytea",
    conversion: { kind: "bytes" },
    values: fc.uint8Array().map((bytes) => JSON.stringify(`\\x${Buffer.from(bytes).toString("hex").toUpperCase()}`)),
  },
  { type: "boolean", conversion: { kind: "boolean" }, values: fc.constantFrom("0", "1") },
  { type: "timestamp", conversion: { kind: "timestamp", zone: false, epoch: null }, values: quoted(timestamp) },
  { type: "timestamp(3)", conversion: { kind: "timestamp", zone: false, epoch: null }, values: quoted(timestamp) },
  { type: "timestamptz", conversion: { kind: "timestamp", zone: true, epoch: null }, values: quoted(zoned) },
  { type: "date", conversion: { kind: "date" }, values: quoted(day) },
  {
    type: "time",
    conversion: { kind: "time" },
    values: quoted(
      fc.oneof(
        fc.tuple(clock, fraction).map((parts) => parts.join("")),
        clock.map((time) => time.slice(0, 5)),
      ),
    ),
  },
  { type: "json", conversion: { kind: "json", binary: false }, values: quoted(jsonText) },
  {
    type: "jsonb",
    conversion: { kind: "json", binary: true },
    values: quoted(jsonText.filter((value) => !value.includes("\\u0000"))),
  },
  {
    type: "uuid",
    conversion: { kind: "uuid" },
    values: quoted(
      fc.oneof(
        hexadecimal(32),
        fc
          .tuple(hexadecimal(8), hexadecimal(4), hexadecimal(4), hexadecimal(4), hexadecimal(12))
          .map((parts) => parts.join("-")),
      ),
    ),
  },
];

let session: TargetSession;
beforeAll(async () => {
  ({ session } = await emptyTarget());
});

/** A value of JSON as a field of COPY text. */
function spelled(value: string): string {
  if (value === "null") return "\\N";
  if (!value.startsWith('"')) return value;
  return (JSON.parse(value) as string).replace(
    /[\\\t\n\r]/g,
    (found) => `\\${{ "\\": "\\", "\t": "t", "\n": "n", "\r": "r" }[found] ?? ""}`,
  );
}

async function copyBoth(
  types: readonly string[],
  conversions: readonly Conversion[],
  { json, lines }: { readonly json: string; readonly lines: readonly string[] },
): Promise<void> {
  const columns = types.map((type, index) => `c${index} ${type}`).join(", ");
  await session.run(
    `drop table if exists spelled, packed; create table spelled(${columns}); create table packed(${columns})`,
  );
  const packed =
    copyBinaryOfJson(Buffer.from(json), conversions.map(encoderOf), lines.length) ?? expect.fail("was not taken");
  await session.transaction(async (tx) => {
    const copy = await tx.copyIn("copy packed from stdin with (format binary)");
    for (const bytes of [BINARY_BEGIN, packed, BINARY_END]) await copy.write(bytes);
    await copy.finish();
  });
  await session.transaction(async (tx) => {
    const copy = await tx.copyIn("copy spelled from stdin");
    await copy.write(Buffer.from(lines.map((line) => `${line}\n`).join("")));
    await copy.finish();
  });
}

function encoderOf(conversion: Conversion): BinaryEncoder {
  return codecOf(conversion).encoder.binary ?? expect.fail("has no binary format");
}

describe("a binary COPY", () => {
  it.each(CASES.map((one) => [one.type, one] as const))(
    "brings what the text of a %s brings",
    async (type, { conversion, values }) => {
      const sample = [
        ...fc.sample(fc.oneof({ weight: 30, arbitrary: values }, { weight: 1, arbitrary: fc.constant("null") }), {
          numRuns: 5_000,
        }),
      ];
      await copyBoth([type], [conversion], {
        json: `[${sample.map((value) => `[${value}]`).join(",")}]`,
        lines: sample.map(spelled),
      });
      const different = await session.rows(
        "(select c0::text from packed except all select c0::text from spelled) union all (select c0::text " +
          "from spelled except all select c0::text from packed)",
      );
      expect(different).toEqual([]);
      expect(await session.rows("select count(*)::integer as n from packed")).toEqual([{ n: sample.length }]);
    },
  );

  it.each<[Conversion, string[]]>([
    [{ kind: "integer", type: "smallint" }, ["32768", "-32769", "1.0", "1e3", '"1"', '""']],
    [{ kind: "integer", type: "integer" }, ["2147483648", "-2147483649", "99999999999999999", "0.5", "[1]"]],
    [{ kind: "integer", type: "bigint" }, ["9223372036854775808", "-9223372036854775809", "0.5", '"1"', "-", "true"]],
    [{ kind: "boolean" }, ["2", "10", "-1", '"1"', "true", "0.0"]],
    [
      { kind: "double" },
      ['""', "9999999999999999", "1.5", '"0x1"', '"1_000"', '" 1"', '"1e"', '"Infinity"', '"I"', "-"],
    ],
    [
      { kind: "numeric", scale: null },
      ['""', '"1,5"', "1.5", '"1e+20"', '"Inf"', '"."', '"1."', '".5"', '"-"', '"+1"'],
    ],
    [{ kind: "text", maxLength: null, padded: false }, ["1", "0.5", "{}", "[]", String.raw`"a\u0000b"`]],
    [{ kind: "text", maxLength: 3, padded: false }, ['"abcd"', '"é😀üa"']],
    [{ kind: "json", binary: true }, ["1", "0.5", "[]"]],
    [{ kind: "bytes" }, ['"0a"', String.raw`"\x0"`, String.raw`"\x0g"`, String.raw`"\X00"`, "0", '""']],
    [
      { kind: "date" },
      [
        '"2026-11-23 "',
        '"26-11-23"',
        '"2026-1-23"',
        "20261123",
        '"J2460000.5"',
        '"2026-02-29"',
        '"1900-02-29"',
        '"2026-04-31"',
        '"0000-01-01"',
        '"2026-13-01"',
        '"2026-00-01"',
        '"2026-01-00"',
        '""',
      ],
    ],
    [
      { kind: "time" },
      [
        '"24:00:00"',
        '"12:60:00"',
        '"12:00:60"',
        '"1:00:00"',
        '"12:00:00."',
        '"12:00:00.1234567"',
        '"12:00:00Z"',
        '"12"',
        "12",
      ],
    ],
    [
      { kind: "timestamp", zone: false, epoch: null },
      [
        '"2026-11-23 24:00:00"',
        '"2026-11-23 00:00:00Z"',
        '"2026-11-23 00:00:00+01"',
        '"2026-11-23 00:00:60"',
        '"now"',
        "1",
        '"2026-11-23 00:00:00.1234567"',
        '"2026-02-30 00:00:00"',
        '"2026-11-23t00:00:00"',
        '"2026-11-23 00"',
        '"2026-11-23  00:00"',
        '"2026-11-23 "',
      ],
    ],
    [
      { kind: "timestamp", zone: true, epoch: null },
      [
        '"2026-11-23 00:00:00+15"',
        '"2026-11-23 00:00:00+01:60"',
        '"2026-11-23 00:00:00+1"',
        '"2026-11-23 00:00:00+01:0"',
        '"2026-11-23 00:00:00  Z"',
        '"2026-11-23 00:00:00+01:00:00"',
        '"2026-11-23Z"',
        '"2026-11-23 00:00:00ZZ"',
        '"11/23/2026"',
      ],
    ],
    [
      { kind: "uuid" },
      [
        '"{0b9b54ef6f0e4a1c9d5e3f1f3d2a7c11-}"',
        '"0b9b54ef"',
        '"0b9b54ef-6f0e-4a1c-9d5e-3f1f3d2a7cxx"',
        '"0b9b54ef6f0e-4a1c-9d5e-3f1f3d2a7c11"',
        '"0b9b54ef-6f0e4a1c9d5e3f1f3d2a7c11"',
        '""',
      ],
    ],
  ])("does not take as %o what PostgreSQL might read in another way, or has to refuse", (conversion, values) => {
    for (const value of values)
      expect(copyBinaryOfJson(Buffer.from(`[[${value}]]`), [encoderOf(conversion)], 1), value).toBeNull();
  });

  it("does not take rows of another width, nor what is cut short", () => {
    const formats = [
      encoderOf({ kind: "integer", type: "bigint" }),
      encoderOf({ kind: "text", maxLength: null, padded: false }),
    ];
    for (const json of [
      "[[1]]",
      '[[1,"2",3]]',
      '[[1,"2"]',
      '[[1,"2',
      "[[1,",
      "[1,2]",
      "[0.5]",
      '[[1,"2"],0.5]',
      "",
      "[[]]",
    ])
      expect(copyBinaryOfJson(Buffer.from(json), formats, 2), json).toBeNull();
  });

  it("has rows of more values than SQLite's functions have arguments", async () => {
    const width = VALUES_OF_ARRAY + 10;
    const value = (index: number) => (index % 2 === 0 ? String(index) : `"${index}"`);
    const line = Array.from({ length: width }, (_, index) => index).join("\t");
    const conversions: Conversion[] = Array.from({ length: width }, (_, index) =>
      index % 2 === 0 ? { kind: "integer", type: "bigint" } : { kind: "text", maxLength: null, padded: false },
    );
    const groups = [conversions.slice(0, VALUES_OF_ARRAY), conversions.slice(VALUES_OF_ARRAY)].map(
      (part, group) => `[${part.map((_, index) => value(group * VALUES_OF_ARRAY + index)).join(",")}]`,
    );
    await copyBoth(
      conversions.map(({ kind }) => (kind === "text" ? "text" : "bigint")),
      conversions,
      { json: `[[${groups.join(",")}],[${groups.join(",")}]]`, lines: [line, line] },
    );
    expect(await session.rows("select (packed = spelled) as same from packed, spelled")).toEqual(
      Array.from({ length: 4 }, () => ({ same: true })),
    );
  });
});
