import { describe, expect, it } from "vitest";
import { findingDocuments } from "../../src/cli/finding-document.ts";
import { jsonOf, Verbatim } from "../../src/json-document.ts";

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
