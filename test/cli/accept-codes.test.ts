import { describe, expect, it } from "vitest";
import { openMigration } from "../../src/migration.ts";
import { nearWords } from "../../src/nearest.ts";

const accepting = (...accept: readonly string[]) =>
  openMigration({ source: "app.db", target: "postgres://h/d", rules: { accept } });

describe("a code to accept", () => {
  it("is one of the findings, in any case, for a table or a column", async () => {
    for (const code of ["NO_KEY", "no_key", "NO_KEY:t", " MIXED_STORAGE:t.c ", "QUARANTINED"])
      await accepting(code).close();
  });

  it("is refused where there is none, with the near ones", () => {
    const refusals: readonly (readonly [given: string, hint: RegExp])[] = [
      ["VIEW_NOT_TRANSLATE", /^did you mean VIEW_NOT_TRANSLATED\?$/],
      ["views", /VIEW_NOT_TRANSLATED/],
      ["nonsense", /findings\.md/],
      ["", /findings\.md/],
      ["t:NO_KEY", /findings\.md/],
    ];
    for (const [given, hint] of refusals)
      expect(() => accepting(given), given).toThrow(
        expect.objectContaining({ code: "CONFIG_INVALID", hint: expect.stringMatching(hint) as string }) as Error,
      );
  });

  it("is near by its letters first, then by its words", () => {
    const names = ["VIEW_NOT_TRANSLATED", "TARGET_VIEW_MISSING", "NO_KEY"];
    expect(nearWords("no_keys", names)).toEqual(["NO_KEY"]);
    expect(nearWords("the-views", names)).toEqual(["VIEW_NOT_TRANSLATED", "TARGET_VIEW_MISSING"]);
    expect(nearWords("nonsense", names)).toEqual([]);
  });
});
