import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { buildProgram } from "../../src/cli/main.ts";
import { runCli } from "../support/cli.ts";

const root = new URL("../../", import.meta.url);

describe("the words of the command line", () => {
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
    const fastest = async (work: () => Promise<unknown>) => {
      const times: number[] = [];
      for (let n = 0; n < 5; n++) {
        const started = performance.now();
        await work();
        times.push(performance.now() - started);
      }
      return Math.min(...times);
    };
    const cwd = fileURLToPath(root);
    const bare = await fastest(() => promisify(execFile)(process.execPath, ["-e", "0"]));
    const help = await fastest(() => runCli(["--help"], { cwd }));
    expect(await runCli(["--help"], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Commands:") as string,
    });
    // 130 ms next to the 45 ms that Node itself takes; with all libraries it is ten times Node's.
    expect(help / bare).toBeLessThan(6);
  });

  it("say what is missing when no command is given", async () => {
    const { code, stderr } = await runCli([], { cwd: fileURLToPath(root) });
    expect(code).toBe(2);
    expect(stderr).toContain("hint:");
  });
});
