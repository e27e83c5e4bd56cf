import type { TableMapping } from "../model/mapping.ts";
import { keyColumns, travellingColumns } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { keyExpressions } from "../value/bind-key.ts";
import { copyField, copyLine, rowRefused, rowSize } from "../value/render-row.ts";

/** The three questions that the copy asks of a table, each about the rows after a key, in key order. */
export interface PageQueries {
  /** Bytes and number of the next rows: (…key, limit). */
  probe(after: readonly string[] | null): string;
  /** Key of the last of the next rows: (…key, offset). */
  boundary(after: readonly string[] | null): string;
  /** COPY text of the next rows, their number, and how many may not pass: (…key, limit). */
  page(after: readonly string[] | null): string;
}

export function renderPageQueries(mapping: TableMapping): PageQueries {
  const table = sqliteName(mapping.source);
  const keys = keyColumns(mapping);
  const columns = travellingColumns(mapping);
  const order = keys.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  const after = (bound: readonly string[] | null) => (bound === null ? "" : keys.length === 1 ? ` WHERE ${order} > ${bound[0]}` : ` WHERE (${order}) > (${bound.join(", ")})`);
  const rows = (what: string, bound: readonly string[] | null) => `SELECT ${what} FROM ${table} AS t${after(bound)} ORDER BY ${order} LIMIT ?`;
  const line = copyLine(columns.map((column) => copyField(column, "t")));
  return {
    probe: (bound) => `SELECT coalesce(sum(bytes), 0), count(*) FROM (${rows(`${rowSize(columns, "t")} AS bytes`, bound)})`,
    boundary: (bound) => `${rows(keyExpressions(keys, "t").join(", "), bound)} OFFSET ?`,
    page: (bound) => `SELECT CAST(group_concat(line, '') AS BLOB), count(*), sum(refused) FROM (${rows(`${line} AS line, ${rowRefused(columns, "t")} AS refused`, bound)})`,
  };
}
