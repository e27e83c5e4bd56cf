import { isUtf8 } from "node:buffer";
import { balanced } from "../rows/copy-text.ts";
import type { SourceValue } from "../source/source.ts";
import { type ColumnTally, renderValue } from "./column-tally.ts";
import { tallyJson } from "./tally-json.ts";

/** A longer text is not read as JSON. */
const MAX_BYTES = 32 << 10;
/** A page's texts fit if all are as long as those of the page before. Some may be longer, by this factor. */
const TIMES_LONGEST = 4;

/** Whether JSON holds a column as it is, by the storage classes seen so far: integers and texts. */
export function isShownByJson({ classes, decimal, isComputed }: ColumnTally): boolean {
  // A computed value may have the subtype of JSON: it would be an array's part and not a text.
  return (
    !isComputed &&
    classes.size > 0 &&
    !classes.has("real") &&
    !classes.has("blob") &&
    (decimal === null || !classes.has("integer"))
  );
}

/** All rows of a page as JSON; a real for a row that JSON cannot hold. */
export function renderJson(shown: readonly ColumnTally[], longest: number): string {
  const columns = shown.map((tally) => ({ c: renderValue(tally), tally }));
  const unknown = columns.map(({ c, tally }) =>
    tally.classes.has("text")
      ? `(${c}>=x'' OR octet_length(${c})>${Math.min(TIMES_LONGEST * longest, MAX_BYTES)})`
      : `${c}>=''`,
  );
  return (
    `CAST(json_group_array(CASE WHEN ${balanced(unknown, " OR ")} THEN 0.5 ` +
    `ELSE json_array(${columns.map(({ c }) => c).join(",")}) END) AS BLOB)`
  );
}

/** The fields of each column. Null if JSON cannot hold a row, or a text is not valid. */
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
          formats: formats.filter((format) => format !== "json"),
        })),
      )
    : null;
}
