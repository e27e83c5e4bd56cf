import { Verbatim } from "../../json-document.ts";
import { renderCount } from "../../status/render-count.ts";
import { findingDocuments } from "../finding-document.ts";
import { renderFindings } from "../render-findings.ts";
import type { RunVerb } from "../run-command.ts";
import { writeRules } from "../write-rules.ts";

export const run: RunVerb = async ({ options, output, connections }) => {
  const target = await connections.hasTarget();
  const migration = target ? await connections.migration() : await connections.sourceOnly();
  if (!target) output.say("no --target is given, and no embedded PostgreSQL runs here: only the source is inspected");
  const { ok, findings } = await migration.validate({ showValues: options["showValues"] === true, target });
  if (options["writeRules"] === true) {
    const written = writeRules(findings, connections.config);
    const open = findings.filter((finding) => finding.severity === "blocking" && !written.answered.includes(finding));
    const said =
      written.answered.length === 0
        ? "no blocking finding proposes a rule: nothing is written"
        : `${renderCount(written.answered.length, "finding")} answered by rules in ${written.path}: ` +
          "read them, they decide what becomes of your data";
    output.result(
      `${renderFindings(open)}${said}\n` +
        (open.length === 0 ? "next: changeover full" : "what is listed above blocks still"),
      {
        ok: open.length === 0,
        findings: findingDocuments(findings),
        written: written.answered.length === 0 ? null : written.path,
        rules: new Verbatim(written.rules),
      },
    );
    return open.length === 0 ? 0 : 1;
  }
  const text =
    `${renderFindings(findings)}` +
    (findings.length === 0
      ? "nothing stands in the way"
      : ok
        ? "\nnothing of that blocks: changeover full can start"
        : "\nwhat blocks must be answered first");
  output.result(text.trim(), { ok, findings: findingDocuments(findings) });
  return ok ? 0 : 1;
};
