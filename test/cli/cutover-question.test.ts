import { describe, expect, it } from "vitest";
import type { CutoverOptions } from "../../src/api/options.ts";
import type { CompletedCutover } from "../../src/api/results.ts";
import { run } from "../../src/cli/commands/cutover.ts";
import { renderCutover } from "../../src/cli/render-cutover.ts";
import type { CommandContext } from "../../src/cli/run-command.ts";

const DONE: CompletedCutover = {
  downtimeMs: 57,
  cutOverAt: "2026-12-01T05:21:15.123Z",
  isRepeated: false,
  verified: { rows: 3, differences: 0 },
  phase: "cut-over",
  timeline: [],
  brokenForeignKeys: [],
  failback: true,
  notices: [],
};

/** The questions that `cutover` asks where nothing is left out. */
async function questionsAt(terminal: { readonly isTerminal: boolean; readonly yes: boolean }): Promise<string[]> {
  const questions: string[] = [];
  const migration = {
    async cutover({ confirm }: CutoverOptions) {
      await confirm?.({ notices: [], open: [] });
      return DONE;
    },
    quarantine: { counts: async () => [] },
    notices: async () => [],
  };
  const connections = {
    ...terminal,
    config: { app: null, maxDowntimeMs: 700, hooks: {}, rules: {} },
    isEmbedded: false,
    migration: async () => migration,
    keepEmbedded: async () => {},
    async demand(question: string) {
      questions.push(question);
    },
  };
  const output = { result() {}, say() {} };
  const context = { options: {}, positional: [], connections, output } as unknown as CommandContext;
  expect(await run(context)).toBe(0);
  return questions;
}

describe("a cutover", () => {
  it("asks a person at a terminal, and says what will happen; --yes and scripts are not asked", async () => {
    expect(await questionsAt({ isTerminal: true, yes: false })).toEqual([
      "This cuts over: the source refuses writes for good, and PostgreSQL takes over, within 700 ms or not at all.",
    ]);
    expect(await questionsAt({ isTerminal: true, yes: true })).toEqual([]);
    expect(await questionsAt({ isTerminal: false, yes: false })).toEqual([]);
  });

  it("that is repeated says when it was done, and does not look like a new one", () => {
    const notes = { app: null, embeddedUrl: null, leftOut: 0, quarantined: 0 };
    expect(renderCutover(DONE, notes)).toMatch(/^Cut over: .*writes were refused for 57 ms\.\n3 rows were compared/);
    const repeated = renderCutover({ ...DONE, isRepeated: true }, notes);
    expect(repeated.split("\n")[0]).toBe(
      "Already cut over: the target took over on 2026-12-01 05:21:15 UTC, and writes were refused for 57 ms then. " +
        "Nothing was done now.",
    );
    expect(repeated).not.toMatch(/^Cut over|compared/m);
  });
});
