import fc from "fast-check";
import Database from "libsql";
import { expect, it } from "vitest";
import { writtenOf } from "../../src/rows/canonical/canonical-form.ts";
import { codecOf } from "../../src/rows/types/codecs.ts";

const characters = fc.constantFrom(..."0123456789.:-+TZ ,\0é");
const timestamps = fc.tuple(
  fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T00:00:00Z"), noInvalidDate: true }),
  fc.constantFrom("Z", "+00:00", "+00", "", "+01:00", "-0530"),
  fc.constantFrom("", ".0", ".5", ".120", ".000", ".123456", ".1234567"),
);
/** Timestamps with a slip of the pen or two. */
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

it.each([true, false])("a text is written as a timestamp only if it is that one (with a zone: %s)", (zone) => {
  const { comparison, encoder } = codecOf({ kind: "timestamp", zone, epoch: null });
  const rejected = new Database(":memory:").prepare(`SELECT ${encoder.rejected("c")} FROM (SELECT ? AS c)`).raw();
  let written = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const timestamp = writtenOf(comparison.canonical.writer, Buffer.from(text));
      if (timestamp === null) return;
      // A day or an hour that there is not would not be written by PostgreSQL.
      const iso = timestamp.replace(" ", "T").replace("+00", "").concat("Z");
      if (Number.isNaN(Date.parse(iso)) || new Date(iso).toISOString().slice(0, 19) !== iso.slice(0, 19)) return;
      written++;
      expect((rejected.get(text) as [number])[0], text).toBe(0);
      expect(comparison.matches({ type: "text", bytes: Buffer.from(text) }, timestamp), text).toBe(true);
    }),
    { numRuns: 5_000, seed: 11 },
  );
  expect(written).toBeGreaterThan(200);
});
