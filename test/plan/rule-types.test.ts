import { describe, expect, it } from "vitest";
import { isBuiltIn, isSerial, typesOfRules, unknownType } from "../../src/plan/types/rule-types.ts";

describe("the type that a rule gives to a column", () => {
  it("is known by every way to write what PostgreSQL has", () => {
    for (const type of [
      "numeric(12,3)",
      "NUMERIC ( 12 , 3 )",
      "timestamp(3) with time zone",
      "character varying(20)",
      "bit varying",
      "text[]",
      "integer[3][]",
      "int array",
      "interval year to month",
      "pg_catalog.int4",
      "double  precision",
      "bigserial",
    ])
      expect(isBuiltIn(type), type).toBe(true);
    for (const type of ["nonsense", "citext", "textt", "number", "datetime", "app.mood", '"Mood"'])
      expect(isBuiltIn(type), type).toBe(false);
    expect(["serial", "bigserial", "serial8", "text"].filter(isSerial)).toEqual(["serial", "bigserial", "serial8"]);
  });

  it("is refused with the near one, and with where a type of one's own is looked for", () => {
    const [ruled] = typesOfRules({ tables: { t: { columns: { a: { name: "b" }, n: { type: "nummeric(3)" } } } } });
    expect(ruled).toEqual({ table: "t", column: "n", type: "nummeric(3)" });
    if (ruled === undefined) throw new Error("no type");
    expect(unknownType(ruled, false)).toMatchObject({
      code: "RULE_INVALID",
      message: "the config gives column n of t the type nummeric(3), which PostgreSQL does not have by itself",
      hint:
        "did you mean numeric? Otherwise, a type of your own, or of an extension, is looked for in the target: " +
        "give --target",
    });
    expect(unknownType({ ...ruled, type: "mood" }, true).hint).toMatch(/^a type of your own.*create it in a migration/);
  });
});
