import { describe, expect, it } from "vitest";
import { affinityOf } from "../../../src/inspect/affinity.ts";
import { type ColumnProfile, NOTHING_SEEN } from "../../../src/model/profile.ts";
import type { SourceColumn } from "../../../src/model/source-schema.ts";
import { chooseType } from "../../../src/plan/types/choose-type.ts";
import type { TypeContext } from "../../../src/plan/types/type-choice.ts";

const PLAIN: TypeContext = {
  enhanced: false,
  keyed: false,
  rowid: false,
  habits: { iso: false, zoned: false, other: false },
};
const ENHANCED: TypeContext = { ...PLAIN, enhanced: true };

function column(declaredType: string, defaultSql: string | null = null, name = "x"): SourceColumn {
  return {
    name,
    declaredType,
    affinity: affinityOf(declaredType),
    notNull: false,
    defaultSql,
    primaryKeyPosition: 0,
    collation: "BINARY",
    generated: null,
  };
}

function seen(profile: Partial<ColumnProfile>): ColumnProfile {
  return { ...NOTHING_SEEN, column: "x", ...profile };
}

function typeOf(declaredType: string, profile: Partial<ColumnProfile>, context: TypeContext = PLAIN): string {
  const { type, findings } = chooseType(column(declaredType), seen(profile), context);
  return [type, ...findings.map(({ code, severity }) => (severity === "blocking" ? `${code}!` : code))].join(" ");
}

describe("chooseType", () => {
  it.each<[string, Partial<ColumnProfile>, string]>([
    ["INTEGER", { integers: 3, minInteger: 1n, maxInteger: 3n }, "bigint"],
    ["REAL", { reals: 2 }, "double precision"],
    ["FLOAT", { reals: 2, infinities: 1 }, "double precision INFINITE"],
    ["INTEGER", { integers: 2, reals: 1, maxInteger: 9_007_199_254_740_992n }, "double precision"],
    ["INTEGER", { integers: 2, reals: 1, maxInteger: 9_007_199_254_740_993n }, "numeric"],
    ["DECIMAL(10,2)", { integers: 2, reals: 1 }, "numeric(10,2)"],
    ["DECIMAL(10,2)", { reals: 3, beyondScale: 1 }, "numeric NUMERIC_SCALE_EXCEEDED"],
    ["NUMERIC", { reals: 3 }, "numeric"],
    ["INTEGER", { texts: 2 }, "text TEXT_IN_NUMBER"],
    ["INTEGER", { integers: 1, texts: 2 }, "text MIXED_STORAGE"],
    ["VARCHAR(5)", { texts: 2, maxTextLength: 80 }, "text VARCHAR_LENGTH_EXCEEDED"],
    ["INTEGER", { integers: 1, texts: 2, emptyTexts: 2 }, "text EMPTY_TEXT"],
    ["INTEGER", { texts: 2, emptyTexts: 2 }, "text EMPTY_TEXT"],
    ["nvarchar] (20", { texts: 1 }, "text"],
    ["CHAR(0)", { texts: 1 }, "text"],
    ["BLOB", { texts: 2 }, "text"],
    ["BLOB", { blobs: 2 }, "bytea"],
    ["BLOB", { blobs: 2, texts: 1 }, "bytea TEXT_IN_BLOB"],
    ["TEXT", { blobs: 1, texts: 2 }, "bytea MIXED_STORAGE"],
    ["TEXT", { texts: 2, nulTexts: 1 }, "bytea NUL_IN_TEXT"],
    ["TEXT", { texts: 2, invalidTexts: 1 }, "bytea INVALID_UTF8"],
    ["TEXT", { texts: 3, nulTexts: 1, invalidTexts: 1 }, "bytea NUL_IN_TEXT INVALID_UTF8"],
    ["NUMERIC", { texts: 3, integers: 1, nulTexts: 1 }, "text NUL_IN_TEXT!"],
    ["", { blobs: 1, integers: 2 }, "bigint MIXED_STORAGE!"],
    ["", { blobs: 3, integers: 2, texts: 9 }, "bytea MIXED_STORAGE!"],
    ["", { blobs: 1, integers: 2, texts: 9 }, "text MIXED_STORAGE!"],
    ["", { integers: 2 }, "bigint"],
    ["", {}, "text"],
    ["BOOLEAN", { integers: 9 }, "boolean"],
    ["BOOLEAN", { integers: 9, notBoolean: 1 }, "bigint INVALID_BOOLEAN"],
    ["BOOLEAN", { integers: 9, texts: 1 }, "text INVALID_BOOLEAN"],
    ["BOOLEAN", { texts: 2 }, "text INVALID_BOOLEAN"],
    ["BOOLEAN", {}, "boolean"],
    ["TINYINT(1)", { integers: 2 }, "boolean"],
    ["TINYINT(1)", { integers: 2, notBoolean: 2 }, "bigint"],
    ["TINYINT(1)", {}, "bigint"],
    ["DATETIME", { texts: 2, isoTimestamps: 2 }, "timestamp"],
    ["DATETIME", { texts: 2, isoTimestamps: 1, isoDates: 1 }, "timestamp"],
    ["DATETIME", { texts: 2, isoTimestamps: 2, zonedTimestamps: 2 }, "timestamptz"],
    ["DATETIME", { texts: 2, isoTimestamps: 2, zonedTimestamps: 1 }, "text DATE_AS_TEXT"],
    ["DATETIME", { texts: 2, isoTimestamps: 1 }, "text DATE_AS_TEXT"],
    ["DATE", { texts: 2, isoDates: 2 }, "date"],
    ["DATETIME", { integers: 2, minInteger: 1_600_000_000n, maxInteger: 1_700_000_000n }, "bigint DATE_AS_NUMBER"],
    ["DATETIME", { reals: 2, dateFormats: { julian: 2 } }, "double precision DATE_AS_NUMBER"],
    [
      "DATETIME",
      { integers: 1, texts: 1, isoTimestamps: 1, dateFormats: { seconds: 1, local: 1 } },
      "text DATE_AS_TEXT",
    ],
    ["DATETIME", {}, "timestamp"],
    ["DATE", {}, "date"],
    ["JSON", { texts: 2, json: 2, jsonContainers: 2 }, "text"],
    ["UUID", { texts: 2, uuids: 2, lowerUuids: 2 }, "text"],
  ])("plain: %s holding %o becomes %s", (declared, profile, expected) => {
    expect(typeOf(declared, profile)).toBe(expected);
  });

  it.each<[string, Partial<ColumnProfile>, string]>([
    ["DATETIME", { integers: 2, minInteger: 1_600_000_000n, maxInteger: 1_700_000_000n }, "timestamptz"],
    ["DATETIME", { integers: 2, minInteger: 1_600_000_000_000n, maxInteger: 1_700_000_000_000n }, "timestamptz"],
    ["DATETIME", { integers: 2, minInteger: 0n, maxInteger: 1_700_000_000n }, "bigint DATE_AS_NUMBER"],
    ["DATETIME", { integers: 2, minInteger: 694_224_000n, maxInteger: 757_382_400n }, "bigint DATE_AS_NUMBER"],
    ["DATETIME", { integers: 2, minInteger: 2_024_013_112n, maxInteger: 2_024_020_100n }, "bigint DATE_AS_NUMBER"],
    ["INTEGER", { integers: 50, minInteger: 1_600_000_000n, maxInteger: 1_700_000_000n }, "bigint"],
    ["JSON", { texts: 2, json: 2 }, "jsonb"],
    ["JSON", { texts: 2, json: 1 }, "text INVALID_JSON"],
    ["JSON", { texts: 2, json: 2, jsonRejected: 1 }, "text JSON_ESCAPES"],
    ["TEXT", { texts: 19, uuids: 19 }, "text"],
    ["TEXT", { texts: 1000, uuids: 999 }, "text INVALID_UUID"],
    ["TEXT", { texts: 1000, uuids: 900 }, "text"],
    ["UUID", { texts: 10, uuids: 5 }, "text INVALID_UUID"],
    ["INET", { texts: 1000, inets: 999 }, "text INVALID_INET"],
    ["TEXT", { texts: 20, uuids: 20 }, "uuid"],
    ["TEXT", { texts: 20, json: 20, jsonContainers: 19 }, "text"],
    ["TEXT", { texts: 20, inets: 20 }, "text"],
    ["TIME", { texts: 2, isoTimes: 2 }, "time"],
    ["DATETIME", {}, "timestamp"],
  ])("enhanced: %s holding %o becomes %s", (declared, profile, expected) => {
    expect(typeOf(declared, profile, ENHANCED)).toBe(expected);
  });

  it("keeps keys apart that PostgreSQL would take for one", () => {
    const keyed = { ...ENHANCED, keyed: true };
    expect(typeOf("DATETIME", { texts: 2, isoTimestamps: 2 }, keyed)).toBe("text");
    expect(typeOf("UUID", { texts: 2, uuids: 2, lowerUuids: 1 }, keyed)).toBe("text");
    expect(typeOf("UUID", { texts: 2, uuids: 2, lowerUuids: 2 }, keyed)).toBe("uuid");
  });

  it("goes by the default, and by the database's other dates, where there are no values", () => {
    const guessed = (defaultSql: string | null, habits: Partial<TypeContext["habits"]> = {}) =>
      chooseType(column("DATETIME", defaultSql), seen({}), { ...PLAIN, habits: { ...PLAIN.habits, ...habits } }).type;
    expect(guessed(null)).toBe("timestamp");
    expect(guessed("CURRENT_TIMESTAMP")).toBe("timestamp");
    expect(guessed(null, { iso: true })).toBe("timestamp");
    expect(guessed(null, { iso: true, zoned: true })).toBe("timestamptz");
    expect(guessed(null, { iso: true, other: true })).toBe("text");
    expect(
      chooseType(column("DATETIME"), seen({}), { ...ENHANCED, habits: { iso: true, zoned: false, other: true } }).type,
    ).toBe("timestamp");
    expect(guessed("'0000-00-00 00:00:00'", { iso: true })).toBe("text");
    expect(guessed("'2030-05-28 21:32:15'", { iso: true })).toBe("timestamp");
  });
});

it("never takes the numbers of a key, or of a column that a foreign key joins, for timestamps", () => {
  const profile = { integers: 3, minInteger: 1_700_000_000n, maxInteger: 1_700_000_900n };
  expect(typeOf("DATETIME", profile, ENHANCED)).toContain("timestamptz");
  for (const context of [{ keyed: true }, { linked: true }])
    expect(typeOf("DATETIME", profile, { ...ENHANCED, ...context })).not.toContain("timestamptz");
});
