import { copiedColumns, type TableMapping } from "../../model/mapping.ts";
import { sqliteName } from "../../quote.ts";
import type { BinaryEncoder, TextOfJson } from "../codec.ts";
import { balanced } from "../copy-text.ts";
import { jsonPath, jsonValue } from "../render-row.ts";
import { codecOf } from "../types/codecs.ts";
import { VALUES_OF_ARRAY } from "./copy-text-of-json.ts";

/** Rows `t` of a table as JSON, which SQLite writes in the least time; a loop over its bytes makes rows of a COPY. */
export interface FastPathRows {
  /**
   * SQLite expressions for an inner SELECT, named c0, c1, … Next to the rows, since a generated column may have the
   * subtype of JSON: its value would be an array's part and not a text.
   */
  readonly values: readonly string[];
  /** Of those and of `large`: the row as JSON; a real for a row that JSON cannot hold. */
  readonly row: string;
  readonly shapes: readonly TextOfJson[];
  /** Null where the binary format of a column's type is not known. */
  readonly binary: readonly BinaryEncoder[] | null;
}

/** Null where a rule changes values, or those of a column cannot take the fast path. */
export function renderFastPath(mapping: TableMapping): FastPathRows | null {
  const columns = copiedColumns(mapping);
  const paths = columns.map(jsonPath);
  if (mapping.quarantine === true || mapping.encoding !== undefined || !paths.every((path) => path !== null))
    return null;
  const binary = columns.map(({ conversion }) => codecOf(conversion).encoder.binary);
  const names = columns.map((_, index) => `c${index}`);
  // A blob that looks like binary JSON would be taken for it: x'00' for null.
  const unknown = balanced(["large", ...names.map((name) => `${name}>=x''`)], " OR ");
  return {
    values: columns.map((column, index) => `${jsonValue(column, "t")} AS c${index}`),
    row: `CASE WHEN ${unknown} THEN 0.5 ELSE ${jsonArray(names)} END`,
    shapes: paths.map(({ toText }) => toText),
    binary: binary.every((encoder) => encoder !== null) ? binary : null,
  };
}

/** SQLite expression: the values as an array; many as an array of arrays. */
export function jsonArray(values: readonly string[]): string {
  const groups = Array.from(
    { length: Math.ceil(values.length / VALUES_OF_ARRAY) },
    (_, group) => `json_array(${values.slice(group * VALUES_OF_ARRAY, (group + 1) * VALUES_OF_ARRAY).join(",")})`,
  );
  return groups.length === 1 ? (groups[0] ?? "") : `json_array(${groups.join(",")})`;
}

/** SQLite expression: bytes of a row's texts and blobs. SQLite would make a text of a number to tell its size. */
export function renderLongBytes(mapping: TableMapping): string {
  const long = copiedColumns(mapping).filter(({ conversion }) => !codecOf(conversion).isNumber);
  return balanced(long.map(({ source }) => `coalesce(octet_length(t.${sqliteName(source)}),0)`).concat("0"), "+");
}
