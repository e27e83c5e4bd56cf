import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Option } from "commander";
import { expect, it } from "vitest";
import { COMMANDS, COMMON_OPTIONS, TARGET_OPTIONS } from "../../src/cli/commands.ts";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));
const names = new Set(
  [...COMMANDS.flatMap(({ options }) => options ?? []), ...COMMON_OPTIONS, ...TARGET_OPTIONS].map(({ flags }) =>
    new Option(flags).attributeName(),
  ),
);
const code = readdirSync(`${SRC}/cli`, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.startsWith("specs"))
  .map((file) => readFileSync(`${SRC}/cli/${file}`, "utf8"));
const configFlags =
  /export interface ConfigFlags \{([^}]*)\}/.exec(readFileSync(`${SRC}/config.ts`, "utf8"))?.[1] ?? "";

// After a rename, `--postpone-until` and `--collation` were parsed and never read: a cutover did not wait.
it("every option of the command line is read under its name", () => {
  const inConfig = [...configFlags.matchAll(/readonly (\w+)\?/g)].map(([, name]) => name);
  expect(inConfig.length).toBeGreaterThan(10);
  const taken = code.flatMap((text) =>
    [...text.matchAll(/const \{([^}]*)\} = options;/g)].flatMap(([, list]) =>
      (list ?? "").split(",").map((name) => name.trim()),
    ),
  );
  const unread = [...names].filter(
    (name) => !inConfig.includes(name) && !taken.includes(name) && !code.some((text) => text.includes(`["${name}"]`)),
  );
  expect(unread).toEqual([]);
});

it("no name is read that is no option", () => {
  const read = code.flatMap((text) => [...text.matchAll(/\boptions\["(\w+)"\]/g)].map(([, name]) => name ?? ""));
  const inConfig = [...configFlags.matchAll(/readonly (\w+)\?/g)].map(([, name]) => name ?? "");
  expect([...read, ...inConfig].filter((name) => !names.has(name))).toEqual([]);
});
