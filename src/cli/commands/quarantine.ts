import { UsageError } from "../../errors.ts";
import type { Migration } from "../../migration.ts";
import { renderCount } from "../../status/render-count.ts";
import { plainRow, renderQuarantine } from "../render-quarantine.ts";
import type { CommandContext, RunVerb } from "../run.ts";
import { wholeNumber } from "../whole-number.ts";

export const run: RunVerb = async (context) => {
  const [action = "list"] = context.positional;
  switch (action) {
    case "list":
      return list(context);
    case "export":
      return exportAll(context);
    case "retry":
      return retry(context);
    default:
      throw new UsageError({
        code: "USAGE",
        message: `quarantine takes list, export or retry, not ${action}`,
        hint: "changeover quarantine list",
      });
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
  const shown = entries.map(({ id: _, tableId: _id, row, ...entry }) =>
    showValues ? { ...entry, row: plainRow(row) } : entry,
  );
  output.result(renderQuarantine({ counts, entries, showValues }), {
    ok: total === 0,
    total,
    tables: counts.map(({ tableId: _, ...count }) => count),
    entries: shown,
  });
  return total === 0 ? 0 : 1;
}

/** One JSON object a line: whoever asks for an export wants the values. */
async function exportAll({ options, output, connections }: CommandContext): Promise<number> {
  const migration = await connections.migration("target-only");
  let rows = 0;
  for await (const entry of allEntries(migration, tableOf(options))) {
    process.stdout.write(
      `${JSON.stringify({ table: entry.table, key: entry.key, what: entry.what, columns: entry.columns, reason: entry.reason, quarantined_at: entry.quarantinedAt, row: plainRow(entry.row) })}\n`,
    );
    rows++;
  }
  output.say(`${renderCount(rows, "row")} written, one JSON object a line`);
  return 0;
}

async function* allEntries(migration: Migration, table: string | null) {
  for (let after = 0n; ; ) {
    const entries = await migration.quarantine.list({ after, ...(table === null ? {} : { table }) });
    const last = entries.at(-1);
    if (last === undefined) return;
    yield* entries;
    after = last.id;
  }
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
