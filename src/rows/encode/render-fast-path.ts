import { copiedColumns, type TableMapping } from "../../model/mapping.ts";
import { sqliteName } from "../../quote.ts";
import { type BinaryFormat, binaryFormat } from "../binary-format.ts";
import { balanced } from "../copy-text.ts";
import type { JsonShape } from "../kind.ts";
import { fastPathFormat, fastPathValue } from "../render-row.ts";
import { VALUES_OF_ARRAY } from "./copy-text-of-json.ts";

/** Rows `t` of a table as JSON: what SQLite writes in the least time, and what becomes rows of a COPY in a loop over its bytes. */
export interface FastPathRows {
  /** SQLite expressions for an inner SELECT, named c0, c1, …: apart from the rows, so that no value comes with a subtype: JSON of a generated column would be an array's part and no text. */
  readonly values: readonly string[];
  /** Of those and of `large`: the row as JSON; a real for one that JSON has no place for. */
  readonly row: string;
  readonly shapes: readonly JsonShape[];
  /** Null where a column's type has to be spelled. */
  readonly binary: readonly BinaryFormat[] | null;
}

/** Null where a rule says what becomes of values, or a column has no such form. */
export function renderFastPath(mapping: TableMapping): FastPathRows | null {
  const columns = copiedColumns(mapping);
  const formats = columns.map(fastPathFormat);
  if (mapping.quarantine === true || mapping.encoding !== undefined || !formats.every((format) => format !== null))
    return null;
  const binary = columns.map(({ conversion }) => binaryFormat(conversion));
  const names = columns.map((_, index) => `c${index}`);
  // A blob that looks like binary JSON would be taken for it: x'00' for null.
  const odd = balanced(["large", ...names.map((name) => `${name}>=x''`)], " OR ");
  return {
    values: columns.map((column, index) => `${fastPathValue(column, "t")} AS c${index}`),
    row: `CASE WHEN ${odd} THEN 0.5 ELSE ${jsonArray(names)} END`,
    shapes: formats.map(({ shape }) => shape),
    binary: binary.every((format) => format !== null) ? binary : null,
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

/** SQLite expression: bytes of a row's texts and blobs. A size is cheap to ask of those; a number would be made a text for it, and no line is long for its sake. */
export function renderLongBytes(mapping: TableMapping): string {
  const long = copiedColumns(mapping).filter(
    ({ conversion: { kind } }) => kind !== "integer" && kind !== "boolean" && kind !== "double" && kind !== "numeric",
  );
  return balanced(long.map(({ source }) => `coalesce(octet_length(t.${sqliteName(source)}),0)`).concat("0"), "+");
}
