import { isUtf8 } from "node:buffer";
import { balanced } from "../rows/copy-text.ts";
import type { ByteFormat } from "../rows/text-format-bytes.ts";
import type { SourceValue } from "../source/source.ts";
import { type ColumnTally, plainly } from "./column-tally.ts";
import { tallyJson } from "./tally-json.ts";

/** A longer text does not come along, whatever the page. */
const LONGEST_BYTES = 32 << 10;
/** A page's texts fit if all are as long as those of the page before; some may be longer. */
const TIMES_LONGEST = 4;

/** Whether JSON shows a column as it is, as far as was seen: whole numbers and texts. */
export function isShownByJson({ classes, decimal, isComputed }: ColumnTally): boolean {
  // What is computed may come as JSON of a value, and would be an array's part.
  return (
    !isComputed &&
    classes.size > 0 &&
    !classes.has("real") &&
    !classes.has("blob") &&
    (decimal === null || !classes.has("integer"))
  );
}

/** All rows of a page, as JSON; a row that JSON does not show is a real. */
export function renderJson(shown: readonly ColumnTally[], longest: number): string {
  const columns = shown.map((tally) => ({ c: plainly(tally), tally }));
  const odd = columns.map(({ c, tally }) =>
    tally.classes.has("text")
      ? `(${c}>=x'' OR octet_length(${c})>${Math.min(TIMES_LONGEST * longest, LONGEST_BYTES)})`
      : `${c}>=''`,
  );
  return `CAST(json_group_array(CASE WHEN ${balanced(odd, " OR ")} THEN 0.5 ELSE json_array(${columns.map(({ c }) => c).join(",")}) END) AS BLOB)`;
}

/** The fields of each column. Null if a row is not shown, or a text is not valid. */
export function readJson(
  json: SourceValue | undefined,
  shown: readonly ColumnTally[],
): ReadonlyMap<string, ReadonlyMap<string, SourceValue>> | null {
  if (!(json instanceof ArrayBuffer)) return null;
  const bytes = new Uint8Array(json);
  return isUtf8(bytes)
    ? tallyJson(
        bytes,
        shown.map(({ column, classes, formats }) => ({
          column,
          classes,
          formats: formats.filter((format): format is ByteFormat => format !== "json"),
        })),
      )
    : null;
}
