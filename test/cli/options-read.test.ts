import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Option } from "commander";
import { expect, it } from "vitest";
import { COMMANDS, optionsOf } from "../../src/cli/commands.ts";

const SRC = fileURLToPath(new URL("../../src", import.meta.url));
const CLI = readdirSync(join(SRC, "cli"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.startsWith("specs"))
  .map((file) => readFileSync(join(SRC, "cli", file), "utf8"));
const FLAGS = /export interface ConfigFlags \{([^}]*)\}/.exec(readFileSync(join(SRC, "config.ts"), "utf8"))?.[1] ?? "";

/** Names that the command line's files take out of the parsed options. */
const read = new Set([
  ...CLI.flatMap((text) => [...text.matchAll(/\boptions\["(\w+)"\]/g)].map(([, name]) => name)),
  ...CLI.flatMap((text) =>
    [...text.matchAll(/const \{([^}]*)\} = options;/g)].flatMap(([, names = ""]) => names.match(/\w+/g) ?? []),
  ),
  ...[...FLAGS.matchAll(/readonly (\w+)\?/g)].map(([, name]) => name),
]);

it("every option of every command is read by the name that the parser gives it", () => {
  expect(read.size).toBeGreaterThan(40);
  const unread = COMMANDS.flatMap((spec) =>
    optionsOf(spec)
      .filter(({ flags }) => !read.has(new Option(flags).attributeName()))
      .map(({ flags }) => `${spec.name} ${flags}`),
  );
  expect(unread).toEqual([]);
});
