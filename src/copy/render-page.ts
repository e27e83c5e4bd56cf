import type { KeyColumn, TableMapping } from "../model/mapping.ts";
import { copiedColumns, keyColumns } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { keyExpressions } from "../rows/bind-key.ts";
import type { BinaryEncoder, TextOfJson } from "../rows/codec.ts";
import { balanced } from "../rows/copy-text.ts";
import { jsonArray, renderFastPath, renderLongBytes } from "../rows/encode/render-fast-path.ts";
import { keyText } from "../rows/key-text.ts";
import { mappedRelation } from "../rows/render-relation.ts";
import { copyField, copyLine, jsonValue, rowQuarantined, rowRejected, rowSize } from "../rows/render-row.ts";
import { sameKey } from "../rows/same-key.ts";

/** The three questions that the copy asks of a table, each about the rows after a key, in key order. */
export interface PageQueries {
  /** The columns in whose order the rows come. */
  readonly order: readonly KeyColumn[];
  /** Bytes and number of the next rows: (…key, limit). */
  probe(after: readonly string[] | null): string;
  /** Key of the last of the next rows: (…key, offset). */
  boundary(after: readonly string[] | null): string;
  /**
   * COPY text of the next rows, their number, how many may not pass, and how many are too large: (…key, limit). Those
   * that are too large are not in the text. Too large is a row of more bytes than
   * `most`. Where rows may be quarantined, also the keys of those in the text and of those that are left out of it.
   */
  page(after: readonly string[] | null, most: number): string;
  /**
   * The next rows by the fast path, in far less SQL. Null where a rule says what becomes of values, or a column has
   * no such form.
   */
  readonly fastPath: FastPathPages | null;
  /** The same for the one row with a key: (…key). */
  one(key: readonly string[]): string;
}

export interface FastPathPages {
  /**
   * JSON of the next rows, their number, the largest integer of the first column that orders them, and how many are too
   * large: (…key, limit). The driver dies of a text that is not UTF-8, so only integers. Rows that are too large, or
   * that JSON has no place for, are reals there.
   */
  query(after: readonly string[] | null, most: number): string;
  readonly shapes: readonly TextOfJson[];
  /** Null where a column's type has to be spelled. */
  readonly binary: readonly BinaryEncoder[] | null;
  /**
   * Large rows, whose blobs come next to the JSON: as such, and not in twice as many hexadecimal digits. Null where
   * there are none, or no binary form.
   */
  readonly rowByRow: RowByRowPages | null;
}

export interface RowByRowPages {
  /** JSON of the next rows, with a 1 for each blob: (…key, limit). */
  query(after: readonly string[] | null): string;
  /** Their columns of blobs, row by row: (…key, limit). */
  blobs(after: readonly string[] | null): string;
}

/** `keys`: the columns in whose order the rows are asked for, which may be others than those of the key. */
export function renderPageQueries(
  mapping: TableMapping,
  keys: readonly KeyColumn[] = keyColumns(mapping),
): PageQueries {
  const table = mappedRelation(mapping);
  const columns = copiedColumns(mapping);
  const order = keys.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  const after = (bound: readonly string[] | null) =>
    bound === null
      ? ""
      : keys.length === 1
        ? ` WHERE ${order} > ${bound[0]}`
        : ` WHERE (${order}) > (${bound.join(", ")})`;
  const rows = (what: string, bound: readonly string[] | null) =>
    `SELECT ${what} FROM ${table} AS t${after(bound)} ORDER BY ${order} LIMIT ?`;
  const line = copyLine(columns.map((column) => copyField(column, "t")));
  const refused = `${line} AS line, ${rowRejected(columns, "t")} AS refused`;
  const quarantine = mapping.quarantine === true;
  const what = quarantine
    ? `${refused}, ${rowQuarantined(columns, "t")} AS quarantined, ${keyText(keyColumns(mapping), "t")} AS keyed`
    : refused;
  const text = quarantine ? "CASE WHEN quarantined THEN '' ELSE line END" : "line";
  const bytes = renderLongBytes(mapping);
  const isLarge = (most: number) => `(${bytes})>${most}`;
  const guarded = (large: string) =>
    `CASE WHEN ${large} THEN '' ELSE ${line} END AS line, ${rowRejected(columns, "t")} AS refused` +
    (quarantine
      ? `, ${rowQuarantined(columns, "t")} AS quarantined, ${keyText(keyColumns(mapping), "t")} AS keyed`
      : "") +
    `, ${large} AS large`;
  const keyed = quarantine
    ? ", CAST(group_concat(CASE WHEN NOT quarantined THEN keyed END, char(10)) AS BLOB), CAST(group_concat(CASE " +
      "WHEN quarantined THEN keyed END, char(10)) AS BLOB)"
    : "";
  const collect = (from: string, large = "0") =>
    `SELECT CAST(group_concat(${text}, '') AS BLOB), count(*), sum(refused), ${large}${keyed} FROM (${from})`;
  return {
    order: keys,
    probe: (bound) =>
      `SELECT coalesce(sum(bytes), 0), count(*) FROM (${rows(`${rowSize(columns, "t")} AS bytes`, bound)})`,
    boundary: (bound) => `${rows(keyExpressions(keys, "t").join(", "), bound)} OFFSET ?`,
    page: (bound, most) => collect(rows(guarded(isLarge(most)), bound), "total(large)"),
    fastPath: fastPathPages(mapping, { isLarge, rows, first: `t.${sqliteName(keys[0]?.source ?? "")}` }),
    one: (key) =>
      collect(
        `SELECT ${what} FROM (SELECT ${key.map((value, position) => `${value} AS k${position}`).join(", ")}) ` +
          `AS l JOIN ${table} AS t ON ` +
          keys
            .map((column, position) => sameKey(column, `t.${sqliteName(column.source)}`, `l.k${position}`))
            .join(" AND "),
      ),
  };
}

function fastPathPages(
  mapping: TableMapping,
  {
    isLarge,
    rows,
    first,
  }: {
    readonly isLarge: (most: number) => string;
    readonly first: string;
    readonly rows: (what: string, bound: readonly string[] | null) => string;
  },
): FastPathPages | null {
  const fastPath = renderFastPath(mapping);
  if (fastPath === null) return null;
  const { binary, row, shapes, values } = fastPath;
  return {
    query: (bound, most) =>
      `SELECT CAST(json_group_array(${row}) AS BLOB), count(*), CASE typeof(max(k)) WHEN 'integer' ` +
      "THEN max(k) END, total(large) FROM " +
      `(${rows(`${values.join(", ")}, ${isLarge(most)} AS large, ${first} AS k`, bound)})`,
    shapes,
    binary,
    rowByRow:
      binary === null ? null : rowByRowPages(mapping, { row: jsonArray(values.map((_, index) => `c${index}`)), rows }),
  };
}

function rowByRowPages(
  mapping: TableMapping,
  { row, rows }: { readonly row: string; readonly rows: (what: string, bound: readonly string[] | null) => string },
): RowByRowPages | null {
  const columns = copiedColumns(mapping);
  const blobs = columns
    .filter(({ conversion }) => conversion.kind === "bytes")
    .map(({ source }) => `t.${sqliteName(source)}`);
  if (blobs.length === 0) return null;
  const value = (column: KeyColumn) =>
    column.conversion.kind === "bytes"
      ? `CASE typeof(t.${sqliteName(column.source)}) WHEN 'blob' THEN 1 WHEN 'null' THEN NULL ELSE 0.5 END`
      : jsonValue(column, "t");
  const others = columns.flatMap(({ conversion }, index) => (conversion.kind === "bytes" ? [] : [`c${index}>=x''`]));
  const exceptional = balanced(["0", ...others], " OR ");
  return {
    query: (bound) =>
      `SELECT CAST(json_group_array(CASE WHEN ${exceptional} THEN 0.5 ELSE ${row} END) AS BLOB) ` +
      `FROM (${rows(columns.map((column, index) => `${value(column)} AS c${index}`).join(", "), bound)})`,
    blobs: (bound) => rows(blobs.map((blob) => `CASE typeof(${blob}) WHEN 'blob' THEN ${blob} END`).join(", "), bound),
  };
}
