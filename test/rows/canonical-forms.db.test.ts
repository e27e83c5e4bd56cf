import fc from "fast-check";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import type { Conversion } from "../../src/model/mapping.ts";
import { CanonicalValue } from "../../src/rows/canonical/canonical-value.ts";
import { ValueTokens } from "../../src/rows/canonical/value-tokens.ts";
import { codecOf } from "../../src/rows/types/codecs.ts";
import { renderValueHash } from "../../src/verify/render-row-hash.ts";
import { RowHasher } from "../../src/verify/row-hash.ts";
import { emptyTarget } from "../support/target.ts";

type Value = string | number | bigint | Buffer | null;

/** The hash of each value that SQLite holds in a column of a type; null where it has no canonical form. */
function written(conversion: Conversion, values: readonly Value[], declared = ""): (string | null)[] {
  const database = new Database(":memory:");
  database.exec(`CREATE TABLE t(i INTEGER PRIMARY KEY, c ${declared})`);
  const insert = database.prepare("INSERT INTO t(c) VALUES (?)");
  for (const value of values) insert.run([value]);
  const form = codecOf(conversion).comparison.canonical;
  const parts = form.sqlite("c", { maxBytes: 1_000 });
  const joined = parts.map(
    ({ separator, sql }) => `CAST(group_concat(${sql}${separator === "control" ? ",char(1)" : ""}) AS BLOB)`,
  );
  const answer = database
    .prepare(`SELECT ${joined.join(", ")} FROM (SELECT +c COLLATE "BINARY" AS c FROM t ORDER BY i LIMIT -1)`)
    .raw()
    .get() as (Buffer | null)[];
  const tokens = parts.map(({ separator }, index) => new ValueTokens(new Uint8Array(answer[index] ?? []), separator));
  const writer = form.writer(tokens);
  const value = new CanonicalValue();
  const texts = values.map(() => {
    value.begin();
    if (!writer(value)) return null;
    const hasher = new RowHasher({ maxRows: 1, columns: 1, isByPlace: false });
    hasher.beginRow();
    hasher.addValue(0, value);
    hasher.endRow();
    return hasher.hashes.sum.toString();
  });
  expect(tokens.every(({ isAtEnd }) => isAtEnd)).toBe(true);
  return texts;
}

/** What PostgreSQL hashes of values, given as its texts. */
async function ofPostgres(conversion: Conversion, type: string, texts: readonly (string | null)[]) {
  const { session, target } = await emptyTarget();
  const hash = renderValueHash(codecOf(conversion).comparison.canonical.postgres(`v::${type}`), 0, false);
  const rows = await session.rows<{ written: string }>(
    `select hashint4extended(1, ${hash})::text as written from unnest($1::text[]) with ordinality as u(v, ` +
      "place) order by place",
    [texts],
  );
  await target.close();
  return rows.map((row) => row.written);
}

const REALS = [
  ...[0, 1, -1, 0.1, -0.1, 19.99, 1 / 3, 1e15, -1e15, 9e15, 123456789012345, 1e-3, 0.0009765625, 0.0009765624],
  ...[1e-10, 5e-324, 1.7976931348623157e308, -8.924817, 2 ** 53, 2 ** 62, 999999999999999.9, 0.30000000000000004],
  ...fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), { numRuns: 2_000, seed: 7 }),
  ...fc.sample(fc.integer({ min: -1e9, max: 1e9 }), { numRuns: 1_000, seed: 8 }).map((value) => value / 1_000),
];

/** Such keys are left to a comparison of values. */
function hasEscapedKey(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, inner]) => /["\\]/.test(key) || hasEscapedKey(inner));
}

const JSONS = fc
  .sample(fc.jsonValue({ maxDepth: 4 }), { numRuns: 1_500, seed: 3 })
  .filter((value) => !hasEscapedKey(value))
  .flatMap((value) => [JSON.stringify(value), JSON.stringify(value, null, 2)])
  .filter((text) => !/\\u0000|\\ud[89a-f]|e[-+]\d{3}|e[-+][4-9]\d/i.test(text));

describe("in canonical form", () => {
  it("a double is the eight bytes that PostgreSQL sends", async () => {
    const doubles = [...REALS, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const ours = written({ kind: "double" }, [...doubles, null], "REAL");
    expect(ours).toEqual(await ofPostgres({ kind: "double" }, "float8", [...doubles.map(String), null]));
    // In a column without an affinity, -0.0 is a value of its own.
    expect(written({ kind: "double" }, [-0])).toEqual(await ofPostgres({ kind: "double" }, "float8", ["-0"]));
    const [seven, ...others] = written({ kind: "double" }, [7n, 2n ** 53n + 1n, "7", Buffer.from("7")]);
    expect([seven]).toEqual(await ofPostgres({ kind: "double" }, "float8", ["7"]));
    expect(others).toEqual([null, null, null]);
  });

  it("a decimal has no zeros at its end, and reads as the real", async () => {
    const conversion = { kind: "numeric", scale: null } as const;
    const finite = REALS.filter((value) => value === 0 || (Math.abs(value) > 1e-30 && Math.abs(value) < 1e30));
    const sent = finite.map((value) =>
      Number(value.toPrecision(15)) === value ? value.toPrecision(15) : value.toPrecision(17),
    );
    expect(written(conversion, finite, "REAL")).toEqual(await ofPostgres(conversion, "numeric", sent));
    const integers = [2n ** 60n, -(2n ** 62n) - 1n, 5n, null];
    expect(written(conversion, integers, "NUMERIC")).toEqual(
      await ofPostgres(
        conversion,
        "numeric",
        integers.map((value) => value?.toString() ?? null),
      ),
    );
    expect(await ofPostgres(conversion, "numeric(9, 2)", ["1.50", "2", "0.00"])).toEqual(
      written(conversion, [1.5, 2n, 0n]),
    );
  });

  it("JSON is what jsonb writes", async () => {
    const conversion = { kind: "json", binary: true } as const;
    const texts = [
      ...JSONS,
      ...[
        '{"b":1,"aa":2,"a":3}',
        '{"a":1,"a":2,"b":{"z":0,"y":[ ]}}',
        " [ 1.50 , -0, -0.0, 1e2, 1.5e-3, 12.5E+1, 0e5 ] ",
      ],
      ...[
        '"\\u00e4\\ud83d\\ude00\\/\\b\\f\\u0001"',
        "true",
        "null",
        "-12",
        '{"ä":1,"b":2,"":3}',
        '"a\\"b\\\\c\\n"',
        "{}",
      ],
      ...["1E-7", "123456789012345678901234567890.10", '{"a, b":"c: d"}', "0.000", "-0.5e1"],
    ];
    expect(written(conversion, [...texts, null])).toEqual(await ofPostgres(conversion, "jsonb", [...texts, null]));
    const broken = [
      "",
      "{",
      "[1,]",
      "{'a':1}",
      "01",
      "1.",
      ".5",
      "control",
      '"a',
      '"\n"',
      '{"a":1}x',
      "[1 2]",
      "+1",
      "NaN",
    ];
    const left = [...broken, '"\\u0000"', '"\\ud800"', '{"\\"":1}', "1e400", Buffer.from("1"), 1.5, "x".repeat(2_000)];
    expect(written(conversion, left)).toEqual(left.map(() => null));
    expect(written(conversion, [5n])).toEqual(await ofPostgres(conversion, "jsonb", ["5"]));
  });

  const days = ["2024-02-29", "0001-01-01", "9999-12-31", "1969-12-31", "2000-03-01"];
  const clocks = ["", " 00:00", "T23:59:59", " 12:30:05.120", "T07:08:09.000001", "T01:00:00.000"];
  const zones = ["Z", "+00:00", "+02:00", "-0530", "+14", "-00:01", ""];
  const moments = days.flatMap((day) =>
    clocks.flatMap((clock) => (clock === "" ? [day] : zones.map((zone) => `${day}${clock}${zone}`))),
  );

  it("a timestamp is what PostgreSQL writes in UTC", async () => {
    const zoned = { kind: "timestamp", zone: true, epoch: null } as const;
    const inCalendar = moments.filter(
      (text) => !/^0001-01-01.*\+(02|14)|^9999-12-31.*-/.test(text) && !/^9999-12-31T23:59:59-00:01/.test(text),
    );
    expect(written(zoned, [...inCalendar, null])).toEqual(
      await ofPostgres(zoned, "timestamptz", [...inCalendar, null]),
    );
    const local = { kind: "timestamp", zone: false, epoch: null } as const;
    const plain = moments.filter((text) => !/[ T].*(Z|[-+]\d\d(:?\d\d)?)$/.test(text));
    expect(written(local, plain)).toEqual(await ofPostgres(local, "timestamp", plain));
    const texts = [
      "2024-03-10T12:00:05.Z",
      "2024-03-10T12:00:05.1234567Z",
      "2024-03-10T12:00:05ZZ",
      "2024-03-10T1",
      "",
    ];
    const no = [...texts, "2024-02-30T12:00:00+01:00", "0001-01-01T00:00:00+02:00", "1/10/1997", 17, "12:00", "~17"];
    expect(written(zoned, no)).toEqual(no.map(() => null));
    expect(written(local, ["2024-03-10T12:00:05Z", "2024-03-10T12:00:05+02:00"])).toEqual([null, null]);
  });

  it.each(["seconds", "milliseconds", "microseconds"] as const)("an integer of %s is the timestamp", async (epoch) => {
    const conversion = { kind: "timestamp", zone: true, epoch } as const;
    const perSecond = { seconds: 1, milliseconds: 1_000, microseconds: 1_000_000 }[epoch];
    const seconds = [0, -1, 1_700_000_000, -62_135_596_800, 4_102_444_800, 951_782_399];
    const counts = seconds.flatMap((one) => [one * perSecond, one * perSecond + (perSecond >> 1)]);
    const sent = counts.map((count) => new Date((count / perSecond) * 1_000).toISOString());
    expect(written(conversion, [...counts.map(BigInt), null])).toEqual(
      await ofPostgres(conversion, "timestamptz", [...sent, null]),
    );
  });

  it("texts, blobs, UUIDs, times and numbers are what PostgreSQL writes", async () => {
    const text = { kind: "text", maxLength: null, padded: false } as const;
    const texts = ["", "a,b", "~", "-1,", "Ärger\n\u{1f600}", "ÿ", "x".repeat(900), null];
    expect(written(text, texts)).toEqual(await ofPostgres(text, "text", texts));
    expect(written(text, [5n, Buffer.from("5"), "x".repeat(1_001)])).toEqual([null, null, null]);
    const blobs = [Buffer.from([]), Buffer.from([0, 255, 171]), Buffer.from("text"), null];
    expect(written({ kind: "bytes" }, blobs)).toEqual(
      await ofPostgres(
        { kind: "bytes" },
        "bytea",
        blobs.map((blob) => (blob === null ? null : `\\x${blob.toString("hex")}`)),
      ),
    );
    const uuid = "8D1F3C4A-1b2c-4d5e-8f90-0123456789aB";
    const uuids = [uuid, uuid.replaceAll("-", ""), Buffer.from(uuid.replaceAll("-", ""), "hex")];
    expect(new Set(written({ kind: "uuid" }, uuids))).toEqual(
      new Set(await ofPostgres({ kind: "uuid" }, "uuid", [uuid])),
    );
    const times = ["10:20", "10:20:30", "10:20:30.500", "10:20:30.000", "23:59:59.000001", null];
    expect(written({ kind: "time" }, times)).toEqual(await ofPostgres({ kind: "time" }, "time", times));
    const integer = { kind: "integer", type: "bigint" } as const;
    const random = fc.sample(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { numRuns: 500, seed: 5 });
    const small = random.map((one) => one >> 30n);
    const integers = [0n, -1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), ...random, ...small, null];
    expect(written(integer, integers)).toEqual(
      await ofPostgres(
        integer,
        "bigint",
        integers.map((one) => one?.toString() ?? null),
      ),
    );
    expect(written(integer, [5.5, "5", Buffer.from("5"), 1e20])).toEqual([null, null, null, null]);
    expect(written({ kind: "boolean" }, [0n, 1n, null])).toEqual(
      await ofPostgres({ kind: "boolean" }, "boolean", ["f", "t", null]),
    );
  });

  it("a separator within a text cannot pass for the end of it, nor another text for NULL", async () => {
    const text = { kind: "text", maxLength: null, padded: false } as const;
    expect(() => written(text, ["a\u0001b", "c"])).toThrow();
    const known = await ofPostgres(text, "text", ["a\u0002"]);
    expect(written(text, ["\u0002", "\u0002!", "a\u0002"])).toEqual([null, null, ...known]);
  });
});
