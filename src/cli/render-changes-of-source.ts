import type { SourceChanges } from "../commands/source-changes.ts";
import { describeChange } from "../follow/describe-change.ts";
import { renderCount } from "../status/render-count.ts";

/** What happened to the source's schema, and what waits for the target. */
export function renderSourceChanges({ changes, file, known, waiting }: SourceChanges): string {
  if (!known) return "the run does not know yet what its source was like: `changeover sync` learns it";
  const waits = waiting.map(
    ({ changes: own, files, table }) =>
      `${table} waits for the target${files.length === 0 ? "" : ` (${files.join(", ")})`}: ` +
      own.map(describeChange).join("; "),
  );
  const found =
    changes.length === 0
      ? ["the source's schema is as it was noticed last"]
      : [
          `${renderCount(changes.length, "change")} of the source's schema:`,
          ...changes.map((change) => `  ${describeChange(change)}`),
        ];
  return [...found, ...(file === null ? [] : ["", file.text]), ...waits].join("\n");
}
