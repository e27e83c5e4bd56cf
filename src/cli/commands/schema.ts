import { renderCount } from "../../status/render-count.ts";
import type { RunVerb } from "../run.ts";
import { renderFindings } from "../render-findings.ts";

export const run: RunVerb = async ({ options, output, ends }) => {
  const write = options["write"] === true;
  const migration = await ends.sourceOnly();
  const { files, proposal } = await migration.schema({ write });
  const directory = ends.migrationsDirectory();
  output.say(renderFindings(proposal.findings));
  const text = write
    ? `${renderCount(files.length, "migration file")} written to ${directory}:\n${files.map(({ name }) => `  ${name}`).join("\n")}\nRead them, edit them, and apply them with: changeover up`
    : files.map(({ name, text: content }) => `-- ${name}\n${content}`).join("\n");
  output.result(text, { ok: true, written: write ? directory : null, files, tables: proposal.tables, findings: proposal.findings });
  return 0;
};
