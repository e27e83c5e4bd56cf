import type { QuarantineItem } from "../../api/results.ts";
import { jsonOf, Verbatim } from "../../json-document.ts";
import { renderCount } from "../../status/render-count.ts";
import { oneOf } from "../one-of.ts";
import { plainRow, renderQuarantine } from "../render-quarantine.ts";
import type { CommandContext, RunVerb } from "../run-command.ts";
import { wholeNumber } from "../whole-number.ts";

export const run: RunVerb = async (context) => {
  const [action = "list"] = context.positional;
  switch (oneOf(action, ["list", "export", "retry"], "quarantine")) {
    case "list":
      return list(context);
    case "export":
      return exportAll(context);
    case "retry":
      return retry(context);
  }
};

async function list({ options, output, connections }: CommandContext): Promise<number> {
  const migration = await connections.migration("target-only");
  const counts = await migration.quarantine.counts();
  const total = counts.reduce((sum, { rows, values }) => sum + rows + values, 0);
  const table = tableOf(options);
  const entries = await migration.quarantine.list({
    limit: wholeNumber(options["limit"] ?? 20, "--limit"),
    ...(table === null ? {} : { table }),
  });
  const showValues = options["showValues"] === true;
  output.result(renderQuarantine({ counts, entries, showValues }), {
    ok: total === 0,
    total,
    tables: counts,
    entries: entries.map((entry) => documentOf(entry, showValues)),
  });
  return total === 0 ? 0 : 1;
}

/** One JSON object a line, with values: an export is asked for them. */
async function exportAll({ options, output, connections }: CommandContext): Promise<number> {
  const migration = await connections.migration("target-only");
  const table = tableOf(options);
  let rows = 0;
  for await (const entry of migration.quarantine.export(table === null ? {} : { table })) {
    process.stdout.write(`${JSON.stringify(jsonOf(documentOf(entry, true)))}\n`);
    rows++;
  }
  output.say(`${renderCount(rows, "row")} written, one JSON object a line`);
  return 0;
}

function documentOf({ id: _, row, ...entry }: QuarantineItem, showValues: boolean): object {
  return showValues ? { ...entry, row: new Verbatim(plainRow(row)) } : entry;
}

async function retry({ options, output, connections }: CommandContext): Promise<number> {
  const migration = await connections.migration();
  const table = tableOf(options);
  const { tried, left } = await migration.quarantine.retry(table === null ? {} : { table });
  const next =
    left === 0
      ? "the quarantine is empty"
      : `${renderCount(left, "row")} ${left === 1 ? "is" : "are"} left in it: \`changeover quarantine\` says why`;
  output.result(`${renderCount(tried, "row")} tried again; ${next}`, { ok: left === 0, tried, left });
  return left === 0 ? 0 : 1;
}

function tableOf(options: CommandContext["options"]): string | null {
  return typeof options["table"] === "string" ? options["table"] : null;
}
