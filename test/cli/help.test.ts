import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { buildProgram } from "../../src/cli/main.ts";
import { oneOf } from "../../src/cli/one-of.ts";
import { COMMAND_GROUPS } from "../../src/cli/specs/command-spec.ts";
import { nearest } from "../../src/nearest.ts";

describe("the help", () => {
  it("lists every command once, in groups", () => {
    const help = buildProgram().helpInformation();
    const heads = Object.values(COMMAND_GROUPS).map((head) => help.indexOf(`\n${head}:\n`));
    expect(heads.every((at) => at > 0)).toBe(true);
    expect(heads).toEqual(heads.toSorted((one, other) => one - other));
    for (const { group, name } of COMMANDS) {
      const at = help.search(new RegExp(`^  ${name} `, "m"));
      const index = Object.keys(COMMAND_GROUPS).indexOf(group);
      expect(at, name).toBeGreaterThan(heads[index] ?? 0);
      expect(at, name).toBeLessThan(heads[index + 1] ?? help.length);
    }
  });

  it("has an example for each command, which names it", () => {
    for (const { example, name } of COMMANDS) expect(example).toMatch(new RegExp(`^changeover ${name}\\b`));
  });

  it("has no sentence of over 30 words", () => {
    const texts = COMMANDS.flatMap(({ description, options }) => [
      description,
      ...options.map((one) => one.description),
    ]);
    const sentences = texts.flatMap((text) => text.split(/(?<=[.:;]) /));
    expect(sentences.filter((sentence) => sentence.split(" ").length > 30)).toEqual([]);
  });
});

describe("a word that is mistyped", () => {
  it("is answered by the near one, and by no far one", () => {
    expect(nearest("strat", ["status", "start", "stop"])).toBe("start");
    expect(nearest("Export", ["list", "export", "retry"])).toBe("export");
    expect(nearest("cut-ovr", ["syncing", "cut-over"])).toBe("cut-over");
    expect(nearest("delete", ["list", "export", "retry"])).toBeNull();
    expect(() => oneOf("lst", ["list", "export", "retry"], "quarantine")).toThrow(
      expect.objectContaining({
        code: "USAGE",
        message: "quarantine takes list, export or retry, not lst",
        hint: "did you mean list?",
      }) as Error,
    );
  });
});
