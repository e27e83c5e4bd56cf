import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ERROR_CODES, ERROR_GROUPS, isErrorCode } from "../../src/error-codes.ts";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));

/** Every code that an error is given in the sources. Findings, problems and warnings have codes of their own. */
function thrownCodes(): Map<string, string> {
  const codes = new Map<string, string>();
  for (const file of readdirSync(SRC, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.startsWith("error-codes")) continue;
    const text = readFileSync(join(SRC, file), "utf8");
    // `code: "X"`, `code: a ? "X" : "Y"`, `code: known?.code ?? "X"`, and the first argument of a super().
    for (const [, given = ""] of text.matchAll(/(?:\bcode: |\bsuper\()([^,\n]*)/g))
      for (const [, code = ""] of given.matchAll(/"([A-Z][A-Z_]{3,})"/g)) codes.set(code, file);
  }
  return codes;
}

describe("the codes of errors", () => {
  const thrown = thrownCodes();

  it("are all in the table", () => {
    const errors = readdirSync(SRC, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => [...readFileSync(join(SRC, file), "utf8").matchAll(/new \w*Error\(\{\s*code: "([A-Z_]+)"/g)])
      .map(([, code = ""]) => code);
    expect(errors.length).toBeGreaterThan(100);
    expect(errors.filter((code) => !isErrorCode(code))).toEqual([]);
  });

  it("are all thrown somewhere", () => {
    expect(Object.keys(ERROR_CODES).filter((code) => !thrown.has(code))).toEqual([]);
  });

  it("are each in one group, with a meaning and what to do next", () => {
    const names = Object.values(ERROR_GROUPS).flatMap((group) => Object.keys(group));
    expect(names.toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
    for (const [code, { meaning, next }] of Object.entries(ERROR_CODES)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      for (const sentence of [meaning, next]) expect(sentence, code).toMatch(/^[A-Z`].*[.]$/s);
    }
  });
});
