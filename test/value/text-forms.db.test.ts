import fc from "fast-check";
import Database from "libsql";
import { expect, it } from "vitest";
import { hasForm, TEXT_FORMS, type TextForm } from "../../src/value/text-forms.ts";
import { nearForms } from "../support/near-forms.ts";
import { emptyTarget } from "../support/target.ts";

/** What a column of such texts may become. */
const TYPES: Readonly<Record<TextForm, string>> = {
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

it.each(TEXT_FORMS.map((form) => [form, TYPES[form]] as const))(
  "PostgreSQL takes every text that is one of %s as %s",
  async (form, type) => {
    const { session } = await emptyTarget();
    const asked = new Database(":memory:")
      .prepare(`SELECT coalesce(${hasForm(form, "c")}, 0) FROM (SELECT ? AS c)`)
      .raw();
    const having = fc
      .sample(form === "json" ? json : nearForms, { numRuns: 60_000 })
      .filter((text) => (asked.get(text) as number[])[0] === 1);
    expect(having.length).toBeGreaterThan(30);
    const refused = await session.rows<{ text: string }>(
      "select text from unnest($1::text[]) as t(text) where not pg_input_is_valid(text, $2)",
      [having, type],
    );
    expect(refused).toEqual([]);
  },
);
