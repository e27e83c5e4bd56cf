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
  ([code, cases]) => (typeof cases === "string" ? [] : cases.map((one) => [code, one.target ?? "no tables", one] as const)),
);

const printed = process.env["HINTS"] !== undefined;
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
    const f = findings.filter((x) => x.code === code);
    if (printed) console.log(`HINT ${code} | ${f.map(({ severity, hint }) => `${severity}: ${hint}`).join(" || ") || "NOT FOUND among " + findings.map((x) => x.code).join()}`);
  });
});
