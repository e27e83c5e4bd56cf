import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { buildProgram } from "../../src/cli/main.ts";
import { renderReference } from "../../src/cli/reference.ts";
import { runCli } from "../support/cli.ts";

const root = new URL("../../", import.meta.url);

describe("the words of the command line", () => {
  it("are the ones in docs/reference.md (npm run docs writes it)", () => {
    expect(readFileSync(new URL("docs/reference.md", root), "utf8")).toBe(renderReference());
  });

  it("name every command in the README", () => {
    const readme = readFileSync(new URL("README.md", root), "utf8");
    for (const { name } of COMMANDS) expect(readme).toContain(`\`${name}`);
  });

  it("give every command an example in its own --help", () => {
    for (const words of COMMANDS) {
      const command = buildProgram().commands.find((candidate) => candidate.name() === words.name);
      expect(command).toBeDefined();
      expect(words.example).toContain(`changeover ${words.name}`);
    }
  });

  it("come quickly: --help loads none of the libraries behind the commands", async () => {
    const times: number[] = [];
    for (let n = 0; n < 5; n++) {
      const started = performance.now();
      const { code, stdout } = await runCli(["--help"], { cwd: fileURLToPath(root) });
      times.push(performance.now() - started);
      expect(code).toBe(0);
      expect(stdout).toContain("Commands:");
    }
    // 130 ms on the machine where it was written; other tests run beside this one.
    expect(Math.min(...times)).toBeLessThan(400);
  });

  it("say what is missing when no command is given", async () => {
    const { code, stderr } = await runCli([], { cwd: fileURLToPath(root) });
    expect(code).toBe(2);
    expect(stderr).toContain("hint:");
  });
});
