import { createTwoFilesPatch } from "diff";
import type { MigrationRecord } from "./migration-records.ts";
import { type MigrationFile, normalised } from "./read-migration-files.ts";

/** The changes of a file since it was applied, as a unified diff of up to `most` lines. */
export function renderChange(
  record: MigrationRecord,
  file: MigrationFile,
  maxLines = Number.POSITIVE_INFINITY,
): string {
  const patch = createTwoFilesPatch(
    `${record.file} (as applied)`,
    file.file,
    record.text,
    normalised(file.text),
    undefined,
    undefined,
    { context: 3 },
  );
  const lines = patch.replace(/^=+\n/, "").trimEnd().split("\n");
  if (lines.length <= maxLines) return lines.join("\n");
  return [
    ...lines.slice(0, maxLines),
    `… ${lines.length - maxLines} more lines: \`changeover migrations --diff\` shows all`,
  ].join("\n");
}
