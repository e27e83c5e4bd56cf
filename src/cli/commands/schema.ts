import { UsageError } from "../../errors.ts";
import { renderCount } from "../../status/render-count.ts";
import { findingDocuments } from "../finding-document.ts";
import { renderSourceChanges } from "../render-changes-of-source.ts";
import { renderFindings } from "../render-findings.ts";
import { renderPlan } from "../render-plan.ts";
import type { CommandContext, RunVerb } from "../run-command.ts";

export const run: RunVerb = async (context) => {
  const { options, output, connections } = context;
  if (options["changes"] === true) return showChanges(context);
  const write = options["write"] === true;
  const target = await connections.hasTarget();
  const migration = target ? await connections.migration() : await connections.sourceOnly();
  const { files, proposal } = await migration.schema({ write, target });
  const directory = connections.migrationsDirectory();
  const document = {
    ok: true,
    written: write ? directory : null,
    files,
    tables: proposal.tables,
    views: proposal.views,
    untranslated: proposal.untranslated,
    findings: findingDocuments(proposal.findings),
  };
  if (write) {
    output.say(renderFindings(proposal.findings));
    output.result(
      `${renderCount(files.length, "migration file")} written to ` +
        `${directory}:\n${files.map(({ name }) => `  ${name}`).join("\n")}\nRead them, edit them, ` +
        "and apply them with: changeover up",
      document,
    );
  } else if (options["sql"] === true) {
    output.say(renderFindings(proposal.findings));
    output.result(files.map(({ name, text }) => `-- ${name}\n${text}`).join("\n"), document);
  } else {
    output.result(renderPlan(proposal), document);
    output.say("--sql prints this as migration files, --write writes them");
  }
  return 0;
};

async function showChanges({ connections, options, output }: CommandContext): Promise<number> {
  if (options["write"] === true || options["sql"] === true)
    throw new UsageError({
      code: "USAGE",
      message: "--changes shows what happened during a run, --sql and --write propose a whole schema",
      hint: "a running `changeover sync` writes the file; --changes prints it",
    });
  const found = await (await connections.migration()).schemaChanges();
  output.result(renderSourceChanges(found), { ok: true, ...found });
  return 0;
}
