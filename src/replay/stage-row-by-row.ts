import { copiedColumns, keyColumns, type TableMapping } from "../model/mapping.ts";
import { parseKeyText } from "../rows/key-text.ts";
import { quarantineRejectedRows, type RowToQuarantine } from "../rows/quarantine-rows.ts";
import type { Source } from "../source/source.ts";
import { copyLines, fieldsOf } from "../target/copy-lines.ts";
import { clearQuarantine, type QuarantinePlace } from "../target/store/quarantine-store.ts";
import type { TargetTransaction } from "../target/target.ts";
import type { TableChanges } from "./read-changes.ts";
import { leadingFields, stageCopy } from "./stage.ts";

/**
 * Stages changed rows of a table whose rows may be quarantined, under the same rules as the copy. What is quarantined
 * is staged as deleted: an earlier, good state of the row must not stay in the target. What the quarantine had of the
 * keys before is forgotten: they are read again.
 */
export async function stageRowByRow(
  source: Source,
  tx: TargetTransaction,
  place: QuarantinePlace & { readonly mapping: TableMapping },
  changes: TableChanges,
): Promise<void> {
  const { mapping } = place;
  const leading = leadingFields(mapping).length;
  const fields = copiedColumns(mapping).map(({ target }) => target);
  const statement = stageCopy(mapping);
  const fieldOf = ({ target }: { readonly target: string }) => leading + fields.indexOf(target);
  const text = changes.rows[0]?.data ?? new Uint8Array(0);
  const refused = await copyLines(tx, { mapping, statement, text, fieldOf });
  const quarantined: RowToQuarantine[] = (changes.quarantine?.quarantined ?? []).map((key) => ({
    key,
    what: "row",
    rejections: [],
  }));
  const lines = refused.length === 0 ? [] : linesOf(text);
  const deleted: string[] = [];
  for (const entry of refused) {
    const line = lines[entry.line] ?? [];
    const key = parseKeyText(line[leading - 1] ?? "");
    if (line[1] === "t") continue;
    quarantined.push({
      key,
      what: entry.what,
      rejections: entry.what === "row" ? [entry.rejection] : entry.rejections,
    });
    if (entry.what === "row") deleted.push(deletedLine(mapping, line));
  }
  // A key that PostgreSQL refuses cannot stand there either.
  if (deleted.length > 0) await copyLines(tx, { mapping, statement, text: Buffer.from(deleted.join("")), fieldOf });
  await clearQuarantine(tx, place, changes.quarantine?.read ?? []);
  await quarantineRejectedRows(source, tx, place, quarantined);
}

function linesOf(text: Uint8Array): string[][] {
  return Buffer.from(text)
    .toString("utf8")
    .split("\n")
    .map((line) => fieldsOf(Buffer.from(line)));
}

/** The line of a row as that of a deleted row: only its key is left. */
function deletedLine(mapping: TableMapping, line: readonly string[]): string {
  const leading = leadingFields(mapping).length;
  const keys = new Set(keyColumns(mapping).map(({ target }) => target));
  const fields = copiedColumns(mapping).map(({ target }, index) =>
    keys.has(target) ? (line[leading + index] ?? "\\N") : "\\N",
  );
  return `${[line[0] ?? "0", "t", ...line.slice(2, leading), ...fields].join("\t")}\n`;
}
