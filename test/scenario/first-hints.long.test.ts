import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { writeRules } from "../../src/cli/write-rules.ts";
import { openMigration } from "../../src/migration.ts";
import type { FindingCode } from "../../src/model/finding-code.ts";
import type { Finding } from "../../src/model/proposal.ts";
import { mergeRules, type Rules } from "../../src/model/rules.ts";
import { sqliteFile, temporaryDirectory } from "../support/source.ts";
import { emptyDatabase, query } from "../support/target.ts";
import { FIRST_HINT_CASES, type HintCase } from "./first-hint-cases.ts";

const CASES = (Object.entries(FIRST_HINT_CASES) as [FindingCode, readonly HintCase[] | string][]).flatMap(
  ([code, cases]) =>
    typeof cases === "string" ? [] : cases.map((one) => [code, one.target ?? "no tables", one] as const),
);

interface Place {
  readonly target: string;
  readonly directory: string;
}

/** What is to be done before rows move, by the beginning of a hint: rules, or a statement for the target. */
async function follow(finding: Finding, findings: readonly Finding[], { target, directory }: Place): Promise<Rules> {
  const { code, hint, rules = [], severity } = finding;
  if (hint.startsWith("`changeover validate --write-rules`"))
    return writeRules(findings, { file: `${directory}/changeover.config.json` }).rules;
  const excluded = /--exclude (\S+?),/.exec(hint)?.[1];
  if (excluded !== undefined) return { tables: { [excluded]: { exclude: true } } };
  const seeded = /--seeded (truncate|keep|merge)/.exec(hint)?.[1];
  if (seeded !== undefined) return { seeded: seeded as "truncate" };
  if (hint.startsWith(`--accept ${code}`)) return { accept: [code] };
  if (/\bby (a|the) rule\b/.test(hint)) {
    // A rule that the hint speaks of is offered with it, unless it is the person's alone to write.
    expect(rules.length > 0 || severity !== "blocking", hint).toBe(true);
    return rules[0]?.rules ?? {};
  }
  const statement = /(?:in the target|: )[ ,]*((?:ALTER TABLE|TRUNCATE) [^;…]+)/.exec(hint)?.[1];
  if (statement !== undefined) await query(target, statement);
  else expect(severity, `nothing that is to be done is said: ${hint}`).not.toBe("blocking");
  return {};
}

/** Codes that a database alone does not bring about: the reason names the test that does. */
const ELSEWHERE = (Object.entries(FIRST_HINT_CASES) as [FindingCode, readonly HintCase[] | string][]).flatMap(
  ([code, cases]) => (typeof cases === "string" ? [[code, /: (test\/\S+)$/.exec(cases)?.[1] ?? ""] as const] : []),
);

it.each(ELSEWHERE)("%s is found in %s", (code, file) => {
  expect(readFileSync(file, "utf8")).toContain(code);
});

describe("the first thing that the hint of a finding says", () => {
  it.each(CASES)("leads through where there is %s, with %s", { timeout: 60_000 }, async (code, _, one) => {
    const { path } = await sqliteFile(one.source);
    const target = await emptyDatabase();
    if (one.target !== undefined) await query(target, one.target);
    const directory = temporaryDirectory();
    const open = (rules: Rules) =>
      openMigration({
        source: path,
        target,
        rules: mergeRules(one.rules ?? {}, rules),
        migrationsDirectory: `${directory}/migrations`,
        ...(one.types === undefined ? {} : { types: one.types }),
        ...(one.names === undefined ? {} : { names: one.names }),
      });
    const before = open({});
    const { findings } = await before.validate();
    await before.close();
    const blocking = findings.filter(({ severity }) => severity === "blocking");
    const finding = [...blocking, ...findings].find((candidate) => candidate.code === code);
    expect(finding, `no ${code} among ${findings.map((other) => other.code).join(", ")}`).toBeDefined();
    if (finding === undefined) return;
    expect(blocking[0]?.code ?? code, "another finding blocks first").toBe(code);
    const rules = await follow(finding, findings, { target, directory });
    const after = open(rules);
    try {
      expect(await after.full()).toMatchObject({ cutover: { verified: { differences: 0 } } });
    } finally {
      await after.close();
    }
    if (one.after !== undefined) await query(target, one.after);
  });
});
