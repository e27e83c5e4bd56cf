import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../errors.ts";
import type { Finding } from "../model/proposal.ts";
import { mergeRules, type Rules } from "../model/rules.ts";

export interface WrittenRules {
  readonly path: string;
  /** Findings that the rules answer. */
  readonly answered: readonly Finding[];
  readonly rules: Rules;
}

/** The first suggestion that leaves nothing behind: to exclude a table or a column is for a person to write. */
function keepingRule({ rules = [] }: Finding): Rules | undefined {
  return rules.find((suggested) =>
    Object.values(suggested.rules.tables ?? {}).every(
      (table) => table.exclude !== true && Object.values(table.columns ?? {}).every(({ exclude }) => exclude !== true),
    ),
  )?.rules;
}

/**
 * Merges the first rule that each blocking finding proposes, and that leaves nothing behind, into the JSON config;
 * makes the file if there is none.
 */
export function writeRules(findings: readonly Finding[], config: { readonly file: string | null }): WrittenRules {
  const path = config.file ?? resolve("changeover.config.json");
  const answered = findings.filter((finding) => finding.severity === "blocking" && keepingRule(finding) !== undefined);
  const rules = answered.reduce<Rules>((merged, finding) => mergeRules(merged, keepingRule(finding) ?? {}), {});
  if (answered.length === 0) return { path, answered, rules };
  if (!path.endsWith(".json")) {
    throw new UsageError({
      code: "CONFIG_NOT_JSON",
      message: `the config ${path} is a program, which changeover does not edit`,
      hint: `put this into what it exports: ${JSON.stringify(rules)}`,
      context: { rules },
    });
  }
  const before = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Rules) : {};
  // Renamed into place, so that a kill leaves the old one or the new one.
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(mergeRules(before, rules), null, 2)}\n`);
  renameSync(fresh, path);
  return { path, answered, rules };
}
