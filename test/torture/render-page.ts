import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { OtherResult } from "./judge-other.ts";
import { readCases, type TortureCase } from "./parse-case.ts";

type OtherResults = Readonly<Record<string, OtherResult>>;

export const TORTURE_PAGE = fileURLToPath(new URL("../../docs/torture.md", import.meta.url));

/** The page of all cases: what is awkward, what changeover does, and what pgloader did when it was last tried. */
export function renderTorturePage(): string {
  const others = JSON.parse(readFileSync(new URL("pgloader.json", import.meta.url), "utf8")) as OtherResults;
  const cases = readCases();
  const folders = [...new Set(cases.map(({ name }) => folderOf(name)))];
  return `${[
    head(cases, others),
    ...folders.map((folder) =>
      section(
        folder,
        cases.filter(({ name }) => folderOf(name) === folder),
        others,
      ),
    ),
  ].join("\n\n")}\n`;
}

function head(cases: readonly TortureCase[], others: OtherResults): string {
  const count = (holds: (torture: TortureCase) => boolean) => cases.filter(holds).length;
  const of = (kind: string) => (torture: TortureCase) => torture.expect.kind === kind;
  const other = (outcome: string) => cases.filter(({ name }) => others[name]?.outcome === outcome).length;
  return [
    "# Awkward databases",
    "",
    `\`test/torture/cases/\` holds ${cases.length} small databases that are awkward in one way each. ` +
      "Every file says at its head how it is to come out. " +
      `\`npm run test:long\` takes each (\`npm test\` every tenth) through a whole migration, up to the cutover. ` +
      "It compares what SQLite holds with what PostgreSQL holds by an oracle that shares no code with the engine. " +
      `This page is made from them by \`node scripts/torture-page.mjs\`.`,
    "",
    `changeover: ${count((torture) => of("arrives")(torture) && !isRuled(torture))} arrive whole without a ` +
      `rule, ${count((torture) => of("rule")(torture) || (of("arrives")(torture) && isRuled(torture)))} as the ` +
      `rules next to them say, ${count(of("quarantined"))} but for the values that a rule quarantines, ` +
      `and ${count(of("stopped"))} are stopped with a ` +
      `code.${pendingNote(count(({ pending }) => pending !== null))}`,
    "",
    "pgloader 3.6.7 ends with exit code 0 in all but the last of these: " +
      `${other("clean")} clean, ${other("errors")} with errors in its log, ${other("silent")} with something ` +
      `lost or changed and no word about it, ${other("failed")} failed. It was run by ` +
      `\`scripts/torture-pgloader.mjs\` with its defaults and judged by the same oracle; ` +
      "names in lower case count as kept. What a schema lost counts as silent, " +
      "since its log does not say so; triggers changeover leaves out as well, with a finding for each.",
    "",
    "The head of a case has a sentence and then lines of `key: value`:",
    "",
    "- `expect`: `arrives`, `rule CODE`, `quarantined`, `stopped CODE table`; `A|B` where either will do",
    "- `rules`: as in the config, or `suggested`; `types`, `names`",
    "- `finding`: what `validate` must name",
    "- `target`: a query there `=>` its rows",
    "- `quarantined`: a table and its keys; `nulled`, `renamed`",
    "- `before`: SQL for the target; `during`: what the application writes between copy and cutover",
    "- `pending`: what does not come out so yet",
    "",
    "`TORTURE=name npx vitest run test/torture` runs the cases whose name holds it.",
    "",
    `pgloader is not asked to follow what a case writes \`during\` the sync.`,
  ].join("\n");
}

function isRuled({ rules }: TortureCase): boolean {
  return rules === "suggested" || Object.keys(rules).length > 0;
}

function pendingNote(pending: number): string {
  return pending === 0 ? "" : ` ${pending} of these do not come out so yet; the table says which.`;
}

const FOLDERS: Readonly<Record<string, string>> = {
  files: "Files",
  keys: "Keys",
  limits: "Limits",
  names: "Names",
  schema: "Schema",
  values: "Values",
};

function section(folder: string, cases: readonly TortureCase[], others: OtherResults): string {
  const rows = cases.map(
    (torture) =>
      `| ${torture.name.slice(folder.length + 1)} | ${cell(torture.title)} | ${cell(ours(torture))} | ` +
      `${cell(theirs(others[torture.name]))} |`,
  );
  return (
    `## ${FOLDERS[folder] ?? folder}\n\n| case | what is awkward | changeover | pgloader 3.6.7 ` +
    `|\n|---|---|---|---|\n${rows.join("\n")}`
  );
}

function ours(torture: TortureCase): string {
  return torture.pending === null ? outcome(torture) : `${outcome(torture)} (not yet: ${torture.pending})`;
}

function outcome(torture: TortureCase): string {
  const findings = torture.findings.map(({ codes }) => codes[0]).filter((code) => code !== undefined);
  const named = findings.length === 0 ? "" : `; \`validate\` names ${[...new Set(findings)].join(", ")}`;
  const set = torture.quarantined.reduce((sum, { keys }) => sum + keys.length, 0);
  switch (torture.expect.kind) {
    case "arrives":
      return `${isRuled(torture) ? "arrives as its rule says" : "arrives equal"}${named}`;
    case "rule":
      return (
        `blocked (${torture.expect.codes[0]}); arrives by the rule ` +
        `${torture.rules === "suggested" ? "that `validate` suggests" : "given"}`
      );
    case "quarantined":
      return set > 0
        ? `${set} ${set === 1 ? "row is" : "rows are"} in the quarantine, all others arrive equal`
        : "arrives, with NULL where the rule says so";
    case "stopped":
      return `stopped: ${torture.expect.codes[0]}${torture.during === "" ? ", before anything is made" : ""}`;
  }
}

const OUTCOMES: Readonly<Record<OtherResult["outcome"], string>> = {
  clean: "clean",
  errors: "**errors, exit 0**: ",
  silent: "**silent**: ",
  failed: "**fails**: ",
};

function theirs(result: OtherResult | undefined): string {
  return result === undefined ? "not tried" : `${OUTCOMES[result.outcome]}${result.detail}`;
}

function cell(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll("|", "\\|")
    .replace(/[<>*_]/g, (character) => (character === "<" ? "&lt;" : character === ">" ? "&gt;" : character))
    .replace(/[\u0000-\u001f\u007f]/g, " ");
}

function folderOf(name: string): string {
  return name.split("/")[0] ?? "";
}
