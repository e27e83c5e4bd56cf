import fc from "fast-check";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { codecOf } from "../../src/rows/types/codecs.ts";
import { canonicalUtc } from "../../src/rows/types/timestamp.ts";

const conversion = { kind: "timestamp", zone: true, epoch: null } as const;
const { comparison, encoder } = codecOf(conversion);
const asked = new Database(":memory:")
  .prepare(`SELECT ${canonicalUtc("c")}, ${encoder.rejected("c")} FROM (SELECT ? AS c)`)
  .raw();

function ask(text: string): { readonly written: string; readonly refused: boolean } {
  const [written, refused] = asked.get(text) as [string, number];
  return { written, refused: refused !== 0 };
}

const form = comparison.canonical ?? expect.fail("no canonical form");
const isAlike = (text: string) => form.isAlike({ type: "text", bytes: Buffer.from(text) }, ask(text).written);

/** Whether PostgreSQL would write that. */
const isPostgres = (text: string) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{0,5}[1-9])?\+00$/.test(text);

describe("a timestamp in UTC", () => {
  it.each([
    ["2024-03-10T12:00:05.123Z", "2024-03-10 12:00:05.123+00"],
    ["2024-03-10T12:00:00.000Z", "2024-03-10 12:00:00+00"],
    ["2024-03-10T12:00:05.120Z", "2024-03-10 12:00:05.12+00"],
    ["2024-03-10T12:00:00Z", "2024-03-10 12:00:00+00"],
    ["2024-03-10 12:00:10.123456+00:00", "2024-03-10 12:00:10.123456+00"],
    ["2024-03-10 12:00:10+00:00", "2024-03-10 12:00:10+00"],
    ["2024-03-10 12:00:10+00", "2024-03-10 12:00:10+00"],
    ["2024-03-10 12:00:10", "2024-03-10 12:00:10+00"],
    ["2024-03-10T12:00:10.5", "2024-03-10 12:00:10.5+00"],
  ])("%s is written as PostgreSQL writes it", (text, postgres) => {
    expect(ask(text)).toEqual({ written: postgres, refused: false });
    expect(isAlike(text)).toBe(true);
  });

  it.each([
    "2024-03-10T12:00:05.Z",
    "2024-03-10T12:00:05..Z",
    "2024-03-10T12:00:05.5.Z",
    "2024-03-10T12:00:05.5.0Z",
    "2024-03-10T12:00:1100Z",
    "2024-03-10T12:00:05.123000000Z",
    "2024-03-10T12:00:05ZZ",
    "2024-03-10T12:00:05Z\0",
    "2024-03-10T12:00:05\0",
    "2024-03-10T12:00:05.5Z\0",
    "2024-03-10T12:00:05.5+02:00",
    "2024-03-10T12:00:05+02:00",
    "2024-03-10",
    "",
  ])("%j is not", (text) => {
    expect(isPostgres(ask(text).written)).toBe(false);
    expect(isAlike(text)).toBe(false);
  });

  it("never has the words of another", () => {
    const characters = fc.constantFrom(..."0123456789.:-+TZ ,\0é");
    const timestamps = fc.tuple(
      fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T00:00:00Z"), noInvalidDate: true }),
      fc.constantFrom("Z", "+00:00", "+00", "", "+01:00"),
      fc.constantFrom("", ".0", ".5", ".120", ".000", ".123456", ".1234567"),
    );
    const texts = fc
      .tuple(
        timestamps,
        fc.array(fc.record({ at: fc.nat(33), out: fc.nat(2), put: fc.string({ unit: characters, maxLength: 2 }) }), {
          maxLength: 2,
        }),
      )
      .map(([[date, zone, fraction], edits]) =>
        edits.reduce(
          (text, { at, out, put }) => text.slice(0, at) + put + text.slice(at + out),
          date.toISOString().slice(0, 19) + fraction + zone,
        ),
      );
    fc.assert(
      fc.property(texts, (text) => {
        const { refused, written: timestamp } = ask(text);
        // Not with a space: then JavaScript takes "0012-15-31" for some day.
        const iso = timestamp.replace(" ", "T").replace("+00", "Z");
        if (!isPostgres(timestamp) || Number.isNaN(Date.parse(iso))) return;
        // A day or an hour that there is not would not be written by PostgreSQL.
        if (new Date(iso).toISOString().slice(0, 19) !== iso.slice(0, 19)) return;
        expect(refused).toBe(false);
        expect(comparison.matches({ type: "text", bytes: Buffer.from(text) }, timestamp)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});
