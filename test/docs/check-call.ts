import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { buildProgram } from "../../src/cli/main.ts";
import { loadConfig } from "../../src/config.ts";
import { messageOf } from "../../src/errors.ts";

interface PackageJson {
  readonly scripts: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const PACKAGE = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as PackageJson;

/** What runs the programs of a package. */
const RUNNERS = new Set(["npx", "pnpm", "exec", "yarn", "bunx", "--bun"]);

/** Programs that are not ours, of which a page may show a call. */
const OTHERS = new Set([
  "sqlite3",
  "turso",
  "wrangler",
  "cat",
  "curl",
  "deno",
  "docker",
  "git",
  "jq",
  "kill",
  "kubectl",
  "mv",
  "psql",
  "sleep",
  "systemctl",
]);

/** What is wrong with a call that a page shows; null: the real command line takes it. */
export async function checkCall(
  call: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string | null> {
  const first = call.findIndex((word) => !RUNNERS.has(word));
  const [program = "", ...words] = call.slice(first);
  switch (program) {
    case "changeover":
      return checkChangeover(words, environment);
    case "npm":
      return checkNpm(words);
    case "node":
      return checkNode(words);
    default:
      return OTHERS.has(program) ? null : `no test knows the program ${program}`;
  }
}

/** The options exist, and their values and the environment's are taken: what comes before the command's own work. */
async function checkChangeover(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<string | null> {
  const program = buildProgram();
  for (const command of program.commands)
    command.action(async () => {
      await loadConfig(command.opts(), environment, tmpdir());
    });
  try {
    await program.parseAsync(words, { from: "user" });
    return null;
  } catch (error) {
    return `changeover ${words.join(" ")}: ${messageOf(error)}`;
  }
}

function checkNpm([verb = "", name]: readonly string[]): string | null {
  const packages = ["changeover", ...Object.keys(PACKAGE.dependencies)];
  if (verb === "run") return name !== undefined && name in PACKAGE.scripts ? null : `there is no script ${name}`;
  if (verb === "install") return name === undefined || packages.includes(name) ? null : `who needs ${name}?`;
  return verb === "ci" || verb === "test" ? null : `npm ${verb}?`;
}

function checkNode(words: readonly string[]): string | null {
  const imported = words[words.indexOf("--import") + 1];
  if (!words.includes("--import") || !imported?.startsWith("changeover/")) return null;
  return `./${imported.slice("changeover/".length)}` in PACKAGE.exports ? null : `nothing exports ${imported}`;
}
