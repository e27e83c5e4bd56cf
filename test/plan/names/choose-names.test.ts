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

  it("moves out of the way of system columns, and not into another name", () => {
    expect([
      ...takeNames(new NameSpace(), ["xmin", "xmin_", "ctid", "oid"], { isRefused: isSystemColumn }).values(),
    ]).toEqual(["xmin__2", "xmin_", "ctid_", "oid"]);
  });
});
