import { describe, expect, it } from "vitest";
import { isSystemColumn, NameSpace, takeNames } from "../../../src/plan/names/choose-names.ts";

const LONG = "col_very_long_name_that_exceeds_postgresql_identifier_limit_aaa";

describe("takeNames", () => {
  it("keeps every name that PostgreSQL takes", () => {
    const names = ["Order Details", 'a"b', "词条id", "x".repeat(63), "select"];
    expect([...takeNames(new NameSpace(), names)]).toEqual(names.map((name) => [name, name]));
  });

  it("shortens by bytes, the same way each time, and keeps apart what 63 bytes would make one", () => {
    const names = [`${LONG}x`, `${LONG}y`, "é".repeat(40)];
    const taken = [...takeNames(new NameSpace(), names).values()];
    expect(new Set(taken).size).toBe(3);
    for (const name of taken) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
    expect([...takeNames(new NameSpace(), names).values()]).toEqual(taken);
  });

  it("cuts a long name as PostgreSQL cuts it in a query, unless that would find another", () => {
    const alone = `${"é".repeat(31)}abc`;
    expect([...takeNames(new NameSpace(), [alone]).values()]).toEqual([`${"é".repeat(31)}a`]);
    const [cutToOther = ""] = takeNames(new NameSpace(), [`${LONG}x`, LONG]).values();
    expect(cutToOther).toMatch(/_[0-9a-f]{8}$/);
    const both = [...takeNames(new NameSpace(), [`${LONG}x`, `${LONG}y`]).values()];
    expect(both.every((name) => /_[0-9a-f]{8}$/.test(name))).toBe(true);
    expect(takeNames(new NameSpace([LONG]), [`${LONG}x`]).get(`${LONG}x`)).toMatch(/_[0-9a-f]{8}$/);
  });

  it("moves out of the way of system columns, and not into another name", () => {
    expect([
      ...takeNames(new NameSpace(), ["xmin", "xmin_", "ctid", "oid"], { isRefused: isSystemColumn }).values(),
    ]).toEqual(["xmin__2", "xmin_", "ctid_", "oid"]);
  });
});
