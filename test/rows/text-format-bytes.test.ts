import fc from "fast-check";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { formatTest, hasFormat, TEXT_FORMATS, type TextFormat } from "../../src/rows/text-formats.ts";
import { nearFormats } from "../support/near-formats.ts";

// json-syntax.test.ts does JSON.
const FORMATS = TEXT_FORMATS.filter((format) => format !== "json");

const database = new Database(":memory:");
const asked = database
  .prepare(
    `SELECT ${FORMATS.map((format) => `coalesce(${hasFormat(format, "c")}, 0)`).join(", ")} FROM (SELECT ? AS c)`,
  )
  .raw();

function bySqlite(text: string): string[] {
  const row = asked.get(text) as number[];
  return FORMATS.filter((_, index) => row[index] === 1);
}

function isOf(format: TextFormat, bytes: Uint8Array): boolean {
  const { bytes: test, lengths } = formatTest(format);
  const length = bytes.length - 2;
  return length >= lengths[0] && length <= lengths[1] && test(bytes, 1, bytes.length - 1);
}

function byBytes(text: string): string[] {
  // Among other texts, as in a page.
  const bytes = Buffer.from(`9${text}9`);
  return FORMATS.filter((format) => isOf(format, bytes));
}

describe("the test of a format by bytes", () => {
  it("says of every text what SQLite's expressions say", () => {
    fc.assert(
      fc.property(nearFormats, (text) => {
        expect(byBytes(text)).toEqual(bySqlite(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ["2024-02-29", ["isoDates"]],
    ["2023-02-29", []],
    ["2024-01-01T24:00:00", []],
    ["2024-01-01 23:59", ["localTimestamps"]],
    ["2024-01-01 23:59:59.5+14", ["zonedTimestamps"]],
    ["2024-01-01 23:59:59.123 +00:00", ["zonedTimestamps"]],
    ["2024-01-01 23:59:59.123456 -05:30", ["zonedTimestamps"]],
    ["2024-01-01 23:59:59 Z", ["zonedTimestamps"]],
    ["2024-01-01 23:59:59  +00:00", []],
    ["2024-01-01 23:59:59 ", []],
    ["2024-01-01 23:59:59.1234567 +00:00", []],
    ["0001-01-01 00:00:00 +01:00", []],
    ["9999-12-31 23:59:59.5 -01:00", []],
    ["0001-01-01T00:00:00+00:00", ["zonedTimestamps"]],
    ["0001-01-01T00:00:00-01:00", ["zonedTimestamps"]],
    ["0001-01-01T00:00:00+01:00", []],
    ["0001-01-01 00:00:00.5+0030", []],
    ["0001-01-02 00:00:00+01", ["zonedTimestamps"]],
    ["9999-12-31T23:59:59+01:00", ["zonedTimestamps"]],
    ["9999-12-31T23:59:59-01:00", []],
    ["23:59:59.123456", ["isoTimes"]],
    ["::ffff:1.2.3.4", ["inets"]],
    ["1:2:3:4:5:6::", ["inets"]],
    ["007.1.2.3", ["inets"]],
    ["::01:1.2.0.4", ["inets"]],
    ["::1.2.03.4", []],
    ["::1.2.3.00", []],
    [".00::7.7.7.0", []],
    ["1:2:3:4:5:6:7:8:", []],
    ["fe80::1::2", []],
  ])("%s", (text, formats) => {
    expect(byBytes(text)).toEqual(formats);
    expect(bySqlite(text)).toEqual(formats);
  });
});
