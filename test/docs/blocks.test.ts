import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { pages } from "../../scripts/sentences.ts";
import { blocksOf, isRun } from "./blocks.ts";
import { checkBlock } from "./check-block.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const GUIDES = pages().filter((page) => page.startsWith("docs/guides/") || page === "README.md");
const problemsOf = (text: string) => Promise.all(blocksOf(text).map(checkBlock)).then((found) => found.flat());

describe("blocks that are not run (guides.long.test.ts runs the others)", () => {
  it.each(GUIDES)("%s: the command line, the config and the parsers take them", async (page) => {
    const blocks = blocksOf(readFileSync(`${ROOT}${page}`, "utf8")).filter((block) => !isRun(block));
    const wrong = await Promise.all(
      blocks.map(async (block) => (await checkBlock(block)).map((problem) => `${page}:${block.line}: ${problem}`)),
    );
    expect(wrong.flat()).toEqual([]);
  });

  it.each([
    ["an option", "sh", "changeover sync --now", "unknown option '--now'"],
    ["a value", "sh", "changeover cutover --max-downtime soon", "--max-downtime"],
    ["a command", "sh", "npx changeover cut", "unknown command 'cut'"],
    ["a quote that does not end", "sh", "changeover cutover --hook 'a=b", "unexpected EOF"],
    ["a program", "sh", "changover sync", "no test knows the program changover"],
    ["a script", "sh", "npm run tset", "there is no script tset"],
    ["a variable", "sh", "export CHANGEOVER_SORUCE=app.db", "nothing reads CHANGEOVER_SORUCE"],
    ["an export", "sh", "node --import changeover/recorder app.js", "nothing exports changeover/recorder"],
    ["a unit's command", "ini", "[Service]\nExecStart=/usr/bin/npx changeover snyc", "unknown command 'snyc'"],
    ["a workflow's step", "yaml", "steps:\n  - run: npx changeover prove --quick", "unknown option '--quick'"],
    ["a setting", "json", '{"tabels": {}}', "tabels"],
    ["a statement", "jsonl", '{"text": "SELECT 1"}', "sql"],
    ["SQL", "sql", "CREATE ROL app;", "syntax error"],
    ["an example", "ts of=examples/web-service/main.ts", "nowhere();", "has no line: nowhere();"],
    ["the API", "ts", 'import { openMigration } from "changeover";\nopenMigration({ sorce: "app.db" });', "sorce"],
    ["an output", "text", "anything", "what prints it?"],
    ["a printed line", "text of=test/cli/confirm-undo.test.ts", "down undoes it", "does not say: down undoes it"],
    ["a language", "rb", "anything", "no test knows what to do with a block of rb"],
  ])("tells what is wrong with %s", async (_, head, body, problem) => {
    expect((await problemsOf(`\`\`\`${head}\n${body}\n\`\`\`\n`)).join("\n")).toContain(problem);
  });
});
