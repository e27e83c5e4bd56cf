import { describe, expect, it } from "vitest";
import { findingDocuments } from "../../src/cli/finding-document.ts";
import { jsonOf, Verbatim } from "../../src/json-document.ts";
import { camelKeysPrinted } from "../support/snake-keys.ts";

describe("a result as JSON", () => {
  it("has keys in snake_case at every depth, and numbers for bigints that are exact", () => {
    expect(
      jsonOf({ downtimeMs: 12, verified: { rows: 3n }, left: [{ confirmedBy: null }], far: 2n ** 60n, at: undefined }),
    ).toEqual({
      downtime_ms: 12,
      verified: { rows: 3 },
      left: [{ confirmed_by: null }],
      far: "1152921504606846976",
      at: undefined,
    });
  });

  it("is held to it in every run of the command line: names of the user's own are free, others are not", () => {
    expect(camelKeysPrinted('{"left_out":[{"confirmedBy":1}],"rules":{"onBadValue":1},"at":{"inMs":{}}}\n')).toEqual([
      ".left_out[].confirmedBy",
      ".at.inMs",
    ]);
    expect(camelKeysPrinted('{"rules":[{"confirmedBy":1,"rules":{"onBadValue":1}}]}')).toEqual([
      ".rules[].confirmedBy",
    ]);
  });

  it("leaves names of the user's own and settings of the config as they are", () => {
    expect(jsonOf({ aRow: new Verbatim({ userId: 1 }) })).toEqual({ a_row: { userId: 1 } });
    const [finding] = findingDocuments([
      {
        code: "VALUE_NOT_CONVERTIBLE",
        severity: "blocking",
        table: "userAccounts",
        message: "m",
        hint: "h",
        settledBy: "rule",
        rules: [{ description: "d", rules: { tables: { userAccounts: { onBadValue: "null" } } } }],
      },
    ]);
    expect(jsonOf(finding)).toMatchObject({
      settled_by: "rule",
      rules: [{ rules: { tables: { userAccounts: { onBadValue: "null" } } } }],
    });
  });
});
