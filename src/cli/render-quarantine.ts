import type { QuarantineItem, QuarantineTotals } from "../api/results.ts";
import { type KeyValue, showTuple } from "../model/key.ts";
import { renderCount } from "../status/render-count.ts";

export interface ShownQuarantine {
  readonly counts: readonly QuarantineTotals[];
  /** Those to show. */
  readonly entries: readonly QuarantineItem[];
  readonly showValues: boolean;
}

/** The quarantine for a person: how much of each table, then row by row why. */
export function renderQuarantine({ counts, entries, showValues }: ShownQuarantine): string {
  if (counts.length === 0)
    return "nothing is in quarantine: every row that was copied is in the target, as it is in the source";
  const lines = counts.map(({ table, rows, values }) => {
    const parts = [
      ...(rows > 0 ? [`${renderCount(rows, "row")} kept out of the target`] : []),
      ...(values > 0 ? [`${renderCount(values, "row")} in the target with NULL for a bad value`] : []),
    ];
    return `${table}: ${parts.join(", ")}`;
  });
  for (const { table, key, reason, columns, row } of entries) {
    lines.push(`  ${table}, key ${showTuple(key)}: ${reason}`);
    if (showValues)
      for (const column of columns)
        lines.push(`    ${column} = ${JSON.stringify(plainValue(row[column] ?? { type: "null" }))}`);
  }
  const total = counts.reduce((sum, { rows, values }) => sum + rows + values, 0);
  if (entries.length < total)
    lines.push(
      `  … ${renderCount(total - entries.length, "row")} more: --limit, --table, ` +
        `or \`changeover quarantine export\` for all`,
    );
  lines.push(
    "next: correct the rows in the source (a running sync brings them by itself), " +
      "or `changeover quarantine retry` after a change of the target",
  );
  return lines.join("\n");
}

/** A row as plain JSON: what JSON cannot say exactly is an object that says so. */
export function plainRow(row: Readonly<Record<string, KeyValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, plainValue(value)]));
}

function plainValue(value: KeyValue): unknown {
  switch (value.type) {
    case "null":
      return null;
    case "integer":
      return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : { integer: value.value };
    case "real":
      return typeof value.value === "number" ? value.value : { real: value.value };
    case "blob":
      return { blob: value.hex };
    case "text": {
      const bytes = Buffer.from(value.hex, "hex");
      const text = bytes.toString("utf8");
      return Buffer.from(text, "utf8").equals(bytes) ? text : { text: value.hex };
    }
  }
}
