import fc from "fast-check";
import Database from "libsql";
import { expect, it } from "vitest";
import { hasFormat, TEXT_FORMATS, type TextFormat } from "../../src/rows/text-formats.ts";
import { nearFormats } from "../support/near-formats.ts";
import { emptyTarget } from "../support/target.ts";

/** What a column of such texts may become. */
const TYPES: Readonly<Record<TextFormat, string>> = {
  isoDates: "date",
  localTimestamps: "timestamp",
  zonedTimestamps: "timestamptz",
  isoTimes: "time",
  json: "json",
  uuids: "uuid",
  inets: "inet",
};

const json = fc.oneof(
  fc.json(),
  fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[]",:0.-e\\'))
    .map(
      ([text, place, character]) => text.slice(0, place % text.length) + character + text.slice(place % text.length),
    ),
);

it.each(TEXT_FORMATS.map((format) => [format, TYPES[format]] as const))(
  "PostgreSQL takes every text that is one of %s as %s",
  async (format, type) => {
    const { session } = await emptyTarget();
    const asked = new Database(":memory:")
      .prepare(`SELECT coalesce(${hasFormat(format, "c")}, 0) FROM (SELECT ? AS c)`)
      .raw();
    const having = fc
      .sample(format === "json" ? json : nearFormats, { numRuns: 60_000 })
      .filter((text) => (asked.get(text) as number[])[0] === 1);
    expect(having.length).toBeGreaterThan(30);
    const refused = await session.rows<{ text: string }>(
      "select text from unnest($1::text[]) as t(text) where not pg_input_is_valid(text, $2)",
      [having, type],
    );
    expect(refused).toEqual([]);
  },
);
