import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { parse } from "libpg-query";
import { parseAllDocuments } from "yaml";
import { describeError, fileSchema } from "../../src/config-schema.ts";
import { messageOf } from "../../src/errors.ts";
import { parseStatementFile } from "../../src/queries/read-statement-file.ts";
import type { Block } from "./blocks.ts";
import { checkCall } from "./check-call.ts";
import { shellCalls } from "./shell-calls.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const SOURCE = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(join(ROOT, "src", file), "utf8"))
  .join("\n");

/** What is wrong with a block that no test runs: its commands, its configuration, its names. */
export async function checkBlock(block: Block): Promise<string[]> {
  try {
    return [...unknownVariables(block), ...(await problemsOf(block))];
  } catch (error) {
    return [messageOf(error)];
  }
}

function unknownVariables({ body }: Block): string[] {
  const named = new Set(body.match(/\bCHANGEOVER_[A-Z_]+\b/g));
  return [...named].filter((name) => !SOURCE.includes(name)).map((name) => `nothing reads ${name}`);
}

async function problemsOf({ body, language, mark }: Block): Promise<string[]> {
  switch (language) {
    case "sh":
      return checkScript(body);
    case "ini":
      return checkScript([...body.matchAll(/^Exec\w+=(?:\/\S+\/)?(.*)$/gm)].map(([, command]) => command).join("\n"));
    case "yaml":
      return checkScript(commandsOfYaml(body).join("\n"));
    case "json":
      return checkConfig(JSON.parse(body));
    case "jsonl":
      return parseStatementFile(body, "the page").length > 0 ? [] : ["there is no statement"];
    case "sql":
      await parse(body);
      return [];
    case "text":
      return mark.startsWith("of=") ? checkPrinted(body, mark.slice("of=".length)) : ["what prints it?"];
    case "ts":
      return mark.startsWith("of=") ? checkQuoted(body, mark.slice("of=".length)) : checkTypes(body);
    case "js":
      new Script(`(async () => {${body}\n})`);
      return [];
    // Settings of other frameworks, which are not here.
    case "python":
    case "ruby":
      return [];
    default:
      return [`no test knows what to do with a block of ${language === "" ? "no language" : language}`];
  }
}

async function checkScript(script: string): Promise<string[]> {
  const { calls, environment, problem } = shellCalls(script);
  const wrong = await Promise.all(calls.map((call) => checkCall(call, environment)));
  return [problem, ...wrong].filter((text) => text !== null);
}

/** Lines of a workflow, of a container: whatever text begins as a call does. */
function commandsOfYaml(body: string): string[] {
  const texts: string[] = [];
  // An expression of a workflow becomes a word.
  for (const document of parseAllDocuments(body.replace(/\$\{\{[^}]*\}\}/g, "main"))) {
    for (const { message } of document.errors) throw new Error(message);
    JSON.stringify(document.toJS(), (_, value: unknown) => {
      if (typeof value === "string" && /^(npx|npm|git|changeover) /.test(value)) texts.push(value);
      return value;
    });
  }
  return texts;
}

function checkConfig(content: unknown): string[] {
  const checked = fileSchema.safeParse(content);
  return checked.success ? [] : [describeError(checked.error)];
}

/** A test, which the page names, says that each line is printed. */
function checkPrinted(body: string, file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const lines = body.trimEnd().split("\n");
  return lines.filter((line) => !text.includes(`"${line}"`)).map((line) => `${file} does not say: ${line}`);
}

/** The whole example, against the types that the package has. */
function checkTypes(body: string): string[] {
  const build = join(ROOT, "build");
  mkdirSync(build, { recursive: true });
  const directory = mkdtempSync(join(build, "page-"));
  try {
    writeFileSync(join(directory, "example.ts"), body);
    const config = {
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: { noEmit: true, noUnusedLocals: false },
      include: ["example.ts"],
    };
    writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(config));
    const { stdout } = spawnSync(process.execPath, [TSC, "-p", directory], { encoding: "utf8" });
    return stdout.trim() === "" ? [] : [stdout.trim()];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Each line stands in the file, in this order; a page may leave lines out. */
function checkQuoted(body: string, file: string): string[] {
  if (!existsSync(join(ROOT, file))) return [`there is no file ${file}`];
  const lines = readFileSync(join(ROOT, file), "utf8").split("\n");
  const wanted = body.split("\n").filter((line) => line.trim() !== "");
  let at = 0;
  return wanted.flatMap((line) => {
    const found = lines.findIndex((other, index) => index >= at && other.trim() === line.trim());
    if (found === -1) return [`${file} has no line: ${line.trim()}`];
    at = found + 1;
    return [];
  });
}
